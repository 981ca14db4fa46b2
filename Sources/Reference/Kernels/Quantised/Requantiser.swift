internal import Networks

/// Turns rows of accumulators into quantised bytes.
struct Requantiser {
  /// One scale for all channels, or one each.
  let scales: [Float]
  /// Added after scaling.
  let zeroPoint: Int32
  /// Least and greatest result.
  let range: ClosedRange<Int32>
  /// The hardware's scalings, as many as `scales`; nil for binary32 arithmetic.
  let fixedPoint: [Requantisation]?

  /// Creates a requantiser for results of an element type.
  init(
    scales: [Float], zeroPoint: Int32, element: ElementType, arithmetic: RequantisationArithmetic
  ) throws(NetworkError) {
    guard let range = element.quantisedRange, element.isByte else {
      throw NetworkError("quantised results of type \(element.rawValue)")
    }
    self.scales = scales
    self.zeroPoint = zeroPoint
    self.range = range
    switch arithmetic {
    case .float32: fixedPoint = nil
    case .fixedPoint:
      var scalings: [Requantisation] = []
      for scale in scales { scalings.append(try Requantisation(scale: Double(scale))) }
      fixedPoint = scalings
    }
  }

  /// Requantises one row that has one scale.
  ///
  /// - Parameters:
  ///   - channel: which scale, when there are several.
  ///   - bias: added to each accumulator first, wrapping.
  func row(
    _ accumulators: UnsafePointer<Int32>, count: Int, channel: Int, bias: Int32,
    into result: UnsafeMutablePointer<UInt8>
  ) {
    let index = scales.count == 1 ? 0 : channel
    if let fixedPoint {
      let scaling = fixedPoint[index]
      for i in 0..<count {
        let value = scaling(accumulators[i] &+ bias, zeroPoint: zeroPoint, clampedTo: range)
        result[i] = UInt8(truncatingIfNeeded: value)
      }
      return
    }
    let scale = scales[index]
    for i in 0..<count { result[i] = float(accumulators[i] &+ bias, scale) }
  }

  /// Requantises a row with one scale and one bias per column.
  ///
  /// - Parameters:
  ///   - firstColumn: the column of the first accumulator.
  ///   - bias: one for each column, added first, wrapping.
  func columns(
    _ accumulators: UnsafePointer<Int32>, count: Int, firstColumn: Int, bias: [Int32]?,
    into result: UnsafeMutablePointer<UInt8>
  ) {
    if bias == nil, scales.count == 1 {
      return row(accumulators, count: count, channel: 0, bias: 0, into: result)
    }
    for i in 0..<count {
      let column = firstColumn + i
      row(
        accumulators + i, count: 1, channel: column, bias: bias?[column] ?? 0, into: result + i)
    }
  }

  /// clamp(float(accumulator)·scale), rounded to nearest even, plus the zero point. A clamped number is so small
  /// that adding 1.5·2²³ rounds it and leaves the integer in the lower bits. NaN becomes the least element.
  @inline(__always)
  private func float(_ accumulator: Int32, _ scale: Float) -> UInt8 {
    let least = Float(range.lowerBound - zeroPoint)
    let greatest = Float(range.upperBound - zeroPoint)
    let scaled = Float(accumulator) * scale
    let raised = scaled > least ? scaled : least
    let clamped = raised < greatest ? raised : greatest
    let magic: Float = 0x1.8p23
    let rounded = Int32(bitPattern: (clamped + magic).bitPattern &- magic.bitPattern)
    return UInt8(truncatingIfNeeded: rounded &+ zeroPoint)
  }
}

internal import Networks

/// Rounding of real numbers to quantised integers, and back.
enum QuantiseLinear {
  /// clamp(x / scale) rounded to nearest even, plus the zero point; NaN becomes the least element.
  ///
  /// Clamping comes first, with the zero point subtracted from the range, as onnxruntime does it: the number is then
  /// so small that adding 1.5·2²³ rounds it and leaves the integer in the lower bits.
  @inline(__always)
  static func quantised(
    _ x: Float, scale: Float, zeroPoint: Int32, range: ClosedRange<Int32>
  ) -> Int32 {
    let least = Float(range.lowerBound - zeroPoint)
    let greatest = Float(range.upperBound - zeroPoint)
    let scaled = x / scale
    let raised = scaled > least ? scaled : least
    let clamped = raised < greatest ? raised : greatest
    let magic: Float = 0x1.8p23
    return Int32(bitPattern: (clamped + magic).bitPattern &- magic.bitPattern) &+ zeroPoint
  }

  /// As ``quantised(_:scale:zeroPoint:range:)`` for numbers that come as 16-bit ones.
  ///
  /// The results are the same but for NaN, infinity and what exceeds 32 bits: those become the least 32-bit integer, to
  /// which the zero point is added, wrapping, before it is clamped.
  static func quantisedHalf(
    _ x: Float, scale: Float, zeroPoint: Int32, range: ClosedRange<Int32>
  ) -> Int32 {
    let rounded = (x / scale).rounded(.toNearestOrEven)
    let integer = rounded >= -0x1p31 && rounded < 0x1p31 ? Int32(rounded) : Int32.min
    return min(max(integer &+ zeroPoint, range.lowerBound), range.upperBound)
  }

  /// QuantizeLinear.
  static func quantise(
    axis: Int, _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.tensor(0)
    guard let range = result.element.quantisedRange else {
      throw NetworkError("cannot quantise to \(result.element.rawValue)")
    }
    let values = try floats(x)
    let isHalf = x.type.element == .float16 || x.type.element == .bfloat16
    let parameters = try Parameters(operands, shape: x.shape, axis: axis)
    func all<Element: FixedWidthInteger & TensorElement>(_ type: Element.Type) -> Tensor {
      let elements = [Element](unsafeUninitializedCapacity: values.count) { target, count in
        parameters.forEachRun { run, scale, zeroPoint in
          for i in run {
            let value =
              isHalf
              ? quantisedHalf(values[i], scale: scale, zeroPoint: zeroPoint, range: range)
              : quantised(values[i], scale: scale, zeroPoint: zeroPoint, range: range)
            target.initializeElement(at: i, to: Element(truncatingIfNeeded: value))
          }
        }
        count = values.count
      }
      return Tensor(result.shape, elements)
    }
    switch result.element {
    case .int8: return all(Int8.self)
    case .uint8: return all(UInt8.self)
    case .int16: return all(Int16.self)
    case .uint16: return all(UInt16.self)
    case .float32, .float64, .float16, .bfloat16, .int32, .uint32, .int64, .uint64, .bool:
      throw NetworkError("cannot quantise to \(result.element.rawValue)")
    }
  }

  /// DequantizeLinear: (x − zero point)·scale, the difference exact, the product rounded once.
  static func dequantise(
    axis: Int, _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.tensor(0)
    let parameters = try Parameters(operands, shape: x.shape, axis: axis)
    func all<Element: FixedWidthInteger>(_ values: [Element]) -> [Float] {
      [Float](unsafeUninitializedCapacity: values.count) { target, count in
        parameters.forEachRun { run, scale, zeroPoint in
          for i in run {
            let difference = Int32(truncatingIfNeeded: values[i]) &- zeroPoint
            target.initializeElement(at: i, to: Float(difference) * scale)
          }
        }
        count = values.count
      }
    }
    let values: [Float]
    switch x.elements {
    case .int8(let elements): values = all(elements)
    case .uint8(let elements): values = all(elements)
    case .int16(let elements): values = all(elements)
    case .uint16(let elements): values = all(elements)
    case .int32(let elements): values = all(elements)
    case .float32, .float64, .float16, .bfloat16, .uint32, .int64, .uint64, .bool:
      throw NetworkError("cannot dequantise \(x.type)")
    }
    switch result.element {
    case .float32: return Tensor(result.shape, values)
    case .float16: return Tensor(result.shape, values.map { Half($0) })
    case .bfloat16: return Tensor(result.shape, values.map { BFloat16($0) })
    case .float64, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64, .bool:
      throw NetworkError("cannot dequantise to \(result.element.rawValue)")
    }
  }

  /// DynamicQuantizeLinear: the range of all elements and zero is mapped to 0…255.
  static func dynamic(
    _ operands: QuantisedOperands, _ results: [TensorType]
  ) throws(NetworkError) -> [Tensor] {
    guard let x = try operands.tensor(0).array(of: Float.self) else {
      throw NetworkError("operand of type \(try operands.tensor(0).type), not fp32")
    }
    let least = x.reduce(Float(0)) { $1 < $0 ? $1 : $0 }
    let greatest = x.reduce(Float(0)) { $1 > $0 ? $1 : $0 }
    let scale = greatest == least ? 1 : (greatest - least) / 255
    let exact = min(max(0 - least / scale, 0), 255)
    let zeroPoint = exact.isNaN ? 0 : Int32(exact.rounded(.toNearestOrEven))
    let bytes = x.map { element in
      UInt8(
        truncatingIfNeeded: quantised(
          element, scale: scale, zeroPoint: zeroPoint, range: 0...255))
    }
    let all = [
      Tensor(try operands.tensor(0).shape, bytes), Tensor(scalar: scale),
      Tensor(scalar: UInt8(zeroPoint)),
    ]
    return Array(all.prefix(results.count))
  }

  /// The elements as binary32.
  private static func floats(_ x: Tensor) throws(NetworkError) -> [Float] {
    switch x.elements {
    case .float32(let values): return values
    case .float16(let values): return values.map(\.float)
    case .bfloat16(let values): return values.map(\.float)
    case .int32(let values): return values.map { Float($0) }
    case .float64, .int8, .uint8, .int16, .uint16, .uint32, .int64, .uint64, .bool:
      throw NetworkError("cannot quantise \(x.type)")
    }
  }

  /// Scales and zero points, and which elements they are for.
  private struct Parameters {
    let scales: [Float]
    let zeroPoints: [Int32]
    /// Elements that follow each other with the same scale.
    let inner: Int
    let count: Int

    init(_ operands: QuantisedOperands, shape: [Int], axis: Int) throws(NetworkError) {
      scales = try operands.scales(1)
      zeroPoints = try operands.zeroPoints(2)
      count = shape.reduce(1, *)
      guard scales.count != 1 else {
        inner = count
        guard zeroPoints.count == 1 else {
          throw NetworkError("\(zeroPoints.count) zero points, but one scale")
        }
        return
      }
      let axis = try Axis.resolved(axis, rank: shape.count)
      guard scales.count == shape[axis], zeroPoints.count == scales.count || zeroPoints.count == 1
      else {
        throw NetworkError(
          "\(scales.count) scales and \(zeroPoints.count) zero points for \(shape[axis]) elements "
            + "along axis \(axis)")
      }
      inner = shape[(axis + 1)...].reduce(1, *)
    }

    func forEachRun(_ body: (Range<Int>, Float, Int32) -> Void) {
      guard count > 0, inner > 0 else { return }
      for (index, start) in stride(from: 0, to: count, by: inner).enumerated() {
        let channel = index % scales.count
        body(
          start..<start + inner, scales[channel],
          zeroPoints[zeroPoints.count == 1 ? 0 : channel])
      }
    }
  }
}

internal import Networks

/// Scale and zero point of an activation.
struct QuantisationParameters: Equatable {
  /// The type of the integers.
  let element: ElementType
  /// What an integer step means.
  let scale: Float
  /// The integer that means 0.
  let zeroPoint: Int32

  /// Parameters for a range of numbers.
  init(_ range: ClosedRange<Double>, options: Quantiser.Options) {
    let least = min(range.lowerBound, 0)
    let greatest = max(range.upperBound, 0)
    let isSymmetric = options.activations == .symmetric
    var scale = isSymmetric ? max(-least, greatest) / 127 : (greatest - least) / 255
    // Smaller ranges cannot be told from nothing; larger scales would not be finite.
    scale = min(max(scale, 0x1p-100), 0x1p100)
    if options.scales == .powerOfTwo { scale = Self.powerOfTwo(notBelow: scale) }
    self.scale = Float(scale)
    switch options.activations {
    case .symmetric:
      element = .int8
      zeroPoint = 0
    case .signed, .unsigned:
      element = options.activations == .signed ? .int8 : .uint8
      let lowest = options.activations == .signed ? -128.0 : 0
      let exact = (lowest - least / Double(self.scale)).rounded(.toNearestOrEven)
      zeroPoint = Int32(min(max(exact, lowest), lowest + 255))
    }
  }

  /// The least power of two that is not below a positive number.
  static func powerOfTwo(notBelow value: Double) -> Double {
    let power = Double(sign: .plus, exponent: Int(value.exponent), significand: 1)
    return power < value ? 2 * power : power
  }

  /// The number that is left of a number after quantisation.
  func restored(_ value: Float) -> Float {
    let range = element.quantisedRange ?? 0...0
    let integer = QuantiseLinear.quantised(value, scale: scale, zeroPoint: zeroPoint, range: range)
    return Float(integer - zeroPoint) * scale
  }

  /// The zero point as a constant.
  var zeroTensor: Tensor {
    element == .int8
      ? Tensor(scalar: Int8(truncatingIfNeeded: zeroPoint))
      : Tensor(scalar: UInt8(truncatingIfNeeded: zeroPoint))
  }
}

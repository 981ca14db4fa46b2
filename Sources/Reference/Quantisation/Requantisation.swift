public import Networks

/// How an accumulator becomes a quantised element.
public enum RequantisationArithmetic: Sendable, Equatable {
  /// As onnxruntime: the accumulator as a binary32 times a binary32 scale, clamped, rounded to nearest even.
  case float32
  /// As the systolic arrays: an integer factor and a shift, see ``Requantisation``.
  case fixedPoint
}

/// Scaling of accumulators as the systolic arrays do it:
/// clamp(round(accumulator · factor / 2^shift) + zero point), the product exact, ties to even.
public struct Requantisation: Sendable, Equatable {
  /// Unsigned, 31 bits.
  public let factor: UInt32
  /// 0…63.
  public let shift: Int

  /// Creates a scaling of values for the registers `SCALE` and `SHIFT`.
  ///
  /// - Throws: when a value does not fit its register.
  public init(factor: UInt32, shift: Int) throws(NetworkError) {
    guard factor < 1 << 31, (0...63).contains(shift) else {
      throw NetworkError(
        "requantisation by \(factor)/2^\(shift) does not fit the registers",
        suggestion: "factors have 31 bits, shifts are 0 to 63")
    }
    self.factor = factor
    self.shift = shift
  }

  /// The scaling nearest to a real factor, with as many significant bits as the register holds.
  ///
  /// scale = m · 2^e with ½ ≤ m < 1 becomes factor = round(m · 2³¹) and shift = 31 − e: its relative error is at most
  /// 2⁻³¹. Scales below 2⁻³³ lose bits, because the shift ends at 63.
  ///
  /// - Throws: when the scale is no positive number, or is 2³¹ or above.
  public init(scale: Double) throws(NetworkError) {
    guard scale > 0, scale < 0x1p31 else {
      throw NetworkError(
        "a requantisation scale of \(scale) is out of range",
        suggestion: "scales lie above 0 and below 2^31")
    }
    let exponent = Int(scale.exponent) + 1
    var shift = min(31 - exponent, 63)
    var factor = (scale * Double(sign: .plus, exponent: shift, significand: 1)).rounded(
      .toNearestOrEven)
    if factor == 0x1p31 {
      factor = 0x1p30
      shift -= 1
    }
    guard shift >= 0 else {
      throw NetworkError("a requantisation scale of \(scale) is out of range")
    }
    try self.init(factor: UInt32(factor), shift: shift)
  }

  /// factor / 2^shift.
  public var scale: Double {
    Double(factor) * Double(sign: .plus, exponent: -shift, significand: 1)
  }

  /// round(accumulator · factor / 2^shift), ties to even.
  public func scaled(_ accumulator: Int32) -> Int64 {
    let product = Int64(accumulator) * Int64(factor)  // below 2^62
    guard shift > 0 else { return product }
    let quotient = product >> Int64(shift)
    let rest = UInt64(bitPattern: product &- quotient << Int64(shift))
    let half = UInt64(1) << UInt64(shift - 1)
    return rest > half || (rest == half && quotient & 1 == 1) ? quotient + 1 : quotient
  }

  /// The quantised element.
  public func callAsFunction(
    _ accumulator: Int32, zeroPoint: Int32, clampedTo range: ClosedRange<Int32>
  ) -> Int32 {
    let value = scaled(accumulator) + Int64(zeroPoint)
    return Int32(min(max(value, Int64(range.lowerBound)), Int64(range.upperBound)))
  }
}

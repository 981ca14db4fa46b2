extension SoftFloat {
  /// `a / b`.
  public static func divide<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, rounding: RoundingMode,
    flags: inout FloatFlags
  ) -> F.Bits {
    let a = FloatParts(a, as: F.self)
    let b = FloatParts(b, as: F.self)
    let isNegative = a.isNegative != b.isNegative
    guard a.category == .finite && b.category == .finite else {
      return divideSpecial(a, b, negative: isNegative, as: F.self, flags: &flags)
    }
    // The quotient of the significands is between 1/2 and 2; doubling a numerator smaller than
    // the denominator puts its leading one in bit 62.
    let isSmaller = a.significand < b.significand
    let numerator = isSmaller ? a.significand &<< 1 : a.significand
    let (quotient, remainder) = b.significand.dividingFullWidth(
      (high: numerator &>> 2, low: numerator &<< 62))
    return round(
      FloatParts(
        isNegative: isNegative, exponent: a.exponent &- b.exponent &- (isSmaller ? 1 : 0),
        significand: quotient | (remainder != 0 ? 1 : 0)),
      as: F.self, rounding: rounding, flags: &flags)
  }

  /// The quotient where an operand is zero, infinite or NaN.
  private static func divideSpecial<F: BinaryFormat>(
    _ a: FloatParts, _ b: FloatParts, negative: Bool, as format: F.Type,
    flags: inout FloatFlags
  ) -> F.Bits {
    if a.isNaN || b.isNaN {
      return propagateNaN(
        signaling: a.category == .signalingNaN || b.category == .signalingNaN,
        as: F.self, flags: &flags)
    }
    if a.category == b.category {
      return invalid(as: F.self, flags: &flags)  // 0 / 0 or infinity / infinity
    }
    if a.category == .zero || b.category == .infinity { return F.zero(negative: negative) }
    if a.category == .finite { flags.insert(.divideByZero) }
    return F.infinity(negative: negative)
  }
}

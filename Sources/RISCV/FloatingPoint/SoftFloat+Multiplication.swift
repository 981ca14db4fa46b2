extension SoftFloat {
  /// `a * b`.
  public static func multiply<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, rounding: RoundingMode,
    flags: inout FloatFlags
  ) -> F.Bits {
    let a = FloatParts(a, as: F.self)
    let b = FloatParts(b, as: F.self)
    let isNegative = a.isNegative != b.isNegative
    guard a.category == .finite && b.category == .finite else {
      if a.isNaN || b.isNaN {
        return propagateNaN(
          signaling: a.category == .signalingNaN || b.category == .signalingNaN,
          as: F.self, flags: &flags)
      }
      if a.isFinite && b.isFinite { return F.zero(negative: isNegative) }
      if a.category == .zero || b.category == .zero {
        return invalid(as: F.self, flags: &flags)
      }
      return F.infinity(negative: isNegative)
    }
    // The leading one of the product is in bit 124 or 125: 60 or 61 of the upper word.
    let product = a.significand.multipliedFullWidth(by: b.significand)
    var significand = product.high &<< 1 | product.low &>> 63
    if product.low &<< 1 != 0 { significand |= 1 }
    var exponent = a.exponent &+ b.exponent
    if significand &>> 62 == 0 {
      // The sticky bit moves up one place, still below the digits rounding needs.
      significand &<<= 1
    } else {
      exponent &+= 1
    }
    return round(
      FloatParts(isNegative: isNegative, exponent: exponent, significand: significand),
      as: F.self, rounding: rounding, flags: &flags)
  }
}

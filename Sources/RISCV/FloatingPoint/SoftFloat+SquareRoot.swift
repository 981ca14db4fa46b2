extension SoftFloat {
  /// The square root of `a`; that of -0 is -0.
  public static func squareRoot<F: BinaryFormat>(
    _ a: F.Bits, as format: F.Type, rounding: RoundingMode, flags: inout FloatFlags
  ) -> F.Bits {
    let a = FloatParts(a, as: F.self)
    switch a.category {
    case .quietNaN, .signalingNaN:
      return propagateNaN(
        signaling: a.category == .signalingNaN, as: F.self, flags: &flags)
    case .zero:
      return F.zero(negative: a.isNegative)
    case .infinity where !a.isNegative:
      return F.infinity(negative: false)
    case .finite where !a.isNegative:
      let root = squareRoot(a, digits: F.fractionBits + 2)
      return round(root, as: F.self, rounding: rounding, flags: &flags)
    default:
      return invalid(as: F.self, flags: &flags)
    }
  }

  /// The root of a positive number to `digits` binary digits and a sticky bit, found digit by
  /// digit.
  @inline(__always)
  private static func squareRoot(_ a: FloatParts, digits: Int) -> FloatParts {
    // With 1 as bit 60, and a factor of two for an odd exponent, the radicand is in [1, 4) and
    // its root in [1, 2).
    var digit: UInt64 = 1 << 60
    var root: UInt64 = 0
    // (radicand - root^2) / digit, less than 8.
    var remainder = (a.significand &>> 2) &<< UInt64(truncatingIfNeeded: a.exponent & 1)
    for _ in 0..<digits {
      // (root + digit)^2 <= radicand? Digits are as good as random: selecting by a mask, all ones
      // if the difference is negative, is quicker than a branch that is often predicted wrong.
      let decrease = root &<< 1 &+ digit
      let isTooLarge = UInt64(bitPattern: Int64(bitPattern: remainder &- decrease) &>> 63)
      remainder &-= decrease & ~isTooLarge
      root |= digit & ~isTooLarge
      remainder &<<= 1
      digit &>>= 1
    }
    return FloatParts(
      isNegative: false, exponent: a.exponent &>> 1,
      significand: root &<< 2 | (remainder != 0 ? 1 : 0))
  }
}

extension SoftFloat {
  /// `a + b`.
  public static func add<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, rounding: RoundingMode,
    flags: inout FloatFlags
  ) -> F.Bits {
    let a = FloatParts(a, as: F.self)
    let b = FloatParts(b, as: F.self)
    guard a.isFinite && b.isFinite else { return addSpecial(a, b, as: F.self, flags: &flags) }
    let sum =
      a.isNegative == b.isNegative
      ? sumOfMagnitudes(a, b)
      : differenceOfMagnitudes(a, b, rounding: rounding)
    guard sum.significand != 0 else { return F.zero(negative: sum.isNegative) }
    return round(sum, as: F.self, rounding: rounding, flags: &flags)
  }

  /// `a - b`.
  public static func subtract<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, as format: F.Type, rounding: RoundingMode,
    flags: inout FloatFlags
  ) -> F.Bits {
    add(a, b ^ F.signMask, as: F.self, rounding: rounding, flags: &flags)
  }

  /// The sum where an operand is infinite or NaN.
  private static func addSpecial<F: BinaryFormat>(
    _ a: FloatParts, _ b: FloatParts, as format: F.Type, flags: inout FloatFlags
  ) -> F.Bits {
    if a.isNaN || b.isNaN {
      return propagateNaN(
        signaling: a.category == .signalingNaN || b.category == .signalingNaN,
        as: F.self, flags: &flags)
    }
    if a.category == .infinity && b.category == .infinity && a.isNegative != b.isNegative {
      return invalid(as: F.self, flags: &flags)
    }
    return F.infinity(negative: a.category == .infinity ? a.isNegative : b.isNegative)
  }

  /// The sum of two numbers of the same sign.
  @inline(__always)
  private static func sumOfMagnitudes(_ a: FloatParts, _ b: FloatParts) -> FloatParts {
    let (large, small) = a.exponent >= b.exponent ? (a, b) : (b, a)
    var sum = large
    sum.significand &+= small.significand.shiftedRightSticky(large.exponent &- small.exponent)
    if sum.significand &>> 63 != 0 {
      sum.significand = sum.significand.shiftedRightSticky(1)
      sum.exponent &+= 1
    }
    return sum
  }

  /// The sum of two numbers of opposite signs. A zero that comes of equal magnitudes is positive,
  /// but negative when rounding down.
  @inline(__always)
  private static func differenceOfMagnitudes(
    _ a: FloatParts, _ b: FloatParts, rounding: RoundingMode
  ) -> FloatParts {
    let aIsLarger =
      a.exponent != b.exponent ? a.exponent > b.exponent : a.significand >= b.significand
    let (large, small) = aIsLarger ? (a, b) : (b, a)
    var difference = large
    // The digits below the precision keep a sticky bit two places away from the last kept digit:
    // more than one leading digit cancels only if the exponents differ by at most one, and
    // then no digit is lost.
    difference.significand &-=
      small.significand.shiftedRightSticky(large.exponent &- small.exponent)
    guard difference.significand != 0 else {
      difference.isNegative = rounding == .down
      return difference
    }
    let shift = difference.significand.leadingZeroBitCount &- 1
    difference.significand &<<= UInt64(truncatingIfNeeded: shift)
    difference.exponent &-= shift
    return difference
  }
}

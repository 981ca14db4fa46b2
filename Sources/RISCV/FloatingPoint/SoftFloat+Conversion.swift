extension SoftFloat {
  /// The number in another format.
  public static func convert<From: BinaryFormat, To: BinaryFormat>(
    _ a: From.Bits, from source: From.Type, to destination: To.Type, rounding: RoundingMode,
    flags: inout FloatFlags
  ) -> To.Bits {
    let a = FloatParts(a, as: From.self)
    return switch a.category {
    case .finite: round(a, as: To.self, rounding: rounding, flags: &flags)
    case .zero: To.zero(negative: a.isNegative)
    case .infinity: To.infinity(negative: a.isNegative)
    case .quietNaN: To.canonicalNaN
    case .signalingNaN: invalid(as: To.self, flags: &flags)
    }
  }

  /// The number rounded to an integer; one beyond the integer format gives its closest value and
  /// raises invalid, as NaN does for the largest value.
  ///
  /// A word is sign-extended to 64 bits even if it is unsigned, as registers hold it.
  public static func toInteger<F: BinaryFormat>(
    _ a: F.Bits, as format: F.Type, width: IntegerWidth, signed: Bool, rounding: RoundingMode,
    flags: inout FloatFlags
  ) -> UInt64 {
    let a = FloatParts(a, as: F.self)
    let isNegative = a.isNegative && !a.isNaN
    let limit = largestMagnitude(negative: isNegative, width: width, signed: signed)
    let (magnitude, isExact) = integer(a, negative: isNegative, rounding: rounding)
    if let magnitude, magnitude <= limit {
      if !isExact { flags.insert(.inexact) }
      return extended(isNegative ? 0 &- magnitude : magnitude, from: width)
    }
    flags.insert(.invalid)
    return extended(isNegative ? 0 &- limit : limit, from: width)
  }

  /// The integer in the low `width` bits of `bits` as a floating-point number.
  public static func fromInteger<F: BinaryFormat>(
    _ bits: UInt64, width: IntegerWidth, signed: Bool, as format: F.Type,
    rounding: RoundingMode, flags: inout FloatFlags
  ) -> F.Bits {
    var magnitude = width == .word ? bits & 0xffff_ffff : bits
    let signBit: UInt64 = 1 &<< UInt64(width.rawValue &- 1)
    let isNegative = signed && bits & signBit != 0
    if isNegative {
      magnitude = 0 &- extended(bits, from: width)
    }
    guard magnitude != 0 else { return F.zero(negative: false) }
    let leadingZeros = magnitude.leadingZeroBitCount
    let significand =
      leadingZeros == 0
      ? magnitude.shiftedRightSticky(1)
      : magnitude &<< UInt64(truncatingIfNeeded: leadingZeros &- 1)
    return round(
      FloatParts(
        isNegative: isNegative, exponent: 63 &- leadingZeros, significand: significand),
      as: F.self, rounding: rounding, flags: &flags)
  }

  /// The magnitude rounded to an integer, nil if it needs more than 64 bits, and whether it was
  /// one before.
  @inline(__always)
  private static func integer(
    _ a: FloatParts, negative: Bool, rounding: RoundingMode
  ) -> (magnitude: UInt64?, isExact: Bool) {
    if a.category == .zero { return (0, true) }
    guard a.category == .finite && a.exponent <= 63 else { return (nil, true) }
    let distance = FloatParts.leadingBit &- a.exponent
    if distance < 2 {
      // No format has digits that low: all digits are above the point.
      let isWide = distance < 0
      return (isWide ? a.significand &<< 1 : a.significand &>> UInt64(distance), true)
    }
    // Two digits below the point, the lower one sticky, are enough to round.
    let quarters = a.significand.shiftedRightSticky(distance &- 2)
    var rounded =
      (quarters &+ rounding.increment(negative: negative, dropping: 2)) &>> 2
    if rounding == .nearestEven && quarters & 3 == 2 { rounded &= ~1 }
    return (rounded, quarters & 3 == 0)
  }

  /// The largest magnitude an integer format has on one side of zero.
  @inline(__always)
  private static func largestMagnitude(
    negative: Bool, width: IntegerWidth, signed: Bool
  ) -> UInt64 {
    if !signed { return negative ? 0 : .max &>> (64 &- UInt64(width.rawValue)) }
    return 1 &<< UInt64(width.rawValue &- 1) &- (negative ? 0 : 1)
  }

  /// The low `width` bits, sign-extended.
  @inline(__always)
  private static func extended(_ bits: UInt64, from width: IntegerWidth) -> UInt64 {
    guard width == .word else { return bits }
    return UInt64(bitPattern: Int64(Int32(truncatingIfNeeded: bits)))
  }
}

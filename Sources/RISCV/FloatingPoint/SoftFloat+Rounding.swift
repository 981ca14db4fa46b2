extension SoftFloat {
  /// Rounds a finite number other than zero to the format, and encodes it.
  ///
  /// `parts` holds the leading one in bit 62 and a sticky lowest bit. Raises overflow, underflow
  /// and inexact.
  @inline(__always)
  static func round<F: BinaryFormat>(
    _ parts: FloatParts, as format: F.Type, rounding: RoundingMode, flags: inout FloatFlags
  ) -> F.Bits {
    let dropped = FloatParts.leadingBit &- F.fractionBits
    let increment = rounding.increment(negative: parts.isNegative, dropping: dropped)
    let sign = parts.isNegative ? F.signBit : 0
    var significand = parts.significand
    // The leading one, kept in the significand, adds one to the exponent field.
    var field = parts.exponent &+ F.bias &- 1
    var isTiny = false
    if field < 0 {
      // Tiny unless rounding, with the exponent unbounded, reaches the smallest normal number.
      isTiny = field < -1 || significand &+ increment < 1 &<< 63
      significand = significand.shiftedRightSticky(0 &- field)
      field = 0
    }
    let discarded = significand & (1 &<< UInt64(dropped) &- 1)
    var kept = (significand &+ increment) &>> UInt64(dropped)
    if rounding == .nearestEven && discarded == 1 &<< UInt64(dropped &- 1) {
      kept &= ~1
    }
    if discarded != 0 {
      flags.insert(isTiny ? [.underflow, .inexact] : .inexact)
    }
    // A carry out of the significand moves into the exponent by itself.
    let magnitude = UInt64(truncatingIfNeeded: field) &<< UInt64(F.fractionBits) &+ kept
    if parts.exponent > F.maximumExponent || magnitude >= F.infinityMagnitude {
      flags.formUnion([.overflow, .inexact])
      // A mode that rounds this sign towards zero stops at the largest finite number.
      return F.narrow(sign | (F.infinityMagnitude &- (increment == 0 ? 1 : 0)))
    }
    return F.narrow(sign | magnitude)
  }
}

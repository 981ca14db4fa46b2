extension SoftFloat {
  /// `a * b + c`, rounded once.
  public static func fusedMultiplyAdd<F: BinaryFormat>(
    _ a: F.Bits, _ b: F.Bits, _ c: F.Bits, as format: F.Type, rounding: RoundingMode,
    flags: inout FloatFlags
  ) -> F.Bits {
    let a = FloatParts(a, as: F.self)
    let b = FloatParts(b, as: F.self)
    let addend = FloatParts(c, as: F.self)
    let isNegative = a.isNegative != b.isNegative
    guard a.category == .finite && b.category == .finite && addend.isFinite else {
      return fusedMultiplyAddSpecial(
        a, b, c, addend, negative: isNegative, as: F.self, rounding: rounding, flags: &flags)
    }
    let product = WideParts(a, times: b, negative: isNegative)
    let sum = product.adding(WideParts(addend), rounding: rounding)
    guard sum.significand != 0 else { return F.zero(negative: sum.isNegative) }
    return round(sum.narrowed, as: F.self, rounding: rounding, flags: &flags)
  }

  /// The result where a factor is zero, or any operand is infinite or NaN.
  private static func fusedMultiplyAddSpecial<F: BinaryFormat>(
    _ a: FloatParts, _ b: FloatParts, _ c: F.Bits, _ addend: FloatParts, negative: Bool,
    as format: F.Type, rounding: RoundingMode, flags: inout FloatFlags
  ) -> F.Bits {
    let productIsUndefined =
      a.category == .zero && b.category == .infinity
      || a.category == .infinity && b.category == .zero
    if a.isNaN || b.isNaN || addend.isNaN {
      let signaling =
        a.category == .signalingNaN || b.category == .signalingNaN
        || addend.category == .signalingNaN
      // RISC-V raises invalid for 0 * infinity even if a quiet NaN is added to it.
      return propagateNaN(
        signaling: signaling || productIsUndefined, as: F.self, flags: &flags)
    }
    if productIsUndefined { return invalid(as: F.self, flags: &flags) }
    if a.category == .infinity || b.category == .infinity {
      if addend.category == .infinity && addend.isNegative != negative {
        return invalid(as: F.self, flags: &flags)
      }
      return F.infinity(negative: negative)
    }
    // What is left: an infinite addend, or a product of zero.
    if addend.category == .zero && addend.isNegative != negative {
      return F.zero(negative: rounding == .down)
    }
    return c
  }
}

/// A finite number as `FloatParts`, with a significand that holds a whole product: the leading
/// one is in bit 126, and zero has no digits.
private struct WideParts {
  var isNegative: Bool
  var exponent: Int
  var significand: UInt128

  @inline(__always)
  init(_ parts: FloatParts) {
    isNegative = parts.isNegative
    exponent = parts.exponent
    significand = UInt128(parts.significand) &<< 64
  }

  /// The exact product of two numbers other than zero.
  @inline(__always)
  init(_ a: FloatParts, times b: FloatParts, negative: Bool) {
    isNegative = negative
    exponent = a.exponent &+ b.exponent
    let (high, low) = a.significand.multipliedFullWidth(by: b.significand)
    // The leading one is in bit 124 or 125.
    let isBelowTwo = high &>> 61 == 0
    exponent &+= isBelowTwo ? 0 : 1
    significand = (UInt128(high) &<< 64 | UInt128(low)) &<< (isBelowTwo ? 2 : 1)
  }

  /// The sum, with a sticky lowest bit. A zero that comes of equal magnitudes is positive, but
  /// negative when rounding down.
  @inline(__always)
  func adding(_ other: WideParts, rounding: RoundingMode) -> WideParts {
    let isLarger =
      exponent != other.exponent
      ? exponent > other.exponent : significand >= other.significand
    let (large, small) = isLarger ? (self, other) : (other, self)
    let aligned = small.significand.shiftedRightSticky(large.exponent &- small.exponent)
    var sum = large
    if isNegative == other.isNegative {
      sum.significand &+= aligned
      if sum.significand &>> 127 != 0 {
        sum.significand = sum.significand.shiftedRightSticky(1)
        sum.exponent &+= 1
      }
    } else {
      // As in the addition of two numbers, a sticky bit stays below the digits rounding needs.
      sum.significand &-= aligned
      guard sum.significand != 0 else {
        sum.isNegative = rounding == .down
        return sum
      }
      let shift = sum.significand.leadingZeroBitCount &- 1
      sum.significand &<<= UInt128(truncatingIfNeeded: shift)
      sum.exponent &-= shift
    }
    return sum
  }

  /// The number with the lower half of its digits in the sticky bit.
  @inline(__always)
  var narrowed: FloatParts {
    let sticky: UInt64 = UInt64(truncatingIfNeeded: significand) == 0 ? 0 : 1
    return FloatParts(
      isNegative: isNegative, exponent: exponent,
      significand: UInt64(truncatingIfNeeded: significand &>> 64) | sticky)
  }
}

extension UInt128 {
  /// Shifted right; the lowest bit also stands for all digits shifted out.
  @inline(__always)
  fileprivate func shiftedRightSticky(_ count: Int) -> UInt128 {
    guard count < 128 else { return self == 0 ? 0 : 1 }
    let amount = UInt128(truncatingIfNeeded: count)
    let shifted = self &>> amount
    return shifted &<< amount == self ? shifted : shifted | 1
  }
}

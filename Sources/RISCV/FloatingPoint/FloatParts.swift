/// A number taken apart: sign, exponent and significand, the same for all formats.
///
/// A finite number other than zero is `significand * 2^(exponent - 62)` with the leading one of
/// the significand in bit 62. Bit 63 leaves room for the carry of an addition; the digits below
/// the format's precision hold what rounding needs. Of a number that is not exact the lowest bit
/// is sticky: set when any digit below it is.
struct FloatParts: BitwiseCopyable {
  enum Category: UInt8, BitwiseCopyable {
    case zero, finite, infinity, quietNaN, signalingNaN
  }

  var isNegative: Bool
  var category: Category
  var exponent: Int
  var significand: UInt64

  /// Position of the leading one.
  static let leadingBit = 62

  /// Far below every exponent in use, so that zero takes part in additions as any other number.
  static let exponentOfZero = -(1 << 16)

  @inline(__always)
  init(isNegative: Bool, exponent: Int, significand: UInt64) {
    self.isNegative = isNegative
    category = .finite
    self.exponent = exponent
    self.significand = significand
  }

  /// The number `bits` encodes in the format.
  @inline(__always)
  init<F: BinaryFormat>(_ bits: F.Bits, as format: F.Type) {
    let bits = F.widen(bits)
    let field = Int(truncatingIfNeeded: (bits & F.magnitudeMask) &>> UInt64(F.fractionBits))
    let fraction = bits & F.fractionMask
    isNegative = bits & F.signBit != 0
    let alignment = Self.leadingBit &- F.fractionBits
    if field == F.specialExponentField {
      exponent = 0
      significand = 0
      if fraction == 0 {
        category = .infinity
      } else {
        category = fraction & F.quietBit == 0 ? .signalingNaN : .quietNaN
      }
    } else if field != 0 {
      category = .finite
      exponent = field &- F.bias
      significand = (F.leadingDigit | fraction) &<< UInt64(alignment)
    } else if fraction == 0 {
      category = .zero
      exponent = Self.exponentOfZero
      significand = 0
    } else {
      // Subnormal: bring the leading one to its place.
      category = .finite
      let shift = fraction.leadingZeroBitCount &- 1
      exponent = F.minimumExponent &- (shift &- alignment)
      significand = fraction &<< UInt64(shift)
    }
  }

  /// Whether the number is zero, subnormal or normal.
  @inline(__always)
  var isFinite: Bool { category.rawValue <= Category.finite.rawValue }

  @inline(__always)
  var isNaN: Bool { category.rawValue >= Category.quietNaN.rawValue }
}

extension UInt64 {
  /// Shifted right; the lowest bit also stands for all digits shifted out. `count` is not
  /// negative.
  @inline(__always)
  func shiftedRightSticky(_ count: Int) -> UInt64 {
    guard count < 64 else { return self == 0 ? 0 : 1 }
    let shifted = self &>> UInt64(truncatingIfNeeded: count)
    return shifted &<< UInt64(truncatingIfNeeded: count) == self ? shifted : shifted | 1
  }
}

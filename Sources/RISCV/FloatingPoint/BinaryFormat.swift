/// A binary interchange format of IEEE 754: one sign bit, the biased exponent, the fraction.
///
/// The formats are types without values, so that the arithmetic is written once and compiled
/// for each of them.
public protocol BinaryFormat: Sendable {
  /// The encoding of one number.
  associatedtype Bits: FixedWidthInteger & UnsignedInteger & Sendable

  /// Width of the exponent field in bits.
  static var exponentBits: Int { get }
  /// Width of the fraction field in bits; the leading one of the significand is not stored.
  static var fractionBits: Int { get }

  /// The encoding, extended by zeros.
  static func widen(_ bits: Bits) -> UInt64
  /// The encoding in the low bits of `bits`.
  static func narrow(_ bits: UInt64) -> Bits
}

/// Single precision: the format of the F extension.
public enum Binary32: BinaryFormat {
  /// The encoding of one number.
  public typealias Bits = UInt32

  /// Width of the exponent field: 8 bits.
  public static var exponentBits: Int { 8 }
  /// Width of the fraction field: 23 bits.
  public static var fractionBits: Int { 23 }

  /// The encoding, extended by zeros.
  public static func widen(_ bits: UInt32) -> UInt64 { UInt64(bits) }
  /// The encoding in the low bits of `bits`.
  public static func narrow(_ bits: UInt64) -> UInt32 { UInt32(truncatingIfNeeded: bits) }
}

/// Double precision: the format of the D extension.
public enum Binary64: BinaryFormat {
  /// The encoding of one number.
  public typealias Bits = UInt64

  /// Width of the exponent field: 11 bits.
  public static var exponentBits: Int { 11 }
  /// Width of the fraction field: 52 bits.
  public static var fractionBits: Int { 52 }

  /// The encoding, extended by zeros.
  public static func widen(_ bits: UInt64) -> UInt64 { bits }
  /// The encoding in the low bits of `bits`.
  public static func narrow(_ bits: UInt64) -> UInt64 { bits }
}

extension BinaryFormat {
  /// The NaN every operation returns: quiet, positive, no payload.
  public static var canonicalNaN: Bits { narrow(infinityMagnitude | quietBit) }

  /// The bit that holds the sign.
  public static var signMask: Bits { narrow(signBit) }

  static var signBit: UInt64 { 1 &<< UInt64(exponentBits &+ fractionBits) }
  static var magnitudeMask: UInt64 { signBit &- 1 }
  /// The digit above the fraction, which is not stored.
  static var leadingDigit: UInt64 { 1 &<< UInt64(fractionBits) }
  static var fractionMask: UInt64 { leadingDigit &- 1 }
  static var quietBit: UInt64 { 1 &<< UInt64(fractionBits &- 1) }

  /// The exponent field of infinities and NaNs.
  static var specialExponentField: Int { 1 &<< exponentBits &- 1 }
  static var infinityMagnitude: UInt64 {
    UInt64(specialExponentField) &<< UInt64(fractionBits)
  }

  static var bias: Int { 1 &<< (exponentBits &- 1) &- 1 }
  /// Exponent of the smallest normal number.
  static var minimumExponent: Int { 1 &- bias }
  /// Exponent of the largest finite number.
  static var maximumExponent: Int { bias }

  @inline(__always)
  static func isNaN(_ bits: UInt64) -> Bool { bits & magnitudeMask > infinityMagnitude }

  @inline(__always)
  static func isSignalingNaN(_ bits: UInt64) -> Bool { isNaN(bits) && bits & quietBit == 0 }

  @inline(__always)
  static func zero(negative: Bool) -> Bits { narrow(negative ? signBit : 0) }

  @inline(__always)
  static func infinity(negative: Bool) -> Bits {
    narrow(infinityMagnitude | (negative ? signBit : 0))
  }
}

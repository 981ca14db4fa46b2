/// The accrued exceptions of IEEE 754, in the layout of the `fflags` CSR.
public struct FloatFlags: OptionSet, Sendable, Hashable, BitwiseCopyable {
  /// The five flags as the CSR shows them.
  public let rawValue: UInt8

  /// The flags whose bits are set in `rawValue`.
  public init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  /// NX: the result was rounded.
  public static let inexact = FloatFlags(rawValue: 1)
  /// UF: the result is inexact, and so small that its exponent left the normal range.
  public static let underflow = FloatFlags(rawValue: 2)
  /// OF: the rounded result is beyond the largest finite value.
  public static let overflow = FloatFlags(rawValue: 4)
  /// DZ: a finite value other than zero was divided by zero.
  public static let divideByZero = FloatFlags(rawValue: 8)
  /// NV: the operation has no defined result for its operands.
  public static let invalid = FloatFlags(rawValue: 16)
}

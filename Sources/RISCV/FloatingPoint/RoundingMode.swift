/// How a floating-point result that its format cannot hold is rounded.
///
/// The raw values are the encodings of the `rm` field of an instruction and of the `frm` CSR
/// (RISC-V unprivileged manual, "F" extension 2.2, floating-point control and status register).
public enum RoundingMode: UInt8, Sendable, CaseIterable, BitwiseCopyable {
  /// To the nearest value, ties to the one with an even significand (RNE).
  case nearestEven = 0
  /// Towards zero: the discarded digits are dropped (RTZ).
  case towardZero = 1
  /// Towards negative infinity (RDN).
  case down = 2
  /// Towards positive infinity (RUP).
  case up = 3
  /// To the nearest value, ties away from zero (RMM).
  case nearestMaxMagnitude = 4

  /// What is added to a significand, below its last kept digit, before the digits are dropped.
  ///
  /// In units of the lowest of the `count` dropped binary digits. Ties to even needs one more
  /// step, as half a unit alone rounds them away from zero.
  @inline(__always)
  func increment(negative: Bool, dropping count: Int) -> UInt64 {
    let unit = 1 as UInt64 &<< UInt64(truncatingIfNeeded: count)
    return switch self {
    case .nearestEven, .nearestMaxMagnitude: unit &>> 1
    case .towardZero: 0
    case .down: negative ? unit &- 1 : 0
    case .up: negative ? 0 : unit &- 1
    }
  }
}

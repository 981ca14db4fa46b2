/// The integer formats of the conversion instructions.
public enum IntegerWidth: UInt8, Sendable, BitwiseCopyable {
  /// A word (`W`, `WU`).
  case word = 32
  /// A doubleword (`L`, `LU`).
  case doubleword = 64
}

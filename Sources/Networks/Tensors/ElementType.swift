/// The type of a tensor's elements.
public enum ElementType: String, CaseIterable, Sendable, Codable {
  /// IEEE-754 binary32.
  case float32 = "fp32"
  /// IEEE-754 binary64.
  case float64 = "fp64"
  /// IEEE-754 binary16.
  case float16 = "fp16"
  /// The upper 16 bits of a binary32.
  case bfloat16 = "bf16"
  /// Two's complement, 8 bits.
  case int8
  /// Unsigned, 8 bits.
  case uint8
  /// Two's complement, 16 bits.
  case int16
  /// Unsigned, 16 bits.
  case uint16
  /// Two's complement, 32 bits.
  case int32
  /// Unsigned, 32 bits.
  case uint32
  /// Two's complement, 64 bits.
  case int64
  /// Unsigned, 64 bits.
  case uint64
  /// Truth values, one byte each.
  case bool

  /// Bytes of one element in memory and in files.
  public var byteCount: Int {
    switch self {
    case .int8, .uint8, .bool: 1
    case .float16, .bfloat16, .int16, .uint16: 2
    case .float32, .int32, .uint32: 4
    case .float64, .int64, .uint64: 8
    }
  }

  /// Whether elements are floating-point numbers.
  public var isFloatingPoint: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16: true
    default: false
    }
  }

  /// Whether elements are 8-bit integers, as quantised networks use them.
  public var isByte: Bool { self == .int8 || self == .uint8 }

  /// Whether elements are integers (truth values are none).
  public var isInteger: Bool { !isFloatingPoint && self != .bool }
}

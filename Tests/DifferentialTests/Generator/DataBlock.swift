/// The memory of one program: operands and registers before, results after it.
///
/// Offsets are relative to the base register, so that every cell is within a 12-bit offset.
struct DataBlock: Sendable, Hashable {
  /// Memory for loads and stores.
  static let scratch = -256..<512
  /// x0 to x31 and f0 to f31, eight bytes each; x0 is that of the base register's address.
  static let integerRegisters = 512
  static let floatRegisters = 768
  static let fcsr = 1024
  /// Words in which backward branches count down.
  static let counters = 1032
  static let counterCount = 8
  /// Bytes before the base and in all.
  static let head = 256
  static let size = 256 + 1032 + 4 * counterCount + 8

  /// All bytes from the first of the scratch memory on.
  var bytes: [UInt8]

  init() { bytes = Array(repeating: 0, count: Self.size) }

  /// The block that memory holds from `start` on.
  init(_ memory: some Sequence<UInt8>) { bytes = Array(memory) }

  /// Writes the low `count` bytes of `value` at an offset from the base.
  mutating func set(_ value: UInt64, at offset: Int, bytes count: Int = 8) {
    for index in 0..<count {
      bytes[Self.head + offset + index] = UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
    }
  }

  /// The `count` bytes at an offset from the base.
  func value(at offset: Int, bytes count: Int = 8) -> UInt64 {
    (0..<count).reduce(0) {
      $0 | UInt64(bytes[Self.head + offset + $1]) << UInt64(8 * $1)
    }
  }

  /// The cell that holds integer register `number`.
  static func integerRegister(_ number: Int) -> Int { integerRegisters + 8 * number }

  /// The cell that holds floating-point register `number`.
  static func floatRegister(_ number: Int) -> Int { floatRegisters + 8 * number }
}

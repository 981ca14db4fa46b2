import RISCV

/// A program for the core under test, put together word by word; branches name labels.
struct Program {
  static let base: UInt64 = 0x8000_0000

  private(set) var words: [UInt32] = []
  private var labels: [String: Int] = [:]
  private var targets: [(index: Int, operation: Operation, rs1: Int, rs2: Int, label: String)] = []

  /// The address of the next instruction.
  var here: UInt64 { Self.base + UInt64(4 * words.count) }

  /// The address of a label.
  func address(of label: String) -> UInt64 { Self.base + UInt64(4 * (labels[label] ?? 0)) }

  mutating func label(_ name: String) { labels[name] = words.count }

  /// Adds an instruction; unused fields are ignored, `immediate` as the format takes it (see
  /// ``word(_:rd:rs1:rs2:_:)``).
  mutating func add(
    _ operation: Operation, rd: Int = 0, rs1: Int = 0, rs2: Int = 0, _ immediate: Int = 0
  ) {
    words.append(Self.word(operation, rd: rd, rs1: rs1, rs2: rs2, immediate))
  }

  /// Adds a branch or a jump without link.
  mutating func branch(_ operation: Operation, rs1: Int = 0, rs2: Int = 0, to label: String) {
    targets.append((words.count, operation, rs1, rs2, label))
    words.append(0)
  }

  /// Loads a constant, always with two instructions.
  mutating func load(_ rd: Int, _ value: UInt64) {
    let low = Int(value & 0xFFF) - (value & 0x800 != 0 ? 0x1000 : 0)
    add(.lui, rd: rd, Int((value &- UInt64(bitPattern: Int64(low))) >> 12 & 0xF_FFFF))
    add(.addi, rd: rd, rs1: rd, low)
  }

  /// Loads the address of a label that is defined later.
  mutating func loadAddress(_ rd: Int, of label: String, using resolved: Program?) {
    load(rd, resolved?.address(of: label) ?? Self.base)
  }

  mutating func nops(_ count: Int) {
    for _ in 0..<count { add(.addi) }
  }

  /// Spins in place.
  mutating func spin() { add(.jal, 0) }

  /// The words with all branches filled in.
  func assembled() -> [UInt32] {
    var result = words
    for target in targets {
      let distance = 4 * ((labels[target.label] ?? target.index) - target.index)
      result[target.index] = Self.word(
        target.operation, rs1: target.rs1, rs2: target.rs2, distance)
    }
    return result
  }

  /// Builds a program twice, so that `body` may ask the first attempt for addresses of labels.
  static func build(_ body: (inout Program, Program?) -> Void) -> Program {
    var first = Program()
    body(&first, nil)
    var second = Program()
    body(&second, first)
    return second
  }

  /// The word of an operation; `immediate` is in bytes for branches and jumps, the upper 20 bits
  /// shifted down for `lui`, the number of the CSR for Zicsr (whose 5-bit immediate is `rs1`).
  static func word(
    _ operation: Operation, rd: Int = 0, rs1: Int = 0, rs2: Int = 0, _ immediate: Int = 0
  ) -> UInt32 {
    guard let encoding = Encoding.all.first(where: { $0.operation == operation }) else { return 0 }
    let i = UInt32(truncatingIfNeeded: immediate)
    let (d, s, t) = (UInt32(rd) << 7, UInt32(rs1) << 15, UInt32(rs2) << 20)
    let operands: UInt32 =
      switch encoding.format {
      case .register: d | s | t
      case .immediate, .load, .csrRegister, .csrImmediate: d | s | i << 20
      case .shift: d | s | (i & 31) << 20
      case .store: s | t | (i & 31) << 7 | (i >> 5 & 0x7F) << 25
      case .branch:
        s | t | (i >> 11 & 1) << 7 | (i >> 1 & 15) << 8 | (i >> 5 & 0x3F) << 25
          | (i >> 12 & 1) << 31
      case .upper: d | i << 12
      case .jump:
        d | (i >> 12 & 0xFF) << 12 | (i >> 11 & 1) << 20 | (i >> 1 & 0x3FF) << 21
          | (i >> 20 & 1) << 31
      case .fence: (i & 0xFF) << 20
      case .none: 0
      }
    return encoding.match | operands
  }
}

/// CSR numbers used in the tests.
enum ControlRegister {
  static let mstatus = 0x300
  static let mie = 0x304
  static let mtvec = 0x305
  static let mepc = 0x341
  static let mcause = 0x342
  static let mtval = 0x343
  static let mip = 0x344
  static let mcycle = 0xB00
  static let time = 0xC01
}

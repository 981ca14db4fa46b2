import RISCV

/// A program for the core under test, put together word by word; branches name labels.
struct Program {
  /// Where programs and their memory are: low enough for `lui` on RV64 not to extend a sign.
  static let base: UInt64 = 0x4000_0000

  /// The width of the registers.
  let xlen: XLEN
  private(set) var words: [UInt32] = []
  private var labels: [String: Int] = [:]
  private var targets: [(index: Int, operation: Operation, rs1: Int, rs2: Int, label: String)] = []

  init(_ xlen: XLEN = .rv32) {
    self.xlen = xlen
  }

  /// The address of the next instruction.
  var here: UInt64 { Self.base + UInt64(4 * words.count) }

  /// Bytes of a register.
  var wordBytes: Int { xlen == .rv32 ? 4 : 8 }

  /// The address of a label.
  func address(of label: String) -> UInt64 { Self.base + UInt64(4 * (labels[label] ?? 0)) }

  mutating func label(_ name: String) { labels[name] = words.count }

  /// Adds an instruction; operands that its format does not have are ignored, `immediate` is as
  /// `Encoding.word` takes it.
  mutating func add(
    _ operation: Operation, rd: Int = 0, rs1: Int = 0, rs2: Int = 0, _ immediate: Int = 0
  ) {
    words.append(word(operation, rd: rd, rs1: rs1, rs2: rs2, immediate))
  }

  /// Adds any 32 bits.
  mutating func add(word: UInt32) { words.append(word) }

  /// Adds a branch or a jump without link.
  mutating func branch(_ operation: Operation, rs1: Int = 0, rs2: Int = 0, to label: String) {
    targets.append((words.count, operation, rs1, rs2, label))
    words.append(0)
  }

  /// Loads a constant of 32 bits, which RV64 sign-extends, always with two instructions.
  mutating func load(_ rd: Int, _ value: UInt64) {
    let low = Int(value & 0xFFF) - (value & 0x800 != 0 ? 0x1000 : 0)
    add(.lui, rd: rd, Int((value &- UInt64(bitPattern: Int64(low))) >> 12 & 0xF_FFFF))
    add(xlen == .rv64 ? .addiw : .addi, rd: rd, rs1: rd, low)
  }

  /// Loads a constant of XLEN bits; uses `scratch`.
  mutating func load(wide rd: Int, _ value: UInt64, scratch: Int) {
    load(rd, value & 0xFFFF_FFFF)
    guard xlen == .rv64 else { return }
    add(.slli, rd: rd, rs1: rd, 32)
    add(.srli, rd: rd, rs1: rd, 32)
    load(scratch, value >> 32)
    add(.slli, rd: scratch, rs1: scratch, 32)
    add(.or, rd: rd, rs1: rd, rs2: scratch)
  }

  /// Loads the address of a label that is defined later.
  mutating func loadAddress(_ rd: Int, of label: String, using resolved: Program?) {
    load(rd, resolved?.address(of: label) ?? Self.base)
  }

  /// Stores a register of XLEN bits.
  mutating func store(_ rs2: Int, at offset: Int, from rs1: Int) {
    add(xlen == .rv64 ? .sd : .sw, rs1: rs1, rs2: rs2, offset)
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
      result[target.index] = word(
        target.operation, rs1: target.rs1, rs2: target.rs2, distance)
    }
    return result
  }

  /// Builds a program twice, so that `body` may ask the first attempt for addresses of labels.
  static func build(
    _ xlen: XLEN = .rv32, _ body: (inout Program, Program?) -> Void
  ) -> Program {
    var first = Program(xlen)
    body(&first, nil)
    var second = Program(xlen)
    body(&second, first)
    return second
  }

  private func word(
    _ operation: Operation, rd: Int = 0, rs1: Int = 0, rs2: Int = 0, _ immediate: Int = 0
  ) -> UInt32 {
    Encoding.all.first { $0.operation == operation && ($0.xlen ?? xlen) == xlen }?
      .word(rd: rd, rs1: rs1, rs2: rs2, immediate: immediate) ?? 0
  }
}

extension XLEN {
  /// Both widths, for tests.
  static let both: [XLEN] = [.rv32, .rv64]

  /// The full instruction set of this width.
  var full: InstructionSet { self == .rv32 ? .rv32Full : .rv64Full }

  /// All ones.
  var mask: UInt64 { self == .rv32 ? 0xFFFF_FFFF : .max }

  /// What `mcause` or `scause` holds for an interrupt.
  func interrupt(_ code: UInt64) -> UInt64 { code | (self == .rv32 ? 1 << 31 : 1 << 63) }
}

/// CSR numbers used in the tests.
enum ControlRegister {
  static let sstatus = 0x100
  static let sie = 0x104
  static let stvec = 0x105
  static let sepc = 0x141
  static let scause = 0x142
  static let stval = 0x143
  static let sip = 0x144
  static let satp = 0x180
  static let mstatus = 0x300
  static let medeleg = 0x302
  static let mideleg = 0x303
  static let mie = 0x304
  static let mtvec = 0x305
  static let mcounteren = 0x306
  static let mscratch = 0x340
  static let mepc = 0x341
  static let mcause = 0x342
  static let mtval = 0x343
  static let mip = 0x344
  static let pmpcfg0 = 0x3A0
  static let pmpaddr0 = 0x3B0
  static let mcycle = 0xB00
  static let cycle = 0xC00
  static let time = 0xC01
  static let mhartid = 0xF14
}

import RISCV

/// Machine code with labels, for the parts of the system-level programs that are not random.
struct SystemCode {
  let words: InstructionWords
  let start: UInt64
  private(set) var code: [UInt32] = []
  private var labels: [String: Int] = [:]
  private var uses: [(index: Int, label: String, isJump: Bool)] = []

  init(_ words: InstructionWords, start: UInt64) {
    self.words = words
    self.start = start
  }

  var address: UInt64 { start + UInt64(4 * code.count) }

  /// Names the address of the next instruction.
  mutating func label(_ name: String) { labels[name] = code.count }

  /// The address that a label names.
  func address(of label: String) -> UInt64 { start + UInt64(4 * (labels[label] ?? 0)) }

  mutating func append(_ word: UInt32) { code.append(word) }
  mutating func append(_ words: [UInt32]) { code += words }

  mutating func branch(_ operation: Operation, _ rs1: Int, _ rs2: Int, to label: String) {
    uses.append((code.count, label, false))
    append(words.branch(operation, rs1: rs1, rs2: rs2))
  }

  mutating func jump(to label: String) {
    uses.append((code.count, label, true))
    append(words.upper(.jal, rd: 0, 0))
  }

  /// Fills in all distances.
  mutating func link() {
    for use in uses {
      let distance = 4 * ((labels[use.label] ?? 0) - use.index)
      code[use.index] |=
        use.isJump
        ? InstructionWords.jumpDistance(distance) : InstructionWords.branchDistance(distance)
    }
    uses = []
  }
}

extension InstructionWords {
  /// Loads of XLEN bits.
  func load(_ rd: Int, _ offset: Int, _ base: Int) -> UInt32 {
    immediate(xlen == .rv64 ? .ld : .lw, rd: rd, rs1: base, offset)
  }

  /// Stores of XLEN bits.
  func store(_ rs2: Int, _ offset: Int, _ base: Int) -> UInt32 {
    store(xlen == .rv64 ? .sd : .sw, rs2: rs2, rs1: base, offset)
  }

  func csrRead(_ rd: Int, _ csr: Int) -> UInt32 { immediate(.csrrs, rd: rd, rs1: 0, csr) }
  func csrWrite(_ csr: Int, _ rs1: Int) -> UInt32 { immediate(.csrrw, rd: 0, rs1: rs1, csr) }

  /// Instructions that put the low XLEN bits of `value` in a register.
  func constant(_ register: Int, _ value: UInt64) -> [UInt32] {
    let small = xlen == .rv32 ? Int64(Int32(truncatingIfNeeded: value)) : Int64(bitPattern: value)
    let low = Int(small & 0xfff ^ 0x800) - 0x800
    if small == Int64(Int32(truncatingIfNeeded: small)) {
      if small == Int64(low) { return [immediate(.addi, rd: register, rs1: 0, low)] }
      let high = upper(.lui, rd: register, Int((small &- Int64(low)) >> 12))
      let add: Operation = xlen == .rv64 ? .addiw : .addi
      return [high, immediate(add, rd: register, rs1: register, low)]
    }
    let rest = UInt64(bitPattern: (small &- Int64(low)) >> 12)
    return constant(register, rest) + [
      immediate(.slli, rd: register, rs1: register, 12),
      immediate(.addi, rd: register, rs1: register, low),
    ]
  }
}

/// CSR numbers of the privileged architecture.
enum ControlRegister {
  static let (fflags, frm, fcsr) = (1, 2, 3)
  static let (sstatus, sie, stvec, scounteren) = (0x100, 0x104, 0x105, 0x106)
  static let (sscratch, sepc, scause, stval, sip) = (0x140, 0x141, 0x142, 0x143, 0x144)
  static let satp = 0x180
  static let (mstatus, medeleg, mideleg, mie, mtvec) = (0x300, 0x302, 0x303, 0x304, 0x305)
  static let mcounteren = 0x306
  static let (mscratch, mepc, mcause, mtval, mip) = (0x340, 0x341, 0x342, 0x343, 0x344)
  static let (pmpcfg0, pmpaddr0) = (0x3a0, 0x3b0)
  static let (cycle, time, instret, mhartid) = (0xc00, 0xc01, 0xc02, 0xf14)
}

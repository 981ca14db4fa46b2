import RISCV

extension SystemGenerator {
  /// A CSR, the bits that may be written, and whether all at once or only bit by bit.
  private struct Choice {
    let csr: Int
    let bits: UInt64
    var isWhole = true
  }

  private static let machineChoices: [Choice] = [
    Choice(csr: C.mstatus, bits: 0x3c_01aa, isWhole: false),
    Choice(csr: C.mstatus, bits: 0x0c_0000, isWhole: false),
    Choice(csr: C.mscratch, bits: .max),
    Choice(csr: C.mepc, bits: .max - 1),
    Choice(csr: C.mcause, bits: .max),
    Choice(csr: C.mtval, bits: .max),
    Choice(csr: C.medeleg, bits: 0xb1fe),
    Choice(csr: C.mideleg, bits: 0x222),
    Choice(csr: C.mie, bits: 0xa2a),
    Choice(csr: C.mip, bits: 0x222),
    Choice(csr: C.mcounteren, bits: 7),
  ]
  private static let supervisorChoices: [Choice] = [
    Choice(csr: C.sstatus, bits: 0xc_0122, isWhole: false),
    Choice(csr: C.sstatus, bits: 0xc_0000, isWhole: false),
    Choice(csr: C.sscratch, bits: .max),
    Choice(csr: C.sepc, bits: .max - 1),
    Choice(csr: C.scause, bits: .max),
    Choice(csr: C.stval, bits: .max),
    Choice(csr: C.sie, bits: 0x222),
    Choice(csr: C.sip, bits: 2),
    Choice(csr: C.scounteren, bits: 7),
    Choice(csr: C.fcsr, bits: 0xff),
    Choice(csr: C.frm, bits: 7),
    Choice(csr: C.fflags, bits: 0x1f),
  ]
  /// Read-only ones and some that nobody has.
  private static let others = [
    C.mhartid, C.cycle, C.instret, C.time, 0x5c0, 0x9c0, 0x6c0, 0xac0, 0x15f, 0x7d0, 0xbc5,
  ]

  /// An access to a CSR, now and then one that the mode does not allow.
  mutating func control() -> SystemStep {
    let data = register()
    if random.chance(8) {
      // A write, so that reading a counter leaves nothing.
      let csr = random.pick(Self.others)
      return SystemStep(
        "CSR \(hexadecimal(csr))", [words.immediate(.csrrw, rd: data, rs1: register(), csr)])
    }
    if random.chance(10) { return floatState() }
    let isMachine = mode == .machine ? random.chance(75) : random.chance(15)
    let choice = random.pick(isMachine ? Self.machineChoices : Self.supervisorChoices)
    let isPending = choice.csr == C.mip || choice.csr == C.sip
    let bits = isPending ? choice.bits & interrupt : choice.bits
    let value = CornerValues.integer(&random) & bits
    let operations: [Operation] = choice.isWhole ? [.csrrw, .csrrs, .csrrc] : [.csrrs, .csrrc]
    let operation = random.pick(operations)
    var code: [UInt32]
    if value < 32, bits < 32, random.chance(50) {
      let immediate: [Operation: Operation] = [
        .csrrw: .csrrwi, .csrrs: .csrrsi, .csrrc: .csrrci,
      ]
      code = [
        words.immediate(immediate[operation] ?? .csrrsi, rd: data, rs1: Int(value), choice.csr)
      ]
    } else {
      code = words.constant(26, value)
      code.append(words.immediate(operation, rd: data, rs1: 26, choice.csr))
    }
    if mode == .machine { note(operation, choice.csr, value) }
    return SystemStep("CSR \(hexadecimal(choice.csr))", code + mix(data))
  }

  /// Keeps what mode changes depend on.
  private mutating func note(_ operation: Operation, _ csr: Int, _ value: UInt64) {
    func update(_ flag: inout Bool, _ bit: UInt64) {
      let isSet = value & bit != 0
      switch operation {
      case .csrrw: flag = isSet
      case .csrrs: flag = flag || isSet
      default: flag = flag && !isSet
      }
    }
    if csr == C.medeleg { update(&delegatesCall, 1 << 8) }
  }

  /// Floating point on or off.
  private mutating func floatState() -> SystemStep {
    let csr = mode == .machine ? C.mstatus : C.sstatus
    let operation: Operation = random.chance(70) ? .csrrs : .csrrc
    return SystemStep(
      "floating point \(operation == .csrrs ? "on" : "off")",
      words.constant(26, 0x6000) + [words.immediate(operation, rd: 0, rs1: 26, csr)])
  }

  /// A read of a counter that may not be allowed; the value goes nowhere.
  mutating func counter() -> SystemStep {
    let csr = random.pick([C.cycle, C.time, C.instret])
    return SystemStep("counter", [words.csrRead(0, csr)])
  }

  /// A floating-point instruction, its rounding mode not always valid.
  mutating func float() -> SystemStep {
    let row = random.pick(floats)
    func field(_ value: Int, _ shift: UInt32) -> UInt32 { UInt32(value) << shift }
    var operands = field(register(), 7) | field(register(), 15) | field(register(), 20)
    operands |= field(register(), 27) | field(random.below(8), 12)
    let word = row.match | operands & ~row.mask
    // Only what reads no f register is sure to have operands; all are the same everywhere.
    return SystemStep("\(row.mnemonic)", [word])
  }

  /// An instruction that raises an exception.
  mutating func exception() -> SystemStep {
    switch random.below(10) {
    case 0: return SystemStep("call", [words.plain(.ecall)])
    case 1: return SystemStep("breakpoint", [words.plain(.ebreak)])
    case 2: return SystemStep("breakpoint", [0x0001_9002])
    case 3 where mode == .user: return SystemStep("wait", isEssential: true, [words.plain(.wfi)])
    case 3...4 where mode != .machine: return SystemStep("mret", [words.plain(.mret)])
    case 5 where mode == .user: return SystemStep("sret", [words.plain(.sret)])
    case 5 where mode == .supervisor:
      return SystemStep(
        "sret to supervisor",
        words.constant(26, 0x100) + [
          words.immediate(.csrrs, rd: 0, rs1: 26, C.sstatus), words.csrWrite(C.sepc, 27),
          words.plain(.sret),
        ])
    default: return SystemStep("illegal instruction", [illegal()])
    }
  }

  /// A word that our table does not have, mostly one bit away from one it has.
  private mutating func illegal() -> UInt32 {
    let set: InstructionSet = xlen == .rv64 ? .rv64Full : .rv32Full
    while true {
      if random.chance(25) {
        let half = UInt16(truncatingIfNeeded: random.next())
        if half & 3 != 3,
          expandCompressed(half, xlen: xlen, extensions: set.extensions) == nil
        {
          return UInt32(half) | 0x0001_0000
        }
        continue
      }
      let row = random.pick(words.all)
      let word = row.match | UInt32(truncatingIfNeeded: random.next()) & ~row.mask
      let flipped = word ^ 1 << UInt32(random.below(32))
      if flipped & 3 == 3, Encoding.decode(flipped, xlen: xlen, extensions: set.extensions) == nil,
        !Self.isSomebodysExtension(flipped)
      {
        return flipped
      }
    }
  }

  /// Instructions that QEMU has and we have not.
  private static func isSomebodysExtension(_ word: UInt32) -> Bool {
    switch word & 0x7f {
    // Vendors' opcodes.
    case 0x0b, 0x2b, 0x5b, 0x7b: true
    default: false
    }
  }
}

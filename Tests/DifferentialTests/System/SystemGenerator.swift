import RISCV

/// Makes random system-level programs.
///
/// Left out, because QEMU 7.2 and Spike, whose behaviour ours follows, do not agree there:
/// - xtvec modes 2 and 3, MPP = 2, odd xepc, misa, SXL and UXL: not made legal in the same way;
/// - FS Initial and Clean: QEMU does not mark it dirty for flags alone;
/// - medeleg bits of causes QEMU lets be delegated and Spike does not, and that of the S-mode call,
///   by which programs return to machine mode;
/// - xtval of EBREAK (the handlers clear it) and a clear A or D bit without Svadu (QEMU always sets
///   them, so ours does too here);
/// - misaligned accesses outside memory, where QEMU reports an aligned address;
/// - AMOs and SC without a reservation to bad addresses, tables outside memory, accesses that cross
///   a page: other causes, other addresses, A bits set in another order;
/// - MRET with MPRV set: QEMU leaves it set;
/// - several interrupts at once: without AIA QEMU takes that with the lowest number;
/// - Sv48 and Sv57, counters' values and events, environment configuration, identification.
struct SystemGenerator {
  typealias C = ControlRegister

  let words: InstructionWords
  var random: SplitMix64
  let tables: SystemTables
  /// The mode the next step is in.
  var mode = PrivilegeMode.machine
  /// Whether the call from user mode is delegated: decides where it leads.
  var delegatesCall = false
  /// The only interrupt that software makes pending.
  let interrupt: UInt64
  /// Instructions that only compute on f registers.
  let floats: [Encoding]

  var xlen: XLEN { words.xlen }

  /// Program number `index` of those with `seed`.
  static func program(xlen: XLEN, seed: UInt64, index: Int) -> SystemProgram {
    var random = SplitMix64(
      seed: seed ^ 0x5157 ^ UInt64(xlen.rawValue) << 32, stream: UInt64(index))
    let tables = SystemTables(xlen: xlen, &random)
    var generator = SystemGenerator(
      words: InstructionWords(xlen: xlen), random: random, tables: tables)
    return generator.program(seed: seed, index: index)
  }

  private init(words: InstructionWords, random: SplitMix64, tables: SystemTables) {
    self.words = words
    self.random = random
    self.tables = tables
    interrupt = self.random.pick([0x002, 0x020, 0x200])
    floats = words.all.filter { [0x43, 0x47, 0x4b, 0x4f, 0x53].contains($0.match & 0x7f) }
  }

  private mutating func program(seed: UInt64, index: Int) -> SystemProgram {
    var controls: [Int: UInt64] = [:]
    for csr in [C.mscratch, C.sscratch, C.mcause, C.scause, C.mtval, C.stval] {
      controls[csr] = CornerValues.integer(&random)
    }
    for csr in [C.mepc, C.sepc] { controls[csr] = CornerValues.integer(&random) & ~1 }
    for csr in [C.mcounteren, C.scounteren] { controls[csr] = UInt64(random.below(8)) }
    for csr in [C.mtvec, C.stvec] { controls[csr] = UInt64(random.below(2)) }
    let delegated = random.next() & 0xb1fe
    delegatesCall = delegated & 0x100 != 0
    controls[C.medeleg] = delegated
    controls[C.mideleg] = random.next() & 0x222
    // SUM, MXR and floating point on or off; fcsr comes first, while it is on.
    controls[C.fcsr] = nil
    controls[C.mstatus] = random.next() & 0xc_0000 | (random.chance(85) ? 0x6000 : 0)
    let registers = (0..<24).map { _ in CornerValues.integer(&random) }
    let window = 4 * SystemProgram.window.count
    let data = (0..<window).map { _ in UInt8(truncatingIfNeeded: random.next()) }
    let guarded: (page: Int, permissions: UInt64)? =
      random.chance(30) ? (4 + random.below(4), random.pick([0, 1, 3, 4, 5, 7])) : nil
    var steps: [SystemStep] = []
    for _ in 0..<20 + random.below(40) { steps += next() }
    steps += [raise(), raise()]
    return SystemProgram(
      xlen: xlen, seed: seed, index: index, tables: tables, controls: controls, guarded: guarded,
      registers: registers, data: data, steps: steps)
  }

  private mutating func next() -> [SystemStep] {
    switch (mode, random.below(100)) {
    case (.machine, 0..<30): return [lower(to: random.chance(55) ? .supervisor : .user)]
    case (.supervisor, 0..<8): return [lower(to: .user)]
    case (.supervisor, 8..<14), (.user, 0..<14): return [raise()]
    case (.machine, 30..<32): return trappedReturn()
    case (.machine, 32..<62), (.supervisor, 14..<38), (.user, 14..<22): return [control()]
    case (.machine, 62..<70): return [random.chance(50) ? modifyPrivilege() : remap()]
    case (_, 0..<80): return [random.chance(75) ? access() : visit()]
    case (_, 80..<86): return [exception()]
    case (_, 86..<91): return [counter()]
    case (_, 91..<95): return [float()]
    default: return [translationControl()]
    }
  }

  // MARK: Operands

  /// A register that steps use freely.
  mutating func register() -> Int { random.pick(SystemProgram.free) }

  /// Mixes what a step has read into x22.
  func mix(_ register: Int) -> [UInt32] {
    [
      words.immediate(.rori, rd: 22, rs1: 22, 7),
      words.register(.xor, rd: 22, rs1: 22, rs2: register),
    ]
  }

  // MARK: Modes

  /// A return to a less privileged mode, interrupts off until it is done.
  mutating func lower(to target: PrivilegeMode) -> SystemStep {
    let isUser = target == .user
    var code: [UInt32] = []
    let alias =
      isUser
      ? [words.upper(.lui, rd: 26, 0x40000), words.register(.sub, rd: 26, rs1: 27, rs2: 26)]
      : [words.immediate(.addi, rd: 26, rs1: 27, 0)]
    if mode == .machine {
      code.append(words.immediate(.csrrci, rd: 0, rs1: 8, C.mstatus))
      code += words.constant(26, 0x1800)
      code.append(words.immediate(.csrrc, rd: 0, rs1: 26, C.mstatus))
      if !isUser {
        code += words.constant(26, 0x800)
        code.append(words.immediate(.csrrs, rd: 0, rs1: 26, C.mstatus))
      }
      code += alias + [words.csrWrite(C.mepc, 26), words.plain(.mret)]
      mode = target
      return SystemStep("machine to \(target)", isEssential: true, code)
    }
    code.append(words.immediate(.csrrci, rd: 0, rs1: 2, C.sstatus))
    code += words.constant(26, 0x100)
    code.append(words.immediate(.csrrc, rd: 0, rs1: 26, C.sstatus))
    code += alias + [words.csrWrite(C.sepc, 26), words.plain(.sret)]
    mode = target
    return SystemStep("supervisor to \(target)", isEssential: true, code)
  }

  /// SRET with mstatus.TSR set, which raises an exception. It is not delegated, since the handler
  /// in supervisor mode could not return either.
  private mutating func trappedReturn() -> [SystemStep] {
    let bit = words.constant(26, 1 << 22)
    let set =
      [
        words.immediate(.csrrci, rd: 0, rs1: 4, C.medeleg)
      ] + bit + [words.immediate(.csrrs, rd: 0, rs1: 26, C.mstatus)]
    return [
      SystemStep("TSR on", isEssential: true, set), lower(to: .supervisor),
      SystemStep("sret", isEssential: true, [words.plain(.sret)]), raise(),
      SystemStep(
        "TSR off", isEssential: true, bit + [words.immediate(.csrrc, rd: 0, rs1: 26, C.mstatus)]),
    ]
  }

  /// A call that the handler answers by staying in its mode.
  mutating func raise() -> SystemStep {
    mode = mode == .user && delegatesCall ? .supervisor : .machine
    return SystemStep(
      "to \(mode)", isEssential: true,
      words.constant(17, SystemProgram.raise) + [words.plain(.ecall)])
  }

  // MARK: Memory

  /// A virtual address, mostly in the random region.
  private mutating func address(bytes: Int, isFetch: Bool) -> UInt64 {
    let window = SystemProgram.window
    var offset =
      isFetch
      ? UInt64(2 * random.below(2048))
      : UInt64(window.lowerBound + random.below(window.count - 8))
    if isFetch, window.contains(Int(offset)) { offset ^= 2048 }
    let page = random.below(SystemTables.pagesPerTable)
    // Into the next page; QEMU does not survive a device there.
    if isFetch, random.chance(10), !tables.leavesMemory(page + 1) { offset = 4094 }
    let small = UInt64(page) << 12
    let staysInMemory = mode != .machine && !tables.leavesMemory(page)
    if !isFetch, random.chance(85) || !staysInMemory { offset &= ~UInt64(bytes - 1) }
    switch random.below(20) {
    case 0...11: return SystemTables.region + small + offset
    case 12...14: return SystemTables.region + 3 * tables.span + small + offset
    case 15, 16:
      let page = UInt64(random.below(Int(tables.span >> 12))) << 12
      return SystemTables.region + UInt64(1 + random.below(2)) * tables.span + page + offset
    case 17: return SystemTables.region + 4 * tables.span + small + offset
    case 18 where xlen == .rv64:
      let high = random.pick([1 << 38, 1 << 39, 1 << 63, UInt64.max << 38])
      return high | SystemTables.region + small + offset
    default: return SystemTables.hole + offset
    }
  }

  private static let wordAtomics: [Operation] = [
    .amoswapW, .amoaddW, .amoxorW, .amoandW, .amoorW, .amominW, .amomaxW, .amominuW, .amomaxuW,
  ]
  private static let doubleAtomics: [Operation] = [
    .amoswapD, .amoaddD, .amoxorD, .amoandD, .amoorD, .amominD, .amomaxD, .amominuD, .amomaxuD,
  ]

  /// The instruction that accesses the address in x26, and what it is.
  private mutating func accessCode(_ address: UInt64, bytes: Int) -> [UInt32] {
    let data = register()
    let isAligned = address & UInt64(bytes - 1) == 0
    let isDouble = bytes == 8
    switch random.below(10) {
    case 0 where isAligned && bytes >= 4:
      return [words.register(isDouble ? .lrD : .lrW, rd: data, rs1: 26)] + mix(data)
    case 3...5:
      let store: Operation = [1: .sb, 2: .sh, 4: .sw][bytes] ?? .sd
      return [words.store(store, rs2: data, rs1: 26, 0)]
    case 6 where bytes >= 4:
      return [
        random.chance(50)
          ? words.immediate(isDouble ? .fld : .flw, rd: data, rs1: 26, 0)
          : words.store(isDouble ? .fsd : .fsw, rs2: data, rs1: 26, 0)
      ]
    default:
      let load: Operation = [1: .lbu, 2: .lh, 4: .lw][bytes] ?? .ld
      return [words.immediate(load, rd: data, rs1: 26, 0)] + mix(data)
    }
  }

  /// An AMO to memory that is there.
  private mutating func atomic() -> SystemStep {
    let isDouble = xlen == .rv64 && random.chance(50)
    let address = SystemTables.largePages + UInt64(random.below(1 << 20)) << 3
    let operation = random.pick(isDouble ? Self.doubleAtomics : Self.wordAtomics)
    let data = register()
    return SystemStep(
      "atomic at \(hexadecimal(address))",
      words.constant(26, address)
        + [words.register(operation, rd: data, rs1: 26, rs2: register())] + mix(data))
  }

  /// A load, a store or an atomic.
  mutating func access() -> SystemStep {
    if mode != .user, random.chance(8) { return atomic() }
    let bytes = random.pick(xlen == .rv64 ? [1, 2, 4, 4, 8, 8] : [1, 2, 4, 4])
    let address = address(bytes: bytes, isFetch: false)
    return SystemStep(
      "access to \(hexadecimal(address))",
      words.constant(26, address) + accessCode(address, bytes: bytes))
  }

  /// A jump to where the code only returns, if it can be executed.
  mutating func visit() -> SystemStep {
    let address = address(bytes: 2, isFetch: true)
    // QEMU executes user pages in supervisor mode after a load from them that SUM allowed.
    let forget =
      mode == .supervisor
      ? words.constant(26, 0x4_0000) + [words.immediate(.csrrc, rd: 0, rs1: 26, C.sstatus)] : []
    return SystemStep(
      "jump to \(hexadecimal(address))",
      forget + words.constant(26, address)
        + [words.immediate(.jalr, rd: random.pick([0, 1]), rs1: 26, 0)])
  }

  /// An access in machine mode with the rights of another.
  mutating func modifyPrivilege() -> SystemStep {
    let bytes = random.pick([1, 2, 4])
    let address = address(bytes: bytes, isFetch: false)
    var code = words.constant(26, 0x1800)
    code.append(words.immediate(.csrrc, rd: 0, rs1: 26, C.mstatus))
    code += words.constant(26, random.pick([0x2_0000, 0x2_0800, 0x2_1800]))
    code.append(words.immediate(.csrrs, rd: 0, rs1: 26, C.mstatus))
    code += words.constant(26, address) + accessCode(address, bytes: bytes)
    code += words.constant(26, 0x2_0000)
    code.append(words.immediate(.csrrc, rd: 0, rs1: 26, C.mstatus))
    return SystemStep("access to \(hexadecimal(address)) by MPRV", code)
  }

  /// Changes the flags of a page table entry.
  mutating func remap() -> SystemStep {
    let index = random.below(SystemTables.pagesPerTable)
    let offset = (2 + random.below(2)) << 12 + index * tables.entryBytes
    let change = random.chance(30) ? 0xc0 : 1 << random.below(8)
    let code =
      words.constant(26, UInt64(offset)) + [
        words.register(.add, rd: 26, rs1: 26, rs2: 24), words.load(25, 0, 26),
        words.immediate(.xori, rd: 25, rs1: 25, change), words.store(25, 0, 26),
        words.plain(.sfenceVMA),
      ]
    return SystemStep("flags of page \(index)", code)
  }

  /// sfence.vma with random operands, or another address space number.
  mutating func translationControl() -> SystemStep {
    if random.chance(50) {
      return SystemStep(
        "fence",
        [words.register(.sfenceVMA, rd: 0, rs1: random.pick([0, register()]), rs2: register())])
    }
    let (shift, bits) = xlen == .rv64 ? (44, 16) : (22, 9)
    let change = UInt64(random.below(1 << bits)) << UInt64(shift)
    let data = register()
    return SystemStep(
      "address space",
      [words.csrRead(26, C.satp)] + words.constant(25, change) + [
        words.register(.xor, rd: 26, rs1: 26, rs2: 25),
        words.immediate(.csrrw, rd: data, rs1: 26, C.satp),
      ] + mix(data))
  }
}

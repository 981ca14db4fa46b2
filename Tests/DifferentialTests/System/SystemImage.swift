import RISCV

/// System-level programs, their trap handlers and their page tables in physical memory.
///
/// Memory begins at 0x8000_0000 with the code; the memory of each program follows, then that of
/// large pages.
struct SystemImage: Sendable {
  static let start: UInt64 = 0x8000_0000
  static let size = 0x100_0000
  static let memory: UInt64 = 0x8021_0000
  /// Most programs that fit.
  static let capacity = 64
  /// The end of what the programs can reach; emulators put things of their own behind it.
  static let comparedSize = 0xc0_0000
  /// A store of ``SystemImage/finish`` here ends the run.
  static let finisher: UInt64 = 0x10_0000
  static let finish: UInt64 = 0x5555
  /// mtimecmp of the CLINT.
  static let timeCompare: UInt64 = 0x200_4000

  let bytes: [UInt8]
  /// Address of each step of each program.
  let stepAddresses: [[UInt64]]

  init(_ programs: [SystemProgram]) {
    let words = InstructionWords(xlen: programs.first?.xlen ?? .rv64)
    var code = SystemCode(words, start: Self.start)
    code.jump(to: "start")
    Self.emitHandlers(&code)
    code.label("start")
    // No timer interrupt: at reset the comparison time may have come.
    code.append(words.constant(5, Self.timeCompare))
    code.append(words.immediate(.addi, rd: 6, rs1: 0, -1))
    for offset in [0, 4] { code.append(words.store(.sw, rs2: 6, rs1: 5, offset)) }
    var addresses: [[UInt64]] = []
    for (index, program) in programs.enumerated() {
      let memory = Self.memory + UInt64(index * SystemProgram.memorySize)
      Self.emitSetUp(program, memory: memory, &code)
      var steps: [UInt64] = []
      for step in program.steps {
        steps.append(code.address)
        code.append(words.upper(.auipc, rd: 27, 0))
        code.append(words.immediate(.addi, rd: 27, rs1: 27, 4 * (2 + step.code.count)))
        code.append(step.code)
      }
      addresses.append(steps)
      Self.emitDump(words, &code)
    }
    stepAddresses = addresses
    code.append(words.constant(5, Self.finish))
    code.append(words.constant(6, Self.finisher))
    code.append(words.store(.sw, rs2: 5, rs1: 6, 0))
    code.label("end")
    code.jump(to: "end")
    code.link()
    var bytes = [UInt8](repeating: 0, count: Self.size)
    func put(_ value: UInt64, _ count: Int, at address: UInt64) {
      for index in 0..<count {
        bytes[Int(address - Self.start) + index] =
          UInt8(truncatingIfNeeded: value >> UInt64(8 * index))
      }
    }
    for (index, word) in code.code.enumerated() {
      put(UInt64(word), 4, at: Self.start + UInt64(4 * index))
    }
    for (index, program) in programs.enumerated() {
      let memory = Self.memory + UInt64(index * SystemProgram.memorySize)
      for (page, entries) in program.tables.entries.enumerated() {
        for (number, entry) in entries {
          put(
            program.tables.bits(entry, start: memory), program.tables.entryBytes,
            at: memory + UInt64(page << 12 + number * program.tables.entryBytes))
        }
      }
      for page in 4..<8 {
        let start = memory + UInt64(page << 12)
        // `jr s11` from offset 2 on, its upper half a no-operation by itself: every even offset
        // goes to the next step, the last one by an instruction that ends in the next page.
        for offset in stride(from: UInt64(0), to: 4096, by: 4) {
          put(0x8067_000d, 4, at: start + offset)
        }
        let window = SystemProgram.window
        for offset in window {
          let source = (page - 4) * window.count + offset - window.lowerBound
          put(UInt64(program.data[source]), 1, at: start + UInt64(offset))
        }
      }
    }
    self.bytes = bytes
  }

  // MARK: Code

  /// Both trap handlers and their tables for vectored interrupts.
  ///
  /// A handler appends the mode, the cause, the address, the value and the status to the trace.
  /// After an interrupt it disables all interrupts of its mode and returns; after an exception it
  /// goes on with the next step, in the mode it came from or, when asked to, in its own.
  private static func emitHandlers(_ code: inout SystemCode) {
    for isMachine in [true, false] {
      let w = code.words
      let prefix = isMachine ? "m" : "s"
      typealias C = ControlRegister
      let (cause, pc, value, status, enable, a, b) =
        isMachine
        ? (C.mcause, C.mepc, C.mtval, C.mstatus, C.mie, 29, 30)
        : (C.scause, C.sepc, C.stval, C.sstatus, C.sie, 31, 25)
      // xtvec needs a multiple of four; some machines want more for vectors.
      while code.address % 256 != 0 { code.append(w.plain(.ebreak)) }
      code.label(prefix + "vectors")
      for _ in 0..<16 { code.jump(to: prefix + "handler") }
      code.label(prefix + "handler")
      code.append(w.csrRead(a, cause))
      // EBREAK: some machines write the address to xtval, some zero.
      code.append(w.immediate(.addi, rd: b, rs1: a, -3))
      code.branch(.bne, b, 0, to: prefix + "record")
      code.append(w.csrWrite(value, 0))
      code.label(prefix + "record")
      code.append(w.immediate(.addi, rd: b, rs1: 0, isMachine ? 3 : 1))
      code.append([w.store(b, 0, 28), w.store(a, 8, 28)])
      code.append([w.csrRead(b, pc), w.store(b, 16, 28)])
      code.append([w.csrRead(b, value), w.store(b, 24, 28)])
      code.append([w.csrRead(b, status), w.store(b, 32, 28)])
      code.append(w.immediate(.addi, rd: 28, rs1: 28, 40))
      code.branch(.bge, a, 0, to: prefix + "exception")
      code.append(w.csrWrite(enable, 0))
      code.append(w.plain(isMachine ? .mret : .sret))
      code.label(prefix + "exception")
      // An access by MPRV may have failed.
      if isMachine {
        code.append(w.constant(a, 0x2_0000))
        code.append(w.immediate(.csrrc, rd: 0, rs1: a, status))
      }
      // Where the next step is in the mode that goes on: b holds xstatus.
      let previous: UInt64 = isMachine ? 0x1800 : 0x100
      code.append(w.immediate(.addi, rd: a, rs1: 17, -Int(SystemProgram.raise)))
      code.branch(.bne, a, 0, to: prefix + "same")
      code.append(w.immediate(.addi, rd: 17, rs1: 0, 0))
      code.append(w.constant(a, previous))
      code.append(w.immediate(.csrrs, rd: 0, rs1: a, status))
      code.append(w.register(.or, rd: b, rs1: b, rs2: a))
      code.label(prefix + "same")
      code.append(w.constant(a, previous))
      code.append(w.register(.and, rd: b, rs1: b, rs2: a))
      code.append(w.upper(.lui, rd: a, 0x40000))
      code.branch(.beq, b, 0, to: prefix + "user")
      code.append(w.register(.add, rd: a, rs1: a, rs2: a))
      code.label(prefix + "user")
      code.append(w.immediate(.slli, rd: 27, rs1: 27, Int(w.xlen.rawValue) - 22))
      code.append(w.immediate(.srli, rd: 27, rs1: 27, Int(w.xlen.rawValue) - 22))
      code.append(w.register(.add, rd: 27, rs1: 27, rs2: a))
      code.append(w.csrWrite(pc, 27))
      code.append(w.plain(isMachine ? .mret : .sret))
    }
  }

  /// Everything a program finds at its start.
  private static func emitSetUp(
    _ program: SystemProgram, memory: UInt64, _ code: inout SystemCode
  ) {
    let w = code.words
    typealias C = ControlRegister
    func set(_ csr: Int, _ value: UInt64) {
      code.append(w.constant(5, value))
      code.append(w.csrWrite(csr, 5))
    }
    set(C.mie, 0)
    set(C.mstatus, 0)
    set(C.mip, 0)
    // The guarded page, and everything else.
    let everything: UInt64 = 0x1f
    if let guarded = program.guarded {
      set(C.pmpaddr0, (memory + UInt64(guarded.page << 12)) >> 2 | 0x1ff)
      set(C.pmpaddr0 + 1, w.xlen == .rv64 ? (1 << 54) - 1 : 0xffff_ffff)
      set(C.pmpcfg0, everything << 8 | 0x18 | guarded.permissions)
    } else {
      set(C.pmpaddr0, w.xlen == .rv64 ? (1 << 54) - 1 : 0xffff_ffff)
      set(C.pmpcfg0, everything)
    }
    let mode: UInt64 = w.xlen == .rv64 ? 8 << 60 : 1 << 31
    set(C.satp, mode | memory >> 12)
    code.append(w.plain(.sfenceVMA))
    for csr in program.controls.keys.sorted() { set(csr, program.controls[csr] ?? 0) }
    set(C.mtvec, code.address(of: "mvectors") | (program.controls[C.mtvec] ?? 0))
    set(C.stvec, code.address(of: "svectors") | (program.controls[C.stvec] ?? 0))
    for (number, value) in program.registers.enumerated() where number > 0 {
      code.append(w.constant(number, value))
    }
    code.append(w.constant(17, 0))
    code.append(w.constant(24, memory))
    code.append(w.constant(28, memory + UInt64(SystemProgram.traceOffset)))
  }

  /// Stores registers and CSRs behind the trap records, preceded by a mark.
  private static func emitDump(_ w: InstructionWords, _ code: inout SystemCode) {
    typealias C = ControlRegister
    // Out of translated accesses before the first store.
    code.append(w.constant(26, 0x2_0000))
    code.append(w.immediate(.csrrc, rd: 0, rs1: 26, C.mstatus))
    let number = SystemTrace.controls.count + 1
    code.append(w.immediate(.addi, rd: 26, rs1: 0, SystemTrace.mark))
    code.append(w.store(26, 0, 28))
    for (index, csr) in SystemTrace.controls.enumerated() {
      // fcsr needs floating point on; it is read behind mstatus.
      if csr == C.fcsr {
        code.append(w.constant(26, 0x6000))
        code.append(w.immediate(.csrrs, rd: 0, rs1: 26, C.mstatus))
      }
      code.append([w.csrRead(26, csr), w.store(26, 8 * (index + 1), 28)])
    }
    for register in 1..<24 { code.append(w.store(register, 8 * (number + register - 1), 28)) }
  }
}

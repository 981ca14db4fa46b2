import RISCV
import Testing

@Suite("Traps")
struct TrapTests {
  /// Offset of the trap handler in these tests.
  private static let handler = 0x400
  private static let handlerAddress = Machine.base + UInt64(handler)

  /// A machine that is about to execute `program` with `mtvec` set and x10 = `a0`.
  private static func machine(
    _ program: [UInt32], a0: UInt64 = 0, vectored: Bool = false,
    misaligned: MisalignedAccess = .supported
  ) throws -> Machine {
    let machine = try Machine(misaligned: misaligned)
    machine.place(program)
    machine.place([UInt32](repeating: assemble(.addi), count: 16), at: handler)
    machine.place([assemble(.csrrw, rs1: 5, Register.mtvec)], at: 0x600)
    machine.hart[register: 5] = handlerAddress + (vectored ? 1 : 0)
    machine.hart.programCounter = Machine.base + 0x600
    _ = machine.hart.run(budget: 1)
    machine.hart[register: 10] = a0
    machine.hart.programCounter = Machine.base
    return machine
  }

  struct Case: Sendable {
    var word: UInt32
    var a0: UInt64 = 0
    var cause: TrapCause
    var value: UInt64
    var misaligned = MisalignedAccess.supported
  }

  static let cases: [Case] = [
    Case(word: assemble(.ecall), cause: .environmentCallFromMachine, value: 0),
    Case(word: assemble(.ebreak), cause: .breakpoint, value: Machine.base),
    Case(word: 0xffff_ffff, cause: .illegalInstruction, value: 0xffff_ffff),
    Case(word: 0, cause: .illegalInstruction, value: 0),
    Case(word: 0x1234_0001, cause: .illegalInstruction, value: 1),
    // A write to a read-only CSR, an absent CSR, and a supervisor instruction.
    Case(
      word: assemble(.csrrw, 0xf14), cause: .illegalInstruction,
      value: UInt64(assemble(.csrrw, 0xf14))),
    Case(
      word: assemble(.csrrs, rd: 1, 0x180), cause: .illegalInstruction,
      value: UInt64(assemble(.csrrs, rd: 1, 0x180))),
    Case(word: 0x1020_0073, cause: .illegalInstruction, value: 0x1020_0073),
    // Jumps and taken branches to half-word addresses.
    Case(
      word: assemble(.jal, rd: 1, 6), cause: .instructionAddressMisaligned,
      value: Machine.base + 6),
    Case(
      word: assemble(.jalr, rd: 1, rs1: 10, 3), a0: 0x1000,
      cause: .instructionAddressMisaligned, value: 0x1002),
    Case(word: assemble(.beq, -2), cause: .instructionAddressMisaligned, value: Machine.base - 2),
    // Misaligned data, where the hart does not support it, whatever the address.
    Case(
      word: assemble(.lw, rd: 1, rs1: 10, 2), a0: Machine.base,
      cause: .loadAddressMisaligned, value: Machine.base + 2, misaligned: .trapped),
    Case(
      word: assemble(.lhu, rd: 1, rs1: 10, 1), a0: 0x1000,
      cause: .loadAddressMisaligned, value: 0x1001, misaligned: .trapped),
    Case(
      word: assemble(.sw, rs1: 10, 1), a0: Machine.base,
      cause: .storeAddressMisaligned, value: Machine.base + 1, misaligned: .trapped),
    // Misaligned data outside memory, and half outside: the first byte that is not there.
    Case(
      word: assemble(.lw, rd: 1, rs1: 10, 2), a0: 0x1000, cause: .loadAccessFault,
      value: 0x1002),
    Case(
      word: assemble(.sh, rs1: 10, -1), a0: Machine.base + UInt64(Machine.size),
      cause: .storeAccessFault, value: Machine.base + UInt64(Machine.size)),
    Case(
      word: assemble(.lw, rd: 1, rs1: 10, -1), a0: Machine.base, cause: .loadAccessFault,
      value: Machine.base - 1),
  ]

  @Test("an exception saves its cause, pc and value, and changes nothing else", arguments: cases)
  func exceptions(_ test: Case) throws {
    for fast in [true, false] {
      let machine = try Self.machine([test.word], a0: test.a0, misaligned: test.misaligned)
      let hart = machine.hart
      hart[register: 1] = 0x55
      let (cycle, retired) = (hart.cycle, hart.retiredInstructions)
      // A trap takes no time, so `run` goes on to the handler's first instruction.
      if fast {
        #expect(hart.run(budget: 1).executed == 1)
      } else {
        let trap = Trap(cause: test.cause, programCounter: Machine.base, value: test.value)
        #expect(hart.step().trap == trap)
      }
      #expect(hart.programCounter == Self.handlerAddress + (fast ? 4 : 0))
      #expect(machine.csr(Register.mcause) == test.cause.causeRegister(.rv32))
      #expect(machine.csr(Register.mepc) == Machine.base)
      #expect(machine.csr(Register.mtval) == test.value)
      #expect(hart[register: 1] == 0x55)
      #expect(hart.cycle == cycle + (fast ? 1 : 0))
      #expect(hart.retiredInstructions == retired + (fast ? 1 : 0))
    }
  }

  @Test("a jump to where no memory is retires; the fetch then raises the access fault")
  func fetchFault() throws {
    let machine = try Self.machine([assemble(.jalr, rd: 1, rs1: 10)], a0: 0x1000)
    #expect(machine.hart.run(budget: 2) == RunResult(exit: .budget, executed: 2))
    #expect(machine.csr(Register.mcause) == 1)
    #expect(machine.csr(Register.mepc) == 0x1000)
    #expect(machine.csr(Register.mtval) == 0x1000)
    #expect(machine.hart[register: 1] == Machine.base + 4)
  }

  @Test("execution that runs off the end of memory raises the access fault there")
  func runsOffTheEnd() throws {
    let machine = try Self.machine([])
    let last = Machine.size - 4
    machine.place([assemble(.addi)], at: last)
    machine.hart.programCounter = Machine.base + UInt64(last)
    _ = machine.hart.run(budget: 2)
    #expect(machine.csr(Register.mepc) == Machine.base + UInt64(Machine.size))
    #expect(machine.csr(Register.mcause) == 1)
  }

  @Test("execution runs on from one page and one region to the next")
  func acrossPagesAndRegions() throws {
    let hart = Hart()
    let bytes = UnsafeMutableRawPointer.allocate(byteCount: 0x3000, alignment: 16)
    defer { bytes.deallocate() }
    for index in 0..<0xc00 {
      bytes.storeBytes(
        of: assemble(.addi, rd: 1, rs1: 1, 1), toByteOffset: 4 * index, as: UInt32.self)
    }
    // The seam lies in the middle of a page, and the second part elsewhere in host memory.
    try hart.add(MemoryRegion(base: 0x1000, size: 0x1800, pointer: bytes + 0x1800))
    try hart.add(MemoryRegion(base: 0x2800, size: 0x1800, pointer: bytes))
    hart.reset(pc: 0x1000)
    #expect(hart.run(budget: 0xc00).executed == 0xc00)
    #expect(hart[register: 1] == 0xc00)
    #expect(hart.programCounter == 0x4000)
    // A store to the second region is seen by code decoded in the page both share.
    bytes.storeBytes(
      of: assemble(.sw, rs1: 3, rs2: 2), toByteOffset: 0x1800 + 0x17fc, as: UInt32.self)
    hart.invalidateCode()
    hart[register: 3] = 0x2804
    for value in [77, 78] {
      hart.programCounter = 0x27fc
      hart[register: 2] = UInt64(assemble(.addi, rd: 4, rs1: 0, value))
      _ = hart.run(budget: 3)
      #expect(hart[register: 4] == UInt64(value))
    }
  }

  @Test("without a handler a trap is a double fault that names the original trap")
  func doubleFault() throws {
    let machine = try Machine([assemble(.addi), assemble(.ecall)])
    let exit = Exit.doubleFault(
      cause: .environmentCallFromMachine, programCounter: Machine.base + 4, value: 0)
    #expect(machine.hart.run(budget: 100) == RunResult(exit: exit, executed: 1))
    #expect(machine.hart.run(budget: 100) == RunResult(exit: exit, executed: 0))
    #expect(machine.hart.step().stop == exit)
  }

  @Test("a start address without memory is a double fault at that address")
  func startsNowhere() throws {
    let machine = try Machine()
    machine.hart.reset(pc: 0x4000_0000)
    let exit = Exit.doubleFault(
      cause: .instructionAccessFault, programCounter: 0x4000_0000, value: 0x4000_0000)
    #expect(machine.hart.run(budget: 100).exit == exit)
    machine.hart.reset(pc: Machine.base + 2)
    guard case .doubleFault(.instructionAddressMisaligned, _, _) = machine.hart.run(budget: 9).exit
    else {
      Issue.record("a misaligned start address is not reported")
      return
    }
  }

  @Test("a handler that traps at its first instruction is a double fault; later ones may trap")
  func handlerTraps() throws {
    let machine = try Self.machine([assemble(.ecall)])
    machine.place([assemble(.addi), assemble(.ebreak)], at: Self.handler)
    #expect(machine.hart.run(budget: 50).exit == .budget)
    #expect(machine.csr(Register.mepc) == Self.handlerAddress + 4)
    machine.place([assemble(.ebreak)], at: Self.handler)
    machine.hart.invalidateCode()
    guard case .doubleFault(let cause, let pc, _) = machine.hart.run(budget: 50).exit else {
      Issue.record("no double fault")
      return
    }
    #expect(cause == .breakpoint)
    #expect(pc == Self.handlerAddress + 4)
  }

  @Test("a handler that is entered by a jump and then traps is not yet a double fault")
  func handlerEnteredByJump() throws {
    let machine = try Self.machine([assemble(.ecall)], a0: Machine.base)
    machine.place(
      [
        assemble(.lw, rd: 1, rs1: 10), assemble(.addi, rd: 10, rs1: 0, 1),
        assemble(.jal, rd: 0, -8),
      ], at: Self.handler)
    let exit = Exit.doubleFault(
      cause: .loadAccessFault, programCounter: Self.handlerAddress, value: 1)
    #expect(machine.hart.run(budget: 50) == RunResult(exit: exit, executed: 3))
  }

  @Test("trap entry and mret move the interrupt enable through mstatus")
  func statusStack() throws {
    let machine = try Self.machine([
      assemble(.csrrsi, rs1: 8, Register.mstatus), assemble(.ecall), assemble(.addi, rd: 2, 9),
    ])
    machine.place(
      [
        assemble(.csrrs, rd: 6, Register.mstatus), assemble(.csrrs, rd: 7, Register.mepc),
        assemble(.addi, rd: 7, rs1: 7, 4), assemble(.csrrw, rs1: 7, Register.mepc), assemble(.mret),
      ], at: Self.handler)
    _ = machine.hart.run(budget: 7)
    #expect(machine.hart[register: 6] == 0x1880)
    #expect(machine.csr(Register.mstatus) == 0x1888)
    #expect(machine.hart[register: 2] == 9)
  }

  @Test("interrupts come in the order external, software, timer, only when enabled")
  func interruptPriority() throws {
    let all: UInt64 = 0x888
    for (enabled, expected) in [
      (0x888, TrapCause.machineExternalInterrupt), (0x088, .machineSoftwareInterrupt),
      (0x080, .machineTimerInterrupt),
    ] {
      let machine = try Self.machine([assemble(.csrrsi, rs1: 8, Register.mstatus)])
      machine.place([assemble(.csrrw, rs1: 5, Register.mie)], at: 0x700)
      machine.hart[register: 5] = UInt64(enabled)
      machine.hart.programCounter = Machine.base + 0x700
      machine.hart.setInterruptPending(all)
      _ = machine.hart.run(budget: 1)
      #expect(machine.hart.interruptPendingAndEnabled)
      #expect(!machine.hart.canTakeInterrupt)
      machine.hart.programCounter = Machine.base
      #expect(machine.hart.run(budget: 9) == RunResult(exit: .synchronise, executed: 1))
      #expect(machine.hart.canTakeInterrupt)
      let cycle = machine.hart.cycle
      #expect(
        machine.hart.step().trap
          == Trap(cause: expected, programCounter: Machine.base + 4, value: 0))
      #expect(machine.hart.cycle == cycle)
      #expect(machine.hart.programCounter == Self.handlerAddress)
      #expect(machine.csr(Register.mcause) == expected.causeRegister(.rv32))
      #expect(!machine.hart.canTakeInterrupt)
    }
  }

  @Test("vectored mode sends interrupts to base + 4 × code and exceptions to base")
  func vectored() throws {
    let machine = try Self.machine([assemble(.ecall)], vectored: true)
    _ = machine.hart.step()
    #expect(machine.hart.programCounter == Self.handlerAddress)
    #expect(machine.csr(Register.mtvec) == Self.handlerAddress + 1)
    let timer = try Self.machine(
      [assemble(.csrrw, rs1: 10, Register.mie), assemble(.csrrsi, rs1: 8, Register.mstatus)],
      a0: 0x80, vectored: true)
    timer.hart.setInterruptPending(0x80)
    _ = timer.hart.run(budget: 2)
    #expect(timer.hart.run(budget: 1).executed == 1)
    #expect(timer.hart.programCounter == Self.handlerAddress + 4 * 7 + 4)
    #expect(timer.csr(Register.mepc) == Machine.base + 8)
  }

  @Test("an interrupt that becomes pending between two runs is taken before the next instruction")
  func interruptBetweenRuns() throws {
    let machine = try Self.machine(
      [assemble(.csrrw, rs1: 10, Register.mie), assemble(.csrrsi, rs1: 8, Register.mstatus)]
        + [UInt32](repeating: assemble(.addi, rd: 3, rs1: 3, 1), count: 20), a0: 0x800)
    #expect(machine.hart.run(budget: 10) == RunResult(exit: .synchronise, executed: 2))
    _ = machine.hart.run(budget: 7)
    machine.hart.setInterruptPending(0x800)
    _ = machine.hart.run(budget: 1)
    #expect(machine.hart[register: 3] == 7)
    #expect(machine.csr(Register.mepc) == Machine.base + 4 * 9)
    #expect(machine.hart.programCounter == Self.handlerAddress + 4)
  }

  @Test("a device access that fails is a precise access fault")
  func deviceFault() throws {
    for (word, cause) in [
      (assemble(.lw, rd: 1, rs1: 10, 8), TrapCause.loadAccessFault),
      (assemble(.sb, rs1: 10, rs2: 1, 8), .storeAccessFault),
    ] {
      let machine = try Self.machine([word], a0: 0x1000_0000)
      machine.hart[register: 1] = 0x55
      #expect(machine.hart.run(budget: 5).executed == 0)
      let trap = machine.hart.failAccess()
      #expect(trap == Trap(cause: cause, programCounter: Machine.base, value: 0x1000_0008))
      #expect(machine.csr(Register.mcause) == cause.causeRegister(.rv32))
      #expect(machine.csr(Register.mtval) == 0x1000_0008)
      #expect(machine.hart[register: 1] == 0x55)
      #expect(machine.hart.programCounter == Self.handlerAddress)
    }
  }

  @Test("a store to memory that is not writable is an access fault")
  func readOnlyMemory() throws {
    let machine = try Self.machine([assemble(.sw, rs1: 10)], a0: 0x2000)
    let rom = UnsafeMutableRawPointer.allocate(byteCount: 64, alignment: 8)
    defer { rom.deallocate() }
    rom.initializeMemory(as: UInt8.self, repeating: 7, count: 64)
    try machine.hart.add(MemoryRegion(base: 0x2000, size: 64, pointer: rom, writable: false))
    _ = machine.hart.run(budget: 1)
    #expect(machine.csr(Register.mcause) == 7)
    #expect(machine.csr(Register.mtval) == 0x2000)
    #expect(rom.load(as: UInt8.self) == 7)
  }
}

extension Step {
  /// The trap, if the step was one.
  fileprivate var trap: Trap? { if case .trapped(let trap) = self { trap } else { nil } }

  /// Why nothing was executed, if so.
  fileprivate var stop: Exit? { if case .stopped(let exit) = self { exit } else { nil } }
}

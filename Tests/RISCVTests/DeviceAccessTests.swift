import RISCV
import Testing

/// Accesses that the hart's owner answers.
@Suite("Device accesses")
struct DeviceAccessTests {
  private static let device: UInt64 = 0x1000_0000

  private static func machine(
    _ word: UInt32, _ engine: Engine, _ set: InstructionSet = .rv64Full,
    misaligned: MisalignedAccess = .supported
  ) throws -> Machine {
    let machine = try Machine(
      [assemble(.addi, rd: 9, 1), word], set, misaligned: misaligned, engine: engine)
    machine.hart.writeCSR(0x305, Machine.base + 0x400)
    machine.hart.writeCSR(0x300, 0x2000)
    machine.hart[register: 10] = device
    machine.hart[register: 11] = 0x8877_6655_4433_2211
    machine.hart[floatRegister: 11] = 0x8877_6655_4433_2211
    return machine
  }

  @Test("loads of all widths take what they need of the answer", arguments: Engine.allCases)
  func loads(engine: Engine) throws {
    let answer: UInt64 = 0xffee_ddcc_bbaa_9988
    let cases: [(Operation, Int, UInt64)] = [
      (.lb, 1, 0xffff_ffff_ffff_ff88), (.lbu, 1, 0x88), (.lh, 2, 0xffff_ffff_ffff_9988),
      (.lhu, 2, 0x9988), (.lw, 4, 0xffff_ffff_bbaa_9988), (.lwu, 4, 0xbbaa_9988),
      (.ld, 8, 0xffee_ddcc_bbaa_9988), (.flw, 4, 0xffff_ffff_bbaa_9988),
      (.fld, 8, 0xffee_ddcc_bbaa_9988),
    ]
    for (operation, bytes, expected) in cases {
      let machine = try Self.machine(assemble(operation, rd: 12, rs1: 10, 8), engine)
      let exit = Exit.deviceLoad(address: Self.device + 8, bytes: bytes)
      #expect(machine.hart.run(budget: 9) == RunResult(exit: exit, executed: 1))
      guard case .retired(let record) = machine.hart.completeLoad(answer) else {
        Issue.record("\(operation) did not retire")
        continue
      }
      let isFloat = operation == .flw || operation == .fld
      #expect((isFloat ? record.floatWrite : record.integerWrite)?.value == expected)
      #expect(
        (isFloat ? machine.hart[floatRegister: 12] : machine.hart[register: 12]) == expected)
      let mask = UInt64.max >> UInt64(64 - 8 * bytes)
      #expect(record.load?.value == answer & mask)
      #expect(machine.hart.cycle == 2 && machine.hart.retiredInstructions == 2)
    }
  }

  @Test("stores of all widths carry their bytes", arguments: Engine.allCases)
  func stores(engine: Engine) throws {
    let cases: [(Operation, Int)] = [
      (.sb, 1), (.sh, 2), (.sw, 4), (.sd, 8), (.fsw, 4), (.fsd, 8),
    ]
    for (operation, bytes) in cases {
      let machine = try Self.machine(assemble(operation, rs1: 10, rs2: 11, 8), engine)
      let value = 0x8877_6655_4433_2211 & (UInt64.max >> UInt64(64 - 8 * bytes))
      let exit = Exit.deviceStore(address: Self.device + 8, bytes: bytes, value: value)
      #expect(machine.hart.run(budget: 9) == RunResult(exit: exit, executed: 1))
      guard case .retired(let record) = machine.hart.completeStore() else {
        Issue.record("\(operation) did not retire")
        continue
      }
      #expect(record.store?.value == value)
      #expect(machine.hart.programCounter == Machine.base + 8)
    }
  }

  @Test("an atomic instruction loads and then stores", arguments: Engine.allCases)
  func atomics(engine: Engine) throws {
    for set in [InstructionSet.rv32Full, .rv64Full] {
      let machine = try Self.machine(assemble(.amoaddW, rd: 12, rs1: 10, rs2: 11), engine, set)
      let load = Exit.deviceLoad(address: Self.device, bytes: 4)
      #expect(machine.hart.run(budget: 9) == RunResult(exit: load, executed: 1))
      guard case .stopped(let second) = machine.hart.completeLoad(0xffff_ffff_8000_0000) else {
        Issue.record("does not go on to its store")
        return
      }
      let store = Exit.deviceStore(address: Self.device, bytes: 4, value: 0xc433_2211)
      #expect(second == store)
      guard case .retired(let record) = machine.hart.completeStore() else {
        Issue.record("did not retire")
        return
      }
      let old: UInt64 = set.xlen == .rv32 ? 0x8000_0000 : 0xffff_ffff_8000_0000
      #expect(machine.hart[register: 12] == old)
      #expect(record.load?.value == 0x8000_0000)
      #expect(record.store?.value == 0xc433_2211)
      #expect(machine.hart.cycle == 2)
      // Asked again from the start when the caller runs on without an answer.
      machine.hart.programCounter = Machine.base + 4
      #expect(machine.hart.run(budget: 9).exit == load)
      _ = machine.hart.completeLoad(5)
      #expect(machine.hart.run(budget: 9).exit == load)
    }
  }

  @Test("a refused access is a fault of its kind; of atomic instructions always a store's")
  func refusals() throws {
    let cases: [(UInt32, TrapCause)] = [
      (assemble(.lw, rd: 12, rs1: 10, 4), .loadAccessFault),
      (assemble(.fsd, rs1: 10, rs2: 11, 8), .storeAccessFault),
      (assemble(.amoswapD, rd: 12, rs1: 10, rs2: 11), .storeAccessFault),
    ]
    for engine in Engine.allCases {
      for (word, cause) in cases {
        let machine = try Self.machine(word, engine)
        machine.hart[register: 12] = 3
        _ = machine.hart.run(budget: 9)
        let trap = machine.hart.failAccess()
        #expect(trap.cause == cause)
        #expect(trap.value & ~15 == Self.device)
        #expect(trap.programCounter == Machine.base + 4)
        #expect(machine.hart[register: 12] == 3)
        #expect(machine.hart.cycle == 1 && machine.hart.retiredInstructions == 1)
      }
      // Nor is there anything to answer LR, SC or misaligned accesses.
      for (word, cause) in [
        (assemble(.lrW, rd: 12, rs1: 10), TrapCause.loadAccessFault),
        (assemble(.scW, rd: 12, rs1: 10, rs2: 11), .storeAccessFault),
        (assemble(.lw, rd: 12, rs1: 10, 2), .loadAccessFault),
        (assemble(.sh, rs1: 10, rs2: 11, 3), .storeAccessFault),
      ] {
        let machine = try Self.machine(word, engine)
        machine.place([assemble(.addi)], at: 0x400)
        #expect(machine.hart.run(budget: 2) == RunResult(exit: .budget, executed: 2))
        #expect(machine.csr(Register.mcause) == UInt64(cause.code))
        #expect(machine.csr(Register.mepc) == Machine.base + 4)
      }
    }
  }

  @Test("misaligned accesses to devices trap before they reach them where misaligned ones trap")
  func misalignedTraps() throws {
    for engine in Engine.allCases {
      for (word, cause) in [
        (assemble(.ld, rd: 12, rs1: 10, 4), TrapCause.loadAddressMisaligned),
        (assemble(.sw, rs1: 10, rs2: 11, 2), .storeAddressMisaligned),
      ] {
        let machine = try Self.machine(word, engine, misaligned: .trapped)
        machine.place([assemble(.addi)], at: 0x400)
        #expect(machine.hart.run(budget: 2) == RunResult(exit: .budget, executed: 2))
        #expect(machine.csr(Register.mcause) == UInt64(cause.code))
      }
    }
  }
}

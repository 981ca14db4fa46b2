import RISCV
import Testing

/// Wherever a budget ends, the program goes on as if it had not.
@Suite("Budgets")
struct BudgetTests {
  private static let handler = 0x3000

  /// A loop of everything that can end a run early: jumps to other pages, compressed and
  /// straddling instructions, a device, changes of its own code, control registers, traps, the
  /// watched word.
  private static func machine(_ xlen: XLEN, _ engine: Engine) throws -> Machine {
    let set = InstructionSet(xlen: xlen, extensions: InstructionSet.rv64Full.extensions)
    let machine = try Machine([], set, engine: engine)
    let first = [
      assemble(.addi, rd: 1, rs1: 1, 1), assemble(.lw, rd: 2, rs1: 10),
      assemble(.sw, rs1: 10, rs2: 1), assemble(.mul, rd: 3, rs1: 1, rs2: 1),
      assemble(.faddS, rd: 4, rs1: 4, rs2: 5), assemble(.jal, rd: 6, 0x1000 - 10 - 20),
    ]
    machine.place(first, at: 0)
    machine.place(parcels: [0x0085, 0x0001, 0x0085], at: 0x1000 - 10)
    machine.place(parcels: [0x0001], at: 0x1000 - 4)
    machine.place(
      [
        // The first one lies across the page.
        assemble(.addi, rd: 7, rs1: 7, 0), assemble(.sh, rs1: 11, rs2: 7),
        assemble(.amoaddW, rd: 8, rs1: 10, rs2: 1), assemble(.ecall),
        assemble(.csrrs, rd: 9, Register.minstret), assemble(.lw, rd: 12, rs1: 13),
        assemble(.fsw, rs1: 10, rs2: 4, 4), assemble(.csrrs, rd: 14, Register.time),
        assemble(.sw, rs1: 13, rs2: 1, 4), assemble(.sw, rs1: 15, rs2: 1),
        assemble(.jal, rd: 0, 0x800),
      ], at: 0x1000 - 2)
    machine.place(
      [assemble(.bne, rs1: 1, rs2: 0, 8), 0, assemble(.jal, rd: 0, -0x1826 - 8)],
      at: 0x1826)
    machine.place(
      [
        assemble(.csrrs, rd: 16, Register.mepc), assemble(.addi, rd: 16, rs1: 16, 4),
        assemble(.csrrw, rs1: 16, Register.mepc), assemble(.mret),
      ], at: handler)
    let hart = machine.hart
    hart.writeCSR(0x305, Machine.base + UInt64(handler))
    hart.writeCSR(0x300, 0x2000)
    hart[register: 10] = Machine.base + 0x8000
    // The upper half of the straddling instruction.
    hart[register: 11] = Machine.base + 0x1000
    hart[register: 13] = 0x1000_0000
    hart[register: 15] = Machine.base + 0x9000
    hart[floatRegister: 5] = 0xffff_ffff_3f80_0000
    hart.watch(Machine.base + 0x9000)
    return machine
  }

  /// Executes `count` instructions in pieces of `budget`; answers the exits.
  private static func run(_ machine: Machine, _ budget: Int, count: Int) -> [RunResult] {
    let hart = machine.hart
    var results: [RunResult] = []
    while hart.cycle < count {
      hart.setTime(hart.cycle)
      let result = hart.run(budget: min(budget, count - Int(hart.cycle)))
      results.append(result)
      switch result.exit {
      case .deviceLoad: hart.completeLoad(hart.cycle)
      case .deviceStore: hart.completeStore()
      case .budget, .synchronise, .hostStore: break
      default:
        Issue.record("\(result.exit)")
        return results
      }
    }
    return results
  }

  private static func state(_ machine: Machine) -> [UInt64] {
    let hart = machine.hart
    let csrs = [Register.mstatus, Register.mepc, Register.mcause, Register.mtval, 1, 0xb00, 0xb02]
    return (0..<32).map { hart[register: $0] } + (0..<32).map { hart[floatRegister: $0] }
      + csrs.map { machine.csr($0) ?? .max } + [hart.programCounter, hart.retiredInstructions]
  }

  @Test(
    "any size of budget leads to the same state, by both engines", arguments: [XLEN.rv32, .rv64])
  func sizes(xlen: XLEN) throws {
    let whole = try Self.machine(xlen, .reference)
    _ = Self.run(whole, 1000, count: 500)
    // x1 counts rounds: three additions in each of 28 instructions.
    #expect(whole.hart[register: 1] > 45)
    for budget in Array(1...20) + [27, 100, 1000] {
      let machines = try Engine.allCases.map { try Self.machine(xlen, $0) }
      let results = machines.map { Self.run($0, budget, count: 500) }
      #expect(results[0] == results[1], "budget \(budget)")
      for machine in machines {
        #expect(Self.state(machine) == Self.state(whole), "budget \(budget)")
        #expect(machine.memory.equals(whole.memory, byteCount: Machine.size))
        #expect(machine.hart.traffic(ofRegion: 0) == whole.hart.traffic(ofRegion: 0))
      }
    }
  }

  @Test("a budget of zero does nothing, not even take an interrupt", arguments: Engine.allCases)
  func zero(engine: Engine) throws {
    let machine = try Self.machine(.rv64, engine)
    machine.hart.writeCSR(0x304, 0x80)
    machine.hart.writeCSR(0x300, 8)
    machine.hart.setInterruptPending(0x80)
    #expect(machine.hart.run(budget: 0) == RunResult(exit: .budget, executed: 0))
    #expect(machine.hart.programCounter == Machine.base)
    #expect(machine.hart.run(budget: 1) == RunResult(exit: .budget, executed: 1))
    #expect(machine.hart.programCounter == Machine.base + UInt64(Self.handler) + 4)
  }

  @Test("an interrupt that the program itself makes pending is taken within the run")
  func ownInterrupt() throws {
    for engine in Engine.allCases {
      for xlen in [XLEN.rv32, .rv64] {
        let machine = try Self.machine(xlen, engine)
        machine.place([assemble(.csrrsi, rs1: 2, Register.mip)], at: 0)
        machine.hart.writeCSR(0x304, 2)
        machine.hart.writeCSR(0x300, 8)
        #expect(machine.hart.run(budget: 2) == RunResult(exit: .budget, executed: 2))
        #expect(machine.hart.programCounter == Machine.base + UInt64(Self.handler) + 4)
        let cause = TrapCause.supervisorSoftwareInterrupt.causeRegister(xlen)
        #expect(machine.csr(Register.mcause) == cause)
        #expect(machine.csr(Register.mepc) == Machine.base + 4)
      }
    }
  }
}

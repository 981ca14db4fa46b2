import Fabric
import Peripherals
import Processors
import RISCV
import SimKernel
import Telemetry
import TestSupport
import Testing

/// A random program that computes, stores, talks to the device, turns interrupts on and off, waits,
/// and looks at the time and the pending interrupts; its trap handler keeps a log of place, cause
/// and cycle.
private func randomProgram(_ seed: UInt64, interrupts: Bool, waits: Bool) -> Program {
  Program.build { program, resolved in
    var random = SplitMix64(seed: seed)
    program.loadAddress(5, of: "handler", using: resolved)
    program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
    program.load(5, 1 << 11 | 1 << 3)
    program.add(.csrrw, rs1: 5, ControlRegister.mie)
    program.load(20, CoreBench.deviceBase)
    program.load(21, Program.base + 0xA000)
    program.load(22, Program.base + UInt64(Program.results))
    program.load(23, 0x1FFF)
    if interrupts { program.add(.csrrsi, rs1: 8, ControlRegister.mstatus) }
    func register() -> Int { Int.random(in: 5...12, using: &random) }
    var random2 = SplitMix64(seed: seed &+ 1)
    func offset(_ limit: Int) -> Int { 4 * Int.random(in: 0..<limit, using: &random2) }
    for step in 0..<150 {
      switch Int.random(in: 0..<24, using: &random) {
      case 0..<6: program.add(.add, rd: register(), rs1: register(), rs2: register())
      case 6..<8: program.add(.mul, rd: register(), rs1: register(), rs2: register())
      case 8..<10: program.add(.sw, rs1: 21, rs2: register(), offset(64))
      case 10..<12: program.add(.lw, rd: register(), rs1: 21, offset(64))
      case 12: program.add(.sw, rs1: 20, rs2: register(), offset(16))
      case 13: program.add(.lw, rd: register(), rs1: 20, offset(17))
      case 14: program.add(.sw, rs1: 20, 0x44)
      case 15 where interrupts: program.add(.csrrci, rs1: 8, ControlRegister.mstatus)
      case 16 where interrupts: program.add(.csrrsi, rs1: 8, ControlRegister.mstatus)
      case 17: program.add(.csrrs, rd: register(), ControlRegister.mcycle)
      case 18: program.add(.csrrs, rd: register(), ControlRegister.time)
      case 19: program.add(.csrrs, rd: register(), ControlRegister.mip)
      case 20 where waits: program.add(.wfi)
      case 21:
        // Wait a while, for the hart to run ahead in.
        program.load(13, UInt64.random(in: 1...150, using: &random))
        program.label("loop \(step)")
        program.add(.addi, rd: 13, rs1: 13, -1)
        program.add(.add, rd: register(), rs1: register(), rs2: 13)
        program.branch(.bne, rs1: 13, to: "loop \(step)")
      case 22:
        // A refused access.
        program.add(.lw, rd: register(), rs1: 20, 0x100)
      default: program.add(.addi, rd: register(), rs1: register(), offset(200) - 400)
      }
    }
    for register in 1..<30 { program.add(.sw, rs1: 21, rs2: register, 0x400 + 4 * register) }
    program.exit()
    program.label("handler")
    for (index, register) in [
      ControlRegister.mepc, ControlRegister.mcause, ControlRegister.mcycle,
    ].enumerated() {
      program.add(.add, rd: 28, rs1: 22, rs2: 24)
      program.add(.csrrs, rd: 29, register)
      program.add(.sw, rs1: 28, rs2: 29, 4 * index)
    }
    program.add(.addi, rd: 24, rs1: 24, 16)
    program.add(.and, rd: 24, rs1: 24, rs2: 23)
    // An exception returns behind its instruction, the external interrupt is acknowledged.
    program.add(.csrrs, rd: 29, ControlRegister.mcause)
    program.branch(.blt, rs1: 29, to: "interrupt")
    program.add(.csrrs, rd: 29, ControlRegister.mepc)
    program.add(.addi, rd: 29, rs1: 29, 4)
    program.add(.csrrw, rs1: 29, ControlRegister.mepc)
    program.add(.mret)
    program.label("interrupt")
    program.add(.sw, rs1: 20, 0x44)
    program.add(.mret)
  }
}

/// Everything a run shows.
private struct Observation: Equatable {
  let outcome: Outcome
  let reason: ExitReason?
  let memory: [UInt8]
  let accesses: [ProbeDevice.Access]
  let snapshot: Snapshot

  init(_ bench: CoreBench) {
    outcome = bench.run()
    reason = bench.exit.reason
    memory = bench.memory.read(at: CoreBench.memoryBase, count: CoreBench.memorySize)
    accesses = bench.device.accesses
    snapshot = bench.registry.snapshot()
  }
}

@Suite("Independence of the quantum")
struct QuantumIndependenceTests {
  @Test(
    "Registers, memory, traps and the cycle of every device access are the same for every quantum",
    arguments: 1...40 as ClosedRange<UInt64>, [true, false])
  func quanta(seed: UInt64, interrupts: Bool) throws {
    let program = randomProgram(seed, interrupts: interrupts, waits: true)
    var random = SplitMix64(seed: seed &* 7919)
    var options = CoreBench.Options()
    options.delay = Cycle.random(in: 0...9, using: &random)
    options.periods =
      [(1, 1), (1, 3), (1, 60), (3, 1), (7, 1), (2, 5)].randomElement(using: &random) ?? (1, 1)
    // In cycles of the device; a slow core needs time for its handler.
    let gap: Cycle = [10, 60, 400].randomElement(using: &random) ?? 60
    options.schedule = .random(seed: seed, longestGap: gap * options.periods.core)
    let plain = Observation(try CoreBench(options, program))
    try #require(plain.outcome == .finished)
    #expect(plain.reason == .code(0, by: "tohost"))
    for module in plain.snapshot.modules where !module.states.isEmpty {
      #expect(
        module.states.reduce(0) { $0 + $1.cycles.reduce(0, +) } == module.cycles.reduce(0, +))
    }
    for quantum in CoreBench.quanta.dropFirst() {
      for (isEager, order) in [(false, .registration), (true, .reversed)]
        as [(Bool, ModuleOrder)]
      {
        (options.quantum, options.isEager, options.order) = (quantum, isEager, order)
        let other = Observation(try CoreBench(options, program))
        #expect(other.outcome == plain.outcome, "quantum \(quantum)")
        #expect(other.accesses == plain.accesses, "quantum \(quantum)")
        #expect(other.memory == plain.memory, "quantum \(quantum)")
        #expect(other.snapshot == plain.snapshot, "quantum \(quantum)")
      }
    }
  }
}

import Fabric
import Peripherals
import Processors
import RISCV
import SimKernel
import TestSupport
import Testing

private let enableExternal = 1 << 11

/// Enables the external interrupt in `mie` and, if asked, in `mstatus`, in five instructions; x10
/// is the device, x11 the place of results.
private func prepare(
  _ program: inout Program, _ resolved: Program?, mstatus: Bool = true
) {
  program.load(10, CoreBench.deviceBase)
  program.load(11, Program.base + UInt64(Program.results))
  program.loadAddress(5, of: "handler", using: resolved)
  program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
  program.load(5, UInt64(enableExternal))
  program.add(.csrrw, rs1: 5, ControlRegister.mie)
  if mstatus { program.add(.csrrsi, rs1: 8, ControlRegister.mstatus) }
}

/// Notes cycle, place and cause, and ends.
private func handler(_ program: inout Program) {
  program.label("handler")
  for (index, register) in [
    ControlRegister.mcycle, ControlRegister.mepc, ControlRegister.mcause,
  ].enumerated() {
    program.add(.csrrs, rd: 6, register)
    program.add(.sw, rs1: 11, rs2: 6, 4 * index)
  }
  program.exit()
}

@Suite("Interrupts of a core")
struct InterruptTests {
  /// Instructions of ``prepare(_:_:mstatus:)``.
  private static let lead = 11

  @Test(
    "An interrupt is taken at the instruction in whose cycle it is pending",
    arguments: CoreBench.quanta, [20, 21, 22, 57, 150] as [Cycle])
  func exactInstruction(quantum: UInt64, cycle: Cycle) throws {
    let program = Program.build { program, resolved in
      prepare(&program, resolved)
      program.nops(300)
      handler(&program)
    }
    var options = CoreBench.Options()
    options.quantum = quantum
    options.schedule = .external([cycle])
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    // Driven in `cycle`, seen in the next one; instruction n of the program belongs to cycle n.
    #expect(bench.word(Program.results) == cycle + 1)
    #expect(bench.word(Program.results + 4) == Program.base + 4 * (cycle + 1))
    #expect(bench.word(Program.results + 8) == 0x8000_000B)
  }

  @Test(
    "The same holds when core and device have different clocks", arguments: CoreBench.quanta,
    [(1, 3), (3, 1), (2, 5), (5, 2)] as [(Tick, Tick)])
  func clocks(quantum: UInt64, periods: (core: Tick, device: Tick)) throws {
    let program = Program.build { program, resolved in
      prepare(&program, resolved)
      program.nops(600)
      handler(&program)
    }
    for cycle in 40..<50 as Range<Cycle> {
      var options = CoreBench.Options()
      options.quantum = quantum
      options.periods = periods
      options.schedule = .external([cycle])
      let bench = try CoreBench(options, program)
      #expect(bench.run() == .finished)
      let seen = cycle * periods.device / periods.core + 1
      #expect(bench.word(Program.results) == seen)
      #expect(bench.word(Program.results + 4) == Program.base + 4 * seen)
    }
  }

  @Test(
    "An interrupt that comes while they are off is taken by the instruction after the one that turns them on",
    arguments: CoreBench.quanta, [5, 30, 41, 42, 43, 44] as [Cycle])
  func enabling(quantum: UInt64, cycle: Cycle) throws {
    let enabling = Self.lead - 1 + 30
    let program = Program.build { program, resolved in
      prepare(&program, resolved, mstatus: false)
      program.nops(30)
      program.add(.csrrsi, rs1: 8, ControlRegister.mstatus)
      program.nops(100)
      handler(&program)
    }
    var options = CoreBench.Options()
    options.quantum = quantum
    options.schedule = .external([cycle])
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    let taken = max(cycle + 1, Cycle(enabling + 1))
    #expect(bench.word(Program.results) == taken)
    #expect(bench.word(Program.results + 4) == Program.base + 4 * taken)
  }

  @Test(
    "WFI ends when an interrupt arrives, and the trap returns behind it",
    arguments: CoreBench.quanta, [false, true])
  func waiting(quantum: UInt64, isEager: Bool) throws {
    for cycle in [60, 61, 500] as [Cycle] {
      let program = Program.build { program, resolved in
        prepare(&program, resolved)
        program.nops(4)
        program.add(.wfi)
        program.nops(20)
        handler(&program)
      }
      var options = CoreBench.Options()
      (options.quantum, options.isEager) = (quantum, isEager)
      options.schedule = .external([cycle])
      let bench = try CoreBench(options, program)
      #expect(bench.run() == .finished)
      let wfi = Cycle(Self.lead + 4)
      #expect(bench.word(Program.results) == cycle + 1)
      #expect(bench.word(Program.results + 4) == Program.base + 4 * (wfi + 1))
      #expect(bench.counter("wakeups") == 1)
      #expect(bench.cycles(in: "wfi") == cycle - wfi)
    }
  }

  @Test(
    "With interrupts off WFI wakes all the same and execution goes on", arguments: CoreBench.quanta)
  func waitingDisabled(quantum: UInt64) throws {
    for cycle in [3, 14, 15, 16, 200] as [Cycle] {
      let program = Program.build { program, resolved in
        prepare(&program, resolved, mstatus: false)
        program.nops(5)
        program.add(.wfi)
        program.add(.csrrs, rd: 6, ControlRegister.mcycle)
        program.add(.csrrs, rd: 7, ControlRegister.mip)
        program.add(.sw, rs1: 11, rs2: 6, 0)
        program.add(.sw, rs1: 11, rs2: 7, 4)
        program.exit()
        program.label("handler")
      }
      var options = CoreBench.Options()
      options.quantum = quantum
      options.schedule = .external([cycle])
      let bench = try CoreBench(options, program)
      #expect(bench.run() == .finished)
      // WFI is instruction 15.
      #expect(bench.word(Program.results) == max(16, cycle + 1), "interrupt in \(cycle)")
      #expect(bench.word(Program.results + 4) == UInt64(enableExternal))
      #expect(bench.counter("wakeups") == (cycle + 1 > 16 ? 1 : 0))
    }
  }

  @Test("WFI sees a pulse that lasts only for its own cycle", arguments: CoreBench.quanta)
  func pulse(quantum: UInt64) throws {
    let program = Program.build { program, resolved in
      program.load(11, Program.base + UInt64(Program.results))
      program.add(.addi, rd: 5, 8)
      program.add(.csrrw, rs1: 5, ControlRegister.mie)
      program.nops(30)
      program.add(.wfi)
      program.add(.csrrs, rd: 6, ControlRegister.mcycle)
      program.add(.sw, rs1: 11, rs2: 6, 0)
      program.exit()
    }
    // WFI is instruction 34.
    for (rise, end) in [(32, nil), (33, 35), (34, 35), (35, 36)] as [(Cycle, UInt64?)] {
      var options = CoreBench.Options()
      options.quantum = quantum
      options.schedule = .pulse(rise: rise, fall: rise + 1)
      let bench = try CoreBench(options, program)
      #expect(bench.run() == (end == nil ? .deadlocked : .finished), "rise in \(rise)")
      #expect(bench.word(Program.results) == end ?? 0, "rise in \(rise)")
    }
  }

  @Test("An interrupt during a device access is taken after it", arguments: CoreBench.quanta)
  func duringAccess(quantum: UInt64) throws {
    let program = Program.build { program, resolved in
      prepare(&program, resolved)
      program.add(.lw, rd: 12, rs1: 10, 0x40)
      program.nops(50)
      handler(&program)
    }
    var options = CoreBench.Options()
    options.quantum = quantum
    options.delay = 20
    options.schedule = .external([18])
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    // The load starts in cycle 11 and takes 23 cycles.
    #expect(bench.word(Program.results) == 34)
    #expect(bench.word(Program.results + 4) == Program.base + 4 * 12)
  }

  @Test(
    "The time CSR is mtime in the cycle of the instruction that reads it",
    arguments: CoreBench.quanta)
  func time(quantum: UInt64) throws {
    var program = Program()
    program.load(11, Program.base + UInt64(Program.results))
    for index in 0..<8 {
      program.nops(33)
      program.add(.csrrs, rd: 5, ControlRegister.time)
      program.add(.sw, rs1: 11, rs2: 5, 4 * index)
    }
    program.exit()
    var options = CoreBench.Options()
    options.quantum = quantum
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    // 100 MHz: ten cycles make a tick of mtime.
    for index in 0..<8 {
      #expect(bench.word(Program.results + 4 * index) == UInt64(35 + 35 * index) / 10)
    }
  }
}

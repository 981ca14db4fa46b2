import Peripherals
import Processors
import RISCV
import SimKernel
import Telemetry
import Testing

/// Counts and keeps what it is told.
private final class Recorder: InstructionObserver {
  var retired: UInt64 = 0
  var interrupts = 0
  var exceptions = 0
  var places: [UInt64] = []
  var cycles: [UInt64] = []

  func observe(_ event: InstructionEvent, of hart: Hart, at cycle: UInt64) {
    cycles.append(cycle)
    switch event {
    case .retired(let instruction):
      retired += 1
      places.append(instruction.programCounter)
    case .exception: exceptions += 1
    case .interrupt: interrupts += 1
    }
  }
}

@Suite("Watching a core")
struct ObservationTests {
  static let kinds = QuantumIndependenceTests.kinds

  @Test(
    "An observer changes nothing and hears of every instruction in order", arguments: kinds,
    1...3 as ClosedRange<UInt64>)
  func observers(kind: RandomProgramKind, seed: UInt64) throws {
    let program = RandomProgram.make(kind, seed: 1000 + seed)
    var options = QuantumIndependenceTests.options(kind, seed: 1000 + seed)
    let plain = Observation(try CoreBench(options, program))
    for quantum in [0, 50] as [UInt64] {
      let recorder = Recorder()
      options.quantum = quantum
      options.observer = { _ in recorder }
      let bench = try CoreBench(options, program)
      expectEqual(Observation(bench), plain, "quantum \(quantum)")
      #expect(recorder.retired == bench.counter("instructions"))
      #expect(recorder.places.first == Program.base)
      #expect(zip(recorder.cycles, recorder.cycles.dropFirst()).allSatisfy { $0 <= $1 })
      #expect(kind.interrupts == (recorder.interrupts > 0))
    }
  }

  @Test(
    "Both engines give the same results to the last counter", arguments: kinds,
    1...5 as ClosedRange<UInt64>)
  func engines(kind: RandomProgramKind, seed: UInt64) throws {
    let program = RandomProgram.make(kind, seed: 2000 + seed)
    var options = QuantumIndependenceTests.options(kind, seed: 2000 + seed)
    let plain = Observation(try CoreBench(options, program))
    for quantum in [0, 50] as [UInt64] {
      (options.quantum, options.engine) = (quantum, .reference)
      expectEqual(Observation(try CoreBench(options, program)), plain, "quantum \(quantum)")
    }
  }

  @Test(
    "The instruction limit ends the run after exactly so many", arguments: HartKind.all,
    CoreBench.quanta)
  func instructionLimit(kind: HartKind, quantum: UInt64) throws {
    let program = Program.build(kind.xlen) { program, resolved in
      program.load(20, CoreBench.deviceBase)
      program.loadAddress(5, of: "handler", using: resolved)
      program.add(.csrrw, rs1: 5, ControlRegister.mtvec)
      program.label("again")
      program.nops(5)
      program.add(.lw, rd: 6, rs1: 20, 0x40)
      program.semihost(0x10)
      program.add(.sw, rs1: 20, rs2: 6, 0x80)
      program.branch(.jal, to: "again")
      program.label("handler")
      program.add(.csrrs, rd: 7, ControlRegister.mepc)
      program.add(.addi, rd: 7, rs1: 7, 4)
      program.add(.csrrw, rs1: 7, ControlRegister.mepc)
      program.add(.mret)
    }
    for limit in [1, 2, 9, 10, 11, 12, 13, 14, 15, 16, 17, 1000, 1001] as [UInt64] {
      for isObserved in [false, true] {
        let recorder = Recorder()
        var options = kind.options
        options.quantum = quantum
        options.instructionLimit = limit
        if isObserved { options.observer = { _ in recorder } }
        let bench = try CoreBench(options, program)
        #expect(bench.run() == .finished)
        #expect(bench.exit.reason == .instructionLimit(limit))
        #expect(bench.counter("instructions") == limit)
        if isObserved { #expect(recorder.retired == limit) }
      }
    }
  }

  @Test("A program that ends before its limit is not cut off", arguments: HartKind.all)
  func unreachedLimit(kind: HartKind) throws {
    var program = Program(kind.xlen)
    program.nops(10)
    program.exit(code: 3)
    var options = kind.options
    options.instructionLimit = 16
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .finished)
    #expect(bench.exit.reason == .code(3, by: "tohost"))
    #expect(bench.counter("instructions") == 16)
    options.instructionLimit = 15
    let short = try CoreBench(options, program)
    #expect(short.run() == .finished)
    #expect(short.exit.reason == .instructionLimit(15))
  }

  @Test(
    "At the end of a run in the middle the counts are those of its cycles",
    arguments: CoreBench.quanta, [1, 2, 10, 33, 34, 35, 99] as [Tick])
  func cutOff(quantum: UInt64, limit: Tick) throws {
    var program = Program()
    program.nops(30)
    program.spin()
    var options = CoreBench.Options()
    (options.quantum, options.limit) = (quantum, limit)
    let bench = try CoreBench(options, program)
    #expect(bench.run() == .limitReached)
    #expect(bench.counter("instructions") == limit + 1)
    #expect(bench.cycles(in: "run") == limit + 1)
    // Going on is the same as never having stopped.
    #expect(bench.kernel.run(until: 200) == .limitReached)
    #expect(bench.counter("instructions") == 201)
  }
}

import Debugger
import SimKernel
import SoC
import Telemetry
import TestSupport
import Testing

/// A user of a debugger who does this and that: steps, breakpoints at instructions that were met,
/// watchpoints on the stack, interruptions, and looks at everything.
private struct RestlessUser {
  private var random: SplitMix64
  private var met: [UInt64] = []
  private let target: SystemDebugTarget
  private let harts: Int

  init(_ target: SystemDebugTarget, seed: UInt64) {
    random = SplitMix64(seed: seed)
    self.target = target
    harts = target.threads.count
  }

  /// Debugs until the run ends; answers how often the system stopped and for how many reasons.
  mutating func work(actions: Int) -> (stops: Int, reasons: Int) {
    var stops = 0
    var reasons: Set<String> = []
    for action in 0..<actions {
      if action % 8 == 0 { look() }
      arrange()
      for _ in 0..<Int.random(in: 1...8, using: &random) {
        let event = resume()
        stops += 1
        reasons.insert("\(event.reason)".prefix { $0 != "(" }.description)
        if case .exited = event.reason { return (stops, reasons.count) }
        met.append(target.readRegister(.programCounter, thread: event.thread) ?? 0)
      }
    }
    target.removeAllStopPoints()
    while true {
      let event = target.resume([1: .run], cycles: nil) { false }
      stops += 1
      if case .exited = event.reason { return (stops, reasons.count) }
    }
  }

  private mutating func resume() -> StopEvent {
    var actions: [Int: ResumeAction] = [:]
    for hart in 1...harts {
      switch UInt64.random(in: 0..<10, using: &random) {
      case 0..<5: actions[hart] = .step
      case 5:
        let pc = target.readRegister(.programCounter, thread: hart) ?? 0
        actions[hart] = .stepWithin(pc..<pc &+ 16)
      default: actions[hart] = .run
      }
    }
    var patience = Int.random(in: 1...4, using: &random)
    return target.resume(actions, cycles: nil) {
      patience -= 1
      return patience == 0
    }
  }

  private mutating func arrange() {
    let thread = Int.random(in: 1...harts, using: &random)
    switch UInt64.random(in: 0..<4, using: &random) {
    case 0: target.removeAllStopPoints()
    case 1:
      if let place = met.randomElement(using: &random) {
        _ = target.insert(.breakpoint(place, hardware: Bool.random(using: &random)))
      }
    case 2:
      let stack = target.readRegister(.integer(2), thread: thread) ?? 0
      let kind = [WatchKind.read, .write, .access].randomElement(using: &random) ?? .write
      _ = target.insert(.watchpoint(kind, address: stack, length: 16))
    default:
      if let place = met.randomElement(using: &random) {
        target.remove(.breakpoint(place, hardware: false))
      }
    }
  }

  /// Reads what there is to read, which must change nothing.
  private func look() {
    for module in target.modules() where !module.states.isEmpty {
      #expect(module.states.reduce(0) { $0 + $1.cycles } == module.cycles, "\(module.path)")
    }
    #expect(target.time.clocks.count > 0)
    for thread in target.threads {
      for register in target.architecture.controlRegisters {
        #expect(target.readRegister(.csr(register.number), thread: thread.number) != nil)
      }
      let pc = target.readRegister(.programCounter, thread: thread.number) ?? 0
      #expect(target.readMemory(at: pc, count: 64, thread: thread.number).count == 64)
      #expect(target.readMemory(at: 0x1000_0000, count: 4, thread: thread.number).isEmpty)
    }
  }
}

@Suite("Debugging")
struct DebuggingTests {
  /// Networks take a minute without optimisation.
  static var examples: [Example] {
    #if DEBUG
      Example.short.filter { !$0.name.hasPrefix("lenet") }
    #else
      Example.short
    #endif
  }

  private func debug(
    _ description: SoCDescription, _ program: Program, _ circumstances: Circumstances,
    seed: UInt64, actions: Int
  ) throws -> (result: SimulationResult, work: (stops: Int, reasons: Int)) {
    var changes = 0
    var options = SystemOptions()
    options.isEager = circumstances.isEager
    options.order = circumstances.order
    options.recordsWaves = circumstances.recordsWaves
    if circumstances.recordsWaves { options.waveSink = { _ in changes += 1 } }
    let system = try SystemBuilder(description, program: program, options: options).build()
    let target = try SystemDebugTarget(system, limits: circumstances.limits) { system }
    var user = RestlessUser(target, seed: seed)
    let work = user.work(actions: actions)
    return (try SimulationResult(system, try #require(target.end), waveChanges: changes), work)
  }

  @Test(
    "Stops, steps and looks of a debugger do not show in the results", arguments: examples)
  func digest(example: Example) throws {
    let description = try example.load()
    let program = try Example.firmware(of: description)
    var circumstances = Circumstances(recordsWaves: true)
    let plain = try simulate(description, program, circumstances)
    var stops = 0
    var reasons = 0
    for seed in 0..<2 as Range<UInt64> {
      let (debugged, work) = try debug(
        description, program, circumstances, seed: seed, actions: 40)
      expectEqual(debugged, plain, "seed \(seed)")
      #expect(debugged.waveChanges == plain.waveChanges)
      stops += work.stops
      reasons = max(reasons, work.reasons)
    }
    #expect(stops > 20 && reasons > 2, "\(stops) stops for \(reasons) reasons")
    circumstances.order = .reversed
    circumstances.isEager = example.name == "hello"
    let (debugged, _) = try debug(description, program, circumstances, seed: 9, actions: 20)
    expectEqual(debugged, plain, "reversed")
  }

  @Test("Nor when the processor runs ahead of slow hardware", arguments: ["hello", "gemm-os"])
  func quantum(name: String) throws {
    let circumstances = SlowHardware(
      example: name, hertz: 100_000, mips: 100, quanta: []
    ).circumstances(quantum: 9000)
    let description = try Example(name).load(circumstances.overrides)
    let program = try Example.firmware(of: description)
    let plain = try simulate(description, program)
    for seed in 0..<2 as Range<UInt64> {
      let (debugged, _) = try debug(
        description, program, circumstances, seed: seed, actions: 40)
      expectEqual(debugged, plain, "seed \(seed)")
    }
  }

  @Test("Nor when several harts race for a word of memory", arguments: [2, 4])
  func harts(count: Int) throws {
    let program = try BareMetalProgram(
      ["boot.S"], defines: ["HARTS=\(count)"], isa: "rv64ima_zicsr")
    defer { program.remove() }
    let file = try Program(path: program.path)
    let description = SoCDescription.defaultBareMetal(type: .riscv64, harts: count)
    for order in [ModuleOrder.registration, .shuffled(seed: 5)] {
      let circumstances = Circumstances(order: order)
      let plain = try simulate(description, file, circumstances)
      #expect(plain.end.firmwareCode == 0)
      for seed in 0..<4 as Range<UInt64> {
        let (debugged, work) = try debug(
          description, file, circumstances, seed: seed, actions: 20)
        expectEqual(debugged, plain, "seed \(seed)")
        #expect(work.stops > 5)
      }
    }
  }

  private func target(_ name: String = "hello", cycleLimit: UInt64 = 0) throws -> SystemDebugTarget
  {
    let description = try Example(name).load()
    let program = try Example.firmware(of: description)
    let build = { try SystemBuilder(description, program: program).build() }
    return try SystemDebugTarget(
      try build(), limits: RunLimits(cycles: cycleLimit), rebuild: build)
  }

  @Test("A reset starts the same run again")
  func reset() throws {
    let target = try target()
    let first = target.resume([1: .run], cycles: nil) { false }
    let digest = target.system.digest(of: target.system.registry.snapshot())
    try target.reset()
    #expect(target.end == nil)
    #expect(target.time.seconds == 0)
    for _ in 0..<50 {
      #expect(target.resume([1: .step], cycles: nil) { false }.reason == .step)
    }
    #expect(target.resume([1: .run], cycles: nil) { false } == first)
    #expect(target.system.digest(of: target.system.registry.snapshot()) == digest)
  }

  @Test("A detached system runs on by itself to the same end")
  func detach() throws {
    let target = try target()
    let plain = try Example("hello").run()
    _ = target.insert(.breakpoint(0x8000_0000, hardware: false))
    for _ in 0..<100 { _ = target.resume([1: .step], cycles: nil) { false } }
    target.detach()
    let end = target.system.run(limits: RunLimits())
    expectEqual(try SimulationResult(target.system, end), plain)
  }

  @Test("A span of cycles advances the reference clock by just that")
  func spans() throws {
    let target = try target()
    let reference = target.system.referenceClock.name
    func cycles() -> UInt64? { target.time.clocks.first { $0.name == reference }?.cycles }
    let before = try #require(cycles())
    #expect(target.resume([1: .run], cycles: 500) { false }.reason == .interrupt)
    #expect(cycles() == before + 500)
    for _ in 0..<40 { #expect(target.resume([1: .run], cycles: 1) { false }.reason == .interrupt) }
    #expect(cycles() == before + 540)
    #expect(target.resume([1: .run], cycles: .max) { false }.reason == .exited(code: 0))
  }

  @Test("The cycle limit stops first and ends then")
  func limit() throws {
    let target = try target(cycleLimit: 1000)
    guard
      case .ended(.limit, let text) = target.resume(
        [1: .run], cycles: nil, isInterrupted: { false }
      ).reason
    else {
      Issue.record("no limit")
      return
    }
    #expect(text.hasPrefix("cycle limit of 1000 cycles"))
    #expect(target.resume([1: .step], cycles: nil) { false }.reason == .exited(code: 120))
  }

  @Test("Registers and memory can be changed, devices are out of reach")
  func writes() throws {
    let target = try target()
    #expect(target.writeRegister(.integer(10), thread: 1, to: 0xffff_ffff_8000_0001))
    #expect(target.readRegister(.integer(10), thread: 1) == 0x8000_0001)
    #expect(target.writeRegister(.csr(0x305), thread: 1, to: 0x8000_0100))
    #expect(target.readRegister(.csr(0x305), thread: 1) == 0x8000_0100)
    #expect(!target.writeRegister(.csr(0xf14), thread: 1, to: 1))
    #expect(!target.writeRegister(.programCounter, thread: 1, to: 0x8000_0001))
    #expect(!target.writeRegister(.privilege, thread: 1, to: 2))
    #expect(!target.writeRegister(.integer(1), thread: 2, to: 0))
    let memory = try #require(target.system.description.memories.first { $0.name == "dram" })
    let end = memory.address + memory.length
    #expect(target.readMemory(at: end - 8, count: 16, thread: 1).count == 8)
    #expect(target.writeMemory([1, 2, 3, 4], at: end - 4, thread: 1))
    #expect(target.readMemory(at: end - 4, count: 4, thread: 1) == [1, 2, 3, 4])
    #expect(!target.writeMemory([1, 2, 3, 4], at: end - 2, thread: 1))
    #expect(target.readMemory(at: end - 2, count: 2, thread: 1) == [3, 4])
    #expect(!target.writeMemory([0], at: 0x1000_0000, thread: 1))
    #expect(target.readMemory(at: 0xffff_ffff, count: 16, thread: 1).isEmpty)
  }

  @Test("A changed instruction is the one that executes")
  func code() throws {
    let target = try target()
    let pc = try #require(target.readRegister(.programCounter, thread: 1))
    _ = target.resume([1: .step], cycles: nil) { false }
    // li a0, 42 where the first instruction was.
    #expect(target.writeMemory([0x13, 0x05, 0xa0, 0x02], at: pc, thread: 1))
    #expect(target.writeRegister(.programCounter, thread: 1, to: pc))
    _ = target.resume([1: .step], cycles: nil) { false }
    #expect(target.readRegister(.integer(10), thread: 1) == 42)
  }
}

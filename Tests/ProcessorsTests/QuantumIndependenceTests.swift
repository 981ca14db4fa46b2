import Peripherals
import Processors
import RISCV
import SimKernel
import Telemetry
import TestSupport
import Testing

@Suite("Independence of the quantum")
struct QuantumIndependenceTests {
  static let kinds: [RandomProgramKind] = XLEN.both.flatMap { xlen in
    [true, false].flatMap { interrupts in
      [
        RandomProgramKind(xlen: xlen, interrupts: interrupts),
        RandomProgramKind(xlen: xlen, calls: .semihosting, interrupts: interrupts),
        RandomProgramKind(xlen: xlen, calls: .linux, interrupts: interrupts),
        RandomProgramKind(xlen: xlen, mode: .supervisor, interrupts: interrupts),
        RandomProgramKind(
          xlen: xlen, mode: .supervisor, calls: .semihosting, interrupts: interrupts),
        RandomProgramKind(xlen: xlen, mode: .translated, calls: .linux, interrupts: interrupts),
      ]
    }
  }

  /// A slow or fast device, and interrupts seldom enough for a slow core to get on.
  static func options(_ kind: RandomProgramKind, seed: UInt64) -> CoreBench.Options {
    var random = SplitMix64(seed: seed &* 7919)
    var options = CoreBench.Options()
    options.instructionSet = kind.xlen.full
    options.settings = kind.settings
    options.delay = Cycle.random(in: 0...9, using: &random)
    options.periods =
      [(1, 1), (1, 3), (1, 60), (3, 1), (7, 1), (2, 5)].randomElement(using: &random) ?? (1, 1)
    // In cycles of the device.
    let gap: Cycle = [20, 80, 400].randomElement(using: &random) ?? 80
    options.schedule = .random(seed: seed, longestGap: gap * options.periods.core)
    return options
  }

  @Test(
    "Registers, memory, traps, calls and the cycle of every device access are the same for every quantum",
    arguments: kinds, 1...6 as ClosedRange<UInt64>)
  func quanta(kind: RandomProgramKind, seed: UInt64) throws {
    let program = RandomProgram.make(kind, seed: seed)
    var options = Self.options(kind, seed: seed)
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
        expectEqual(Observation(try CoreBench(options, program)), plain, "quantum \(quantum)")
      }
    }
  }
}

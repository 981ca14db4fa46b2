import SimKernel
import SoC
import Telemetry
import Testing

/// Hardware slow enough for the processor to run ahead of it (rule F19 wants the quantum smaller
/// than the period of every hardware clock).
struct SlowHardware: Sendable, CustomTestStringConvertible {
  let example: String
  /// Frequency of the hardware in hertz, and of the processor in million instructions per second.
  let hertz: Int
  let mips: Int
  /// Quanta in nanoseconds.
  let quanta: [Int]

  var testDescription: String { "\(example), hardware of \(hertz) Hz, \(mips) MIPS" }

  static let all: [SlowHardware] = [
    SlowHardware(
      example: "hello", hertz: 100_000, mips: 100, quanta: [1, 10, 100, 1000, 5000, 9000]),
    SlowHardware(example: "hello", hertz: 100_000, mips: 7, quanta: [1000, 9999]),
    SlowHardware(example: "dma-copy", hertz: 100_000, mips: 100, quanta: [1, 333, 9000]),
    SlowHardware(example: "gemm-os", hertz: 100_000, mips: 40, quanta: [25, 1000, 9000]),
    SlowHardware(example: "gemm-ws", hertz: 1_000_000, mips: 100, quanta: [10, 999]),
    SlowHardware(example: "lenet5", hertz: 1_000_000, mips: 100, quanta: [10, 100, 990]),
    SlowHardware(example: "lenet5", hertz: 100_000, mips: 100, quanta: [9000]),
    SlowHardware(example: "lenet5-ws", hertz: 1_000_000, mips: 1000, quanta: [900]),
  ]

  func circumstances(quantum: Int) -> Circumstances {
    Circumstances(
      overrides: [
        "clocks.core=\(hertz) Hz", "cpu.cpu_mips=\(mips)", "cpu.cpu_quanta.q_global=\(quantum)",
        "cpu.cpu_quanta.q_low=0", "cpu.cpu_quanta.q_high=10000",
      ])
  }
}

@Suite("The quantum")
struct QuantumTests {
  @Test(
    "Firmware that synchronises through devices and interrupts sees no difference",
    arguments: SlowHardware.all)
  func quantumDoesNotMatter(hardware: SlowHardware) throws {
    let example = Example(hardware.example)
    let lockStep = try example.run(hardware.circumstances(quantum: 0))
    #expect(lockStep.end.kind == .exited && lockStep.end.firmwareCode == 0)
    #expect(!lockStep.verifications.contains { !$0.isEqual })
    for quantum in hardware.quanta {
      var circumstances = hardware.circumstances(quantum: quantum)
      let other = try example.run(circumstances)
      expectEqual(other, lockStep, "quantum \(quantum) ns")
      if quantum == hardware.quanta.last {
        circumstances.order = .reversed
        circumstances.isEager = true
        expectEqual(
          try example.run(circumstances), lockStep, "quantum \(quantum) ns, eager, reversed")
      }
    }
  }
}

/// A change of the interconnect or the memories, which may cost cycles but must not change values.
struct TimingChange: Sendable, CustomTestStringConvertible {
  let overrides: [String]
  var testDescription: String { overrides.joined(separator: " ") }

  static let all: [TimingChange] = [
    ["crossbar.latency_cycles=2"], ["crossbar.latency_cycles=7"],
    ["crossbar.arbitration=fixed_priority"],
    ["crossbar.arbitration=fixed_priority", "crossbar.priority=[\"dma_out\", \"cpu\"]"],
    ["crossbar.outstanding=1"], ["crossbar.width_bits=512"],
    ["memories.sram.banks=1"],
    ["memories.sram.read_delay=9", "memories.sram.write_delay=5"],
    ["dmas.dma_out.max_burst_beats=1", "dmas.dma_out.outstanding=1"],
    ["cpu.cpu_mips=13"], ["cpu.cpu_mips=1000"],
  ].map(TimingChange.init)
}

@Suite("What may change cycles but no value")
struct TimingChangeTests {
  @Test(
    "The firmware's results and the work done stay the same",
    arguments: ["gemm-os", "gemm-ws", "lenet5", "lenet5-ws"], TimingChange.all)
  func values(name: String, change: TimingChange) async throws {
    let plain = try await PlainRuns.shared.result(of: Example(name))
    let other = try Example(name).run(Circumstances(overrides: change.overrides))
    #expect(other.end == plain.end)
    #expect(other.verifications == plain.verifications)
    for counter in [
      "macs", "in1_beats", "in2_beats", "out_bytes", "result_elements", "padding_bytes",
      "written_bytes",
    ] {
      #expect(other.total(counter) == plain.total(counter), "\(counter)")
    }
    #expect(other.total("bytes", kinds: ["DMA"]) == plain.total("bytes", kinds: ["DMA"]))
    for module in other.snapshot.modules {
      #expect(
        module.states.reduce(0) { $0 + $1.cycles.reduce(0, +) } == module.cycles.reduce(0, +),
        "\(module.path)")
    }
  }

  @Test(
    "DMAs that share the only port of a memory do not block each other for ever",
    arguments: ["gemm-os", "gemm-ws", "lenet5", "lenet5-ws"])
  func singlePort(name: String) throws {
    let result = try Example(name).run(Circumstances(overrides: ["memories.sram.ports=1"]))
    #expect(
      result.end.kind == .exited && result.end.firmwareCode == 0,
      "\(result.end.reason): \(result.end.waits)")
  }

  @Test("A slower crossbar costs cycles")
  func slowerCrossbar() async throws {
    let plain = try await PlainRuns.shared.result(of: Example("lenet5"))
    let slow = try Example("lenet5").run(
      Circumstances(overrides: ["crossbar.latency_cycles=10"]))
    #expect(slow.snapshot.ticks > plain.snapshot.ticks)
  }

  @Test("Results do not depend on the order of modules when several initiators compete")
  func contention() throws {
    let overrides = ["memories.sram.banks=1", "crossbar.outstanding=2"]
    let plain = try Example("gemm-ws").run(Circumstances(overrides: overrides))
    for order in [ModuleOrder.reversed, .shuffled(seed: 3)] {
      let other = try Example("gemm-ws").run(
        Circumstances(overrides: overrides, order: order))
      expectEqual(other, plain)
    }
    let eager = try Example("gemm-ws").run(Circumstances(overrides: overrides, isEager: true))
    expectEqual(eager, plain)
  }
}

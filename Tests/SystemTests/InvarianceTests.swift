import SimKernel
import SoC
import Telemetry
import Testing

/// Something that must not change a result.
struct Irrelevance: Sendable, CustomTestStringConvertible {
  let testDescription: String
  let circumstances: Circumstances

  static let all: [Irrelevance] = [
    Irrelevance(testDescription: "waves on", circumstances: Circumstances(recordsWaves: true)),
    Irrelevance(
      testDescription: "modules reversed", circumstances: Circumstances(order: .reversed)),
    Irrelevance(
      testDescription: "modules shuffled, seed 1",
      circumstances: Circumstances(order: .shuffled(seed: 1))),
    Irrelevance(
      testDescription: "modules shuffled, seed 77",
      circumstances: Circumstances(order: .shuffled(seed: 77))),
    Irrelevance(testDescription: "eager kernel", circumstances: Circumstances(isEager: true)),
    Irrelevance(
      testDescription: "every register of the arrays",
      circumstances: Circumstances(overrides: ["simulation.fidelity=registers"])),
    Irrelevance(
      testDescription: "the reference engine",
      circumstances: Circumstances(overrides: ["cpu.engine=reference"])),
    Irrelevance(
      testDescription: "limits that are not reached",
      circumstances: Circumstances(
        overrides: ["simulation.cycle_limit=1000000000", "simulation.wall_limit_s=3600"],
        limits: RunLimits(cycles: 1_000_000_000, wallSeconds: 3600))),
    Irrelevance(
      testDescription: "all at once",
      circumstances: Circumstances(
        overrides: ["simulation.fidelity=registers"], isEager: true, order: .shuffled(seed: 5),
        recordsWaves: true)),
  ]
}

@Suite("What must not change a result")
struct InvarianceTests {
  @Test("The digest is that of the plain run", arguments: Example.short, Irrelevance.all)
  func digests(example: Example, irrelevance: Irrelevance) async throws {
    let plain = try await PlainRuns.shared.result(of: example)
    let other = try example.run(irrelevance.circumstances)
    expectEqual(other, plain)
    #expect(irrelevance.circumstances.recordsWaves == (other.waveChanges > 0))
  }

  @Test("Two runs of the same system are the same", arguments: Example.short)
  func repeats(example: Example) async throws {
    expectEqual(try example.run(), try await PlainRuns.shared.result(of: example))
  }

  @Test("A different program, input or system has a different digest")
  func digestsDiffer() async throws {
    let plain = try await PlainRuns.shared.result(of: Example("hello"))
    for change in ["cpu.cpu_firmware_args=[\"Alice\"]", "memories.dram.read_delay=21"] {
      let other = try Example("hello").run(Circumstances(overrides: [change]))
      #expect(other.digest != plain.digest, "\(change)")
    }
  }
}

/// Expects two runs to agree in everything, and says where they do not.
func expectEqual(
  _ other: SimulationResult, _ plain: SimulationResult, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(other.end == plain.end, comment, sourceLocation: sourceLocation)
  #expect(other.console == plain.console, comment, sourceLocation: sourceLocation)
  #expect(other.verifications == plain.verifications, comment, sourceLocation: sourceLocation)
  if other.snapshot != plain.snapshot {
    let changes = MetricDifference.lines(
      from: Metrics(plain.snapshot).values, to: Metrics(other.snapshot).values)
    Issue.record(
      "\(changes.prefix(20).joined(separator: "\n"))\n(\(changes.count) metrics differ)",
      sourceLocation: sourceLocation)
  }
  #expect(other.digest == plain.digest, comment, sourceLocation: sourceLocation)
}

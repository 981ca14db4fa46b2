import Foundation
import Peripherals
import SimKernel
import SoC
import Telemetry

/// How to run a system in a test.
struct Circumstances: Sendable {
  /// Changes of the description, texts `path=value`.
  var overrides: [String] = []
  var isEager = false
  var order = ModuleOrder.registration
  var recordsWaves = false
  var limits = RunLimits()
}

/// What came out of a run, as values.
struct SimulationResult: Sendable {
  let end: RunEnd
  let snapshot: Snapshot
  let digest: String
  let console: String
  let verifications: [FileVerification]
  let outputDigest: String?
  let waveChanges: Int

  init(_ system: System, _ end: RunEnd, waveChanges: Int = 0) throws {
    self.end = end
    snapshot = system.registry.snapshot()
    digest = system.digest(of: snapshot)
    console = String(decoding: system.console.output, as: UTF8.self)
    verifications = try system.verifyFiles()
    outputDigest = system.outputDigest()
    self.waveChanges = waveChanges
  }

  /// The record of a module.
  func module(_ path: String) -> ModuleRecord? {
    snapshot.modules.first { $0.path == path }
  }

  /// The sum over all modules (of a kind, if one is given) and tags of the counters called
  /// `counter`.
  func total(_ counter: String, kinds: Set<String>? = nil) -> UInt64 {
    snapshot.modules.filter { kinds?.contains($0.kind) ?? true }
      .reduce(0) { $0 + $1.total(counter) }
  }
}

extension ModuleRecord {
  /// A counter's sum over all tags; 0 when there is none of that name.
  func total(_ counter: String) -> UInt64 {
    counters.first { $0.name == counter }?.values.reduce(0, +) ?? 0
  }
}

extension Example {
  /// Builds the system and its firmware and runs it.
  func run(_ circumstances: Circumstances = Circumstances()) throws -> SimulationResult {
    let description = try load(circumstances.overrides)
    let program = try Example.firmware(of: description)
    return try simulate(description, program, circumstances)
  }
}

/// Runs `program` on a system.
func simulate(
  _ description: SoCDescription, _ program: Program?,
  _ circumstances: Circumstances = Circumstances(), progress: (Double) -> Bool = { _ in true }
) throws -> SimulationResult {
  var changes = 0
  var options = SystemOptions()
  options.isEager = circumstances.isEager
  options.order = circumstances.order
  options.recordsWaves = circumstances.recordsWaves
  if circumstances.recordsWaves { options.waveSink = { _ in changes += 1 } }
  let system = try SystemBuilder(description, program: program, options: options).build()
  let end = system.run(limits: circumstances.limits, progress: progress)
  return try SimulationResult(system, end, waveChanges: changes)
}

/// The results of plain runs, each simulated once for all tests that look at it.
actor PlainRuns {
  static let shared = PlainRuns()
  private var tasks: [Example: Task<SimulationResult, any Error>] = [:]

  /// The result of running `example` as its file says.
  func result(of example: Example) async throws -> SimulationResult {
    let task =
      tasks[example] ?? Task.detached { try example.run() }
    tasks[example] = task
    return try await task.value
  }
}

internal import Interconnect
internal import Mapping
internal import Networks
internal import Reports
internal import SimKernel
internal import SoC
internal import Telemetry

/// Runs of networks on a SoC in this process, for those who only want to know their cycles.
struct NetworkSimulation {
  /// The SoC.
  let description: SoCDescription
  /// The runtime firmware.
  let program: Program

  /// Cycles of a run.
  struct Cycles {
    /// Cycles of the reference clock before the first layer.
    var start: Int
    /// Cycles of the reference clock by layer.
    var layers: [String: Int]
    /// Cycles of the reference clock in all.
    var total: Int
  }

  /// Runs a mapped network to its end.
  ///
  /// - Throws: `CommandFailure` when the firmware does not end with 0.
  func run(_ mapping: NetworkMapping, inputs: [String: Tensor]) throws -> Cycles {
    let system = try SystemBuilder(
      mapping.description(description, inputs: inputs), program: program
    ).build()
    let end = system.run(limits: RunLimits()) { _ in !Interruption.wasRequested }
    guard end.exitCode == 0 else {
      throw CommandFailure(
        ProcessExit(rawValue: end.exitCode) ?? .input,
        "error: \(description.name): \(mapping.typed.network.name): \(end.reason)")
    }
    let snapshot = system.registry.snapshot()
    let clock = system.referenceClock.name
    let cycles = snapshot.modules.first { $0.clock == clock }?.cycles ?? []
    var layers: [String: Int] = [:]
    for (tag, count) in zip(snapshot.tags, cycles).dropFirst() { layers[tag] = Int(count) }
    return Cycles(
      start: cycles.first.map { Int($0) } ?? 0, layers: layers,
      total: cycles.reduce(0) { $0 + Int($1) })
  }
}

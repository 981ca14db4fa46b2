internal import Exploration
internal import SoC
internal import Telemetry

/// Evaluates designs by running them, cycle by cycle.
struct CycleEvaluator: DesignEvaluating {
  private let study: Study
  private let workload: StudyWorkload
  private let installation: Installation
  private let pricing: StudyPricing

  init(
    _ study: Study, _ workload: StudyWorkload, _ pricing: StudyPricing, _ installation: Installation
  ) {
    self.study = study
    self.workload = workload
    self.pricing = pricing
    self.installation = installation
  }

  func evaluate(_ request: EvaluationRequest) -> EvaluationOutcome {
    do {
      return try simulated(request)
    } catch {
      return EvaluationOutcome(error)
    }
  }

  private func simulated(_ request: EvaluationRequest) throws -> EvaluationOutcome {
    let start = ContinuousClock.now
    let options = LoadOptions(requiresCPU: true, energyTables: installation.energyTables)
    var description = try SoCDescription.load(
      study.soc, overrides: request.overrides, options: options
    ).description
    let program = try EstimateLoading(installation).firmware(description)
    if let network = workload.network {
      try NetworkMapping.checkRuntime(program, of: description)
      description = try NetworkMapping(
        network, MappingChoices(), on: description, program: program
      ).description(description, inputs: workload.inputs)
    }
    let payload = try description.cpu?.payload.map { try Program(path: description.resolve($0)) }
    let system = try SystemBuilder(description, program: program, payload: payload).build()
    let limits = RunLimits(
      cycles: UInt64(description.simulation.cycleLimit),
      wallSeconds: description.simulation.wallLimitSeconds)
    let end = system.run(limits: limits) { _ in !Interruption.wasRequested }
    guard end.exitCode == 0 else { return .failed(message: end.reason) }
    let different = try system.verifyFiles().filter { !$0.isEqual }.map(\.name)
    guard different.isEmpty else {
      return .failed(message: "memory differs from \(different.joined(separator: ", "))")
    }
    let snapshot = system.registry.snapshot()
    let clock = system.referenceClock.name
    let cycles = snapshot.modules.first { $0.clock == clock }?.cycles.reduce(0, +) ?? 0
    do {
      return .measured(
        try pricing.measurement(
          StoredCounts(snapshot.withoutTags, cycles: cycles), description,
          wallSeconds: start.duration(to: .now) / .seconds(1)))
    } catch {
      // A table that lacks something is not the design's mistake.
      return .failed(message: (error as? CommandFailure)?.message ?? "energy table: \(error)")
    }
  }
}

extension Snapshot {
  /// The same counts under a single tag.
  var withoutTags: Snapshot {
    var result = self
    result.tags = [""]
    for module in result.modules.indices {
      result.modules[module].cycles = [result.modules[module].cycles.reduce(0, +)]
      for index in result.modules[module].counters.indices {
        let values = result.modules[module].counters[index].values
        result.modules[module].counters[index].values = [values.reduce(0, +)]
      }
      // Energy does not depend on what modules waited for.
      result.modules[module].states = []
    }
    return result
  }
}

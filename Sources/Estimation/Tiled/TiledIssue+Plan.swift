public import Mapping

extension TiledIssue {
  /// What issuing the commands of a plan costs, on the mean of its commands.
  ///
  /// - Parameters:
  ///   - timing: what the runtime firmware executes.
  ///   - work: the plan's commands by engine, the core first.
  ///   - arrays: names of arrays, and of vector units.
  public init(_ timing: CoreTiming, work: [EngineWork], arrays: Set<String>, vectors: Set<String>) {
    self.init()
    let core = RuntimeCycles(timing)
    let runtime = timing.runtime
    instruction = timing.instruction
    let others = work.dropFirst()
    start = timing.cycles(runtime.start) + core.cycles(runtime.opened + runtime.begun)
    for engine in others {
      start += timing.cycles(engine.kind == .dma ? runtime.openDMA : runtime.openAccelerator)
    }
    // After every interrupt the runtime looks for something to issue at every engine.
    let scan = Double(others.count) * core.cycles(core.scan.full)
    let service = core.wake + core.served + scan
    func mean(_ isIncluded: (EngineWork) -> Bool) -> (
      cycles: Double, instructions: Double, values: Double
    ) {
      var sum = (cycles: 0.0, instructions: 0.0, values: 0.0)
      var count = 0
      for engine in others where isIncluded(engine) {
        count += engine.commands.count
        for command in engine.commands {
          let instructions = core.command.instructions(
            waits: command.dependencies.count, groups: command.groups, values: command.values)
          sum.cycles +=
            core.cycles(instructions - command.values) + Double(command.values) * core.store
          sum.instructions += Double(instructions)
          sum.values += Double(command.values)
        }
      }
      let share = 1 / Double(max(1, count))
      return (sum.cycles * share, sum.instructions * share, sum.values * share)
    }
    let array = mean { arrays.contains($0.name) }
    let vector = mean { vectors.contains($0.name) }
    let transfer = mean { $0.kind == .dma }
    let accelerators = vectors.isEmpty ? 1.0 : 2.0
    var columns = 0
    var jobs = 0
    for engine in others where arrays.contains(engine.name) {
      for command in engine.commands {
        if case .job(let job) = command.work { columns += job.columns }
        jobs += 1
      }
    }
    let width = Double(max(1, columns)) / Double(max(1, jobs))
    column = array.cycles / width
    self.service = core.interrupt + service + core.serveAccelerator.end
    // Input, weights and results, and what is copied for the next step.
    step = 4 * (transfer.cycles + service + core.serveDMA.end)
    handover =
      core.interrupt + core.wake + core.serveDMA.end + scan / 2 + transfer.cycles + core.servedStore
    kernel =
      core.interrupt + core.wake + core.serveDMA.end + scan + core.served
      + core.cycles(core.core.begin + core.core.end)
    columnRegisters = array.values / width
    columnInstructions = array.instructions / width
    stepRegisters = Int(4 * transfer.values)
    let perService = service / max(instruction, 1e-9)
    serviceInstructions = Int(accelerators * perService + vector.instructions)
    stepInstructions = Int(4 * (transfer.instructions + perService))
  }

  /// Cycles in which the core issues a command.
  public static func cycles(of command: PlannedCommand, _ timing: CoreTiming) -> Double {
    let core = RuntimeCycles(timing)
    let instructions = core.command.instructions(
      waits: command.dependencies.count, groups: command.groups, values: command.values)
    return core.cycles(instructions - command.values) + Double(command.values) * core.store
  }
}

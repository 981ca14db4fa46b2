public import RISCV

extension RuntimeCost {
  /// Measures a program's runtime: it executes small plans, whose commands differ by one thing at
  /// a time, against stub devices on the instruction-set simulator.
  ///
  /// - Parameters:
  ///   - program: the runtime firmware with its symbols; with devices, built for an SoC with a PLIC.
  ///   - instructionSet: what the core executes.
  ///   - memories: the memories that the program uses, with room for a plan of a few hundred bytes.
  ///   - planAddress: where plans lie, by default behind the program's stack. The runtime reads it
  ///     from hexadecimal digits, of which letters take up to 4 instructions more.
  ///   - hasDevices: whether plans have engines besides the core. Without, what concerns devices
  ///     costs nothing, and passes over none are part of ``core``.
  public static func measure(
    program: ELFImage, instructionSet: InstructionSet, memories: [MeteredMemory],
    planAddress: UInt64? = nil, hasDevices: Bool = true
  ) throws(CoreCostError) -> RuntimeCost {
    let measurement = RuntimeMeasurement(
      probe: try RuntimeProbe(
        program: program, instructionSet: instructionSet, memories: memories,
        planAddress: planAddress))
    return hasDevices ? try measurement.cost() : try measurement.costWithoutDevices()
  }
}

/// Separates the costs of the runtime's pieces by comparing runs.
private struct RuntimeMeasurement {
  typealias Command = ProbePlan.Command
  typealias Engine = ProbePlan.Engine

  let probe: RuntimeProbe

  /// Waits that are always fulfilled: for no command of the core.
  private func fulfilled(_ count: Int) -> [(engine: Int, count: Int)] {
    Array(repeating: (0, 0), count: count)
  }

  func cost() throws(CoreCostError) -> RuntimeCost {
    let (scan, command) = try issuing()
    let loop = try looping()
    let one = try trace(ProbePlan(Engine(.accelerator, [Command()])))
    let dma = try serving(.dma, scan, command)
    let accelerator = try serving(.accelerator, scan, command)
    // The second device's first access follows the whole of opening the first.
    let openDMA = try trace(ProbePlan(Engine(.dma), Engine(.dma, [Command()]))).opening(1)
    let openAccelerator = try trace(
      ProbePlan(Engine(.accelerator), Engine(.accelerator, [Command()]))
    ).opening(1)
    let rest = openAccelerator.instructions - (openAccelerator.accesses.last?.offset ?? 0)
    let single = (
      whole: command.instructions(waits: 0, groups: 1, values: 1),
      start: command.start(waits: 0, groups: 1, values: 1)
    )
    let write = RuntimeEvent.Kind.write(engine: 1, offset: ProbePlan.Register.first)
    let opened = one.fromOpening(to: write) - rest - single.start
    let begun =
      one.fromOpening(to: .wait) - rest - opened - single.whole - scan.drained
      - loop.idle(firstIncomplete: 1)
    let busy = try trace(
      ProbePlan(core: [Command()], Engine(.accelerator, [Command()])), .whileComputing)
    let start = one.events.first { $0.isAccess }?.instructions ?? 0
    return RuntimeCost(
      start: RuntimeCost.Piece(instructions: start), openDMA: openDMA,
      openAccelerator: openAccelerator, opened: opened, begun: begun, scan: scan, command: command,
      wake: one.gap(.wait, .claim), trap: busy.gap(.trap, .claim), serveDMA: dma.serve,
      serveAccelerator: accelerator.serve, servedTag: try tagging(), served: accelerator.served,
      resume: busy.gap(.complete, .resume), loop: loop,
      core: try computing(loop, passed: rest + opened + begun + scan.drained, scan))
  }

  /// The cost of plans that have the core alone. Only sums of its pieces are seen; `end` is counted
  /// among the others.
  func costWithoutDevices() throws(CoreCostError) -> RuntimeCost {
    func two(_ command: Command) throws(CoreCostError) -> RuntimeTrace {
      try trace(ProbePlan(core: [Command(), command]))
    }
    let plain = try two(Command())
    var core = RuntimeCost.CoreCommand()
    core.begin = plain.gap(.kernelReturn, .kernel)
    let waits = try (
      two(Command(waits: fulfilled(1))).gap(.kernelReturn, .kernel),
      two(Command(waits: fulfilled(2))).gap(.kernelReturn, .kernel)
    )
    core.perWait = waits.1 - waits.0
    core.waits = waits.0 - core.begin - core.perWait
    let tagged = try two(Command(setsTag: true))
    core.tag = tagged.gap(.kernelReturn, .kernel) - core.begin
    core.tagToKernel = tagged.gap(.tag, .kernel)
    var loop = RuntimeCost.Loop()
    loop.finish = plain.lastGap(.kernelReturn, .end)
    let start = (plain.events.first { $0.kind == .kernel }?.instructions ?? 0) - core.begin
    let none = RuntimeCost.Piece(instructions: 0)
    return RuntimeCost(
      start: RuntimeCost.Piece(instructions: start), openDMA: none, openAccelerator: none,
      opened: 0, begun: 0, scan: RuntimeCost.Scan(), command: RuntimeCost.Command(), wake: 0,
      trap: 0,
      serveDMA: none, serveAccelerator: none, servedTag: none, served: none, resume: 0, loop: loop,
      core: core)
  }

  private func trace(
    _ plan: ProbePlan, _ completion: RuntimeProbe.Completion = .whileWaiting
  ) throws(CoreCostError) -> RuntimeTrace {
    RuntimeTrace(events: try probe.run(plan, completion))
  }

  // MARK: Pieces

  /// What the first pass over the devices costs, up to the `wfi`.
  private func pass(_ devices: Engine...) throws(CoreCostError) -> Int {
    try trace(ProbePlan(engines: [Engine(.core)] + devices)).fromOpening(to: .wait)
  }

  private func issuing() throws(CoreCostError) -> (RuntimeCost.Scan, RuntimeCost.Command) {
    let one = try pass(Engine(.accelerator, [Command()]))
    func more(_ command: Command) throws(CoreCostError) -> Int {
      try pass(Engine(.accelerator, [command])) - one
    }
    func beside(_ other: Engine) throws(CoreCostError) -> Int {
      try pass(Engine(.accelerator, [Command()]), other) - one
    }
    var scan = RuntimeCost.Scan()
    scan.drained = try beside(Engine(.accelerator))
    scan.full = try full() + scan.drained
    scan.blocked = try beside(Engine(.accelerator, [Command(waits: [(1, 1)])]))
    scan.perFulfilledWait =
      try beside(Engine(.accelerator, [Command(waits: fulfilled(1) + [(1, 1)])])) - scan.blocked

    var command = RuntimeCost.Command()
    let values = try (more(Command(groups: [2])), more(Command(groups: [3])))
    command.perValue = values.1 - values.0
    command.perGroup = try more(Command(groups: [1, 1])) - command.perValue
    let waits = try (more(Command(waits: fulfilled(1))), more(Command(waits: fulfilled(2))))
    command.perWait = waits.1 - waits.0
    command.waits = waits.0 - command.perWait
    command.tag = try more(Command(setsTag: true))
    // A second device that gets one command, too, and is then drained like the first.
    let single = try beside(Engine(.accelerator, [Command()])) - scan.drained
    command.base = single - command.perGroup - command.perValue
    // A device with two commands is full instead.
    let two = try pass(Engine(.accelerator, [Command(), Command()]))
    scan.filled = two - one - single + scan.drained
    let tagged = Engine(.accelerator, [Command(), Command(setsTag: true)])
    command.deferredTag = try pass(tagged) - two

    let trace = try trace(ProbePlan(Engine(.accelerator, [Command(setsTag: true)])))
    command.tagToFirstWrite = trace.gap(.tag, .write(engine: 1, offset: ProbePlan.Register.first))
    command.tail = trace.bookkeeping(behind: .write(engine: 1, offset: ProbePlan.Register.first))
    return (scan, command)
  }

  /// How much more a device costs that is full when another one's interrupt causes a pass than one
  /// that is drained.
  private func full() throws(CoreCostError) -> Int {
    let first = Engine(.dma, [Command(), Command(), Command()])
    func pass(_ commands: [Command]) throws(CoreCostError) -> Int {
      try trace(ProbePlan(first, Engine(.accelerator, commands))).fromServing(to: .complete)
    }
    return try pass([Command(), Command(), Command()]) - pass([])
  }

  private func looping() throws(CoreCostError) -> RuntimeCost.Loop {
    // Two commands: the core sleeps again between them.
    let work = Engine(.accelerator, [Command(), Command()])
    let first = try trace(ProbePlan(work))
    let second = try trace(ProbePlan(Engine(.accelerator), work))
    var loop = RuntimeCost.Loop()
    // Without the store itself.
    let idle = first.gap(.complete, .wait) - 1
    loop.perCompleteEngine = second.gap(.complete, .wait) - 1 - idle
    loop.idle = idle - loop.perCompleteEngine
    loop.finish = first.lastGap(.complete, .end) - 1 - 2 * loop.perCompleteEngine
    func blocked(_ fulfilled: Int) throws(CoreCostError) -> Int {
      let waits = self.fulfilled(fulfilled) + [(1, 2)]
      return try trace(ProbePlan(core: [Command(waits: waits)], work)).gap(.complete, .wait) - 1
    }
    loop.blocked = try blocked(0) - loop.idle
    loop.perFulfilledWait = try blocked(1) - blocked(0)
    return loop
  }

  /// Serving an interrupt of a device of this kind, to the pass, and what is behind the pass.
  private func serving(
    _ kind: ProbePlan.Kind, _ scan: RuntimeCost.Scan, _ command: RuntimeCost.Command
  ) throws(CoreCostError) -> (serve: RuntimeCost.Piece, served: RuntimeCost.Piece) {
    // Two commands are held; the interrupt makes room for a third.
    let three = try trace(ProbePlan(Engine(kind, [Command(), Command(), Command()])))
    let start = three.fromServing(to: .write(engine: 1, offset: ProbePlan.Register.first))
    let lead = command.start(waits: 0, groups: 1, values: 1)
    var serve = three.serving
    let rest = try trace(ProbePlan(Engine(kind, [Command()]))).fromServing(to: .complete)
    serve.instructions += start - 1 - lead
    // There the device was drained behind the interrupt.
    let behind = rest - (start - lead) - scan.drained
    return (
      serve,
      RuntimeCost.Piece(
        instructions: behind + 1,
        accesses: [RuntimeCost.Access(isStore: true, offset: behind)])
    )
  }

  /// Setting a tag that has waited for a command.
  private func tagging() throws(CoreCostError) -> RuntimeCost.Piece {
    let tagged = try trace(
      ProbePlan(Engine(.accelerator, [Command(), Command(setsTag: true)])))
    let plain = try trace(ProbePlan(Engine(.accelerator, [Command(), Command()])))
    let more = tagged.fromServing(to: .complete) - plain.fromServing(to: .complete)
    return RuntimeCost.Piece(
      instructions: more,
      accesses: [RuntimeCost.Access(isStore: true, offset: tagged.fromServing(to: .tag) - 1)])
  }

  /// - Parameter passed: instructions from the last access of opening a device that has no commands
  ///   to the loop's begin.
  private func computing(
    _ loop: RuntimeCost.Loop, passed: Int, _ scan: RuntimeCost.Scan
  ) throws(CoreCostError) -> RuntimeCost.CoreCommand {
    let device = Engine(.accelerator, [Command()])
    func begin(_ command: Command) throws(CoreCostError) -> Int {
      var command = command
      command.waits = [(1, 1)] + command.waits
      return try trace(ProbePlan(core: [command], device)).gap(.complete, .kernel) - 1
    }
    var core = RuntimeCost.CoreCommand()
    let free = try trace(ProbePlan(core: [Command()], Engine(.accelerator)))
    core.begin = free.fromOpening(to: .kernel) - passed
    let waits = try (begin(Command()), begin(Command(waits: fulfilled(1))))
    core.perWait = waits.1 - waits.0
    core.waits = waits.0 - core.begin - core.perWait
    core.tag = try begin(Command(setsTag: true)) - waits.0
    core.tagToKernel = try trace(ProbePlan(core: [Command(setsTag: true)], device))
      .gap(.tag, .kernel)
    let tagged = ProbePlan(core: [Command(setsTag: true)], Engine(.accelerator, [Command()]))
    core.trapToKernel =
      try trace(tagged).gap(.tag, .kernel) - trace(tagged, .whenTagged).gap(.tag, .trap)
    core.end = free.gap(.kernelReturn, .end) - scan.drained - loop.finish(engines: 2)
    return core
  }
}

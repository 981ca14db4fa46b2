public import Debugger
internal import Processors
internal import RISCV
internal import SimKernel
internal import Telemetry

extension SystemDebugTarget {
  /// Runs until a hart stops, the user interrupts or the run ends; see ``DebugTarget``.
  public func resume(
    _ actions: [Int: ResumeAction], cycles: UInt64?, isInterrupted: () -> Bool
  ) -> StopEvent {
    if let end { return event(.exited(code: UInt8(truncatingIfNeeded: end.exitCode))) }
    let concerned = Set(controls.indices.filter { actions[$0 + 1] != nil })
    let deadline = cycles.flatMap(tick(after:))
    prepare(actions, deadline)
    while true {
      if let event = finishInstant(concerned) { return event }
      let outcome = runKernel(until: deadline, isInterrupted)
      switch outcome {
      case .paused:
        collectHalted()
        if let event = takeStop(concerned) { return event }
      case .interrupted: return event(.interrupt)
      case .limitReached where isBefore(deadline): return event(.interrupt)
      case .finished, .limitReached, .deadlocked: return finish(outcome)
      }
    }
  }

  /// Tells every hart what to do.
  private func prepare(_ actions: [Int: ResumeAction], _ deadline: Tick?) {
    let cycle = deadline.map { ($0 / instructionClock.period) + 1 } ?? .max
    for (index, control) in controls.enumerated() {
      let motion: DebugControl.Motion =
        switch actions[index + 1] ?? .run {
        case .run: .run
        case .step: .step
        case .stepWithin(let range): .stepWithin(range)
        }
      control.resume(motion, stepsOver: isStopSeen && index == reported, deadline: cycle)
    }
    isStopSeen = false
    group.resume()
  }

  /// Lets the halted harts finish the cycles they broke off, in the order in which they would have
  /// run. Often the debugger wants no more: then time does not go on, and the others stand still.
  func finishInstant(_ concerned: Set<Int>) -> StopEvent? {
    while let index = halted.first {
      system.kernel.repeatTick(of: system.cores[index])
      if !system.cores[index].isHalted { halted.removeFirst() }
      if let event = takeStop(concerned) { return event }
    }
    return nil
  }

  /// Finds the harts that have halted in this instant.
  private func collectHalted() {
    halted = controls.indices.filter { system.cores[$0].isHalted }
    halted.sort { controls[$0].order < controls[$1].order }
  }

  /// Instants between two looks at the client, fewer than in a free run: a hart that is watched
  /// runs more slowly.
  private static let pollInterval = 8

  private func runKernel(until deadline: Tick?, _ isInterrupted: () -> Bool) -> Outcome {
    let registry = system.registry
    let last = min(system.lastTick(limits), deadline ?? .max)
    return system.kernel.run(until: last, pollInterval: Self.pollInterval) {
      if let waves = registry.waves, waves.pendingChanges > 1 << 16,
        system.kernel.time.pointee > 0
      {
        // A hart may still add to the present instant.
        waves.drain(through: system.kernel.time.pointee - 1)
      }
      return progress() && !isInterrupted()
    }
  }

  /// The tick at which `cycles` more cycles of the reference clock are over.
  private func tick(after cycles: UInt64) -> Tick? {
    let (span, overflow) = cycles.multipliedReportingOverflow(
      by: system.referenceClock.period)
    let (tick, isBeyond) = now.addingReportingOverflow(span)
    return overflow || isBeyond ? nil : tick
  }

  private func isBefore(_ deadline: Tick?) -> Bool {
    deadline.map { $0 < system.lastTick(limits) } ?? false
  }

  // MARK: Stops

  private func event(_ reason: StopReason) -> StopEvent {
    StopEvent(thread: reported + 1, reason: reason)
  }

  /// The stop that has come about, if its hart is one of those that may report.
  private func takeStop(_ concerned: Set<Int>) -> StopEvent? {
    guard let index = controls.indices.first(where: { controls[$0].stop != nil }) else {
      return nil
    }
    if concerned.contains(index) { return report(index) }
    // The client takes this hart to stand still, and time must go on.
    controls[index].resume(.run, stepsOver: true)
    group.resume()
    return nil
  }

  private func report(_ index: Int) -> StopEvent? {
    reported = index
    isStopSeen = true
    switch controls[index].stop {
    case .breakpoint:
      let pc = system.cores[index].hart.programCounter
      let isHardware = points.contains {
        guard case .breakpoint(let address, hardware: true) = $0 else { return false }
        return address & addressMask == pc
      }
      return event(.breakpoint(hardware: isHardware))
    case .watchpoint(let point, let address):
      let kind: WatchKind =
        switch point.access {
        case .write: .write
        case .read: .read
        case .any: .access
        }
      return event(.watchpoint(kind, address: address))
    case .step: return event(.step)
    case .deadline: return event(.interrupt)
    case nil: return nil
    }
  }

  /// The run is over: what is said about it, and whether there is something to look at.
  private func finish(_ outcome: Outcome) -> StopEvent {
    system.registry.waves?.drain(through: system.kernel.time.pointee)
    let end = system.end(outcome, limits)
    self.end = end
    let waits = end.waits.map { "\n  \($0)" }.joined()
    return switch end.kind {
    case .unhandledTrap: event(.ended(.unhandledTrap, end.reason))
    case .deadlock: event(.ended(.deadlock, end.reason + waits))
    case .cycleLimit, .wallLimit, .instructionLimit: event(.ended(.limit, end.reason + waits))
    default: event(.exited(code: UInt8(truncatingIfNeeded: end.exitCode)))
    }
  }
}

extension Kernel {
  /// Runs until a module finishes the simulation, nothing is left to do, `limit` (a tick, the last
  /// one that may be processed) is passed, or `poll` returns false. May be called again to go on.
  ///
  /// - Parameters:
  ///   - pollInterval: instants between two calls of `poll`.
  ///   - poll: progress, wall-clock limits, draining of wave buffers.
  public func run(
    until limit: Tick = .max, pollInterval: Int = 1 << 16, poll: () -> Bool = { true }
  ) -> Outcome {
    seal()
    let last = min(limit, Self.lastTick)
    self.limit.pointee = last
    var untilPoll = max(1, pollInterval)
    if isPaused {
      isPaused = false
      runBarriers()
    }
    while !requests.pointee.contains(.finish) {
      switch runInstants(atMost: untilPoll, until: last) {
      case .outcome(let outcome): return outcome
      case .pause(let instants):
        untilPoll &-= instants
        if requests.pointee.contains(.pause) {
          requests.pointee.remove(.pause)
          isPaused = true
          return .paused
        }
        runBarriers()
        if requests.pointee.contains(.finish) { return .finished }
        if untilPoll <= 0 {
          untilPoll = max(1, pollInterval)
          if !poll() { return .interrupted }
        }
      }
    }
    return .finished
  }

  private func runBarriers() {
    guard requests.pointee.contains(.barrier) else { return }
    requests.pointee.remove(.barrier)
    for body in barriers { body(time.pointee) }
  }

  /// Ticks `module` once more in the instant in which the latest run was paused, before the next
  /// run: a module that could not finish its cycle then goes on with it. The module must have
  /// ticked in that instant; its new answer replaces the one it gave.
  ///
  /// It runs after all others of the instant, whose order cannot matter.
  public func repeatTick(of module: Module) {
    guard let (domain, place) = place(of: module) else {
      preconditionFailure("only a module of this kernel can tick")
    }
    let scheduler = DomainScheduler(states + domain)
    precondition(
      scheduler.isFrozen(place, at: time.pointee), "a tick is repeated in the instant it was in")
    scheduler.repeatTick(of: place, instant: time.pointee)
    // The kernel is paused already.
    requests.pointee.remove(.pause)
  }

  private enum Pause {
    case outcome(Outcome)
    case pause(instants: Int)
  }

  /// Processes up to `budget` instants; stops early when a module asked for something.
  @inline(never)
  private func runInstants(atMost budget: Int, until last: Tick) -> Pause {
    let count = domains.count
    let (states, time, requests) = (self.states, self.time, self.requests)
    let clock = self.clock
    let isEager = self.isEager
    var first = next
    defer { next = first }
    var instants = 0
    repeat {
      // Who is due first; `others` counts further domains due at the same instant.
      var instant = Tick.max
      var scheduler = DomainScheduler(states)
      var others = 0
      var state = states
      for _ in 0..<count {
        let due = DomainScheduler(state).due(from: first)
        if due < instant {
          (instant, scheduler, others) = (due, DomainScheduler(state), 0)
        } else if due == instant {
          others &+= 1
        }
        state += 1
      }
      if isEager, instant != .max {
        instant = everybodysNextEdge(from: first)
        others = 1
      }
      if _slowPath(instant > last) {
        if instant == .max { return .outcome(.deadlocked) }
        time.pointee = max(time.pointee, last)
        clock.set(time.pointee &+ 1)
        first = max(first, last &+ 1)
        return .outcome(.limitReached)
      }
      time.pointee = instant
      first = instant &+ 1
      clock.set(first)
      if others == 0 {
        scheduler.runAlone(instant)
      } else {
        runSeveral(instant)
      }
      instants &+= 1
    } while requests.pointee.isEmpty && instants < budget
    return .pause(instants: instants)
  }

  /// Runs every domain that is due at `instant`: all of them freeze before any module runs.
  @inline(never)
  private func runSeveral(_ instant: Tick) {
    let states = self.states
    let count = domains.count
    for index in 0..<count {
      let scheduler = DomainScheduler(states + index)
      if scheduler.due(from: instant) == instant { scheduler.freeze(instant) }
    }
    for index in 0..<count where states[index].frozenTick == instant {
      DomainScheduler(states + index).runFrozen(instant)
    }
  }

  /// The next edge of any clock that has modules, with every module of the domains due there awake.
  @inline(never)
  private func everybodysNextEdge(from first: Tick) -> Tick {
    var instant = Tick.max
    for index in 0..<domains.count where states[index].moduleCount > 0 {
      let scheduler = DomainScheduler(states + index)
      if states[index].edge < first { scheduler.catchUp(to: first) }
      instant = min(instant, states[index].edge)
    }
    for index in 0..<domains.count where states[index].edge == instant {
      DomainScheduler(states + index).rouseAll()
    }
    return instant
  }

  /// The earliest tick at which anyone but the only module running now is due; the current tick
  /// when others run in this instant.
  func soleModuleHorizon() -> Tick {
    let now = time.pointee
    guard !isEager else { return now }
    let count = domains.count
    var running = 0
    var result = limit.pointee
    for index in 0..<count {
      let scheduler = DomainScheduler(states + index)
      running &+= scheduler.runningCount(at: now)
      result = min(result, scheduler.dueBesideSoleModule(after: now))
    }
    return running == 1 ? result : now
  }
}

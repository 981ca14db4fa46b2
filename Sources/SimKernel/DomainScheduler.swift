/// The operations on a ``DomainState``.
struct DomainScheduler: BitwiseCopyable {
  let state: UnsafeMutablePointer<DomainState>

  @inline(__always)
  init(_ state: UnsafeMutablePointer<DomainState>) {
    self.state = state
  }

  /// Fills in the cells, which hold pointers into the state itself, and wakes every module for the
  /// first edge.
  func prepare() {
    guard let summary = state.pointer(to: \.awakeSummary) else {
      preconditionFailure("a stored property has an address")
    }
    for module in 0..<state.pointee.moduleCount {
      (state.pointee.cells + module).initialize(
        to: WakeCell(
          woken: WakeCell.asleep, word: state.pointee.awake + module >> 6,
          bit: 1 << UInt64(module & 63), summary: summary, summaryBit: 1 << UInt64(module >> 6)))
    }
    rouseAll()
  }

  // MARK: When

  /// The tick of the first edge at or after `next` at which a module wants to run, `Tick.max` if
  /// none does.
  @inline(__always)
  func due(from next: Tick) -> Tick {
    guard state.pointee.awakeSummary != 0 else { return state.pointee.timedTick }
    if _slowPath(state.pointee.edge < next) { catchUp(to: next) }
    return state.pointee.edge
  }

  /// Moves to the first edge at or after `next`, after the domain slept past some edges.
  @inline(never)
  func catchUp(to next: Tick) {
    let period = state.pointee.period
    let cycle = (next &- 1) / period &+ 1
    state.pointee.cycle = next == 0 ? 0 : cycle
    state.pointee.edge = next == 0 ? 0 : cycle &* period
  }

  /// Looks up the earliest timed wake after `now` again.
  @inline(__always)
  private func refreshTimed(after now: Cycle) {
    setTimed(state.pointee.wheel.earliest(after: now))
  }

  @inline(__always)
  private func setTimed(_ cycle: Cycle) {
    state.pointee.timedCycle = cycle
    let (tick, overflow) = cycle.multipliedReportingOverflow(by: state.pointee.period)
    // Beyond the last tick: later than any limit, but not "never".
    let reachable = !overflow && tick <= Kernel.lastTick
    state.pointee.timedTick = cycle == .max ? .max : reachable ? tick : Kernel.lastTick &+ 1
  }

  // MARK: Running an edge

  /// Whether one word holds all modules.
  @inline(__always)
  var isNarrow: Bool { state.pointee.moduleCount <= 64 }

  /// Runs the edge at tick `now`, when no other domain has one there.
  @inline(__always)
  func runAlone(_ now: Tick) {
    if isNarrow {
      let bits = freezeNarrow(now)
      run(word: 0, bits: bits, now: state.pointee.cycle, instant: now)
      finishEdge(now)
    } else {
      freezeWide(now)
      runFrozen(now)
    }
  }

  /// Fixes who runs at the edge at tick `now`, so that a wake sent during it counts for the next
  /// one.
  func freeze(_ now: Tick) {
    if isNarrow { _ = freezeNarrow(now) } else { freezeWide(now) }
  }

  @inline(__always)
  private func freezeNarrow(_ now: Tick) -> UInt64 {
    arrive(at: now)
    var bits = state.pointee.awake[0]
    let cycle = state.pointee.cycle
    if state.pointee.timedCycle == cycle {
      bits |= state.pointee.wheel.takeNarrow(cycle)
      refreshTimed(after: cycle)
    }
    state.pointee.frozen[0] = bits
    state.pointee.frozenSummary = 1
    return bits
  }

  @inline(never)
  private func freezeWide(_ now: Tick) {
    arrive(at: now)
    let (awake, frozen) = (state.pointee.awake, state.pointee.frozen)
    var summary = state.pointee.awakeSummary
    var words = summary
    while words != 0 {
      let word = words.trailingZeroBitCount
      words &= words &- 1
      frozen[word] = awake[word]
    }
    let cycle = state.pointee.cycle
    if state.pointee.timedCycle == cycle {
      state.pointee.wheel.takeWide(cycle) { group, bits in
        let bit = 1 as UInt64 &<< UInt64(truncatingIfNeeded: group)
        frozen[group] = summary & bit == 0 ? bits : frozen[group] | bits
        summary |= bit
      }
      refreshTimed(after: cycle)
    }
    state.pointee.frozenSummary = summary
  }

  /// Moves to the edge at tick `now`, which a timed wake may have found while everybody slept.
  @inline(__always)
  private func arrive(at now: Tick) {
    if state.pointee.awakeSummary == 0 {
      state.pointee.cycle = state.pointee.timedCycle
      state.pointee.edge = now
    }
    state.pointee.frozenTick = now
  }

  /// Runs the frozen modules at tick `instant`.
  @inline(never)
  func runFrozen(_ instant: Tick) {
    let now = state.pointee.cycle
    var words = state.pointee.frozenSummary
    while words != 0 {
      let word = words.trailingZeroBitCount
      words &= words &- 1
      run(word: word, bits: state.pointee.frozen[word], now: now, instant: instant)
    }
    finishEdge(instant)
  }

  @inline(__always)
  private func finishEdge(_ instant: Tick) {
    state.pointee.cycle &+= 1
    state.pointee.edge = instant &+ state.pointee.period
  }

  @inline(__always)
  private func run(word: Int, bits frozen: UInt64, now: Cycle, instant: Tick) {
    if state.pointee.wheel.marked[word] & frozen == 0 {
      let modules = state.pointee.modules + word &* 64
      var bits = frozen
      while bits != 0 {
        let index = bits.trailingZeroBitCount
        let wake = modules[index]._withUnsafeGuaranteedRef { $0.tick(now) }
        if _slowPath(wake.cycle > now &+ 1) {
          settleFirst(of: bits, word: word, wake: wake.cycle, now: now, instant: instant)
        }
        bits &= bits &- 1
      }
    } else {
      runTimed(word: word, bits: frozen, now: now, instant: instant)
    }
  }

  /// The same for modules some of which have or had a timed wake, which their request replaces.
  @inline(never)
  private func runTimed(word: Int, bits frozen: UInt64, now: Cycle, instant: Tick) {
    let modules = state.pointee.modules + word &* 64
    // A module changes its own bit only, after it was looked at.
    let marked = state.pointee.wheel.marked[word]
    var bits = frozen
    while bits != 0 {
      let index = bits.trailingZeroBitCount
      let wake = modules[index]._withUnsafeGuaranteedRef { $0.tick(now) }
      bits &= bits &- 1
      if wake.cycle > now &+ 1 || marked &>> UInt64(truncatingIfNeeded: index) & 1 != 0 {
        settle(word &* 64 &+ index, wake: wake.cycle, now: now, instant: instant)
      }
    }
  }

  /// Whether the module at `place` was among those that ran at the edge at tick `now`.
  func isFrozen(_ place: Int, at now: Tick) -> Bool {
    guard state.pointee.frozenTick == now else { return false }
    let word = place >> 6
    return state.pointee.frozenSummary >> UInt64(word) & 1 == 1
      && state.pointee.frozen[word] >> UInt64(place & 63) & 1 == 1
  }

  /// Ticks the module at `place` again for the edge at tick `instant`, which is finished.
  func repeatTick(of place: Int, instant: Tick) {
    let now = state.pointee.cycle &- 1
    let wake = state.pointee.modules[place]._withUnsafeGuaranteedRef { $0.tick(now) }
    settle(place, wake: wake.cycle, now: now, instant: instant)
  }

  /// Settles the lowest module of `bits`: taking the mask spares the loop a register.
  @inline(never)
  private func settleFirst(
    of bits: UInt64, word: Int, wake cycle: Cycle, now: Cycle, instant: Tick
  ) {
    settle(word &* 64 &+ bits.trailingZeroBitCount, wake: cycle, now: now, instant: instant)
  }

  /// Replaces the wake of a module that just ran by its latest request, and lets it sleep if nobody
  /// woke it in this instant. Kept out of line, and with calls in tail position only: the loop that
  /// calls it must stay in registers, and so must this.
  @inline(never)
  private func settle(_ module: Int, wake cycle: Cycle, now: Cycle, instant: Tick) {
    let wheel = state.pointee.wheel
    let word = module &>> 6
    let bit = 1 as UInt64 &<< UInt64(truncatingIfNeeded: module)
    let isTimed = cycle > now &+ 1 && cycle != .max
    let isMarked = wheel.marked[word] & bit != 0
    let wake = wheel.wakes[module]
    let isOutstanding = isMarked && wake > now
    if isOutstanding, !isTimed || wake != cycle {
      supersede(module, wake: cycle, now: now, instant: instant)
      return
    }

    let cell = state.pointee.cells + module
    let woken = cell.pointee.woken
    if cycle <= now &+ 1 {
      // A module that a timed wake brought here is not in the mask yet.
      if woken == WakeCell.asleep { rouse(cell) }
    } else if woken != WakeCell.asleep, woken != instant &+ 1 {
      cell.pointee.woken = WakeCell.asleep
      let rest = state.pointee.awake[word] & ~bit
      state.pointee.awake[word] = rest
      if rest == 0 {
        state.pointee.awakeSummary &= ~(1 &<< UInt64(truncatingIfNeeded: word))
      }
    }

    if isTimed != isMarked { wheel.marked[word] ^= bit }
    if isTimed, !isOutstanding {
      if cycle < state.pointee.timedCycle { setTimed(cycle) }
      wheel.insert(module, at: cycle, now: now)
    }
  }

  /// Cancels the outstanding wake of a module and settles it again.
  @inline(never)
  private func supersede(_ module: Int, wake cycle: Cycle, now: Cycle, instant: Tick) {
    let wheel = state.pointee.wheel
    let cancelled = wheel.wakes[module]
    wheel.remove(module)
    wheel.wakes[module] = now
    if cancelled == state.pointee.timedCycle { refreshTimed(after: now) }
    settle(module, wake: cycle, now: now, instant: instant)
  }

  // MARK: Waking

  /// Puts a sleeping module into the mask.
  private func rouse(_ cell: UnsafeMutablePointer<WakeCell>) {
    cell.pointee.woken = WakeCell.unasked
    cell.pointee.word.pointee |= cell.pointee.bit
    cell.pointee.summary.pointee |= cell.pointee.summaryBit
  }

  /// Puts every sleeping module into the mask.
  func rouseAll() {
    for module in 0..<state.pointee.moduleCount {
      let cell = state.pointee.cells + module
      if cell.pointee.woken == WakeCell.asleep { rouse(cell) }
    }
  }

  // MARK: Horizon

  /// How many modules run at the edge at tick `now`.
  func runningCount(at now: Tick) -> Int {
    guard state.pointee.frozenTick == now else { return 0 }
    return count(state.pointee.frozen, summary: state.pointee.frozenSummary)
  }

  /// The earliest tick after `now` at which anyone but the only module running at `now` is due.
  func dueBesideSoleModule(after now: Tick) -> Tick {
    var waiting = count(state.pointee.awake, summary: state.pointee.awakeSummary)
    if state.pointee.frozenTick == now, waiting > 0 {
      // The running module is in the mask until its tick returns, unless a timed wake brought it.
      let word = state.pointee.frozenSummary.trailingZeroBitCount
      let module = word &* 64 &+ state.pointee.frozen[word].trailingZeroBitCount
      let woken = state.pointee.cells[module].woken
      if woken != now &+ 1, woken != WakeCell.asleep { waiting &-= 1 }
    }
    guard waiting > 0 else { return state.pointee.timedTick }
    let period = state.pointee.period
    let edge = state.pointee.edge
    if edge > now { return edge }
    return edge == now ? now &+ period : (now / period &+ 1) &* period
  }

  private func count(_ masks: UnsafeMutablePointer<UInt64>, summary: UInt64) -> Int {
    var total = 0
    var words = summary
    while words != 0 {
      total &+= masks[words.trailingZeroBitCount].nonzeroBitCount
      words &= words &- 1
    }
    return total
  }
}

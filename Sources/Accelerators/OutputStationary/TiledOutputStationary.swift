internal import SimKernel

/// The fast inside of an output-stationary array: keeps operand rows, computes them a tile of steps
/// at a time, and knows when wavefronts arrive where instead of moving them.
struct TiledOutputStationary<Element: Operand>: OutputStationaryDatapath {
  private let jobs: UnsafeMutablePointer<ArrayJob>
  private let rows: Int
  private let bStride: Int
  private let sumStride: Int
  private let tileSteps: Int
  private let a: UnsafeMutablePointer<Element.Lane>
  private let b: UnsafeMutablePointer<Element.Lane>
  private let sums: UnsafeMutablePointer<Element.Accumulator>
  /// Results on their way out; the accumulators themselves when there are no drain registers.
  private let drain: UnsafeMutablePointer<Element.Accumulator>
  private let doubleBuffered: Bool
  private var kept = 0
  private var drainIndex = 0
  /// The cycle of the last MAC of the job in each slot, `Cycle.max` while it is unknown.
  private let lastMAC: UnsafeMutablePointer<Cycle>
  private var busyUntil: Cycle = 0
  private var fullFrom: Cycle = 0

  init(
    configuration: SystolicArrayConfiguration, jobs: UnsafeMutablePointer<ArrayJob>, slots: Int,
    arena: Arena
  ) {
    self.jobs = jobs
    rows = configuration.rows
    // One block more than needed, so that rows of power-of-two arrays do not share cache sets.
    bStride = paddedColumns(configuration.columns) + columnBlock
    sumStride = paddedColumns(configuration.columns)
    tileSteps = min(
      maximumTileSteps, max(32, 8192 / max(configuration.rows, configuration.columns)))
    doubleBuffered = configuration.doubleBuffered
    a = arena.allocate(Element.Lane.self, count: tileSteps * rows)
    b = arena.allocate(Element.Lane.self, count: tileSteps * bStride)
    sums = arena.allocate(Element.Accumulator.self, count: rows * sumStride)
    drain =
      doubleBuffered
      ? arena.allocate(Element.Accumulator.self, count: rows * sumStride) : sums
    lastMAC = arena.allocate(Cycle.self, count: slots)
  }

  var activity: ArrayActivity? { nil }

  @inline(__always)
  mutating func issue(
    _ step: ArrayStep, _ in1: UnsafeRawPointer, _ in2: UnsafeRawPointer, at now: Cycle
  ) {
    let job = jobs + step.slot
    let (used, width) = (job.pointee.rows, job.pointee.columns)
    Element.widen(in1, into: a + kept &* rows, count: used)
    Element.widen(in2, into: b + kept &* bStride, count: width)
    kept &+= 1
    let arrival = now &+ Cycle(truncatingIfNeeded: used &+ width &- 2)
    fullFrom = now >= busyUntil ? arrival : min(fullFrom, arrival)
    busyUntil = max(busyUntil, arrival &+ 1)
    if step.isFirst {
      lastMAC[step.slot] = .max
      if !job.pointee.accumulates { clear(used, width) }
    }
    if step.isLast || kept == tileSteps { compute(used, width) }
    if step.isLast {
      lastMAC[step.slot] = arrival
      if job.pointee.hasOutput { capture(used, width) }
    }
  }

  @inline(never)
  private func clear(_ used: Int, _ width: Int) {
    for row in 0..<used {
      (sums + row &* sumStride).update(repeating: Element.zeroAccumulator, count: width)
    }
  }

  @inline(never)
  private mutating func compute(_ used: Int, _ width: Int) {
    Element.accumulateTile(
      Tile(
        accumulators: sums, accumulatorStride: sumStride, rows: used, columns: width, a: a,
        aStepStride: rows, aRowStride: 1, b: b, bStride: bStride, steps: kept))
    kept = 0
  }

  @inline(never)
  private mutating func capture(_ used: Int, _ width: Int) {
    drainIndex = 0
    guard doubleBuffered else { return }
    for row in 0..<used {
      (drain + row &* sumStride).update(from: sums + row &* sumStride, count: width)
    }
  }

  @inline(__always)
  mutating func finishCycle(_ now: Cycle) {}

  @inline(__always)
  func hasWavefronts(_ now: Cycle) -> Bool { now < busyUntil }

  @inline(__always)
  func isFull(_ now: Cycle) -> Bool { now >= fullFrom }

  @inline(__always)
  func isComputed(_ slot: Int, before now: Cycle) -> Bool { lastMAC[slot] < now }

  func nextChange(after now: Cycle, head: Int, draining: Int) -> Cycle {
    var change = now < busyUntil ? busyUntil : Cycle.max
    if head >= 0, lastMAC[head] > now { change = min(change, lastMAC[head]) }
    if draining >= 0, lastMAC[draining] >= now, lastMAC[draining] != .max {
      change = min(change, lastMAC[draining] &+ 1)
    }
    return change
  }

  @inline(__always)
  func drainRow() -> UnsafePointer<Element.Accumulator> {
    UnsafePointer(drain + drainIndex &* sumStride)
  }

  @inline(__always)
  mutating func shiftDrain(_ job: UnsafeMutablePointer<ArrayJob>) {
    if !doubleBuffered {
      (sums + drainIndex &* sumStride).update(
        repeating: Element.zeroAccumulator, count: job.pointee.columns)
    }
    drainIndex &+= 1
  }
}

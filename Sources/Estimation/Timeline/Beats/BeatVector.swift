internal import Mapping

/// A vector unit, cycle by cycle, without data: two registers between its streams, and the pool's windows.
struct BeatVector {
  private let takesInput: Bool
  /// Beats of `side` for one beat of the result's image.
  private let sideBeats: Int
  private let pool: VectorJobShape.Pool?
  private let cyclesPerBeat: Int

  /// Beats of a job, of the current one that were not taken, and jobs behind it.
  private let jobBeats: Int
  private var beatsLeft: Int
  private var jobsLeft: Int
  /// Beats of the image in the pool that have not entered it.
  private var imageLeft = 0
  private var holdsA = false
  private var hasOperand = false
  private var hasResult = false
  private var isPooling = false

  // The pool.
  private var y = 0
  private var x = -1
  private var outRow = 0
  private var outColumn = 0
  private var poolCycles = 0
  private var isReady = false
  private var isEmpty = true

  /// When beats were taken that are multiples of `markEvery`.
  private let markEvery: Int
  private let marks: UnsafeMutablePointer<Int>
  private let markCapacity: Int
  private(set) var markCount = 0
  private var taken = 0

  init(
    _ job: VectorJobShape, first: Int, jobs: Int, markEvery: Int, marks: UnsafeMutablePointer<Int>,
    capacity: Int
  ) {
    takesInput = !job.isAlone
    sideBeats = job.adds == nil ? (job.isAlone ? 1 : 0) : (job.isAlone ? 2 : 1)
    pool = job.pool
    cyclesPerBeat = job.pool?.cyclesPerBeat ?? 1
    jobBeats = job.beats
    beatsLeft = job.beats - first
    jobsLeft = jobs - 1
    self.markEvery = markEvery
    self.marks = marks
    markCapacity = capacity
  }

  var isFinished: Bool { beatsLeft == 0 && !hasOperand && !hasResult && !isPooling }

  @inline(__always)
  mutating func tick(
    _ now: Int, _ input: UnsafeMutablePointer<BeatChannel>,
    _ side: UnsafeMutablePointer<BeatChannel>, _ out: UnsafeMutablePointer<BeatChannel>
  ) {
    if hasResult, out.pointee.canPush(now) {
      out.pointee.push(0, now)
      hasResult = false
    }
    if pool != nil {
      if hasOperand || isPooling { advancePool() }
    } else if hasOperand, !hasResult {
      hasResult = true
      hasOperand = false
    }
    if beatsLeft > 0, !hasOperand { take(now, input, side) }
  }

  @inline(__always)
  private mutating func take(
    _ now: Int, _ input: UnsafeMutablePointer<BeatChannel>,
    _ side: UnsafeMutablePointer<BeatChannel>
  ) {
    if takesInput {
      guard input.pointee.canPop(now) else { return }
      if sideBeats > 0 {
        guard side.pointee.canPop(now) else { return }
        _ = side.pointee.pop(now)
      }
      _ = input.pointee.pop(now)
    } else {
      guard side.pointee.canPop(now) else { return }
      _ = side.pointee.pop(now)
      if sideBeats == 2, !holdsA {
        holdsA = true
        return
      }
      holdsA = false
    }
    hasOperand = true
    beatsLeft &-= 1
    taken &+= 1
    if beatsLeft == 0, jobsLeft > 0 {
      jobsLeft &-= 1
      beatsLeft = jobBeats
    }
    if taken % markEvery == 0, markCount < markCapacity {
      marks[markCount] = now
      markCount &+= 1
    }
  }

  // MARK: Pool

  private mutating func advancePool() {
    if poolCycles > 0 {
      poolCycles &-= 1
      if poolCycles == 0 { leave() }
      return
    }
    if isPooling { leave() }
    guard hasOperand, !isPooling || (!isReady && imageLeft > 0) else { return }
    if !isPooling {
      isPooling = true
      isEmpty = false
      imageLeft = jobBeats
      (y, x, outRow, outColumn) = (0, -1, 0, 0)
    }
    enter()
    imageLeft &-= 1
    poolCycles = cyclesPerBeat &- 1
    hasOperand = false
    if poolCycles == 0 { leave() }
  }

  private mutating func enter() {
    guard let pool else { return }
    x &+= 1
    if x == pool.width {
      x = 0
      y &+= 1
    }
    isReady = !isEmpty && isComplete(pool)
  }

  private func isComplete(_ pool: VectorJobShape.Pool) -> Bool {
    let endY = min(pool.height, outRow &* pool.strideY &- pool.top &+ pool.rows) &- 1
    let endX = min(pool.width, outColumn &* pool.strideX &- pool.left &+ pool.columns) &- 1
    return y > endY || (y == endY && x >= endX)
  }

  private mutating func leave() {
    guard let pool else { return }
    if isReady, !hasResult {
      hasResult = true
      outColumn &+= 1
      if outColumn == pool.outWidth {
        outColumn = 0
        outRow &+= 1
        isEmpty = outRow == pool.outHeight
      }
      isReady = !isEmpty && isComplete(pool)
    }
    if imageLeft == 0, isEmpty { isPooling = false }
  }
}

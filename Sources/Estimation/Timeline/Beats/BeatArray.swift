/// A systolic array, cycle by cycle, without data: when it takes operands and when rows leave.
struct BeatArray: BitwiseCopyable {
  private let isWeightStationary: Bool
  private let rows: Int
  private let columns: Int
  private let depth: Int
  private let passes: Int
  private let tileRows: Int
  /// Beats of a row on the way out.
  private let beatsPerRow: Int

  /// Rows of a job, and jobs behind the current one.
  private let jobRows: Int
  private var jobsLeft: Int
  /// Rows of the job that no tile has taken yet, those of the current one included.
  private var rowsLeft: Int
  private var step = 0
  private var pass = 0

  // The drain (output stationary).
  private var draining = 0
  private var lastMAC = 0

  // Weights and rows under way (weight stationary).
  private var areWeightsLoaded = false
  private var weightBeats = 0
  private var shadowFreeFrom = 0
  private var lastRowDue = 0
  private var outputsOpen = 0
  /// Rows with output inside, as cycles in which they leave: a ring, and rows in the queue behind.
  private let due: UnsafeMutablePointer<Int>
  private var dueHead = 0
  private var dueCount = 0
  private var queued = 0
  private let capacity: Int

  // The output stage.
  private var hasProcessed = false
  private var isSending = false
  private var sent = 0

  /// Cycles behind the mark `countFrom` in which each thing was waited for: vectors, weights, room for results.
  private let countFrom: Int
  private(set) var waits = SIMD3<Int>()

  /// When tiles (weight stationary: passes) had all their operands.
  private let marks: UnsafeMutablePointer<Int>
  private let markCapacity: Int
  private(set) var markCount = 0

  init(
    _ shape: SystemTiming.Array, _ job: ArrayJobTimes.Job, firstRow: Int, jobs: Int, passes: Int,
    beatsPerRow: Int, countFrom: Int, marks: UnsafeMutablePointer<Int>,
    capacity markCapacity: Int
  ) {
    self.countFrom = countFrom
    isWeightStationary = shape.isWeightStationary
    rows = shape.rows
    columns = job.columns
    depth = job.depth
    self.passes = passes
    tileRows = job.fullRows
    self.beatsPerRow = beatsPerRow
    jobRows = (job.tiles - 1) * job.fullRows + job.lastRows
    jobsLeft = jobs - 1
    rowsLeft = jobRows - firstRow
    capacity = shape.rows + shape.columns + 4
    due = .allocate(capacity: capacity + 1)
    self.marks = marks
    self.markCapacity = markCapacity
  }

  func deallocate() { due.deallocate() }

  /// Whether every row was sent.
  var isFinished: Bool {
    rowsLeft == 0 && draining == 0 && outputsOpen == 0 && !hasProcessed && !isSending
  }

  @inline(__always)
  mutating func tick(
    _ now: Int, _ in1: UnsafeMutablePointer<BeatChannel>, _ in2: UnsafeMutablePointer<BeatChannel>,
    _ out: UnsafeMutablePointer<BeatChannel>
  ) {
    send(now, out)
    if isWeightStationary {
      if queued > 0, !hasProcessed {
        queued &-= 1
        outputsOpen &-= 1
        hasProcessed = true
      }
      if dueCount > 0, due[dueHead] <= now {
        dueHead = dueHead == capacity ? 0 : dueHead &+ 1
        dueCount &-= 1
        queued &+= 1
      }
      let issued = rowsLeft > 0 && issueVector(now, in1)
      loadWeights(now, in2, issued: issued)
    } else {
      if draining > 0, !hasProcessed, lastMAC < now {
        draining &-= 1
        hasProcessed = true
      }
      if rowsLeft > 0 { issueStep(now, in1, in2) }
    }
  }

  @inline(__always)
  private mutating func send(_ now: Int, _ out: UnsafeMutablePointer<BeatChannel>) {
    if isSending, out.pointee.canPush(now) {
      out.pointee.push(0, now)
      sent &+= 1
      if sent == beatsPerRow { isSending = false }
    }
    if hasProcessed, !isSending {
      hasProcessed = false
      isSending = true
      sent = 0
    }
  }

  private mutating func mark(_ now: Int) {
    guard markCount < markCapacity else { return }
    marks[markCount] = now
    markCount &+= 1
  }

  @inline(__always)
  private mutating func wait(_ what: Int) {
    if markCount > countFrom { waits[what] &+= 1 }
  }

  // MARK: Output stationary

  @inline(__always)
  private mutating func issueStep(
    _ now: Int, _ in1: UnsafeMutablePointer<BeatChannel>, _ in2: UnsafeMutablePointer<BeatChannel>
  ) {
    let isLast = step &+ 1 == depth
    if draining > 0, isLast { return wait(2) }
    guard in1.pointee.canPop(now) else { return wait(0) }
    guard in2.pointee.canPop(now) else { return wait(1) }
    _ = in1.pointee.pop(now)
    _ = in2.pointee.pop(now)
    step &+= 1
    guard isLast else { return }
    step = 0
    let used = min(tileRows, rowsLeft)
    draining = used
    lastMAC = now &+ used &+ columns &- 2
    mark(now)
    endTile(used)
  }

  @inline(__always)
  private mutating func endTile(_ used: Int) {
    rowsLeft &-= used
    guard rowsLeft == 0, jobsLeft > 0 else { return }
    jobsLeft &-= 1
    rowsLeft = jobRows
  }

  // MARK: Weight stationary

  @inline(__always)
  private mutating func issueVector(
    _ now: Int, _ in1: UnsafeMutablePointer<BeatChannel>
  ) -> Bool {
    let due = now &+ rows &+ columns &- 1
    if step == 0, !areWeightsLoaded {
      wait(1)
      return false
    }
    if step == 0, due <= lastRowDue { return false }
    let hasOutput = pass &+ 1 == passes
    if hasOutput, outputsOpen == capacity {
      wait(2)
      return false
    }
    guard in1.pointee.canPop(now) else {
      wait(0)
      return false
    }
    _ = in1.pointee.pop(now)
    if step == 0 {
      areWeightsLoaded = false
      weightBeats = 0
      shadowFreeFrom = now &+ depth &- 1
    }
    lastRowDue = due
    if hasOutput {
      outputsOpen &+= 1
      let tail = dueHead &+ dueCount
      self.due[tail > capacity ? tail &- capacity &- 1 : tail] = due
      dueCount &+= 1
    }
    step &+= 1
    let used = min(tileRows, rowsLeft)
    guard step == used else { return true }
    step = 0
    pass &+= 1
    mark(now)
    if pass == passes {
      pass = 0
      endTile(used)
    }
    return true
  }

  @inline(__always)
  private mutating func loadWeights(
    _ now: Int, _ in2: UnsafeMutablePointer<BeatChannel>, issued: Bool
  ) {
    guard rowsLeft > 0, !areWeightsLoaded, now >= shadowFreeFrom, in2.pointee.canPop(now) else {
      return
    }
    if step > 0 {
      // A part is known behind the current one.
      guard pass &+ 1 < passes || rowsLeft > tileRows || jobsLeft > 0 else { return }
    }
    _ = in2.pointee.pop(now)
    weightBeats &+= 1
    if weightBeats == depth { areWeightsLoaded = true }
  }
}

internal import Mapping
internal import SimKernel

/// A systolic array with its jobs, cycle by cycle, without data: when it takes operands and when rows leave.
struct BeatArray: BitwiseCopyable {
  /// What a job makes it do.
  struct Job: BitwiseCopyable {
    var rows: Int
    var tileRows: Int
    var columns: Int
    var depth: Int
    var passes: Int
    /// Bytes of a row of results.
    var rowBytes: Int

    init(_ shape: ArrayJobShape) {
      rows = shape.rows
      tileRows = min(shape.rows, shape.tileRows)
      columns = shape.columns
      depth = shape.depth
      passes = shape.passes
      rowBytes = shape.columns * shape.resultBytes
    }
  }

  private let isWeightStationary: Bool
  private let isDoubleBuffered: Bool
  private let height: Int
  private let beatBytes: Int
  private let capacity: Int
  private let jobs: UnsafeMutablePointer<Job>
  private let starts: UnsafeMutablePointer<Int>
  private(set) var issued = 0

  // Operands: the job that takes them, the first row of its tile, its pass, the step or vector.
  private var job = 0
  private var row = 0
  private var pass = 0
  private var step = 0

  // The drain (output stationary).
  private var draining = 0
  private var drainBytes = 0
  private var lastMAC = 0

  // Weights and rows inside (weight stationary).
  private var areWeightsLoaded = false
  private var weightBeats = 0
  private var shadowFreeFrom = 0
  private var lastRowDue = 0
  private var outputsOpen = 0
  /// Cycles in which rows with output leave, and their bytes: a ring; rows in the queue behind come first.
  private let due: UnsafeMutablePointer<Int>
  private let dueBytes: UnsafeMutablePointer<Int>
  private var dueHead = 0
  private var dueCount = 0
  private var queued = 0

  // Parts in flight (weight stationary: passes over tiles), which end in order: when each ends, a ring; the first of them
  // whose rows leave the array, and how many have.
  private let partEnds: UnsafeMutablePointer<Int>
  private let partRows: UnsafeMutablePointer<Int>
  private var partHead = 0
  private var partCount = 0
  private var part = 0
  private var leavingPart = 0
  private var partRowsSent = 0

  // The output stage: bytes of the rows in its registers.
  private var processed = 0
  private var sending = 0

  // Completion.
  private var leaving = 0
  private var rowsSent = 0

  init(_ shape: SystemTiming.Array, jobs list: [Job], arena: Arena) {
    isWeightStationary = shape.isWeightStationary
    isDoubleBuffered = shape.isDoubleBuffered
    height = shape.rows
    beatBytes = shape.outBytes
    capacity = shape.rows + shape.columns + 4
    jobs = arena.allocate(Job.self, count: list.count)
    starts = arena.allocate(Int.self, count: list.count)
    for (index, job) in list.enumerated() { jobs[index] = job }
    due = arena.allocate(Int.self, count: capacity + 1)
    dueBytes = arena.allocate(Int.self, count: capacity + 1)
    partEnds = arena.allocate(Int.self, count: capacity)
    partRows = arena.allocate(Int.self, count: capacity)
  }

  mutating func issue(at time: Int) {
    starts[issued] = time
    issued += 1
  }

  /// From when on it has something to do. A job joins the queue at the end of the cycle in which it is started.
  @inline(__always)
  var wake: Int {
    if leaving < job || step > 0 || row > 0 || pass > 0 || draining > 0 { return 0 }
    return job < issued ? starts[job] &+ 1 : .max
  }

  /// When the job that is at hand was started, if that was before cycle `now`; −1 otherwise.
  func start(before now: Int) -> Int {
    job < issued && starts[job] < now ? starts[job] : -1
  }

  /// A cycle; true when a job has ended with it.
  @inline(__always)
  mutating func tick(
    _ now: Int, _ in1: UnsafeMutablePointer<BeatChannel>, _ in2: UnsafeMutablePointer<BeatChannel>,
    _ out: UnsafeMutablePointer<BeatChannel>
  ) -> Bool {
    let ended = send(now, out)
    if isWeightStationary {
      if queued > 0, processed == 0 {
        queued &-= 1
        outputsOpen &-= 1
        processed = dueBytes[dueHead]
        dueHead = dueHead == capacity ? 0 : dueHead &+ 1
        dueCount &-= 1
      }
      if dueCount > queued {
        let place = dueHead &+ queued
        if due[place > capacity ? place &- capacity &- 1 : place] <= now { queued &+= 1 }
      }
      if job < issued, starts[job] < now {
        issueVector(now, in1)
        loadWeights(now, in2)
      }
      while partCount > 0, partEnds[partHead] <= now {
        partHead = partHead &+ 1 == capacity ? 0 : partHead &+ 1
        partCount &-= 1
      }
    } else {
      if draining > 0, processed == 0, lastMAC < now {
        draining &-= 1
        processed = drainBytes
      }
      if job < issued, starts[job] < now { issueStep(now, in1, in2) }
    }
    return ended
  }

  @inline(__always)
  private mutating func send(_ now: Int, _ out: UnsafeMutablePointer<BeatChannel>) -> Bool {
    var ended = false
    if sending > 0, out.pointee.canPush(now) {
      let bytes = min(beatBytes, sending)
      out.pointee.push(bytes, now)
      sending &-= bytes
      if sending == 0 {
        if isWeightStationary { endRow(now) }
        rowsSent &+= 1
        if rowsSent == jobs[leaving].rows {
          rowsSent = 0
          leaving &+= 1
          ended = true
        }
      }
    }
    if processed > 0, sending == 0 {
      sending = processed
      processed = 0
    }
    return ended
  }

  // MARK: Output stationary

  @inline(__always)
  private mutating func issueStep(
    _ now: Int, _ in1: UnsafeMutablePointer<BeatChannel>, _ in2: UnsafeMutablePointer<BeatChannel>
  ) {
    let isLast = step &+ 1 == jobs[job].depth
    if draining > 0, isDoubleBuffered ? isLast : step == 0 { return }
    guard in1.pointee.canPop(now), in2.pointee.canPop(now) else { return }
    in1.pointee.pop(now)
    in2.pointee.pop(now)
    step &+= 1
    guard isLast else { return }
    step = 0
    let used = min(jobs[job].tileRows, jobs[job].rows &- row)
    draining = used
    drainBytes = jobs[job].rowBytes
    lastMAC = now &+ used &+ jobs[job].columns &- 2
    endTile(used)
  }

  @inline(__always)
  private mutating func endTile(_ used: Int) {
    row &+= used
    guard row == jobs[job].rows else { return }
    row = 0
    job &+= 1
  }

  // MARK: Weight stationary

  @inline(__always)
  private mutating func issueVector(
    _ now: Int, _ in1: UnsafeMutablePointer<BeatChannel>
  ) {
    let due = now &+ height &+ jobs[job].columns &- 1
    if step == 0 {
      if !areWeightsLoaded { return }
      // A narrower job's rows would overtake those of the job before it.
      if due <= lastRowDue || partCount == capacity { return }
    }
    let hasOutput = pass &+ 1 == jobs[job].passes
    if hasOutput, outputsOpen == capacity { return }
    guard in1.pointee.canPop(now) else { return }
    in1.pointee.pop(now)
    if step == 0 {
      areWeightsLoaded = false
      weightBeats = 0
      shadowFreeFrom = now &+ jobs[job].depth &- 1
      openPart(hasOutput: hasOutput)
    }
    lastRowDue = due
    if hasOutput {
      outputsOpen &+= 1
      var tail = dueHead &+ dueCount
      if tail > capacity { tail &-= capacity &+ 1 }
      self.due[tail] = due
      dueBytes[tail] = jobs[job].rowBytes
      dueCount &+= 1
    }
    step &+= 1
    let used = min(jobs[job].tileRows, jobs[job].rows &- row)
    guard step == used else { return }
    step = 0
    if !hasOutput { partEnds[part] = due }
    pass &+= 1
    if pass == jobs[job].passes {
      pass = 0
      endTile(used)
    }
  }

  private mutating func openPart(hasOutput: Bool) {
    part = partHead &+ partCount
    if part >= capacity { part &-= capacity }
    partEnds[part] = .max
    partRows[part] = hasOutput ? min(jobs[job].tileRows, jobs[job].rows &- row) : 0
    partCount &+= 1
  }

  /// A row has left: the first part that has rows to send ends with its last one.
  private mutating func endRow(_ now: Int) {
    if partRowsSent == 0 {
      leavingPart = partHead
      while partRows[leavingPart] == 0 {
        leavingPart = leavingPart &+ 1 == capacity ? 0 : leavingPart &+ 1
      }
    }
    partRowsSent &+= 1
    if partRowsSent == partRows[leavingPart] {
      partEnds[leavingPart] = now
      partRowsSent = 0
    }
  }

  @inline(__always)
  private mutating func loadWeights(
    _ now: Int, _ in2: UnsafeMutablePointer<BeatChannel>
  ) {
    guard !areWeightsLoaded, now >= shadowFreeFrom, in2.pointee.canPop(now) else { return }
    guard job < issued, starts[job] < now else { return }
    var depth = jobs[job].depth
    if step > 0 {
      let isLast =
        pass &+ 1 == jobs[job].passes && row &+ jobs[job].tileRows >= jobs[job].rows
      if isLast {
        guard job &+ 1 < issued, starts[job &+ 1] < now else { return }
        depth = jobs[job &+ 1].depth
      }
    }
    in2.pointee.pop(now)
    weightBeats &+= 1
    if weightBeats == depth { areWeightsLoaded = true }
  }
}

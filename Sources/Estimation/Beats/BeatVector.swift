internal import Mapping
internal import SimKernel

/// A vector unit with its jobs, cycle by cycle, without data.
struct BeatVector: BitwiseCopyable {
  private struct Pool: BitwiseCopyable {
    var height = 0
    var width = 0
    var rows = 0
    var columns = 0
    var strideY = 0
    var strideX = 0
    var top = 0
    var left = 0
    var outHeight = 0
    var outWidth = 0
    var cyclesPerBeat = 1
  }

  private struct Job: BitwiseCopyable {
    var takesSide = false
    var hasSecond = false
    var beats = 0
    var hasPool = false
    var pool = Pool()
  }

  private let jobs: UnsafeMutablePointer<Job>
  private let starts: UnsafeMutablePointer<Int>
  private(set) var issued = 0

  /// The job that takes beats, and how many it has taken.
  private var job = 0
  private var taken = 0
  private var holdsA = false
  private var heldBytes = 0

  private var hasOperand = false
  private var operandBytes = 0
  private var operandJob = 0
  private var isOperandLast = false
  private var hasResult = false
  private var resultBytes = 0
  private var isResultLast = false

  private var isPooling = false
  private var poolJob = 0
  private var isImageIn = false
  private var poolCycles = 0
  private var poolBytes = 0
  private var y = 0
  private var x = 0
  private var outRow = 0
  private var outColumn = 0
  private var endY = 0
  private var endX = 0
  private var isReady = false
  private var isEmpty = true

  /// Jobs that have ended, and those that would if those before them had.
  private var finished = 0
  private var worked = 0
  private var sent = 0

  init(_ list: [VectorJobShape], arena: Arena) {
    jobs = arena.allocate(Job.self, count: list.count)
    starts = arena.allocate(Int.self, count: list.count)
    for (index, shape) in list.enumerated() {
      var job = Job(takesSide: shape.isAlone, hasSecond: shape.adds != nil, beats: shape.beats)
      if let pool = shape.pool {
        job.hasPool = true
        job.pool = Pool(
          height: pool.height, width: pool.width, rows: pool.rows, columns: pool.columns,
          strideY: pool.strideY, strideX: pool.strideX, top: pool.top, left: pool.left,
          outHeight: pool.outHeight, outWidth: pool.outWidth, cyclesPerBeat: pool.cyclesPerBeat)
      }
      jobs[index] = job
    }
  }

  mutating func issue(at time: Int) {
    starts[issued] = time
    issued += 1
  }

  /// From when on it has something to do. A job joins the queue at the end of the cycle in which it is started.
  @inline(__always)
  var wake: Int {
    if finished < job || taken > 0 || holdsA { return 0 }
    return job < issued ? starts[job] &+ 1 : .max
  }

  /// When the job that is at hand was started, if that was before cycle `now`; −1 otherwise.
  func start(before now: Int) -> Int {
    job < issued && starts[job] < now ? starts[job] : -1
  }

  /// A cycle; true when a job has ended with it.
  @inline(__always)
  mutating func tick(
    _ now: Int, _ input: UnsafeMutablePointer<BeatChannel>,
    _ side: UnsafeMutablePointer<BeatChannel>, _ out: UnsafeMutablePointer<BeatChannel>
  ) -> Bool {
    if hasResult, out.pointee.canPush(now) {
      out.pointee.push(resultBytes, now)
      hasResult = false
      if isResultLast { sent &+= 1 }
    }
    if hasOperand || isPooling { advance() }
    if !hasOperand, job < issued, starts[job] < now { take(now, input, side) }
    // Jobs end in order: with the last beat worked on and the last result sent.
    guard finished < min(worked, sent) else { return false }
    finished &+= 1
    return true
  }

  @inline(__always)
  private mutating func take(
    _ now: Int, _ input: UnsafeMutablePointer<BeatChannel>,
    _ side: UnsafeMutablePointer<BeatChannel>
  ) {
    let current = jobs + job
    if current.pointee.takesSide {
      guard side.pointee.canPop(now) else { return }
      let bytes = side.pointee.pop(now)
      if current.pointee.hasSecond {
        guard holdsA else {
          holdsA = true
          heldBytes = bytes
          return
        }
        holdsA = false
        operandBytes = heldBytes
      } else {
        operandBytes = bytes
      }
    } else {
      guard input.pointee.canPop(now) else { return }
      if current.pointee.hasSecond {
        guard side.pointee.canPop(now) else { return }
        side.pointee.pop(now)
      }
      operandBytes = input.pointee.pop(now)
    }
    hasOperand = true
    operandJob = job
    taken &+= 1
    isOperandLast = taken == current.pointee.beats
    if isOperandLast {
      taken = 0
      job &+= 1
    }
  }

  @inline(__always)
  private mutating func advance() {
    guard !jobs[isPooling ? poolJob : operandJob].hasPool else { return advancePool() }
    guard !hasResult else { return }
    resultBytes = operandBytes
    isResultLast = isOperandLast
    hasResult = true
    hasOperand = false
    if isOperandLast { worked &+= 1 }
  }

  // MARK: Pool

  private mutating func advancePool() {
    if poolCycles > 0 {
      poolCycles &-= 1
      if poolCycles == 0 { leave() }
      return
    }
    if isPooling { leave() }
    guard hasOperand else { return }
    if isPooling {
      guard operandJob == poolJob, !isReady else { return }
    } else {
      guard jobs[operandJob].hasPool else { return }
      poolJob = operandJob
      isPooling = true
      isImageIn = false
      poolBytes = operandBytes
      (y, x, outRow, outColumn) = (0, -1, 0, 0)
      endY = lastRow(0)
      endX = lastColumn(0)
      isReady = false
      isEmpty = false
    }
    x &+= 1
    if x == jobs[poolJob].pool.width {
      x = 0
      y &+= 1
    }
    isReady = !isEmpty && isComplete
    poolCycles = jobs[poolJob].pool.cyclesPerBeat &- 1
    hasOperand = false
    if isOperandLast {
      isImageIn = true
      worked &+= 1
    }
    if poolCycles == 0 { leave() }
  }

  @inline(__always)
  private var isComplete: Bool { y > endY || (y == endY && x >= endX) }

  private func lastRow(_ row: Int) -> Int {
    let pool = jobs[poolJob].pool
    return min(pool.height, row &* pool.strideY &- pool.top &+ pool.rows) &- 1
  }

  private func lastColumn(_ column: Int) -> Int {
    let pool = jobs[poolJob].pool
    return min(pool.width, column &* pool.strideX &- pool.left &+ pool.columns) &- 1
  }

  private mutating func leave() {
    if isReady, !hasResult {
      resultBytes = poolBytes
      outColumn &+= 1
      if outColumn == jobs[poolJob].pool.outWidth {
        outColumn = 0
        outRow &+= 1
        isEmpty = outRow == jobs[poolJob].pool.outHeight
        endY = lastRow(outRow)
      }
      endX = lastColumn(outColumn)
      isReady = !isEmpty && isComplete
      isResultLast = isEmpty
      hasResult = true
    }
    if isImageIn, isEmpty { isPooling = false }
  }
}

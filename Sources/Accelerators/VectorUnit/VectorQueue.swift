internal import SimKernel

/// The jobs of a vector unit from START to their end, in a ring: those that ended, those whose
/// source beats were all taken, the one that takes source beats, the one behind it.
struct VectorQueue: BitwiseCopyable {
  /// Two that wait for beats, and one each in the operand register, the pool and the result
  /// register.
  private static let slots = 8

  /// The jobs by slot.
  let jobs: UnsafeMutablePointer<VectorJob>
  private let unfinished: UnsafeMutablePointer<UInt8>
  private var first = 0
  private var taken = 0
  /// Jobs whose source beats have not all been taken, 0 to 2.
  private(set) var count = 0

  init(arena: Arena) {
    jobs = arena.allocate(VectorJob.self, count: Self.slots)
    unfinished = arena.allocate(UInt8.self, count: Self.slots)
  }

  var isFull: Bool { count == 2 }
  var isBusy: Bool { count > 0 || taken > 0 }

  /// The slot of the job whose beats are taken now; there must be one.
  @inline(__always)
  var current: Int { (first &+ taken) & (Self.slots &- 1) }

  mutating func append(_ job: VectorJob) {
    let slot = (first &+ taken &+ count) & (Self.slots &- 1)
    jobs[slot] = job
    // Its beats are to be worked on and its last result is to be sent.
    unfinished[slot] = 2
    count &+= 1
  }

  /// The current job has taken its last beat.
  mutating func advance() {
    taken &+= 1
    count &-= 1
  }

  /// One of the two things that end a job has happened: its last beat was worked on or its last
  /// result was sent.
  mutating func finishPart(_ slot: Int) {
    unfinished[slot] &-= 1
  }

  /// Removes the oldest job if it has ended.
  mutating func retire() -> Bool {
    guard taken > 0, unfinished[first] == 0 else { return false }
    first = (first &+ 1) & (Self.slots &- 1)
    taken &-= 1
    return true
  }
}

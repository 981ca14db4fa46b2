internal import SimKernel

/// The jobs of an array from START to their end.
///
/// Two entries wait for or take operands; a job leaves them with its last operand. From its first
/// operand to its end it also holds a slot of the completion queue, through which jobs end in
/// order. That queue is longer than the array can have jobs in flight, except behind an output that
/// does not move.
struct JobQueue: BitwiseCopyable {
  private let entries: UnsafeMutablePointer<ArrayJob>
  private var first = 0
  /// Jobs that have not taken all their operands, 0 to 2.
  private(set) var count = 0

  /// The jobs in flight, by slot.
  let jobs: UnsafeMutablePointer<ArrayJob>
  private let isFinished: UnsafeMutablePointer<Bool>
  private let capacity: Int
  private(set) var head = 0
  private(set) var inFlight = 0

  init(capacity: Int, arena: Arena) {
    entries = arena.allocate(ArrayJob.self, count: 2)
    jobs = arena.allocate(ArrayJob.self, count: capacity)
    isFinished = arena.allocate(Bool.self, count: capacity)
    self.capacity = capacity
  }

  var isFull: Bool { count == 2 }
  var isBusy: Bool { count > 0 || inFlight > 0 }
  var canOpen: Bool { inFlight < capacity }

  /// The job whose operands are taken now; there must be one.
  var current: UnsafeMutablePointer<ArrayJob> { entries + first }
  /// The job behind it; there must be two.
  var next: UnsafeMutablePointer<ArrayJob> { entries + (1 &- first) }

  mutating func append(_ job: ArrayJob) {
    entries[(first &+ count) & 1] = job
    count &+= 1
  }

  /// The current job takes its first operand; returns its slot.
  mutating func open() -> Int {
    var slot = head &+ inFlight
    if slot >= capacity { slot &-= capacity }
    jobs[slot] = entries[first]
    isFinished[slot] = false
    inFlight &+= 1
    return slot
  }

  /// The current job has taken its last operand.
  mutating func advance() {
    first = 1 &- first
    count &-= 1
  }

  mutating func finish(_ slot: Int) {
    isFinished[slot] = true
  }

  /// The slot of the job that opens after the one in `slot`.
  func slot(after slot: Int) -> Int {
    slot &+ 1 == capacity ? 0 : slot &+ 1
  }

  /// Whether the oldest job in flight has finished.
  var isHeadFinished: Bool { inFlight > 0 && isFinished[head] }

  /// The oldest job ends.
  mutating func retire() {
    head &+= 1
    if head == capacity { head = 0 }
    inFlight &-= 1
  }
}

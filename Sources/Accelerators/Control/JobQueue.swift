internal import SimKernel

/// The jobs of an array from START to their end.
///
/// Two entries wait for or take operands; a job leaves them with its last operand. An array works
/// through the parts of a job (tiles, and passes over each) one after the other; most jobs have one.
/// From its first operand to its end each part also holds a slot of the completion queue, through
/// which parts, and with its last part a job, end in order. That queue is longer than the array can
/// have parts in flight, except behind an output that does not move.
struct JobQueue: BitwiseCopyable {
  private let entries: UnsafeMutablePointer<ArrayJob>
  private var first = 0
  /// Jobs that have not taken all their operands, 0 to 2.
  private(set) var count = 0

  /// The part whose operands are taken now; there must be a job.
  let current: UnsafeMutablePointer<ArrayJob>
  /// Where it begins in its job.
  private var row = 0
  private var pass = 0

  /// The parts in flight, by slot.
  let jobs: UnsafeMutablePointer<ArrayJob>
  private let isFinished: UnsafeMutablePointer<Bool>
  private let capacity: Int
  private(set) var head = 0
  private(set) var inFlight = 0

  init(capacity: Int, arena: Arena) {
    entries = arena.allocate(ArrayJob.self, count: 2)
    current = arena.allocate(ArrayJob.self, count: 1)
    jobs = arena.allocate(ArrayJob.self, count: capacity)
    isFinished = arena.allocate(Bool.self, count: capacity)
    self.capacity = capacity
  }

  var isFull: Bool { count == 2 }
  var isBusy: Bool { count > 0 || inFlight > 0 }
  var canOpen: Bool { inFlight < capacity }

  /// Whether a part is known behind the current one; there must be a job.
  var hasNext: Bool { count == 2 || !current.pointee.isLast }
  /// That part, of which only columns, depth and the use of weights are meant.
  var next: UnsafeMutablePointer<ArrayJob> {
    current.pointee.isLast ? entries + (1 &- first) : current
  }

  mutating func append(_ job: ArrayJob) {
    entries[(first &+ count) & 1] = job
    count &+= 1
    if count == 1 { enter(row: 0, pass: 0) }
  }

  private mutating func enter(row: Int, pass: Int) {
    self.row = row
    self.pass = pass
    current.pointee = entries[first].part(row: row, pass: pass)
  }

  /// The current part takes its first operand; returns its slot.
  mutating func open() -> Int {
    var slot = head &+ inFlight
    if slot >= capacity { slot &-= capacity }
    jobs[slot] = current.pointee
    isFinished[slot] = false
    inFlight &+= 1
    return slot
  }

  /// The current part has taken its last operand.
  mutating func advance() {
    if current.pointee.isLast {
      first = 1 &- first
      count &-= 1
      if count > 0 { enter(row: 0, pass: 0) }
    } else if pass &+ 1 < current.pointee.passes {
      enter(row: row, pass: pass &+ 1)
    } else {
      enter(row: row &+ current.pointee.rows, pass: 0)
    }
  }

  mutating func finish(_ slot: Int) {
    isFinished[slot] = true
  }

  /// The slot of the part that opens after the one in `slot`.
  func slot(after slot: Int) -> Int {
    slot &+ 1 == capacity ? 0 : slot &+ 1
  }

  /// Whether the oldest part in flight has finished.
  var isHeadFinished: Bool { inFlight > 0 && isFinished[head] }

  /// The oldest part ends; returns whether its job does.
  mutating func retire() -> Bool {
    let isLast = jobs[head].isLast
    head &+= 1
    if head == capacity { head = 0 }
    inFlight &-= 1
    return isLast
  }
}

internal import Fabric
internal import SimKernel

/// Unpacks stream-wide beats and writes their bytes to memory in a pattern's order.
///
/// Per cycle: one burst request, one bus word sent, one beat taken. A burst is requested only when
/// its first byte has arrived, so that an idle source does not hold the memory's write channel.
struct WriteEngine: BitwiseCopyable {
  /// What one tick did.
  struct Activity: BitwiseCopyable {
    var progress = false
    var requested = false
    var busBeat = false
    var tookBeat = false
    /// Payload bytes sent.
    var bytes = 0
  }

  private let bus: BusInitiator
  private let busBytes: Int
  private let maximumBurstBytes: Int
  private let outstanding: Int

  private var iterator = PatternIterator(TransferPattern(), widestGather: 0)
  private var segment = Segment()
  private var isWriting = false
  /// Bytes of the segment whose burst was requested, and bytes already sent.
  private var requested = 0
  private var sent = 0
  /// Bytes of the current word gathered so far.
  private let word: UnsafeMutableRawPointer
  private var gathered = 0
  /// Bytes of the front beat already used.
  private var used = 0
  private var burstsUnderWay = 0
  private var isAborted = false

  /// Whether the whole pattern is written and answered.
  private(set) var isFinished = true
  /// The first error response of the transfer.
  private(set) var error: BusResponse = .okay

  init(bus: BusInitiator, maximumBurstBeats: Int, outstanding: Int, arena: Arena) {
    self.bus = bus
    busBytes = bus.widthBytes
    maximumBurstBytes = maximumBurstBeats * bus.widthBytes
    self.outstanding = outstanding
    word = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: bus.widthBytes))
  }

  /// Begins a transfer; the previous one must be finished.
  mutating func start(_ pattern: TransferPattern) {
    iterator = PatternIterator(pattern, widestGather: 0)
    isFinished = iterator.isFinished
    isWriting = false
    error = .okay
    isAborted = false
    used = 0
  }

  /// Whether all data was sent and only answers are missing.
  var isWaitingForAnswers: Bool {
    !isFinished && !isWriting && iterator.isFinished
  }

  /// Ends the transfer early because its source failed; a burst already requested is completed with
  /// whatever the word buffer holds.
  mutating func abort(_ response: BusResponse) {
    if error == .okay { error = response }
    isAborted = true
  }

  /// Does a cycle's work on the beats of `input`.
  @inline(__always)
  mutating func tick(from input: inout BeatQueue) -> Activity {
    var activity = Activity()
    if isFinished { return activity }
    receiveAnswer(&activity)
    if !isWriting {
      if iterator.isFinished {
        if burstsUnderWay == 0 {
          // What is left of the last beat belongs to nobody.
          if used > 0 {
            input.removeFirst()
            used = 0
          }
          isFinished = true
          activity.progress = true
        }
        return activity
      }
      if isAborted {
        iterator = PatternIterator(TransferPattern(), widestGather: 0)
        activity.progress = true
        return activity
      }
      guard input.count > 0 else { return activity }
      segment = iterator.next()
      isWriting = true
      requested = 0
      sent = 0
      gathered = 0
    }
    send(&input, &activity)
    return activity
  }

  @inline(__always)
  private mutating func receiveAnswer(_ activity: inout Activity) {
    guard bus.writeResponse.canPop else { return }
    let answer = bus.writeResponse.pop()
    burstsUnderWay &-= 1
    if answer.response != .okay, error == .okay {
      error = answer.response
      // Nothing more is requested; a burst already begun is completed.
    }
    activity.progress = true
  }

  @inline(__always)
  private mutating func send(_ input: inout BeatQueue, _ activity: inout Activity) {
    if sent == requested {
      if error != .okay {
        // Stop at a burst boundary.
        isWriting = false
        iterator = PatternIterator(TransferPattern(), widestGather: 0)
        activity.progress = true
        return
      }
      guard input.count > 0, burstsUnderWay < outstanding, bus.writeRequest.canPush else { return }
      let from = segment.address &+ Address(sent)
      let bytes = burstBytes(
        from: from, to: segment.address &+ Address(segment.bytes), busBytes: busBytes,
        maximum: maximumBurstBytes)
      bus.writeRequest.push(BusRequest(address: from, bytes: bytes, busBytes: busBytes))
      burstsUnderWay &+= 1
      requested &+= bytes
      activity.requested = true
      activity.progress = true
    }
    // Fill the current word from the waiting beat.
    let address = segment.address &+ Address(sent)
    let lane = Int(truncatingIfNeeded: address & Address(busBytes &- 1))
    let wanted = min(busBytes &- lane, requested &- sent)
    while gathered < wanted, input.count > 0 {
      let beat = input.front
      let bytes = min(wanted &- gathered, beat.bytes &- used)
      copyLanes(to: word + (lane &+ gathered), from: input.frontData + used, count: bytes)
      gathered &+= bytes
      used &+= bytes
      if bytes > 0 { activity.progress = true }
      if used == beat.bytes {
        guard !activity.tookBeat else { break }
        input.removeFirst()
        used = 0
        activity.tookBeat = true
        activity.progress = true
      }
    }
    if isAborted { gathered = wanted }
    guard gathered == wanted, bus.writeData.canPush else { return }
    copyLanes(to: bus.writeData.data, from: word, count: busBytes)
    sent &+= wanted
    bus.writeData.push(WriteBeat(offset: lane, bytes: wanted, isLast: sent == requested))
    gathered = 0
    activity.busBeat = true
    activity.bytes = wanted
    activity.progress = true
    if sent == segment.bytes { isWriting = false }
  }
}

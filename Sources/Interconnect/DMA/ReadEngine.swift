internal import Fabric
internal import SimKernel

/// Reads a pattern from memory and packs its bytes densely into stream-wide beats.
///
/// Per cycle: one burst request, one bus word received, one bus word taken apart, one beat
/// completed. Padding bytes cost no access. Space for a burst's words is reserved before it is
/// requested, so that a stalled stream never leaves data standing in the memory's or the crossbar's
/// way.
struct ReadEngine: BitwiseCopyable {
  /// What one tick did.
  struct Activity: BitwiseCopyable {
    var progress = false
    var requested = false
    var busBeat = false
    var paddingBytes: UInt64 = 0
  }

  /// A power of two.
  private static let queueCapacity = 32

  private let bus: BusInitiator
  private let busBytes: Int
  private let maximumBurstBytes: Int
  private let outstanding: Int
  private let queue: UnsafeMutablePointer<Segment>
  private var queueHead = 0
  private var queueCount = 0

  private var iterator = PatternIterator(TransferPattern(), widestGather: 0)
  /// The piece whose requests are being sent, and how far they got.
  private var requesting = Segment()
  private var requestedTo: Address = 0
  private var isRequesting = false
  private var burstsUnderWay = 0

  /// Words received and not yet used up, and how many are reserved for bursts and words together.
  private let words: UnsafeMutablePointer<BusResponse>
  private let wordLanes: UnsafeMutableRawPointer
  private let wordCapacity: Int
  private var wordHead = 0
  private var wordTail = 0
  private var wordCount = 0
  private var wordsReserved = 0

  /// Payload bytes of the front piece already packed.
  private var taken = 0
  /// The beat being filled.
  private let assembly: UnsafeMutableRawPointer
  private let width: Int
  private var filled = 0
  private var alignsRows = false
  private var marksRows = false
  private var padding: UInt8 = 0
  private var isAborting = false

  /// Whether the whole pattern was packed and handed over, and nothing is under way.
  private(set) var isFinished = true
  /// The first error response of the transfer.
  private(set) var error: BusResponse = .okay

  init(
    bus: BusInitiator, streamBytes: Int, maximumBurstBeats: Int, outstanding: Int, arena: Arena
  ) {
    self.bus = bus
    busBytes = bus.widthBytes
    maximumBurstBytes = maximumBurstBeats * bus.widthBytes
    self.outstanding = outstanding
    width = streamBytes
    queue = arena.allocate(Segment.self, count: Self.queueCapacity)
    wordCapacity = Self.bufferWords(maximumBurstBeats: maximumBurstBeats)
    words = arena.allocate(BusResponse.self, count: wordCapacity)
    wordLanes = UnsafeMutableRawPointer(
      arena.allocate(UInt8.self, count: wordCapacity * bus.widthBytes))
    assembly = UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: streamBytes))
  }

  /// Bus words that the read buffer holds: two of the longest bursts, at least 32.
  static func bufferWords(maximumBurstBeats: Int) -> Int {
    max(32, 2 * maximumBurstBeats)
  }

  /// Begins a transfer; the previous one must be finished.
  mutating func start(_ pattern: TransferPattern, alignsRows: Bool, marksRows: Bool) {
    iterator = PatternIterator(pattern, widestGather: busBytes)
    self.alignsRows = alignsRows
    self.marksRows = marksRows
    padding = pattern.convolution.padding
    isFinished = iterator.isFinished
    error = .okay
    isAborting = false
    isRequesting = false
    filled = 0
    taken = 0
  }

  /// Does a cycle's work; completed beats go to `output`.
  @inline(__always)
  mutating func tick(into output: inout BeatQueue) -> Activity {
    var activity = Activity()
    if isFinished { return activity }
    if isAborting {
      dropResponse(&activity)
    } else {
      pack(&output, &activity)
      if !isAborting, !isFinished {
        receive(&activity)
        request(&activity)
      }
    }
    return activity
  }

  // MARK: Requests

  @inline(__always)
  private mutating func request(_ activity: inout Activity) {
    while !isRequesting {
      guard !iterator.isFinished, queueCount < Self.queueCapacity else { return }
      let segment = iterator.next()
      queue[(queueHead &+ queueCount) & (Self.queueCapacity &- 1)] = segment
      queueCount &+= 1
      activity.progress = true
      if !segment.isPadding {
        requesting = segment
        requestedTo = segment.address
        isRequesting = true
      }
    }
    guard burstsUnderWay < outstanding, bus.readRequest.canPush else { return }
    let end = requesting.address &+ Address(requesting.span)
    let bytes = burstBytes(
      from: requestedTo, to: end, busBytes: busBytes, maximum: maximumBurstBytes)
    let burst = BusRequest(address: requestedTo, bytes: bytes, busBytes: busBytes)
    guard wordsReserved &+ Int(burst.beats) <= wordCapacity else { return }
    bus.readRequest.push(burst)
    wordsReserved &+= Int(burst.beats)
    burstsUnderWay &+= 1
    requestedTo &+= Address(bytes)
    if requestedTo == end { isRequesting = false }
    activity.requested = true
    activity.progress = true
  }

  /// Takes a word from the bus; there is room for it, since it was asked for.
  @inline(__always)
  private mutating func receive(_ activity: inout Activity) {
    guard bus.readData.canPop else { return }
    copyLanes(
      to: wordLanes + wordTail &* busBytes, from: bus.readData.data, count: busBytes)
    let beat = bus.readData.pop()
    words[wordTail] = beat.response
    wordTail = wordTail &+ 1 == wordCapacity ? 0 : wordTail &+ 1
    wordCount &+= 1
    if beat.isLast { burstsUnderWay &-= 1 }
    activity.busBeat = true
    activity.progress = true
  }

  // MARK: Packing

  /// Packs bytes until a beat was completed, the bus word is used up, or data is missing.
  @inline(__always)
  private mutating func pack(_ output: inout BeatQueue, _ activity: inout Activity) {
    var completed = false
    var tookWord = false
    while queueCount > 0 {
      let segment = queue[queueHead]
      if segment.isPadding {
        let bytes = min(segment.bytes &- taken, width &- filled)
        if bytes > 0 {
          (assembly + filled).initializeMemory(as: UInt8.self, repeating: padding, count: bytes)
          filled &+= bytes
          taken &+= bytes
          activity.paddingBytes &+= UInt64(bytes)
          activity.progress = true
        }
      } else if taken < segment.bytes, filled < width {
        guard !tookWord, wordCount > 0 else { return }
        if words[wordHead] != .okay {
          abort(words[wordHead])
          dropResponse(&activity)
          return
        }
        if takeBytes(segment) { activity.progress = true }
        if wordIsUsedUp(segment) {
          wordHead = wordHead &+ 1 == wordCapacity ? 0 : wordHead &+ 1
          wordCount &-= 1
          wordsReserved &-= 1
          tookWord = true
          activity.progress = true
        }
      }
      let segmentDone = taken == segment.bytes
      let rowDone = segmentDone && segment.endsRow
      let transferDone = segmentDone && segment.endsTransfer
      if filled == width || (filled > 0 && (transferDone || (rowDone && (alignsRows || marksRows))))
      {
        guard !completed, !output.isFull else { return }
        copyLanes(to: output.tailData, from: assembly, count: filled)
        output.append(
          BeatQueue.Beat(bytes: filled, isLast: transferDone || (rowDone && marksRows)))
        filled = 0
        completed = true
        activity.progress = true
      }
      if segmentDone {
        queueHead = (queueHead &+ 1) & (Self.queueCapacity &- 1)
        queueCount &-= 1
        taken = 0
        if transferDone {
          isFinished = true
          return
        }
      }
    }
  }

  /// Copies the segment's bytes that lie in the waiting bus word, as far as the beat has room.
  @inline(__always)
  private mutating func takeBytes(_ segment: Segment) -> Bool {
    let word = wordLanes + wordHead &* busBytes
    let before = taken
    if segment.stride == segment.elementBytes {
      let address = segment.address &+ Address(taken)
      let lane = Int(truncatingIfNeeded: address & Address(busBytes &- 1))
      let bytes = min(segment.bytes &- taken, min(busBytes &- lane, width &- filled))
      copyLanes(to: assembly + filled, from: word + lane, count: bytes)
      filled &+= bytes
      taken &+= bytes
      return bytes > 0
    }
    let wordAddress = byteAddress(segment, taken) & ~Address(busBytes &- 1)
    while taken < segment.bytes, filled < width {
      let address = byteAddress(segment, taken)
      guard address & ~Address(busBytes &- 1) == wordAddress else { break }
      let lane = Int(truncatingIfNeeded: address & Address(busBytes &- 1))
      (assembly + filled).storeBytes(
        of: word.load(fromByteOffset: lane, as: UInt8.self), as: UInt8.self)
      filled &+= 1
      taken &+= 1
    }
    return taken > before
  }

  /// Whether no byte of the segment that is still missing lies in the waiting word.
  @inline(__always)
  private func wordIsUsedUp(_ segment: Segment) -> Bool {
    if taken == segment.bytes { return true }
    guard taken > 0 else { return false }
    let mask = ~Address(busBytes &- 1)
    return byteAddress(segment, taken) & mask != byteAddress(segment, taken &- 1) & mask
  }

  @inline(__always)
  private func byteAddress(_ segment: Segment, _ byte: Int) -> Address {
    if segment.stride == segment.elementBytes { return segment.address &+ Address(byte) }
    let (element, rest) = byte.quotientAndRemainder(dividingBy: segment.elementBytes)
    return segment.address &+ Address(element &* segment.stride &+ rest)
  }

  // MARK: Errors

  /// Ends the transfer early because its destination failed.
  mutating func stop() {
    if !isFinished, !isAborting { abort(.okay) }
  }

  /// Stops the transfer; what is under way is still received and dropped.
  private mutating func abort(_ response: BusResponse) {
    error = response
    isAborting = true
    queueHead = 0
    queueCount = 0
    wordTail = wordHead
    wordCount = 0
    wordsReserved = 0
    isRequesting = false
  }

  private mutating func dropResponse(_ activity: inout Activity) {
    if bus.readData.canPop {
      if bus.readData.pop().isLast { burstsUnderWay &-= 1 }
      activity.busBeat = true
      activity.progress = true
    }
    if burstsUnderWay == 0 { isFinished = true }
  }
}

/// The length of the next burst from `address` towards `end`: at most `maximum` bytes of whole
/// words and never across a 4 KiB boundary (AXI4).
@inline(__always)
func burstBytes(from address: Address, to end: Address, busBytes: Int, maximum: Int) -> Int {
  // Distances, not addresses: the end of the address space is a boundary, too.
  let toMaximum = Address(maximum) &- (address & Address(busBytes &- 1))
  let toBoundary = 4096 &- (address & 4095)
  return Int(truncatingIfNeeded: min(end &- address, min(toMaximum, toBoundary)))
}

internal import Fabric
internal import SimKernel

/// Reads a pattern from memory and packs its bytes densely into stream-wide beats.
///
/// Per cycle: one burst request, one bus word received, one bus word taken apart, one beat
/// completed. Padding bytes cost no access. Space for a burst's words is reserved before it is
/// requested, so that a stalled stream never leaves data standing in the memory's or the crossbar's
/// way. In a turned transfer the pieces pass the turn buffer on their way to the output.
struct ReadEngine: BitwiseCopyable {
  /// What one tick did.
  struct Activity: BitwiseCopyable {
    var progress = false
    var requested = false
    var busBeat = false
    var paddingBytes: UInt64 = 0
    /// A piece went into the turn buffer.
    var turnedPiece = false
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
  /// How far the requests of a piece got, and where it ends.
  private var requestedTo: Address = 0
  private var requestEnd: Address = 0
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
  /// Whether a row ends its last beat.
  private var endsBeats = false
  private var marksRows = false
  private var padding: UInt8 = 0
  private var isAborting = false
  /// Where pieces go instead of the output, for a turned transfer.
  private var turnBuffer: TurnBuffer
  private var turns = false
  /// Whether the whole pattern was packed.
  private var isPacked = false

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
    turnBuffer = TurnBuffer(arena: arena, width: streamBytes)
  }

  /// Bus words that the read buffer holds: two of the longest bursts, at least 32.
  static func bufferWords(maximumBurstBeats: Int) -> Int {
    max(32, 2 * maximumBurstBeats)
  }

  /// Begins a transfer; the previous one must be finished.
  mutating func start(_ pattern: TransferPattern, alignsRows: Bool, marksRows: Bool) {
    iterator = PatternIterator(
      pattern, widestGather: busBytes, blockBytes: pattern.count3 == 0 ? width : pattern.count3)
    turns = pattern.isTurned
    if turns { turnBuffer.reset(elementBytes: pattern.elementBytes) }
    isPacked = false
    endsBeats = alignsRows || marksRows || turns || pattern.kind == .window
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
      if turns { drainTurned(&output, &activity) }
      pack(&output, &activity)
      if !isAborting, !isFinished {
        receive(&activity)
        request(&activity)
      }
    }
    return activity
  }

  /// Sends a turned beat on its way; the transfer is over with the last one.
  @inline(__always)
  private mutating func drainTurned(_ output: inout BeatQueue, _ activity: inout Activity) {
    guard turnBuffer.drain(into: &output) else { return }
    activity.progress = true
    if isPacked, turnBuffer.isDrained { isFinished = true }
  }

  // MARK: Requests

  @inline(__always)
  private mutating func request(_ activity: inout Activity) {
    while !isRequesting {
      guard !iterator.isFinished, queueCount < Self.queueCapacity else { return }
      let segment = queue + ((queueHead &+ queueCount) & (Self.queueCapacity &- 1))
      iterator.next(into: segment)
      queueCount &+= 1
      activity.progress = true
      if !segment.pointee.isPadding {
        requestedTo = segment.pointee.address
        requestEnd = requestedTo &+ Address(segment.pointee.span)
        isRequesting = true
      }
    }
    guard burstsUnderWay < outstanding, bus.readRequest.canPush else { return }
    let bytes = burstBytes(
      from: requestedTo, to: requestEnd, busBytes: busBytes, maximum: maximumBurstBytes)
    let burst = BusRequest(address: requestedTo, bytes: bytes, busBytes: busBytes)
    guard wordsReserved &+ Int(burst.beats) <= wordCapacity else { return }
    bus.readRequest.push(burst)
    wordsReserved &+= Int(burst.beats)
    burstsUnderWay &+= 1
    requestedTo &+= Address(bytes)
    if requestedTo == requestEnd { isRequesting = false }
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
    guard queueCount > 0 else { return }
    guard packWhole(&output, &activity) else {
      packParts(&output, &activity, tookWord: false)
      return
    }
    // Padding can follow in the same cycle, other data cannot.
    if taken == 0, queueCount > 0, queue[queueHead].isPadding {
      packParts(&output, &activity, tookWord: true)
    }
  }

  /// The usual case of ``packParts(_:_:tookWord:)``, where one step uses up the bus word and
  /// completes a beat: false when it is something else, and nothing was done.
  @inline(__always)
  private mutating func packWhole(
    _ output: inout BeatQueue, _ activity: inout Activity
  ) -> Bool {
    let segment = queue + queueHead
    let flags = segment.pointee.flags.rawValue
    guard filled == 0, wordCount > 0, flags & Segment.Flags.contiguous.rawValue != 0 else {
      return false
    }
    let left = segment.pointee.bytes &- taken
    let address = segment.pointee.address &+ Address(taken)
    let lane = Int(truncatingIfNeeded: address & Address(busBytes &- 1))
    let bytes = min(left, busBytes &- lane)
    let ends = bytes == left ? flags : 0
    let (endsRow, endsTransfer) = (
      ends & Segment.Flags.endsRow.rawValue != 0, ends & Segment.Flags.endsTransfer.rawValue != 0
    )
    guard bytes == width || (bytes < width && (endsTransfer || (endsRow && endsBeats))),
      words[wordHead] == .okay
    else { return false }
    let word = wordLanes + (wordHead &* busBytes &+ lane)
    let isLast = endsTransfer || (endsRow && marksRows)
    if turns {
      guard !turnBuffer.isFull else { return false }
      copyLanes(to: turnBuffer.tailData, from: word, count: bytes)
      turnBuffer.append(
        bytes: bytes, endsGroup: ends & Segment.Flags.endsGroup.rawValue != 0, isLast: isLast)
      activity.turnedPiece = true
    } else {
      guard !output.isFull else { return false }
      copyLanes(to: output.tailData, from: word, count: bytes)
      output.append(BeatQueue.Beat(bytes: bytes, isLast: isLast))
    }
    activity.progress = true
    dropWord()
    if bytes == left {
      endSegment(endsTransfer: endsTransfer)
    } else {
      taken &+= bytes
    }
    return true
  }

  @inline(__always)
  private mutating func dropWord() {
    wordHead = wordHead &+ 1 == wordCapacity ? 0 : wordHead &+ 1
    wordCount &-= 1
    wordsReserved &-= 1
  }

  @inline(__always)
  private mutating func endSegment(endsTransfer: Bool) {
    queueHead = (queueHead &+ 1) & (Self.queueCapacity &- 1)
    queueCount &-= 1
    taken = 0
    if endsTransfer {
      isPacked = true
      isFinished = !turns
    }
  }

  /// The general case, step by step; `tookWord` says that a beat was completed in this cycle and a
  /// bus word used up.
  private mutating func packParts(
    _ output: inout BeatQueue, _ activity: inout Activity, tookWord hasTaken: Bool
  ) {
    var completed = hasTaken
    var tookWord = hasTaken
    while queueCount > 0 {
      let segment = queue + queueHead
      let segmentBytes = segment.pointee.bytes
      if taken < segmentBytes, filled < width {
        if segment.pointee.isPadding {
          let bytes = min(segmentBytes &- taken, width &- filled)
          fillLanes(of: assembly + filled, with: padding, count: bytes)
          filled &+= bytes
          taken &+= bytes
          activity.paddingBytes &+= UInt64(bytes)
        } else {
          guard !tookWord, wordCount > 0 else { return }
          if words[wordHead] != .okay {
            abort(words[wordHead])
            dropResponse(&activity)
            return
          }
          tookWord = takeBytes(segment, segmentBytes)
          if tookWord { dropWord() }
        }
        activity.progress = true
      }
      let flags = taken == segmentBytes ? segment.pointee.flags.rawValue : 0
      let endsTransfer = flags & Segment.Flags.endsTransfer.rawValue != 0
      let endsRow = flags & Segment.Flags.endsRow.rawValue != 0
      if filled == width || (filled > 0 && (endsTransfer || (endsRow && endsBeats))) {
        guard !completed, !(turns ? turnBuffer.isFull : output.isFull) else { return }
        let isLast = endsTransfer || (endsRow && marksRows)
        if turns {
          copyLanes(to: turnBuffer.tailData, from: assembly, count: filled)
          turnBuffer.append(
            bytes: filled, endsGroup: flags & Segment.Flags.endsGroup.rawValue != 0, isLast: isLast)
          activity.turnedPiece = true
        } else {
          copyLanes(to: output.tailData, from: assembly, count: filled)
          output.append(BeatQueue.Beat(bytes: filled, isLast: isLast))
        }
        filled = 0
        completed = true
        activity.progress = true
      }
      if taken == segmentBytes {
        endSegment(endsTransfer: endsTransfer)
        if endsTransfer { return }
      }
    }
  }

  /// Copies the segment's bytes that lie in the waiting bus word, as far as the beat has room; at
  /// least one. Returns whether none of those that are still missing lies in it.
  @inline(__always)
  private mutating func takeBytes(
    _ segment: UnsafeMutablePointer<Segment>, _ segmentBytes: Int
  ) -> Bool {
    let word = wordLanes + wordHead &* busBytes
    if segment.pointee.flags.rawValue & Segment.Flags.contiguous.rawValue != 0 {
      let address = segment.pointee.address &+ Address(taken)
      let lane = Int(truncatingIfNeeded: address & Address(busBytes &- 1))
      let bytes = min(segmentBytes &- taken, min(busBytes &- lane, width &- filled))
      copyLanes(to: assembly + filled, from: word + lane, count: bytes)
      filled &+= bytes
      taken &+= bytes
      return taken == segmentBytes || lane &+ bytes == busBytes
    }
    let (stride, elementBytes) = (segment.pointee.stride, segment.pointee.elementBytes)
    let shift = elementBytes.trailingZeroBitCount
    let first = wordAddress(segment, taken, shift)
    while taken < segmentBytes, filled < width {
      let offset = (taken &>> shift) &* stride &+ taken & (elementBytes &- 1)
      let address = segment.pointee.address &+ Address(offset)
      guard address & ~Address(busBytes &- 1) == first else { return true }
      let lane = Int(truncatingIfNeeded: address & Address(busBytes &- 1))
      (assembly + filled).storeBytes(
        of: word.load(fromByteOffset: lane, as: UInt8.self), as: UInt8.self)
      filled &+= 1
      taken &+= 1
    }
    return taken == segmentBytes || wordAddress(segment, taken, shift) != first
  }

  /// The bus word that payload byte `byte` of a segment lies in.
  @inline(__always)
  private func wordAddress(
    _ segment: UnsafeMutablePointer<Segment>, _ byte: Int, _ shift: Int
  ) -> Address {
    let rest = byte & (segment.pointee.elementBytes &- 1)
    let offset = (byte &>> shift) &* segment.pointee.stride &+ rest
    return (segment.pointee.address &+ Address(offset)) & ~Address(busBytes &- 1)
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

internal import SimKernel

/// The read side of a DMA, cycle by cycle, without data: requests, read buffer, packing, corner turn.
struct BeatReader: BitwiseCopyable {
  private static let queueCapacity = 32

  private let busBytes: Int
  private let shift: Int
  private let portBytes: Int
  private let burstBytes: Int
  private let outstanding: Int
  private let wordCapacity: Int

  private var walk = PieceWalk(address: 0, bytes: 0)
  private let pieces: UnsafeMutablePointer<Piece>
  private var pieceHead = 0
  private var pieceCount = 0
  private var requestedTo = 0
  private var requestEnd = 0
  private var burstsUnderWay = 0
  private var words = 0
  private var reserved = 0
  private var taken = 0
  private var filled = 0
  private var endsBeats = false
  private var isPacked = true
  private(set) var isFinished = true

  // The corner turn: the bank that is drained, the one that is full behind it, the one being filled.
  private var turns = false
  private var elementBytes = 1
  private var draining = 0
  private var drainBytes = 0
  private var waiting = 0
  private var waitingBytes = 0
  private var turned = 0

  init(_ dma: SystemTiming.DMA, busBytes: Int, arena: Arena) {
    self.busBytes = busBytes
    shift = busBytes.trailingZeroBitCount
    portBytes = dma.portBytes
    burstBytes = dma.burstBeats * busBytes
    outstanding = dma.outstanding
    wordCapacity = max(32, 2 * dma.burstBeats)
    pieces = arena.allocate(Piece.self, count: Self.queueCapacity)
  }

  mutating func start(_ walk: PieceWalk, endsBeats: Bool, turns: Bool, elementBytes: Int) {
    self.walk = walk
    self.endsBeats = endsBeats
    self.turns = turns
    self.elementBytes = max(1, elementBytes)
    (draining, waiting, turned) = (0, 0, 0)
    isPacked = false
    isFinished = walk.isFinished
    (requestedTo, requestEnd) = (0, 0)
    (filled, taken) = (0, 0)
  }

  @inline(__always)
  mutating func tick(
    _ now: Int, _ output: inout BeatQueue, _ bus: UnsafeMutablePointer<BeatBus>
  ) {
    if isFinished { return }
    if turns, draining > 0, !output.isFull {
      output.append(drainBytes)
      draining &-= 1
      if draining == 0 {
        (draining, drainBytes) = (waiting, waitingBytes)
        waiting = 0
        if isPacked, draining == 0 {
          isFinished = true
          return
        }
      }
    }
    if pieceCount > 0 { pack(&output) }
    if isFinished { return }
    if bus.pointee.readData.canPop(now) {
      if bus.pointee.readData.pop(now) & 1 != 0 { burstsUnderWay &-= 1 }
      words &+= 1
    }
    request(now, bus)
  }

  @inline(__always)
  private mutating func request(_ now: Int, _ bus: UnsafeMutablePointer<BeatBus>) {
    while requestedTo == requestEnd {
      guard !walk.isFinished, pieceCount < Self.queueCapacity else { return }
      let piece = pieces + ((pieceHead &+ pieceCount) & (Self.queueCapacity &- 1))
      walk.next(into: piece)
      pieceCount &+= 1
      if !piece.pointee.isPadding {
        requestedTo = piece.pointee.address
        requestEnd = requestedTo &+ piece.pointee.bytes
      }
    }
    guard burstsUnderWay < outstanding, bus.pointee.readRequest.canPush(now) else { return }
    let bytes = BeatBurst.bytes(
      from: requestedTo, to: requestEnd, busBytes: busBytes, maximum: burstBytes)
    let count = BeatBurst.words(requestedTo, bytes, shift)
    guard reserved &+ count <= wordCapacity else { return }
    bus.pointee.readRequest.push(BeatBus.request(requestedTo, words: count), now)
    reserved &+= count
    burstsUnderWay &+= 1
    requestedTo &+= bytes
  }

  // MARK: Packing

  @inline(__always)
  private var isTurnFull: Bool { draining > 0 && waiting > 0 }

  @inline(__always)
  private mutating func pack(_ output: inout BeatQueue) {
    let isShort = taken < pieces[pieceHead].bytes && filled < portBytes
    if words == 0, isShort, !pieces[pieceHead].isPadding { return }
    guard packWhole(&output) else { return packParts(&output, hasTaken: false) }
    // Padding can follow in the same cycle, other data cannot.
    if taken == 0, pieceCount > 0, pieces[pieceHead].isPadding {
      packParts(&output, hasTaken: true)
    }
  }

  /// The usual case: one step uses up the bus word and completes a beat.
  @inline(__always)
  private mutating func packWhole(_ output: inout BeatQueue) -> Bool {
    let piece = pieces + pieceHead
    guard filled == 0, words > 0, !piece.pointee.isPadding else { return false }
    let left = piece.pointee.bytes &- taken
    let lane = (piece.pointee.address &+ taken) & (busBytes &- 1)
    let bytes = min(left, busBytes &- lane)
    let ends = bytes == left ? piece.pointee.flags : 0
    guard
      bytes == portBytes
        || (bytes < portBytes
          && (ends & Piece.endsTransfer != 0 || (ends & Piece.endsRow != 0 && endsBeats))),
      !(turns ? isTurnFull : output.isFull)
    else { return false }
    append(bytes, ends, &output)
    words &-= 1
    reserved &-= 1
    if bytes == left { endPiece(ends) } else { taken &+= bytes }
    return true
  }

  @inline(__always)
  private mutating func append(_ bytes: Int, _ flags: Int, _ output: inout BeatQueue) {
    guard turns else { return output.append(bytes) }
    turned &+= 1
    guard flags & Piece.endsGroup != 0 else { return }
    if draining == 0 {
      (draining, drainBytes) = (bytes / elementBytes, turned &* elementBytes)
    } else {
      (waiting, waitingBytes) = (bytes / elementBytes, turned &* elementBytes)
    }
    turned = 0
  }

  @inline(__always)
  private mutating func endPiece(_ flags: Int) {
    pieceHead = (pieceHead &+ 1) & (Self.queueCapacity &- 1)
    pieceCount &-= 1
    taken = 0
    if flags & Piece.endsTransfer != 0 {
      isPacked = true
      isFinished = !turns
    }
  }

  /// Packs bytes until a beat was completed, the bus word is used up, or data is missing.
  private mutating func packParts(_ output: inout BeatQueue, hasTaken: Bool) {
    var completed = hasTaken
    var tookWord = hasTaken
    while pieceCount > 0 {
      let piece = pieces + pieceHead
      let pieceLength = piece.pointee.bytes
      if taken < pieceLength, filled < portBytes {
        if piece.pointee.isPadding {
          let bytes = min(pieceLength &- taken, portBytes &- filled)
          filled &+= bytes
          taken &+= bytes
        } else {
          guard !tookWord, words > 0 else { return }
          let lane = (piece.pointee.address &+ taken) & (busBytes &- 1)
          let bytes = min(pieceLength &- taken, min(busBytes &- lane, portBytes &- filled))
          filled &+= bytes
          taken &+= bytes
          tookWord = taken == pieceLength || lane &+ bytes == busBytes
          if tookWord {
            words &-= 1
            reserved &-= 1
          }
        }
      }
      let flags = taken == pieceLength ? piece.pointee.flags : 0
      if filled == portBytes
        || (filled > 0
          && (flags & Piece.endsTransfer != 0 || (flags & Piece.endsRow != 0 && endsBeats)))
      {
        guard !completed, !(turns ? isTurnFull : output.isFull) else { return }
        append(filled, flags, &output)
        filled = 0
        completed = true
      }
      if taken == pieceLength {
        endPiece(flags)
        if flags & Piece.endsTransfer != 0 { return }
      }
    }
  }
}

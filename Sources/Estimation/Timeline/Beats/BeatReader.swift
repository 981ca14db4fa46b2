/// The read side of a DMA, cycle by cycle, without data: requests, read buffer, packing, corner turn, stream.
struct BeatReader {
  private static let queueCapacity = 32
  private static let beatCapacity = 4

  private var walk: PieceWalk
  private let pieces: UnsafeMutablePointer<Piece>
  private var pieceHead = 0
  private var pieceCount = 0
  private let busBytes: Int
  private let portBytes: Int
  private let burstBytes: Int
  private let outstanding: Int
  private let wordCapacity: Int
  private let endsBeats: Bool
  private let turns: Bool
  private let elementBytes: Int

  private var requestedTo = 0
  private var requestEnd = 0
  private var burstsUnderWay = 0
  private var words = 0
  private var reserved = 0
  private var taken = 0
  private var filled = 0
  private var beats = 0

  /// Beats of the bank that is drained and of the one that is full behind it; the one being filled.
  private var draining = 0
  private var waiting = 0
  private var pieceBytes = 0

  init(
    _ walk: PieceWalk, dma: SystemTiming.DMA, busBytes: Int, endsBeats: Bool, turns: Bool,
    elementBytes: Int
  ) {
    self.walk = walk
    pieces = .allocate(capacity: Self.queueCapacity)
    self.busBytes = busBytes
    portBytes = dma.portBytes
    burstBytes = dma.burstBeats * busBytes
    outstanding = dma.outstanding
    wordCapacity = max(32, 2 * dma.burstBeats)
    self.endsBeats = endsBeats
    self.turns = turns
    self.elementBytes = max(1, elementBytes)
  }

  func deallocate() { pieces.deallocate() }

  /// Whether everything has left.
  var isFinished: Bool {
    walk.isFinished && pieceCount == 0 && beats == 0 && draining == 0 && waiting == 0
  }

  @inline(__always)
  mutating func tick(
    _ now: Int, _ bus: UnsafeMutablePointer<BeatBus>, _ stream: UnsafeMutablePointer<BeatChannel>
  ) {
    if beats > 0, stream.pointee.canPush(now) {
      stream.pointee.push(0, now)
      beats &-= 1
    }
    if turns, draining > 0, beats < Self.beatCapacity {
      beats &+= 1
      draining &-= 1
      if draining == 0 { (draining, waiting) = (waiting, 0) }
    }
    if pieceCount > 0 { pack() }
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
      let piece = walk.next()
      pieces[(pieceHead &+ pieceCount) & (Self.queueCapacity &- 1)] = piece
      pieceCount &+= 1
      if !piece.isPadding {
        requestedTo = piece.address
        requestEnd = piece.address &+ piece.bytes
      }
    }
    guard burstsUnderWay < outstanding, bus.pointee.readRequest.canPush(now) else { return }
    let bytes = BeatBurst.bytes(
      from: requestedTo, to: requestEnd, busBytes: busBytes, maximum: burstBytes)
    let count = BeatBurst.words(requestedTo, bytes, busBytes)
    guard reserved &+ count <= wordCapacity else { return }
    bus.pointee.readRequest.push(BeatBus.request(requestedTo, words: count), now)
    reserved &+= count
    burstsUnderWay &+= 1
    requestedTo &+= bytes
  }

  /// Packs bytes until a beat was completed, the bus word is used up, or data is missing.
  @inline(__always)
  private mutating func pack() {
    var completed = false
    var tookWord = false
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
      let isEnd = taken == pieceLength
      let endsTransfer = isEnd && pieceCount == 1 && walk.isFinished
      let endsRow = isEnd && piece.pointee.endsRow
      if filled == portBytes || (filled > 0 && (endsTransfer || (endsRow && endsBeats))) {
        guard !completed, !(turns ? draining > 0 && waiting > 0 : beats == Self.beatCapacity)
        else { return }
        if turns {
          pieceBytes = filled
          if isEnd, piece.pointee.endsGroup {
            if draining == 0 {
              draining = pieceBytes / elementBytes
            } else {
              waiting = pieceBytes / elementBytes
            }
          }
        } else {
          beats &+= 1
        }
        filled = 0
        completed = true
      }
      if isEnd {
        pieceHead = (pieceHead &+ 1) & (Self.queueCapacity &- 1)
        pieceCount &-= 1
        taken = 0
      }
    }
  }
}

/// How transfers are cut into bursts.
enum BeatBurst {
  /// Bytes of the next burst: at most `maximum` of whole words and never across a 4 KiB boundary.
  @inline(__always)
  static func bytes(from address: Int, to end: Int, busBytes: Int, maximum: Int) -> Int {
    min(end &- address, min(maximum &- (address & (busBytes &- 1)), 4096 &- (address & 4095)))
  }

  /// Bus words that `bytes` bytes from `address` on touch.
  @inline(__always)
  static func words(_ address: Int, _ bytes: Int, _ busBytes: Int) -> Int {
    ((address & (busBytes &- 1)) &+ bytes &+ busBytes &- 1)
      &>> busBytes.trailingZeroBitCount
  }
}

/// The write side of a DMA from a stream, cycle by cycle, without data.
struct BeatWriter {
  private static let beatCapacity = 4

  private var walk: PieceWalk
  private var piece = Piece()
  private let busBytes: Int
  private let portBytes: Int
  private let burstBytes: Int
  private let outstanding: Int
  /// Bytes of a row of the stream, which begins with a new beat.
  private let rowBytes: Int

  private var isWriting = false
  private var requested = 0
  private var sent = 0
  private var gathered = 0
  private var used = 0
  private var burstsUnderWay = 0
  private var beats = 0
  /// Where the front beat begins in its row.
  private var rowOffset = 0
  /// Rows that were written.
  private(set) var rows = 0

  init(_ walk: PieceWalk, dma: SystemTiming.DMA, busBytes: Int, rowBytes: Int) {
    self.walk = walk
    self.busBytes = busBytes
    portBytes = dma.portBytes
    burstBytes = dma.burstBeats * busBytes
    outstanding = dma.outstanding
    self.rowBytes = rowBytes
  }

  var isFinished: Bool { walk.isFinished && !isWriting }

  @inline(__always)
  mutating func tick(
    _ now: Int, _ bus: UnsafeMutablePointer<BeatBus>, _ stream: UnsafeMutablePointer<BeatChannel>
  ) {
    if bus.pointee.answer.canPop(now) {
      _ = bus.pointee.answer.pop(now)
      burstsUnderWay &-= 1
    }
    if isWriting {
      send(now, bus)
    } else if beats > 0, !walk.isFinished {
      piece = walk.next()
      isWriting = true
      (requested, sent, gathered) = (0, 0, 0)
      send(now, bus)
    }
    if stream.pointee.canPop(now), beats < Self.beatCapacity {
      _ = stream.pointee.pop(now)
      beats &+= 1
    }
  }

  @inline(__always)
  private mutating func send(_ now: Int, _ bus: UnsafeMutablePointer<BeatBus>) {
    if sent == requested {
      guard beats > 0, burstsUnderWay < outstanding, bus.pointee.writeRequest.canPush(now) else {
        return
      }
      let from = piece.address &+ sent
      let bytes = BeatBurst.bytes(
        from: from, to: piece.address &+ piece.bytes, busBytes: busBytes, maximum: burstBytes)
      bus.pointee.writeRequest.push(
        BeatBus.request(from, words: BeatBurst.words(from, bytes, busBytes)), now)
      burstsUnderWay &+= 1
      requested &+= bytes
    }
    let lane = (piece.address &+ sent) & (busBytes &- 1)
    let wanted = min(busBytes &- lane, requested &- sent)
    var tookBeat = false
    while gathered < wanted, beats > 0 {
      let beat = min(portBytes, rowBytes &- rowOffset)
      let bytes = min(wanted &- gathered, beat &- used)
      gathered &+= bytes
      used &+= bytes
      if used == beat {
        guard !tookBeat else { break }
        beats &-= 1
        used = 0
        tookBeat = true
        rowOffset = rowOffset &+ beat == rowBytes ? 0 : rowOffset &+ beat
      }
    }
    guard gathered == wanted, bus.pointee.writeData.canPush(now) else { return }
    sent &+= wanted
    bus.pointee.writeData.push(sent == requested ? 1 : 0, now)
    gathered = 0
    if sent == piece.bytes {
      isWriting = false
      rows &+= 1
    }
  }
}

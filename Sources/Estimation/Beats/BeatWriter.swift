internal import SimKernel

/// The write side of a DMA, cycle by cycle, without data.
struct BeatWriter: BitwiseCopyable {
  private let busBytes: Int
  private let shift: Int
  private let burstBytes: Int
  private let outstanding: Int

  private var walk = PieceWalk(address: 0, bytes: 0)
  private let piece: UnsafeMutablePointer<Piece>
  private var isWriting = false
  private var requested = 0
  private var sent = 0
  private var gathered = 0
  private var used = 0
  private var burstsUnderWay = 0
  private(set) var isFinished = true

  init(_ dma: SystemTiming.DMA, busBytes: Int, arena: Arena) {
    self.busBytes = busBytes
    shift = busBytes.trailingZeroBitCount
    burstBytes = dma.burstBeats * busBytes
    outstanding = dma.outstanding
    piece = arena.allocate(Piece.self, count: 1)
  }

  mutating func start(_ walk: PieceWalk) {
    self.walk = walk
    isFinished = walk.isFinished
    isWriting = false
    used = 0
  }

  @inline(__always)
  mutating func tick(
    _ now: Int, _ input: inout BeatQueue, _ bus: UnsafeMutablePointer<BeatBus>
  ) {
    if isFinished { return }
    if bus.pointee.answer.canPop(now) {
      bus.pointee.answer.pop(now)
      burstsUnderWay &-= 1
    }
    if !isWriting {
      if walk.isFinished {
        guard burstsUnderWay == 0 else { return }
        // What is left of the last beat belongs to nobody.
        if used > 0 {
          input.removeFirst()
          used = 0
        }
        isFinished = true
        return
      }
      guard input.count > 0 else { return }
      walk.next(into: piece)
      isWriting = true
      (requested, sent, gathered) = (0, 0, 0)
    }
    send(now, &input, bus)
  }

  @inline(__always)
  private mutating func send(
    _ now: Int, _ input: inout BeatQueue, _ bus: UnsafeMutablePointer<BeatBus>
  ) {
    if sent == requested {
      guard input.count > 0, burstsUnderWay < outstanding, bus.pointee.writeRequest.canPush(now)
      else { return }
      let from = piece.pointee.address &+ sent
      let bytes = BeatBurst.bytes(
        from: from, to: piece.pointee.address &+ piece.pointee.bytes, busBytes: busBytes,
        maximum: burstBytes)
      bus.pointee.writeRequest.push(
        BeatBus.request(from, words: BeatBurst.words(from, bytes, shift)), now)
      burstsUnderWay &+= 1
      requested &+= bytes
    }
    let lane = (piece.pointee.address &+ sent) & (busBytes &- 1)
    let wanted = min(busBytes &- lane, requested &- sent)
    var tookBeat = false
    while gathered < wanted, input.count > 0 {
      let beat = input.front
      let bytes = min(wanted &- gathered, beat &- used)
      gathered &+= bytes
      used &+= bytes
      if used == beat {
        guard !tookBeat else { break }
        input.removeFirst()
        used = 0
        tookBeat = true
      }
    }
    guard gathered == wanted, bus.pointee.writeData.canPush(now) else { return }
    sent &+= wanted
    bus.pointee.writeData.push(sent == requested ? 1 : 0, now)
    gathered = 0
    if sent == piece.pointee.bytes { isWriting = false }
  }
}

internal import Mapping
internal import SimKernel

/// A DMA channel with its commands, cycle by cycle, without data.
struct BeatDMA: BitwiseCopyable {
  enum Direction: BitwiseCopyable { case toStream, fromStream, copy }
  private enum Phase: BitwiseCopyable { case idle, fetching, moving }

  private let direction: Direction
  private let portBytes: Int
  private let transfers: UnsafeMutablePointer<TransferShape>
  /// Transfers of a command end in front of this one.
  private let lastTransfers: UnsafeMutablePointer<Int>
  /// When commands were given.
  private let starts: UnsafeMutablePointer<Int>
  private(set) var issued = 0
  private var command = 0
  private var transfer = 0
  private var phase = Phase.idle
  private var inputLeft = 0
  private var queue = BeatQueue()
  private var reader: BeatReader
  private var writer: BeatWriter

  init(
    _ dma: SystemTiming.DMA, busBytes: Int, direction: Direction, commands: [[TransferShape]],
    arena: Arena
  ) {
    self.direction = direction
    portBytes = dma.portBytes
    reader = BeatReader(dma, busBytes: busBytes, arena: arena)
    writer = BeatWriter(dma, busBytes: busBytes, arena: arena)
    let all = commands.flatMap(\.self)
    transfers = arena.allocate(TransferShape.self, count: all.count)
    for (index, shape) in all.enumerated() { (transfers + index).initialize(to: shape) }
    lastTransfers = arena.allocate(Int.self, count: commands.count)
    starts = arena.allocate(Int.self, count: commands.count)
    var end = 0
    for (index, shapes) in commands.enumerated() {
      end += shapes.count
      lastTransfers[index] = end
    }
  }

  mutating func issue(at time: Int) {
    starts[issued] = time
    issued += 1
  }

  /// From when on it has something to do.
  @inline(__always)
  var wake: Int {
    phase != .idle ? 0 : command < issued ? starts[command] : .max
  }

  /// When the command that is at hand was started, if that was before cycle `now`; −1 otherwise.
  func start(before now: Int) -> Int {
    command < issued && starts[command] < now ? starts[command] : -1
  }

  /// A cycle; true when a command has ended with it.
  @inline(__always)
  mutating func tick(
    _ now: Int, _ bus: UnsafeMutablePointer<BeatBus>, _ stream: UnsafeMutablePointer<BeatChannel>?
  ) -> Bool {
    if phase == .idle {
      guard command < issued, starts[command] <= now else { return false }
      begin()
    }
    if phase == .fetching { return fetch(now, bus) }
    switch direction {
    case .toStream:
      if let stream, queue.count > 0, stream.pointee.canPush(now) {
        stream.pointee.push(queue.front, now)
        queue.removeFirst()
      }
      reader.tick(now, &queue, bus)
      if reader.isFinished, queue.count == 0 { return end() }
    case .fromStream:
      writer.tick(now, &queue, bus)
      if writer.isFinished { return end() }
      if let stream, inputLeft > 0, !queue.isFull, stream.pointee.canPop(now) {
        let bytes = stream.pointee.pop(now)
        inputLeft &-= bytes
        queue.append(bytes)
      }
    case .copy:
      writer.tick(now, &queue, bus)
      if writer.isFinished, reader.isFinished { return end() }
      reader.tick(now, &queue, bus)
    }
    return false
  }

  private mutating func begin() {
    if transfers[transfer].descriptor != nil { fetchNext() } else { startTransfer() }
  }

  private mutating func fetchNext() {
    queue.removeAll()
    let address = Int(transfers[transfer].descriptor ?? 0)
    reader.start(
      PieceWalk(address: address, bytes: TransferShape.descriptorBytes), endsBeats: false,
      turns: false, elementBytes: 1)
    phase = .fetching
  }

  private mutating func fetch(_ now: Int, _ bus: UnsafeMutablePointer<BeatBus>) -> Bool {
    reader.tick(now, &queue, bus)
    queue.removeAll()
    if reader.isFinished { startTransfer() }
    return false
  }

  private mutating func startTransfer() {
    queue.removeAll()
    let shape = transfers[transfer]
    transfer &+= 1
    let walk = PieceWalk(shape, portBytes: portBytes)
    switch direction {
    case .toStream:
      reader.start(
        walk, endsBeats: shape.alignsRows || shape.turns || shape.window != nil,
        turns: shape.turns, elementBytes: shape.elementBytes)
    case .fromStream:
      writer.start(walk)
      inputLeft = shape.byteCount
    case .copy:
      reader.start(walk, endsBeats: false, turns: false, elementBytes: 1)
      writer.start(PieceWalk(address: Int(shape.destination ?? 0), bytes: shape.byteCount))
    }
    phase = .moving
  }

  private mutating func end() -> Bool {
    if transfer < lastTransfers[command] {
      fetchNext()
      return false
    }
    phase = .idle
    queue.removeAll()
    command &+= 1
    return true
  }
}

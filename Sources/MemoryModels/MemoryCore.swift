public import Fabric
public import SimKernel
internal import Telemetry

/// What the builder gives to every memory.
public struct MemoryConfiguration {
  /// The bytes.
  public let store: BackingStore
  /// Cycles from access to read data, at least 1.
  public let readDelay: Cycle
  /// Cycles from access to write response, at least 1.
  public let writeDelay: Cycle

  /// Creates a configuration.
  public init(store: BackingStore, readDelay: Cycle, writeDelay: Cycle) {
    self.store = store
    self.readDelay = readDelay
    self.writeDelay = writeDelay
  }
}

/// The classes of cycles of a memory, in the order they are declared.
private enum State {
  static let idle = 0
  static let access = 1
  static let busy = 2
  static let latency = 3
  static let blocked = 4
}

/// The part all memories share: bursts in, words in and out of the backing store, answers in order.
///
/// Each port serves one access (a bus word, read or write) per cycle; reads and writes of a port
/// take turns when both wait. Words leave after the latency the timing model states; an output that
/// cannot send holds up only its own port.
struct MemoryCore<Timing: MemoryTiming>: BitwiseCopyable {
  /// The unit of the footprint.
  private static var lineBytes: Int { 64 }

  private var timing: Timing
  /// Where the memory would begin if it began at a whole word and line; words are counted from
  /// there.
  private let base: Address
  /// The byte at `base`; ``BackingStore`` has room for whole words at both ends.
  private let store: UnsafeMutableRawPointer
  private let width: Int
  private let widthShift: UInt64
  private let ports: UnsafeMutablePointer<MemoryPort>
  private let portCount: Int
  private let depth: Int
  private var first = 0

  private let residency: Residency
  private let reads: Counter
  private let writes: Counter
  private let readBytes: Counter
  private let writtenBytes: Counter
  private let bursts: Counter
  private let conflicts: Counter
  private let touchedLines: Counter
  private let touched: UnsafeMutablePointer<UInt64>
  private var conflictsSeen: UInt64 = 0

  init(
    timing: Timing, configuration: MemoryConfiguration, buses: [BusTarget], site: ModuleSite,
    arena: Arena, counters: MemoryCounters
  ) {
    self.timing = timing
    width = buses.first?.widthBytes ?? 4
    precondition(
      width & (width - 1) == 0 && width <= BackingStore.granularity,
      "a bus is a power of two bytes wide, at most \(BackingStore.granularity)")
    let lead = Int(configuration.store.base & UInt64(max(width, Self.lineBytes) - 1))
    base = configuration.store.base - UInt64(lead)
    store = configuration.store.bytes - lead
    widthShift = UInt64(width.trailingZeroBitCount)
    depth = Int(max(configuration.readDelay, configuration.writeDelay)) + 4
    ports = arena.allocate(MemoryPort.self, count: buses.count)
    portCount = buses.count
    for (index, bus) in buses.enumerated() {
      (ports + index).initialize(to: MemoryPort(bus: bus, arena: arena, depth: depth))
    }
    let lines = (lead + configuration.store.size + width) / Self.lineBytes + 1
    touched = arena.allocate(UInt64.self, count: lines / 64 + 1)
    residency = site.residency([
      .idle(), .active("access"), .waiting("wait-bank-or-pins", on: nil), .active("latency"),
      .waiting("wait-response", on: "crossbar"),
    ])
    reads = counters.reads
    writes = counters.writes
    readBytes = counters.readBytes
    writtenBytes = counters.writtenBytes
    bursts = counters.bursts
    conflicts = counters.conflicts
    touchedLines = counters.touchedLines
  }

  mutating func tick(_ now: Cycle) -> Wake {
    var accessed = false
    var blocked = false
    var busy = false
    var progress = false
    var wake = Wake.onPort
    var index = first
    var refused = 0
    for _ in 0..<portCount {
      let port = ports + index
      index = index &+ 1 == portCount ? 0 : index &+ 1
      let sent = (word: sendRead(port, now), answer: sendAnswer(port, now))
      if sent.word || sent.answer { progress = true }
      acceptBursts(port)
      switch access(port, now, sent) {
      case .done: accessed = true
      case .busy(let until):
        if !busy { refused = port - ports }
        busy = true
        wake = .earliest(wake, .at(until))
      case .blocked: blocked = true
      case .none: break
      }
      if port.pointee.pendingCount > 0 {
        let ready = port.pointee.pending[port.pointee.pendingHead].readyAt
        if ready > now { wake = .earliest(wake, .at(ready)) } else { blocked = true }
      }
      if port.pointee.answerCount > 0 {
        let ready = port.pointee.answers[port.pointee.answerHead]
        if ready > now { wake = .earliest(wake, .at(ready)) } else { blocked = true }
      }
    }
    // Who was refused first goes first in the next cycle: all that want one thing take turns.
    if busy { first = refused }
    if timing.conflicts != conflictsSeen {
      conflicts.add(timing.conflicts &- conflictsSeen)
      conflictsSeen = timing.conflicts
    }
    if accessed {
      residency.enter(State.access, at: now)
      return .nextCycle
    }
    if busy {
      residency.enter(State.busy, at: now)
    } else if progress || wake != .onPort {
      residency.enter(State.latency, at: now)
    } else {
      residency.enter(blocked ? State.blocked : State.idle, at: now)
    }
    return progress ? .nextCycle : wake
  }

  private enum AccessResult {
    case none
    case done
    case blocked
    case busy(until: Cycle)
  }

  /// Sends the oldest read word if its latency is over.
  @inline(__always)
  private func sendRead(_ port: UnsafeMutablePointer<MemoryPort>, _ now: Cycle) -> Bool {
    guard port.pointee.pendingCount > 0 else { return false }
    let head = port.pointee.pendingHead
    let entry = port.pointee.pending[head]
    guard entry.readyAt <= now, port.pointee.bus.readData.canPush else { return false }
    copyLanes(
      to: port.pointee.bus.readData.data, from: port.pointee.pendingLanes + head &* width,
      count: width)
    port.pointee.bus.readData.push(entry.beat)
    port.pointee.pendingHead = head &+ 1 == depth ? 0 : head &+ 1
    port.pointee.pendingCount &-= 1
    return true
  }

  /// Sends the oldest write answer if its latency is over.
  @inline(__always)
  private func sendAnswer(_ port: UnsafeMutablePointer<MemoryPort>, _ now: Cycle) -> Bool {
    guard port.pointee.answerCount > 0 else { return false }
    let head = port.pointee.answerHead
    guard port.pointee.answers[head] <= now, port.pointee.bus.writeResponse.canPush else {
      return false
    }
    port.pointee.bus.writeResponse.push(
      WriteResponse(response: .okay, source: port.pointee.answerSources[head]))
    port.pointee.answerHead = head &+ 1 == depth ? 0 : head &+ 1
    port.pointee.answerCount &-= 1
    return true
  }

  /// Takes the next burst of each direction when the previous one is done.
  @inline(__always)
  private func acceptBursts(_ port: UnsafeMutablePointer<MemoryPort>) {
    let bus = port.pointee.bus
    if port.pointee.readBeatsLeft == 0, bus.readRequest.canPop {
      let request = bus.readRequest.pop()
      port.pointee.readWord = (request.address &- base) &>> widthShift
      port.pointee.readBeatsLeft = Int(request.beats)
      port.pointee.readSource = request.source
      bursts.add()
    }
    if !port.pointee.writeActive, bus.writeRequest.canPop {
      let request = bus.writeRequest.pop()
      port.pointee.writeWord = (request.address &- base) &>> widthShift
      port.pointee.writeActive = true
      port.pointee.writeSource = request.source
      bursts.add()
    }
  }

  /// Does the port's access of this cycle; `sent` says what has already left in it.
  @inline(__always)
  private mutating func access(
    _ port: UnsafeMutablePointer<MemoryPort>, _ now: Cycle, _ sent: (word: Bool, answer: Bool)
  ) -> AccessResult {
    let bus = port.pointee.bus
    let canRead = port.pointee.readBeatsLeft > 0
    let canWrite = port.pointee.writeActive && bus.writeData.canPop
    guard canRead || canWrite else { return .none }
    let isWrite = canWrite && (!canRead || !port.pointee.lastWasWrite)
    if isWrite {
      guard port.pointee.answerCount < depth else { return .blocked }
    } else {
      guard port.pointee.pendingCount < depth else { return .blocked }
    }
    let word = isWrite ? port.pointee.writeWord : port.pointee.readWord
    let grant = timing.start(
      MemoryAccess(word: word, isWrite: isWrite, bits: UInt64(width) &* 8), at: now)
    guard case .started(let readyAt) = grant else {
      if case .busy(let until) = grant { return .busy(until: until) }
      return .none
    }
    port.pointee.lastWasWrite = isWrite
    if isWrite {
      write(port, readyAt)
      if !sent.answer { _ = sendAnswer(port, now) }
    } else {
      read(port, readyAt, now, canSend: !sent.word)
    }
    return .done
  }

  @inline(__always)
  private func write(_ port: UnsafeMutablePointer<MemoryPort>, _ readyAt: Cycle) {
    let bus = port.pointee.bus
    let source = bus.writeData.data
    let beat = bus.writeData.pop()
    let start = port.pointee.writeWord &* UInt64(width) &+ UInt64(beat.offset)
    copyLanes(
      to: store + Int(start), from: source + Int(beat.offset), count: Int(beat.bytes))
    touch(start, bytes: UInt64(beat.bytes))
    writes.add()
    writtenBytes.add(UInt64(beat.bytes))
    port.pointee.writeWord &+= 1
    if beat.isLast {
      port.pointee.writeActive = false
      let tail = wrapped(port.pointee.answerHead &+ port.pointee.answerCount)
      port.pointee.answers[tail] = readyAt
      port.pointee.answerSources[tail] = port.pointee.writeSource
      port.pointee.answerCount &+= 1
    }
  }

  @inline(__always)
  private func read(
    _ port: UnsafeMutablePointer<MemoryPort>, _ readyAt: Cycle, _ now: Cycle, canSend: Bool
  ) {
    let bus = port.pointee.bus
    let start = Int(port.pointee.readWord &* UInt64(width))
    touchWord(UInt64(start))
    let beat = ReadBeat(
      response: .okay, isLast: port.pointee.readBeatsLeft == 1, source: port.pointee.readSource)
    if canSend, readyAt <= now, port.pointee.pendingCount == 0, bus.readData.canPush {
      copyLanes(to: bus.readData.data, from: store + start, count: width)
      bus.readData.push(beat)
    } else {
      let tail = wrapped(port.pointee.pendingHead &+ port.pointee.pendingCount)
      copyLanes(to: port.pointee.pendingLanes + tail &* width, from: store + start, count: width)
      port.pointee.pending[tail] = PendingRead(readyAt: readyAt, beat: beat)
      port.pointee.pendingCount &+= 1
    }
    reads.add()
    readBytes.add(UInt64(width))
    port.pointee.readWord &+= 1
    port.pointee.readBeatsLeft &-= 1
  }

  @inline(__always)
  private func wrapped(_ position: Int) -> Int {
    position >= depth ? position &- depth : position
  }

  /// Marks the lines of a bus word from offset `start` as used: one, unless words are wider.
  @inline(__always)
  private func touchWord(_ start: UInt64) {
    let line = start / UInt64(Self.lineBytes)
    let mask = touched + Int(truncatingIfNeeded: line / 64)
    guard width <= Self.lineBytes, mask.pointee &>> (line & 63) & 1 != 0 else {
      touch(start, bytes: UInt64(width))
      return
    }
  }

  /// Marks the lines of `bytes` bytes from offset `start` as used, for the footprint.
  private func touch(_ start: UInt64, bytes: UInt64) {
    var line = start / UInt64(Self.lineBytes)
    let last = (start &+ max(bytes, 1) &- 1) / UInt64(Self.lineBytes)
    while line <= last {
      let bit: UInt64 = 1 &<< (line & 63)
      let mask = touched + Int(truncatingIfNeeded: line / 64)
      if mask.pointee & bit == 0 {
        mask.pointee |= bit
        touchedLines.add()
      }
      line &+= 1
    }
  }
}

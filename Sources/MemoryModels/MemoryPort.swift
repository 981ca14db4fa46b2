internal import Fabric
internal import SimKernel

/// What waits in a port's output pipeline until its latency is over.
struct PendingRead: BitwiseCopyable {
  var readyAt: Cycle
  var beat: ReadBeat
}

/// The state of one port of a memory: the bursts being served and what is on its way out.
struct MemoryPort: BitwiseCopyable {
  let bus: BusTarget
  // The read burst being served.
  var readWord: UInt64 = 0
  var readBeatsLeft = 0
  var readSource: UInt16 = 0
  // The write burst being served.
  var writeWord: UInt64 = 0
  var writeActive = false
  var writeSource: UInt16 = 0
  /// Read data waiting for its latency; a ring with one word of lanes per entry.
  let pending: Table<PendingRead>
  let pendingLanes: UnsafeMutableRawPointer
  var pendingHead = 0
  var pendingCount = 0
  /// Write answers waiting for their latency.
  let answers: Table<Cycle>
  let answerSources: Table<UInt16>
  var answerHead = 0
  var answerCount = 0
  /// Whether the last access was a write: reads and writes take turns.
  var lastWasWrite = false

  init(bus: BusTarget, arena: Arena, depth: Int) {
    self.bus = bus
    pending = Table(arena, count: depth)
    pendingLanes = UnsafeMutableRawPointer(
      arena.allocate(UInt8.self, count: depth * bus.widthBytes))
    answers = Table(arena, count: depth)
    answerSources = Table(arena, count: depth)
  }
}

/// The TileLink port: responses in order of acceptance, one beat per interval, and the counts.
struct MemoryChannel {
  let latency: Int
  let interval: Int
  /// First cycle in which the D channel may give the next beat.
  private var free = 0
  /// Cycle of the last write acknowledgement.
  private(set) var lastAcknowledge = 0

  private var translation: PageTranslation

  init(_ memory: GemminiMemory) {
    translation = PageTranslation(walkLatency: memory.walkLatency)
    latency = memory.latency
    interval = memory.beatInterval
  }

  /// Cycles that the translation of a request formed at `cycle` adds.
  mutating func translate(_ address: Int, write: Bool, at cycle: Int) -> Int {
    translation.delay(of: address, write: write, at: cycle)
  }

  /// First data beat of a Get accepted at `port`.
  mutating func read(port: Int, beats: Int) -> Int {
    let first = max(port + latency, free)
    free = first + beats * interval
    return first
  }

  /// The D channel cannot run further ahead than the buffers behind it hold.
  mutating func hold(until cycle: Int) {
    free = max(free, cycle)
  }

  /// Acknowledgement of a Put whose last beat was accepted at `port`.
  mutating func write(port: Int) -> Int {
    let beat = max(port + latency, free)
    free = beat + 1
    lastAcknowledge = beat
    return beat
  }
}

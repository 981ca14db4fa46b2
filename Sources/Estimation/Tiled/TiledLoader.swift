/// Copies operands of an array from the main memory into buffers, one after the other.
struct TiledLoader: BitwiseCopyable {
  private var wordCycles = 0.0
  private var latency = 0.0
  private var busBytes = 1
  /// When the DMA has time for the next copy.
  private var free = 0.0

  init(_ array: TiledSystem.Array, _ system: TiledSystem) {
    guard let load = array.load else { return }
    let source = TiledStream(load, system.main, system)
    let target = TiledStream(load, system.weights, system)
    busBytes = system.busBytes
    wordCycles = max(
      source.read(Double(load.burstBeats)), target.write(Double(load.burstBeats)),
      Double(system.busBytes) / Double(max(1, load.portBytes)))
    latency = source.latency + target.answer + 4
  }

  /// Copies bytes from `time` on at the earliest; when they are there.
  mutating func copy(_ bytes: Int, after time: Double) -> Double {
    free = max(free, time) + latency + Double(bytes.tiles(of: busBytes)) * wordCycles
    return free
  }
}

/// Two buffers that are filled in turn, so that one is loaded while the other is in use.
struct TiledBuffers: BitwiseCopyable {
  /// Until when the one that is filled next, and the one that was filled last, are in use.
  private var next = 0.0
  private var current = 0.0

  init() {}

  /// Fills the next buffer as soon as it and the loader are free; when it is full.
  mutating func copy(_ bytes: Int, _ loader: inout TiledLoader, after time: Double) -> Double {
    let end = loader.copy(bytes, after: max(next, time))
    (next, current) = (current, end)
    return end
  }

  /// The array reads what was filled last.
  mutating func use(until time: Double) { current = time }
}

/// A stretch of memory that holds one thing at a time.
struct Region: Equatable {
  let memory: String
  let address: UInt32
  let byteCount: Int

  func overlaps(_ other: Region) -> Bool {
    memory == other.memory && UInt64(address) < UInt64(other.address) + UInt64(other.byteCount)
      && UInt64(other.address) < UInt64(address) + UInt64(byteCount)
  }
}

/// Who reads and writes which region, so that every command waits for exactly the commands before it whose data it needs or
/// overwrites.
///
/// Engines complete in order, so that of each engine only the latest access counts.
struct MemoryTracker {
  private struct Accesses {
    let region: Region
    var reads: [Int: Int] = [:]
    var writes: [Int: Int] = [:]
  }

  private var entries: [Accesses] = []

  /// What a read of a region waits for.
  func readWaits(_ region: Region) -> [Wait] {
    var waits: [Wait] = []
    for entry in entries where entry.region.overlaps(region) {
      waits += entry.writes.map { Wait(engine: $0.key, count: $0.value) }
    }
    return waits
  }

  /// What a write of a region waits for.
  ///
  /// - Parameter ignored: an engine whose reads do not matter, because it is known to be ahead.
  func writeWaits(_ region: Region, ignoringReadsOf ignored: Int? = nil) -> [Wait] {
    var waits: [Wait] = []
    for entry in entries where entry.region.overlaps(region) {
      waits += entry.writes.map { Wait(engine: $0.key, count: $0.value) }
      waits += entry.reads.filter { $0.key != ignored }.map {
        Wait(engine: $0.key, count: $0.value)
      }
    }
    return waits
  }

  private mutating func entry(_ region: Region) -> Int {
    if let index = entries.firstIndex(where: { $0.region == region }) { return index }
    entries.append(Accesses(region: region))
    return entries.count - 1
  }

  /// A command read a region.
  mutating func read(_ region: Region, by command: Wait) {
    entries[entry(region)].reads[command.engine] = command.count
  }

  /// A command wrote a region.
  mutating func write(_ region: Region, by command: Wait) {
    entries[entry(region)].writes[command.engine] = command.count
  }
}

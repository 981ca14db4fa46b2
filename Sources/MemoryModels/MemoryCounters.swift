internal import Telemetry

/// The counters every memory has.
struct MemoryCounters {
  let reads: Counter
  let writes: Counter
  let readBytes: Counter
  let writtenBytes: Counter
  let bursts: Counter
  let conflicts: Counter
  let touchedLines: Counter

  /// Declares the counters; `perWord` and `perBit` say which of them cost energy.
  init(
    site: ModuleSite, perWord: (component: String, read: String, write: String)?,
    perBit: (component: String, read: String, write: String)?
  ) {
    reads = site.counter(
      "reads", unit: "access", "Bus words read.",
      action: perWord.map { ($0.component, $0.read) })
    writes = site.counter(
      "writes", unit: "access", "Bus words written, partly written ones included.",
      action: perWord.map { ($0.component, $0.write) })
    readBytes = site.counter(
      "read_bytes", unit: "B", "Bytes that left on the read channel, whole words.",
      action: perBit.map { ($0.component, $0.read) }, scale: 8)
    writtenBytes = site.counter(
      "written_bytes", unit: "B", "Bytes stored by write beats.",
      action: perBit.map { ($0.component, $0.write) }, scale: 8)
    bursts = site.counter("bursts", unit: "burst", "Read and write bursts accepted.")
    conflicts = site.counter(
      "conflicts", unit: "access", "Accesses put off by a cycle because their bank was taken.")
    touchedLines = site.counter(
      "footprint_lines", unit: "64 B", "Distinct 64-byte lines accessed over the bus.")
  }
}

/// What a memory counts of accesses over the bus.
struct MemoryActions: Equatable {
  /// Bus words read, bus words written.
  var reads = 0, writes = 0
  /// Bytes stored.
  var writtenBytes = 0
  /// Read and write bursts.
  var bursts = 0

  /// The counters of the registry.
  func counters(busBytes: Int) -> [String: UInt64] {
    [
      "reads": UInt64(reads), "writes": UInt64(writes), "read_bytes": UInt64(reads * busBytes),
      "written_bytes": UInt64(writtenBytes), "bursts": UInt64(bursts),
    ]
  }
}

/// What the crossbar counts.
struct CrossbarActions: Equatable {
  /// Requests granted, beats of data in both directions, write responses.
  var requests = 0, writeBeats = 0, readBeats = 0, writeAnswers = 0

  /// Adds what DMAs read.
  mutating func read(_ traffic: BusTraffic) {
    requests &+= traffic.bursts
    readBeats &+= traffic.words
  }

  /// Adds what DMAs write.
  mutating func write(_ traffic: BusTraffic) {
    requests &+= traffic.bursts
    writeBeats &+= traffic.words
    writeAnswers &+= traffic.bursts
  }

  /// Adds accesses of the core to registers, a word each.
  mutating func access(reads: Int, writes: Int) {
    read(BusTraffic(words: reads, bursts: reads))
    write(BusTraffic(words: writes, bursts: writes))
  }

  /// The counters of the registry.
  var counters: [String: UInt64] {
    [
      "requests": UInt64(requests), "write_beats": UInt64(writeBeats),
      "read_beats": UInt64(readBeats), "write_answers": UInt64(writeAnswers),
    ]
  }
}

/// Accesses of the core to registers that follow from commands.
struct ControlActions: Equatable {
  /// Interrupts claimed from the PLIC.
  var claims = 0
  /// Accesses to the PLIC's registers.
  var controllerAccesses = 0
  /// Layers told to the marker.
  var marks = 0
  /// All accesses to registers of devices.
  var reads = 0, writes = 0
}

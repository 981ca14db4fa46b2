internal import Mapping

/// What a DMA counts, by the names of its counters.
struct DMAActions: Equatable {
  /// Payload bytes, padding included.
  var bytes = 0
  /// Burst requests.
  var bursts = 0
  /// Bus words read or written.
  var busBeats = 0
  /// Bus words read.
  var wordsRead = 0
  /// Beats sent to or taken from the stream.
  var streamBeats = 0
  /// Stream-wide beats that the write side takes apart.
  var beatsUnpacked = 0
  /// Bytes made without a memory access.
  var paddingBytes = 0
  /// Descriptors fetched.
  var descriptors = 0
  /// Jobs.
  var jobs = 0
  /// Pieces written to the turn buffer.
  var turnedPieces = 0
  /// Register reads and writes.
  var registerAccesses = 0

  static func += (left: inout Self, right: Self) {
    left.bytes &+= right.bytes
    left.bursts &+= right.bursts
    left.busBeats &+= right.busBeats
    left.wordsRead &+= right.wordsRead
    left.streamBeats &+= right.streamBeats
    left.beatsUnpacked &+= right.beatsUnpacked
    left.paddingBytes &+= right.paddingBytes
    left.descriptors &+= right.descriptors
    left.jobs &+= right.jobs
    left.turnedPieces &+= right.turnedPieces
    left.registerAccesses &+= right.registerAccesses
  }

  /// The counters of the registry, those that are charged with others among them.
  func counters(_ dma: SystemShape.DMA) -> [String: UInt64] {
    var counters = [
      "bytes": bytes, "bursts": bursts, "bus_beats": busBeats, "words_read": wordsRead,
      "read_buffer_pops": wordsRead, "stream_beats": streamBeats, "buffer_pops": streamBeats,
      "beats_unpacked": beatsUnpacked, "padding_bytes": paddingBytes, "descriptors": descriptors,
      "jobs": jobs, "register_accesses": registerAccesses,
    ]
    if dma.hasTurnBuffer { counters["turned_pieces"] = turnedPieces }
    return counters.mapValues { UInt64($0) }
  }
}

/// What a transfer makes a DMA do, and what memories see of it.
struct TransferActions: Equatable {
  /// What the DMA counts.
  var dma = DMAActions()
  /// What it reads, and an address of it; nil for nothing.
  var read = BusTraffic()
  var readAddress: Int?
  /// What it writes, the bytes of it, and the address; nil for nothing.
  var written = BusTraffic()
  var writtenBytes = 0
  var writeAddress: Int?

  /// Counts a transfer.
  init(_ transfer: TransferShape, dma shape: SystemShape.DMA, busBytes: Int) {
    let port = BusPort(wordBytes: busBytes, maximumBeats: shape.maximumBurstBeats)
    switch shape.direction {
    case .toStream:
      if let window = transfer.window {
        readWindow(window, transfer, shape, port)
      } else {
        readRows(transfer, shape, port)
      }
    case .fromStream:
      written = transfer.traffic(port)
      writtenBytes = transfer.byteCount
      writeAddress = Int(transfer.address)
      // A row is a beat of its producer, or several when that sends it in parts.
      dma.streamBeats = transfer.rowCount * Self.parts(transfer.rowBytes, shape.portBytes)
      dma.beatsUnpacked = dma.streamBeats
      dma.bytes = transfer.byteCount
    case .memoryToMemory:
      let bytes = transfer.byteCount
      read = transfer.traffic(port)
      readAddress = Int(transfer.address)
      written = port.piece(at: Int(transfer.destination ?? 0), bytes: bytes)
      writtenBytes = bytes
      writeAddress = Int(transfer.destination ?? 0)
      dma.beatsUnpacked = Self.parts(bytes, shape.portBytes)
      dma.bytes = bytes
    }
    dma.wordsRead = read.words
    dma.busBeats = read.words + written.words
    dma.bursts = read.bursts + written.bursts
  }

  private static func parts(_ bytes: Int, _ width: Int) -> Int { (bytes + width - 1) / width }

  /// Rows of neighbouring bytes to a stream.
  private mutating func readRows(
    _ transfer: TransferShape, _ shape: SystemShape.DMA, _ port: BusPort
  ) {
    read = transfer.traffic(port)
    readAddress = Int(transfer.address)
    dma.bytes = transfer.byteCount
    if transfer.turns {
      // The rows of dimension 1 leave together, one beat per element.
      let groups = transfer.counts[2] * transfer.counts[3]
      dma.streamBeats = groups * (transfer.rowBytes / transfer.elementBytes)
      dma.turnedPieces = transfer.rowCount * Self.parts(transfer.rowBytes, shape.portBytes)
    } else if transfer.alignsRows {
      dma.streamBeats = transfer.rowCount * Self.parts(transfer.rowBytes, shape.portBytes)
    } else {
      dma.streamBeats = Self.parts(transfer.byteCount, shape.portBytes)
    }
  }

  /// The pieces of an im2col view to a stream.
  private mutating func readWindow(
    _ window: TransferShape.Window, _ transfer: TransferShape, _ shape: SystemShape.DMA,
    _ port: BusPort
  ) {
    let inside = WindowTraffic(
      window, image: Int(transfer.address), portBytes: shape.portBytes, port: port)
    read = inside.traffic
    readAddress = inside.firstAddress
    dma.bytes = window.transferBytes
    dma.paddingBytes = dma.bytes - inside.memoryBytes
    let blocks = Self.parts(window.runBytes, window.blockBytes(portBytes: shape.portBytes))
    let pieces = window.repetitions * window.pixels * window.runs * blocks
    if transfer.turns {
      let group = window.group == 0 ? window.pixels : min(window.group, window.pixels)
      let groups = window.repetitions * Self.parts(window.pixels, max(1, group))
      dma.streamBeats = groups * window.runs * (window.runBytes / transfer.elementBytes)
      dma.turnedPieces = pieces
    } else {
      dma.streamBeats = pieces
    }
  }

  /// Linked descriptors that were fetched one after the other.
  init(
    fetching descriptors: Int, of descriptorBytes: Int, busBytes: Int, maximumBeats: Int
  ) {
    let port = BusPort(wordBytes: busBytes, maximumBeats: maximumBeats)
    read.add(port.piece(at: 0, bytes: descriptorBytes), times: descriptors)
    dma.descriptors = descriptors
    dma.wordsRead = read.words
    dma.busBeats = read.words
    dma.bursts = read.bursts
  }
}

extension TransferShape {
  /// What the rows of nested dimensions are on the bus.
  func traffic(_ port: BusPort) -> BusTraffic {
    guard rowBytes > 0, rowCount > 0 else { return BusTraffic() }
    // The two dimensions with the most rows are summed in one go, the third one step by step.
    var outer = 1
    for dimension in 2...3 where steps(dimension) < steps(outer) { outer = dimension }
    let (first, second) = outer == 1 ? (2, 3) : outer == 2 ? (1, 3) : (1, 2)
    let repetitions = strides[outer] == 0 ? counts[outer] : 1
    var total = BusTraffic()
    for step in 0..<steps(outer) {
      total.add(
        port.traffic(
          PieceLattice(
            base: Int(address) &+ step &* strides[outer], bytes: rowBytes, columns: counts[first],
            columnPitch: strides[first], rows: counts[second], rowPitch: strides[second])),
        times: repetitions)
    }
    return total
  }

  /// Different places along a dimension.
  private func steps(_ dimension: Int) -> Int { strides[dimension] == 0 ? 1 : counts[dimension] }
}

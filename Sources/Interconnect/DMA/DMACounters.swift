internal import Telemetry

/// The counters of a DMA and the components they charge.
struct DMACounters: BitwiseCopyable {
  let bytes: Counter
  let bursts: Counter
  let busBeats: Counter
  let wordsRead: Counter
  let streamBeats: Counter
  let beatsUnpacked: Counter
  let paddingBytes: Counter
  let descriptors: Counter
  let jobs: Counter
  /// Nil where nothing can be turned.
  let turnedPieces: Counter?
  let registerAccesses: Counter

  init(
    site: ModuleSite, direction: DMADirection, busBits: Int, portBits: Int, bufferWords: Int,
    componentClass: String
  ) {
    site.component("address_generator", class: "adder", attributes: ["width_bits": 32], quantity: 4)
    site.component("gather", class: componentClass, attributes: ["width_bits": Double(busBits)])
    site.component(
      "read_buffer", class: "fifo",
      attributes: ["width_bits": Double(busBits), "depth": Double(bufferWords)])
    site.component(
      "buffer", class: "fifo", attributes: ["width_bits": Double(portBits), "depth": 4])
    if direction == .toStream {
      // Two square banks, one register per piece.
      site.component(
        "turn_buffer", class: "register", attributes: ["width_bits": Double(portBits)],
        quantity: UInt64(2 * portBits / 8))
    }
    site.component(
      "registers", class: "register_file_port",
      attributes: ["registers": Double(DMADescriptor.wordCount + 4)])
    bytes = site.counter("bytes", unit: "B", "Payload bytes moved, padding included.")
    bursts = site.counter(
      "bursts", unit: "burst", "Burst requests sent, each computed by the address generator.",
      action: ("address_generator", "add"))
    busBeats = site.counter(
      "bus_beats", unit: "beat", "Bus words read or written, each passing the byte gatherer.",
      action: ("gather", "beat"))
    wordsRead = site.counter(
      "words_read", unit: "word", "Bus words that passed the read buffer.",
      action: ("read_buffer", "push"))
    site.alsoCharges(
      "words_read", as: "read_buffer_pops", component: "read_buffer", action: "pop")
    streamBeats = site.counter(
      "stream_beats", unit: "beat", "Beats sent to or taken from the stream.",
      action: ("buffer", "push"))
    site.alsoCharges(
      "stream_beats", as: "buffer_pops", component: "buffer", action: "pop")
    beatsUnpacked = site.counter(
      "beats_unpacked", unit: "beat", "Stream-wide beats taken apart by the write side.")
    paddingBytes = site.counter(
      "padding_bytes", unit: "B", "Bytes of image padding, made without a memory access.")
    descriptors = site.counter("descriptors", unit: "descriptor", "Linked descriptors fetched.")
    jobs = site.counter("jobs", unit: "job", "Jobs completed without error.")
    turnedPieces =
      direction == .toStream
      ? site.counter(
        "turned_pieces", unit: "piece", "Pieces written to the turn buffer.",
        action: ("turn_buffer", "write"))
      : nil
    registerAccesses = site.counter(
      "register_accesses", unit: "access", "Register reads and writes.",
      action: ("registers", "access"))
  }
}

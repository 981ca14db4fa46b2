internal import Fabric
internal import RTL
internal import SimKernel

/// Sends beats to a block's input stream.
final class StreamFeeder: PortDriver {
  /// A beat; bytes beyond the kept ones are junk that must not matter.
  struct Beat {
    /// As many as the stream is wide.
    var bytes: [UInt8]
    /// How many count.
    var kept: Int
    /// TLAST.
    var isLast: Bool

    /// Creates a beat.
    init(bytes: [UInt8], kept: Int, isLast: Bool) {
      self.bytes = bytes
      self.kept = kept
      self.isLast = isLast
    }
  }

  private let source: StreamSource
  private let valid: Wire, ready: Wire, data: Wire, keep: Wire, last: Wire
  private let logged: (valid: Int, ready: Int, data: Int, keep: Int, last: Int)
  private var mood = Mood()
  private var isOffering = false
  /// The beats to send, oldest first.
  var beats: [Beat] = []
  private var next = 0
  /// Makes a further beat when there is none; nil: nothing more for now.
  var refill: ((inout SplitMix64) -> Beat?)?

  /// Drives the pins `NAME_tvalid`, … and the model's `source`.
  ///
  /// - Throws: ``RTLError`` when a pin is missing.
  init(_ name: String, _ source: StreamSource, _ bench: LockstepBench) throws {
    self.source = source
    let wires = bench.wires
    valid = try wires("\(name)_tvalid")
    ready = try wires("\(name)_tready")
    data = try wires("\(name)_tdata")
    keep = try wires("\(name)_tkeep")
    last = try wires("\(name)_tlast")
    let log = bench.log
    logged = (
      log.declare("\(name)_tvalid", bits: 1, isInput: true),
      log.declare("\(name)_tready", bits: 1),
      log.declare("\(name)_tdata", bits: data.bits, isInput: true),
      log.declare("\(name)_tkeep", bits: keep.bits, isInput: true),
      log.declare("\(name)_tlast", bits: 1, isInput: true)
    )
  }

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {
    if next == beats.count, let beat = refill?(&random) { beats.append(beat) }
    let isWilling = mood.roll(&random)
    // An offer stands until it is taken (AXI4-Stream).
    if !isOffering { isOffering = isWilling && next < beats.count }
    valid.value = isOffering ? 1 : 0
    if isOffering {
      let beat = beats[next]
      data.bytes.copyBytes(from: beat.bytes)
      setKeep(beat.kept)
      last.value = beat.isLast ? 1 : 0
    } else {
      for index in 0..<data.byteCount {
        data.bytes[index] = UInt8(truncatingIfNeeded: random.next())
      }
      setKeep(random.pick(0...data.byteCount))
      last.value = random.next() & 1
    }
    log.drive(logged.valid, valid.value)
    log.drive(logged.data, data.address, count: data.byteCount)
    log.drive(logged.keep, keep.address, count: (keep.bits + 7) / 8)
    log.drive(logged.last, last.value)
  }

  private func setKeep(_ count: Int) {
    let whole = (keep.bits + 7) / 8
    for index in 0..<whole {
      let bits = min(8, max(0, count - 8 * index))
      keep.address.storeBytes(
        of: UInt8(truncatingIfNeeded: (1 << bits) - 1), toByteOffset: index, as: UInt8.self)
    }
  }

  func compare(_ log: SignalLog) {
    log.check(logged.ready, model: source.canPush ? 1 : 0, rtl: ready.value)
  }

  func commit() {
    guard isOffering, source.canPush else { return }
    let beat = beats[next]
    source.data.copy(beat.bytes.prefix(source.widthBytes))
    source.push(StreamBeat(keptBytes: beat.kept, isLast: beat.isLast))
    next += 1
    isOffering = false
    if next == beats.count {
      beats.removeAll(keepingCapacity: true)
      next = 0
    }
  }
}

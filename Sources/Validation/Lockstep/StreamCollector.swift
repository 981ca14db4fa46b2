internal import Fabric
internal import RTL
internal import SimKernel

/// Takes beats from a block's output stream.
final class StreamCollector: PortDriver {
  private let sink: StreamSink
  private let valid: Wire, ready: Wire, data: Wire, keep: Wire, last: Wire
  private let logged: (valid: Int, ready: Int, data: Int, keep: Int, last: Int)
  private var mood = Mood()
  private var isTaking = false
  /// Whether bytes beyond the kept ones are compared too.
  private let comparesPadding: Bool
  /// Beats taken.
  private(set) var count = 0

  /// Drives the pin `NAME_tready` and the model's `sink`.
  ///
  /// - Throws: ``RTLError`` when a pin is missing.
  init(
    _ name: String, _ sink: StreamSink, comparesPadding: Bool = false, _ bench: LockstepBench
  ) throws {
    self.sink = sink
    self.comparesPadding = comparesPadding
    let wires = bench.wires
    valid = try wires("\(name)_tvalid")
    ready = try wires("\(name)_tready")
    data = try wires("\(name)_tdata")
    keep = try wires("\(name)_tkeep")
    last = try wires("\(name)_tlast")
    let log = bench.log
    logged = (
      log.declare("\(name)_tvalid", bits: 1),
      log.declare("\(name)_tready", bits: 1, isInput: true),
      log.declare("\(name)_tdata", bits: data.bits), log.declare("\(name)_tkeep", bits: keep.bits),
      log.declare("\(name)_tlast", bits: 1)
    )
  }

  func drive(_ random: inout SplitMix64, _ log: SignalLog) {
    isTaking = mood.roll(&random)
    ready.value = isTaking ? 1 : 0
    log.drive(logged.ready, ready.value)
  }

  func compare(_ log: SignalLog) {
    log.check(logged.valid, model: sink.canPop ? 1 : 0, rtl: valid.value)
    guard sink.canPop else {
      log.ignore(logged.data, rtl: data.address)
      log.ignore(logged.keep, rtl: keep.address)
      log.ignore(logged.last, rtl: last.value)
      return
    }
    let kept = Int(sink.front.keptBytes)
    let range = 0..<(comparesPadding ? min(sink.widthBytes, data.byteCount) : kept)
    log.check(logged.data, model: sink.data, rtl: data.address, range: range)
    let mask = (0..<(keep.bits + 7) / 8).map { index in
      UInt8(truncatingIfNeeded: (1 << min(8, max(0, kept - 8 * index))) - 1)
    }
    log.check(logged.keep, model: mask, rtl: UnsafeRawPointer(keep.address))
    log.check(logged.last, model: sink.front.isLast ? 1 : 0, rtl: last.value)
  }

  func commit() {
    guard isTaking, sink.canPop else { return }
    sink.pop()
    count += 1
  }
}

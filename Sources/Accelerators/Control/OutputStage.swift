internal import Fabric
internal import SimKernel
internal import Telemetry

/// The post-processing unit and the serialiser behind it: two registers of one row each.
///
/// A row taken in cycle d is in the first register (bias, ReLU) in d + 1, in the second (scaled,
/// clamped, narrowed) in d + 2, and its first beat is sent in d + 2 at the earliest. Each register
/// takes a row in the cycle in which the one before it leaves, so a row of one beat can follow
/// every cycle.
struct OutputStage: BitwiseCopyable {
  private struct Row: BitwiseCopyable {
    var bytes: UnsafeMutableRawPointer
    var count: Int
    var slot: Int
    /// Of the part in `slot`.
    var isLast: Bool
    /// Of the whole job.
    var endsJob: Bool
  }

  /// Cycles from the one in which a row is taken to the one in which its first beat can be sent.
  static let latency = 2

  private let out: StreamSource
  private let beatBytes: Int
  private let beats: Counter
  private let bytes: Counter
  private var processed: Row
  private var sending: Row
  private var hasProcessed = false
  private var isSending = false
  private var sent = 0
  /// Whether a beat could not be sent in this cycle.
  private(set) var isRefused = false

  init(
    out: StreamSource, beatBytes: Int, rowBytes: Int, site: ModuleSite, arena: Arena
  ) {
    self.out = out
    self.beatBytes = beatBytes
    beats = site.counter("out_beats", unit: "beat", "Beats sent on out.")
    bytes = site.counter("out_bytes", unit: "B", "Valid bytes sent on out.")
    func row() -> Row {
      Row(
        bytes: UnsafeMutableRawPointer(arena.allocate(UInt8.self, count: rowBytes)), count: 0,
        slot: 0, isLast: false, endsJob: false)
    }
    processed = row()
    sending = row()
  }

  /// Whether a row is inside.
  @inline(__always)
  var isBusy: Bool { isSending || hasProcessed }

  /// Whether a row can be taken in this cycle; valid after ``advance()``.
  @inline(__always)
  var canTake: Bool { !hasProcessed }

  /// Where the bytes of a row to be taken go.
  @inline(__always)
  var buffer: UnsafeMutableRawPointer { processed.bytes }

  /// Sends a beat if one waits and moves rows on. Returns the slot of the part that has ended with
  /// this beat, −1 if none has.
  mutating func advance() -> Int {
    var ended = -1
    isRefused = false
    if isSending {
      if out.canPush {
        ended = send()
      } else {
        isRefused = true
      }
    }
    if hasProcessed, !isSending {
      swap(&processed, &sending)
      hasProcessed = false
      isSending = true
      sent = 0
    }
    return ended
  }

  private mutating func send() -> Int {
    let count = min(beatBytes, sending.count &- sent)
    let data = out.data
    data.copyMemory(from: sending.bytes + sent, byteCount: count)
    if count < beatBytes {
      (data + count).initializeMemory(as: UInt8.self, repeating: 0, count: beatBytes &- count)
    }
    sent &+= count
    let isRowEnd = sent == sending.count
    let isEnd = isRowEnd && sending.isLast
    out.push(StreamBeat(keptBytes: count, isLast: isEnd && sending.endsJob))
    beats.add()
    bytes.add(UInt64(count))
    if isRowEnd { isSending = false }
    return isEnd ? sending.slot : -1
  }

  /// Takes the row whose bytes were written to ``buffer``, the last one of the part in `slot`, with
  /// which the job ends or not.
  mutating func take(count: Int, slot: Int, isLast: Bool, endsJob: Bool) {
    processed.count = count
    processed.slot = slot
    processed.isLast = isLast
    processed.endsJob = endsJob
    hasProcessed = true
  }
}

public import SimKernel

/// How a waveform viewer shows a signal.
public enum SignalFormat: Sendable, Equatable {
  /// A vector of that many bits (1 is a plain wire).
  case bits(Int)
  /// Named values: value `i` is shown as `names[i]`.
  case names([String])
}

/// A declared waveform signal.
public struct SignalDescriptor: Sendable, Equatable {
  /// The path of the module it belongs to.
  public let module: String
  /// The name within the module; dots make sub-scopes.
  public let name: String
  /// Width or value names.
  public let format: SignalFormat
}

/// A value change as handed to a wave writer.
public struct WaveChange {
  /// When, in base ticks.
  public let tick: Tick
  /// Index into ``WaveRecorder/signals``.
  public let signal: Int
  /// The value of a signal of up to 64 bits.
  public let value: UInt64
  /// The value of a wider signal, least significant byte first.
  public let bytes: [UInt8]?
}

/// Collects value changes of all probed signals and hands them out in time order.
///
/// Modules tick in any order within an instant and may announce values for the next one, so changes
/// are sorted by (tick, signal, order of arrival) when drained and the last of a tick wins: the
/// file does not depend on module order.
public final class WaveRecorder {
  /// All signals, in order of declaration.
  public private(set) var signals: [SignalDescriptor] = []
  /// Whether changes are handed out; outside the window only the latest values are kept.
  public private(set) var isRecording: Bool

  private let buffer: UnsafeMutablePointer<WaveBuffer>
  private var latest: [WaveChange?] = []
  private let sink: (WaveChange) -> Void
  private let windowClosed: (Tick) -> Void

  /// Creates a recorder.
  ///
  /// - Parameters:
  ///   - startsRecording: false when a window is opened later, by the firmware or by time.
  ///   - windowClosed: told the tick after which nothing is handed out for a while.
  ///   - sink: receives the changes in time order.
  public init(
    kernel: Kernel, startsRecording: Bool, windowClosed: @escaping (Tick) -> Void = { _ in },
    sink: @escaping (WaveChange) -> Void
  ) {
    buffer = kernel.arena.allocate(WaveBuffer.self, count: 1)
    buffer.initialize(
      to: WaveBuffer(
        records: .allocate(capacity: 4096), count: 0, capacity: 4096,
        bytes: .allocate(capacity: 65536), byteCount: 0, byteCapacity: 65536, time: kernel.time))
    isRecording = startsRecording
    self.windowClosed = windowClosed
    self.sink = sink
  }

  deinit {
    buffer.pointee.records.deallocate()
    buffer.pointee.bytes.deallocate()
  }

  func declare(_ descriptor: SignalDescriptor) -> Signal {
    signals.append(descriptor)
    latest.append(nil)
    return Signal(buffer: buffer, identifier: UInt32(signals.count - 1))
  }

  /// How many changes wait to be drained.
  public var pendingChanges: Int { buffer.pointee.count }

  /// Hands out all changes at or before `tick`, in time order.
  public func drain(through tick: Tick) {
    let records = UnsafeBufferPointer(start: buffer.pointee.records, count: buffer.pointee.count)
    var order = Array(records.indices)
    order.sort { a, b in
      let (x, y) = (records[a], records[b])
      if x.tick != y.tick { return x.tick < y.tick }
      if x.signal != y.signal { return x.signal < y.signal }
      return a < b
    }
    var kept: [WaveRecord] = []
    var keptBytes: [UInt8] = []
    for (position, index) in order.enumerated() {
      var record = records[index]
      if record.tick > tick {
        let start = Int(record.value)
        if record.byteCount > 0 {
          record.value = UInt64(keptBytes.count)
          keptBytes += bytes(from: start, count: Int(record.byteCount))
        }
        kept.append(record)
        continue
      }
      if position + 1 < order.count {
        let next = records[order[position + 1]]
        if next.tick == record.tick, next.signal == record.signal { continue }
      }
      emit(record)
    }
    for (index, record) in kept.enumerated() { buffer.pointee.records[index] = record }
    for (index, byte) in keptBytes.enumerated() { buffer.pointee.bytes[index] = byte }
    buffer.pointee.count = kept.count
    buffer.pointee.byteCount = keptBytes.count
  }

  /// Opens or closes the recording window at `tick`; opening repeats all latest values there.
  public func setRecording(_ isOn: Bool, at tick: Tick) {
    drain(through: tick)
    guard isOn != isRecording else { return }
    isRecording = isOn
    guard isOn else {
      windowClosed(tick)
      return
    }
    for change in latest {
      guard let change else { continue }
      sink(
        WaveChange(tick: tick, signal: change.signal, value: change.value, bytes: change.bytes))
    }
  }

  private func emit(_ record: WaveRecord) {
    let signal = Int(record.signal)
    let bytes =
      record.byteCount > 0 ? bytes(from: Int(record.value), count: Int(record.byteCount)) : nil
    if let last = latest[signal] {
      if let bytes, bytes == last.bytes { return }
      if bytes == nil, last.value == record.value { return }
    }
    let change = WaveChange(
      tick: record.tick, signal: signal, value: bytes == nil ? record.value : 0, bytes: bytes)
    latest[signal] = change
    if isRecording { sink(change) }
  }

  private func bytes(from start: Int, count: Int) -> [UInt8] {
    Array(UnsafeBufferPointer(start: buffer.pointee.bytes + start, count: count))
  }
}

public import SimKernel
public import Telemetry

/// One beat of a stream. Its data travels in the channel's lanes, byte 0 first.
///
/// The stream follows AXI4-Stream: a transfer happens when the sender offers (valid) and the
/// receiver takes (ready); `keep` marks the bytes that count, which are always the lowest ones
/// here, so their number says it all.
public struct StreamBeat: BitwiseCopyable, Sendable, Equatable {
  /// How many of the low bytes are valid (TKEEP as a count), 0 to the stream's width.
  public var keptBytes: UInt32
  /// Whether this is the last beat of a packet (TLAST).
  public var isLast: Bool

  /// Creates a beat.
  @inlinable
  public init(keptBytes: Int, isLast: Bool) {
    self.keptBytes = UInt32(truncatingIfNeeded: keptBytes)
    self.isLast = isLast
  }
}

/// The waveform of one stream: `tvalid`, `tready`, `tdata`, `tkeep`, `tlast` as seen at the
/// receiver.
@usableFromInline
struct StreamProbe: BitwiseCopyable {
  @usableFromInline let valid: Signal
  @usableFromInline let ready: Signal
  @usableFromInline let data: Signal
  @usableFromInline let keep: Signal
  @usableFromInline let last: Signal
  @usableFromInline let period: Tick
  @usableFromInline let widthBytes: Int

  @usableFromInline @inline(never)
  func offer(_ beat: StreamBeat, _ bytes: UnsafeRawPointer) {
    valid.set(1, after: period)
    data.set(bytes: bytes, count: widthBytes, after: period)
    keep.set(UInt64(beat.keptBytes), after: period)
    last.set(beat.isLast ? 1 : 0, after: period)
  }

  @usableFromInline @inline(never)
  func take(next: (StreamBeat, UnsafeRawPointer)?) {
    ready.set(1)
    ready.set(0, after: period)
    if let (beat, bytes) = next {
      offer(beat, bytes)
    } else {
      valid.set(0, after: period)
    }
  }
}

/// The sending end of a stream.
public struct StreamSource: BitwiseCopyable {
  @usableFromInline let port: OutPort<StreamBeat>
  @usableFromInline let input: InPort<StreamBeat>
  @usableFromInline let probe: UnsafeMutablePointer<StreamProbe>?

  /// The stream's width in bytes per beat.
  @inlinable
  public var widthBytes: Int { port.laneBytes }

  /// Whether a beat can be sent in this cycle.
  @inlinable @inline(__always)
  public var canPush: Bool { port.canPush }

  /// The data lanes of the beat sent by the next ``push(_:)``; write them first.
  @inlinable @inline(__always)
  public var data: UnsafeMutableRawPointer { port.data }

  /// Watches the slot of the next beat, for checkers.
  public var watch: SlotWatch<StreamBeat> { port.watch }

  /// Sends a beat; traps when ``canPush`` is false.
  @inlinable @inline(__always)
  public func push(_ beat: StreamBeat) {
    if let probe, !input.isOccupied { probe.pointee.offer(beat, port.data) }
    port.push(beat)
  }
}

/// The receiving end of a stream.
public struct StreamSink: BitwiseCopyable {
  @usableFromInline let port: InPort<StreamBeat>
  @usableFromInline let probe: UnsafeMutablePointer<StreamProbe>?

  /// The stream's width in bytes per beat.
  @inlinable
  public var widthBytes: Int { port.laneBytes }

  /// Whether a beat waits.
  @inlinable @inline(__always)
  public var canPop: Bool { port.canPop }

  /// The waiting beat; traps when ``canPop`` is false.
  @inlinable @inline(__always)
  public var front: StreamBeat { port.front }

  /// The waiting beat's data; valid until the end of the tick that pops it.
  @inlinable @inline(__always)
  public var data: UnsafeMutableRawPointer { port.data }

  /// Watches the slot of the waiting beat, for checkers.
  public var watch: SlotWatch<StreamBeat> { port.watch }

  /// Takes the waiting beat; traps when ``canPop`` is false. Read ``data`` before.
  @inlinable @inline(__always)
  @discardableResult
  public func pop() -> StreamBeat {
    let beat = port.pop()
    if let probe {
      probe.pointee.take(
        next: port.isOccupied ? (port.announced, UnsafeRawPointer(port.data)) : nil)
    }
    return beat
  }
}

/// Both ends of a stream.
public struct StreamLink {
  /// The sender's end.
  public let source: StreamSource
  /// The receiver's end.
  public let sink: StreamSink
  let channel: OutPort<StreamBeat>

  /// Creates a stream.
  ///
  /// - Parameters:
  ///   - depth: slots; 2 gives one beat per cycle.
  ///   - probed: the receiver's site and the port's name, when the stream shall appear in
  ///     waveforms.
  public init(
    kernel: Kernel, widthBytes: Int, depth: Int = 2, probed: (site: ModuleSite, name: String)?
  ) {
    let (out, input) = kernel.channel(of: StreamBeat.self, capacity: depth, laneBytes: widthBytes)
    var probe: UnsafeMutablePointer<StreamProbe>?
    if let (site, name) = probed {
      let valid = site.signal("\(name).tvalid", .bits(1))
      if valid.isOn {
        let pointer = kernel.arena.allocate(StreamProbe.self, count: 1)
        pointer.initialize(
          to: StreamProbe(
            valid: valid, ready: site.signal("\(name).tready", .bits(1)),
            data: site.signal("\(name).tdata", .bits(8 * widthBytes)),
            keep: site.signal("\(name).tkeep_bytes", .bits(16)),
            last: site.signal("\(name).tlast", .bits(1)), period: site.domain.period,
            widthBytes: widthBytes))
        for signal in [pointer.pointee.valid, pointer.pointee.ready, pointer.pointee.last] {
          signal.set(0)
        }
        probe = pointer
      }
    }
    channel = out
    source = StreamSource(port: out, input: input, probe: probe)
    sink = StreamSink(port: input, probe: probe)
  }

  /// Lets the two ends wake each other.
  public func connect(kernel: Kernel, sender: Module, receiver: Module) {
    kernel.connect(channel, producer: sender, consumer: receiver)
  }
}

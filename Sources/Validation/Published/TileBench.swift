internal import Accelerators
internal import Fabric
internal import SimKernel
internal import Telemetry

/// Simulates one job on an array whose streams never stall.
struct TileBench {
  /// What the waveform of the array showed.
  struct Measurement {
    /// The cycle in which the first operands (weights, in a weight-stationary array) entered.
    let firstOperand: Tick
    /// The cycles in which the first and the last row of the result left the array.
    let firstRow: Tick
    let lastRow: Tick
  }

  let dataflow: ArrayDataflow
  let rows: Int
  let columns: Int

  /// Runs a job of `shape` with the full output; nil when the array never finished it.
  func run(_ shape: JobShape) -> Measurement? {
    let kernel = Kernel(plan: ClockPlan(periods: [("clk", 1)], ticksPerSecond: 1_000_000))
    var names: [String] = []
    var changes: [String: [(tick: Tick, value: UInt64)]] = [:]
    let recorder = WaveRecorder(kernel: kernel, startsRecording: true) { change in
      changes[names[change.signal], default: []].append((change.tick, change.value))
    }
    let registry = Registry(kernel: kernel, waves: recorder)
    let domain = kernel.domains[0]
    let site = registry.module("array", kind: "array", domain: domain)
    let configuration = SystolicArrayConfiguration(rows: rows, columns: columns)
    let in1 = StreamLink(
      kernel: kernel, widthBytes: configuration.in1Bytes, probed: (site, "in1"))
    let in2 = StreamLink(
      kernel: kernel, widthBytes: configuration.in2Bytes, probed: (site, "in2"))
    let out = StreamLink(
      kernel: kernel, widthBytes: configuration.outBytes, probed: (site, "out"))
    let bus = BusLink(kernel: kernel, widthBytes: 4)
    let port = RegisterPort(bus: bus.target, base: 0)
    let array: Module =
      switch dataflow {
      case .outputStationary:
        OutputStationaryArray(
          path: "array", configuration: configuration, site: site, registers: port,
          in1: in1.sink, in2: in2.sink, out: out.source, interrupt: nil, arena: kernel.arena)
      case .weightStationary:
        WeightStationaryArray(
          path: "array", configuration: configuration, site: site, registers: port,
          in1: in1.sink, in2: in2.sink, out: out.source, interrupt: nil, arena: kernel.arena)
      }
    names = recorder.signals.map(\.name)
    let driver = TileDriver(
      shape, bus: bus.initiator, in1: in1.source, in2: in2.source, out: out.sink)
    kernel.add(array, to: domain)
    kernel.add(driver, to: domain)
    in1.connect(kernel: kernel, sender: driver, receiver: array)
    in2.connect(kernel: kernel, sender: driver, receiver: array)
    out.connect(kernel: kernel, sender: array, receiver: driver)
    bus.connect(kernel: kernel, initiator: driver, target: array)
    _ = kernel.run(until: 10_000_000)
    recorder.drain(through: kernel.time.pointee)
    let starts = Self.high(changes[dataflow == .outputStationary ? "step" : "in2.tready"])
    let rows = Self.high(changes["row"])
    guard let first = starts.first, let firstRow = rows.first, let lastRow = rows.last,
      rows.count == shape.rows
    else { return nil }
    return Measurement(firstOperand: first, firstRow: firstRow, lastRow: lastRow)
  }

  /// The cycles in which a one-bit signal was high.
  private static func high(_ changes: [(tick: Tick, value: UInt64)]?) -> [Tick] {
    var result: [Tick] = []
    var since: Tick?
    for change in changes ?? [] {
      if change.value == 1 {
        since = since ?? change.tick
      } else if let start = since {
        result += start..<change.tick
        since = nil
      }
    }
    return result
  }
}

/// Programs one job, feeds both operand streams as fast as they take beats, and takes all results.
private final class TileDriver: Module {
  private let bus: BusInitiator
  private let in1: StreamSource
  private let in2: StreamSource
  private let out: StreamSink
  private var writes: [(Address, UInt32)]

  init(
    _ shape: JobShape, bus: BusInitiator, in1: StreamSource, in2: StreamSource, out: StreamSink
  ) {
    self.bus = bus
    self.in1 = in1
    self.in2 = in2
    self.out = out
    // M, N, K, FLAGS (OUTPUT, REQUANTISE: one beat per row), then START.
    writes = [
      (0x08, UInt32(shape.rows)), (0x0C, UInt32(shape.columns)), (0x10, UInt32(shape.depth)),
      (0x14, 0x12), (0x00, 1),
    ]
    super.init(path: "driver")
  }

  override func tick(_ now: Cycle) -> Wake {
    if bus.writeResponse.canPop { bus.writeResponse.pop() }
    if out.canPop { out.pop() }
    // Operands wait at the array's ports before the job starts, so that nothing stalls it.
    for stream in [in1, in2] where stream.canPush {
      stream.push(StreamBeat(keptBytes: stream.widthBytes, isLast: false))
    }
    if let (address, value) = writes.first, bus.writeRequest.canPush, bus.writeData.canPush {
      writes.removeFirst()
      bus.writeRequest.push(BusRequest(address: address, bytes: 4, busBytes: 4))
      bus.writeData.data.storeBytes(of: value.littleEndian, as: UInt32.self)
      bus.writeData.push(WriteBeat(offset: 0, bytes: 4, isLast: true))
    }
    return now < 64 ? .nextCycle : .onPort
  }
}

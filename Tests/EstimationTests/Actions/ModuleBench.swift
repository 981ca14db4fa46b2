import Accelerators
import Fabric
import SimKernel
import Telemetry
import TestSupport

/// Real modules between players of streams and a recorder, for what they count.
struct ModuleBench {
  private static let base: UInt64 = 0x1000
  private let kernel = Kernel(
    plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1_000_000))
  private let registry: Registry

  init() { registry = Registry(kernel: kernel) }

  /// Runs a job of a systolic array whose operands are zeros.
  ///
  /// - Parameter beats: operand beats at `in1` and at `in2`.
  func array(
    _ dataflow: ArrayDataflow, _ configuration: SystolicArrayConfiguration,
    registers: [(offset: UInt64, value: UInt32)], beats: (in1: Int, in2: Int)
  ) -> [String: UInt64]? {
    let site = registry.module("array", kind: "Array", domain: kernel.domains[0])
    let in1 = link(configuration.in1Bytes)
    let in2 = link(configuration.in2Bytes)
    let out = link(configuration.outBytes)
    let bus = BusLink(kernel: kernel, widthBytes: 8)
    let port = RegisterPort(bus: bus.target, base: Self.base)
    let array: Module =
      switch dataflow {
      case .outputStationary:
        OutputStationaryArray(
          path: "array", configuration: configuration, site: site, registers: port, in1: in1.sink,
          in2: in2.sink, out: out.source, interrupt: nil, arena: kernel.arena, in1Driver: "in1",
          in2Driver: "in2", outReceiver: "out")
      case .weightStationary:
        WeightStationaryArray(
          path: "array", configuration: configuration, site: site, registers: port, in1: in1.sink,
          in2: in2.sink, out: out.source, interrupt: nil, arena: kernel.arena, in1Driver: "in1",
          in2Driver: "in2", outReceiver: "out")
      }
    feed(in1, "in1", beats.in1, configuration.in1Bytes, array)
    feed(in2, "in2", beats.in2, configuration.in2Bytes, array)
    return run(array, out, bus, registers)
  }

  /// Runs a job of a vector unit on zeros.
  func vectorUnit(
    _ configuration: VectorUnitConfiguration, registers: [(offset: UInt64, value: UInt32)],
    beats: (input: Int, side: Int), beatBytes: Int
  ) -> [String: UInt64]? {
    let site = registry.module("vector", kind: "VectorUnit", domain: kernel.domains[0])
    let input = link(configuration.beatBytes)
    let side = link(configuration.beatBytes)
    let out = link(configuration.beatBytes)
    let bus = BusLink(kernel: kernel, widthBytes: 8)
    let unit = VectorUnit(
      path: "vector", configuration: configuration, site: site,
      registers: RegisterPort(bus: bus.target, base: Self.base), input: input.sink,
      side: side.sink, out: out.source, interrupt: nil, arena: kernel.arena, inputDriver: "in",
      sideDriver: "side", outReceiver: "out")
    feed(input, "in", beats.input, beatBytes, unit)
    feed(side, "side", beats.side, beatBytes, unit)
    return run(unit, out, bus, registers)
  }

  private func link(_ bytes: Int) -> StreamLink {
    StreamLink(kernel: kernel, widthBytes: bytes, probed: nil)
  }

  private func feed(
    _ link: StreamLink, _ path: String, _ count: Int, _ bytes: Int, _ receiver: Module
  ) {
    let player = StreamPlayer(
      path: path, output: link.source,
      beats: Array(
        repeating: (bytes: [UInt8](repeating: 0, count: bytes), isLast: false), count: count),
      seed: 1, pausePercent: 10)
    kernel.add(player, to: kernel.domains[0])
    link.connect(kernel: kernel, sender: player, receiver: receiver)
  }

  /// Starts the job and waits for its end; the module's counters, nil when it does not end.
  private func run(
    _ module: Module, _ out: StreamLink, _ bus: BusLink,
    _ registers: [(offset: UInt64, value: UInt32)]
  ) -> [String: UInt64]? {
    let receiver = StreamRecorder(path: "out", input: out.sink, seed: 3, stallPercent: 20)
    let host = RegisterMaster(
      path: "host", bus: bus.initiator,
      steps: registers.map { .write(Self.base + $0.offset, $0.value) } + [
        .write(Self.base, 1), .poll(Self.base + 4, mask: 1, equals: 0), .read(Self.base + 4),
        .pause(100),
      ], controls: kernel.controls)
    for member in [module, receiver, host] { kernel.add(member, to: kernel.domains[0]) }
    out.connect(kernel: kernel, sender: module, receiver: receiver)
    bus.connect(kernel: kernel, initiator: host, target: module)
    // Done without an error.
    guard kernel.run(until: 2_000_000) == .finished, host.values.last == 2 else { return nil }
    var counters: [String: UInt64] = [:]
    for counter in registry.snapshot().modules[0].counters {
      counters[counter.name] = counter.values.reduce(0, +)
    }
    return counters
  }
}

internal import Fabric
internal import Interconnect
internal import RTL
internal import SimKernel

extension LockstepBlock {
  /// One DMA channel of every direction, narrow and wide.
  public static let dma = LockstepBlock(
    name: "dma", kind: "DMA",
    scope: "strided, im2col and window patterns, turned transfers, gathers, linked descriptors, "
      + "two queued jobs, errors",
    configurations: [
      .dma(.toStream, portBytes: 4, busBytes: 8, burst: 16, outstanding: 3, base: 0x4000_0000),
      .dma(.fromStream, portBytes: 8, busBytes: 4, burst: 4, outstanding: 2),
      .dma(.memoryToMemory, portBytes: 4, busBytes: 4, burst: 4, outstanding: 2),
      .dma(.toStream, portBytes: 16, busBytes: 4, burst: 8, outstanding: 8),
      .dma(.fromStream, portBytes: 2, busBytes: 16, burst: 2, outstanding: 1),
      .dma(.memoryToMemory, portBytes: 8, busBytes: 16, burst: 20, outstanding: 4),
      .dma(.toStream, portBytes: 1, busBytes: 1, burst: 3, outstanding: 5),
      .dma(.memoryToMemory, portBytes: 32, busBytes: 2, burst: 1, outstanding: 3),
      .dma(.toStream, portBytes: 16, busBytes: 16, burst: 16, outstanding: 4),
    ])
}

extension LockstepConfiguration {
  /// A DMA channel; `burst` is its longest burst in beats, `base` the address of its registers.
  static func dma(
    _ direction: DMADirection, portBytes: Int, busBytes: Int, burst: Int, outstanding: Int,
    base: Address = 0
  ) -> LockstepConfiguration {
    let number =
      switch direction {
      case .toStream: 0
      case .fromStream: 1
      case .memoryToMemory: 2
      }
    return LockstepConfiguration(
      parameters: [
        .init("DIRECTION", number), .init("PORT_BYTES", portBytes), .init("BUS_BYTES", busBytes),
        .init("MAXIMUM_BURST_BEATS", burst), .init("OUTSTANDING", outstanding),
        .init("BASE", "64'd\(base)"),
      ]
    ) { bench, random in
      try attachDMA(
        DMAConfiguration(
          direction: direction, portBytes: portBytes, maximumBurstBeats: burst,
          outstanding: outstanding, source: "source", destination: "destination"),
        busBytes: busBytes, base: base, bench, &random)
    }
  }
}

/// Creates the model of one episode, its channels, and a driver for every port.
private func attachDMA(
  _ configuration: DMAConfiguration, busBytes: Int, base: Address, _ bench: LockstepBench,
  _ random: inout SplitMix64
) throws {
  let (kernel, direction) = (bench.kernel, configuration.direction)
  let registers = BusLink(kernel: kernel, widthBytes: max(4, busBytes))
  let bus = BusLink(kernel: kernel, widthBytes: busBytes)
  let stream = StreamLink(kernel: kernel, widthBytes: configuration.portBytes, probed: nil)
  let interrupt = kernel.line(to: bench.testbench)
  let model = DMA(
    path: "dut", configuration: configuration,
    registers: RegisterPort(bus: registers.target, base: base), bus: bus.initiator,
    input: direction == .fromStream ? stream.sink : nil,
    output: direction == .toStream ? stream.source : nil, interrupt: interrupt,
    site: bench.site("dut", kind: "DMA"), arena: kernel.arena)
  bench.add(model)
  registers.connect(kernel: kernel, initiator: bench.testbench, target: model)
  bus.connect(kernel: kernel, initiator: model, target: bench.testbench)

  let traffic = DMATraffic(
    direction: direction, busBytes: busBytes, portBytes: configuration.portBytes, base: base,
    seed: random.next())
  let host = try BusHost("s_", registers.initiator, bench)
  host.refill = { traffic.access(&$0) }
  bench.add(host)
  let memory = try BusMemory("m_", bus.target, bench)
  for (address, bytes) in traffic.descriptors() { memory.load(bytes, at: address) }
  memory.failure = { request, isWrite in traffic.failure(request, isWrite: isWrite) }
  memory.beatFailure = { _, _ in traffic.beatFailure() }
  bench.add(memory)

  // The streams that the direction does not have stay inactive.
  switch direction {
  case .toStream:
    stream.connect(kernel: kernel, sender: model, receiver: bench.testbench)
    bench.add(try StreamCollector("out", stream.sink, comparesPadding: true, bench))
  case .fromStream:
    stream.connect(kernel: kernel, sender: bench.testbench, receiver: model)
    let feeder = try StreamFeeder("in", stream.source, bench)
    feeder.refill = { traffic.beat(&$0) }
    bench.add(feeder)
  case .memoryToMemory: break
  }
  if direction != .toStream {
    bench.add(try LineProbe("out_tvalid", kernel.line(to: bench.testbench), bench))
  }
  if direction != .fromStream {
    bench.add(try LineProbe("in_tready", kernel.line(to: bench.testbench), bench))
  }
  bench.add(try LineProbe("irq", interrupt, bench))
  if direction == .toStream {
    let name = "turned_pieces"
    bench.add(try EventCounter("ev_\(name)", bench, counters: [name], of: "dut"))
  }
  for counter in [
    "bytes", "bursts", "bus_beats", "words_read", "stream_beats", "beats_unpacked",
    "padding_bytes", "descriptors", "jobs", "register_accesses",
  ] {
    bench.add(try EventCounter("ev_\(counter)", bench, counters: [counter], of: "dut"))
  }
}

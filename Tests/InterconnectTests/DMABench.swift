import Fabric
import Interconnect
import MemoryModels
import SimKernel
import Telemetry
import TestSupport
import Testing

/// A crossbar with a register master, one DMA and two memories, for tests of the whole data path.
final class DMABench {
  static let sramBase: Address = 0x1000_0000
  static let dramBase: Address = 0x8000_0000
  static let dmaBase: Address = 0x4000_0000
  static let size = 1 << 16

  struct Options {
    var direction = DMADirection.memoryToMemory
    var busBytes = 16
    var portBytes = 8
    var latency: Cycle = 1
    var readDelay: Cycle = 1
    var dramBits: UInt64 = 64
    var banks = 1
    var ports = 1
    var outstanding = 4
    var stallPercent = 0
    var seed: UInt64 = 1
    var isEager = false
    var order = ModuleOrder.registration
    var periods: (system: Tick, memory: Tick) = (1, 1)
  }

  let kernel: Kernel
  let registry: Registry
  let sram: BackingStore
  let dram: BackingStore
  let master: RegisterMaster
  let recorder: StreamRecorder?

  init(
    _ options: Options, steps: [RegisterMaster.Step],
    input: [(bytes: [UInt8], isLast: Bool)] = []
  ) throws {
    let kernel = Kernel(
      plan: ClockPlan(
        periods: [("system", options.periods.system), ("memory", options.periods.memory)],
        ticksPerSecond: 1_000_000_000),
      eager: options.isEager, order: options.order)
    self.kernel = kernel
    registry = Registry(kernel: kernel)
    let (system, memory) = (kernel.domains[0], kernel.domains[1])
    let arena = kernel.arena
    sram = try #require(BackingStore(base: Self.sramBase, size: Self.size))
    dram = try #require(BackingStore(base: Self.dramBase, size: Self.size))

    let links = (0..<2).map { _ in BusLink(kernel: kernel, widthBytes: options.busBytes) }
    let sramLinks = (0..<options.ports).map { _ in
      BusLink(kernel: kernel, widthBytes: options.busBytes)
    }
    let dramLink = BusLink(kernel: kernel, widthBytes: options.busBytes)
    let registerLink = BusLink(kernel: kernel, widthBytes: options.busBytes)

    let sramModule = SRAM(
      path: "sram",
      configuration: MemoryConfiguration(
        store: sram, readDelay: options.readDelay, writeDelay: options.readDelay),
      banks: options.banks, buses: sramLinks.map(\.target),
      site: registry.module("sram", kind: "SRAM", domain: system), arena: arena)
    let dramModule = DRAM(
      path: "dram",
      configuration: MemoryConfiguration(
        store: dram, readDelay: options.readDelay + 5, writeDelay: options.readDelay + 2),
      bitsPerCycle: options.dramBits, picojoulesPerBit: nil, buses: [dramLink.target],
      site: registry.module("dram", kind: "DRAM", domain: memory), arena: arena)

    var sink: StreamSink?
    var source: StreamSource?
    let stream = StreamLink(kernel: kernel, widthBytes: options.portBytes, probed: nil)
    switch options.direction {
    case .toStream: source = stream.source
    case .fromStream: sink = stream.sink
    case .memoryToMemory: break
    }
    let dma = DMA(
      path: "dma",
      configuration: DMAConfiguration(
        direction: options.direction, portBytes: options.portBytes, maximumBurstBeats: 16,
        outstanding: options.outstanding, source: "a", destination: "b"),
      registers: RegisterPort(bus: registerLink.target, base: Self.dmaBase),
      bus: links[1].initiator, input: sink, output: source, interrupt: nil,
      site: registry.module("dma", kind: "DMA", domain: system), arena: arena)
    master = RegisterMaster(
      path: "master", bus: links[0].initiator, steps: steps, controls: kernel.controls)
    let sramTargets = Array(0..<options.ports)
    let crossbar = Crossbar(
      path: "crossbar",
      configuration: CrossbarConfiguration(
        latency: options.latency, arbitration: .roundRobin, outstanding: options.outstanding,
        windows: [
          AddressWindow(base: Self.sramBase, length: UInt64(Self.size), targets: sramTargets),
          AddressWindow(
            base: Self.dramBase, length: UInt64(Self.size), targets: [options.ports]),
          AddressWindow(base: Self.dmaBase, length: 4096, targets: [options.ports + 1]),
        ]),
      initiators: links.map(\.target),
      targets: sramLinks.map(\.initiator) + [dramLink.initiator, registerLink.initiator],
      targetNames: sramTargets.map { "sram\($0)" } + ["dram", "dma"],
      site: registry.module("crossbar", kind: "Crossbar", domain: system), arena: arena)

    for module in [sramModule, dma, master, crossbar] { kernel.add(module, to: system) }
    kernel.add(dramModule, to: memory)
    links[0].connect(kernel: kernel, initiator: master, target: crossbar)
    links[1].connect(kernel: kernel, initiator: dma, target: crossbar)
    for link in sramLinks { link.connect(kernel: kernel, initiator: crossbar, target: sramModule) }
    dramLink.connect(kernel: kernel, initiator: crossbar, target: dramModule)
    registerLink.connect(kernel: kernel, initiator: crossbar, target: dma)
    switch options.direction {
    case .toStream:
      let module = StreamRecorder(
        path: "recorder", input: stream.sink, seed: options.seed,
        stallPercent: options.stallPercent)
      kernel.add(module, to: system)
      stream.connect(kernel: kernel, sender: dma, receiver: module)
      recorder = module
    case .fromStream:
      let module = StreamPlayer(
        path: "player", output: stream.source, beats: input, seed: options.seed,
        pausePercent: options.stallPercent)
      kernel.add(module, to: system)
      stream.connect(kernel: kernel, sender: module, receiver: dma)
      recorder = nil
    case .memoryToMemory: recorder = nil
    }
    var random = SplitMix64(seed: options.seed)
    for store in [sram, dram] {
      let bytes = (0..<Self.size).map { _ in UInt8.random(in: 0...255, using: &random) }
      store.write(bytes, at: store.base)
    }
  }

  func run() -> Outcome { kernel.run(until: 2_000_000) }
}

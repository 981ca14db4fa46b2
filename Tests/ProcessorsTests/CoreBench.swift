import Fabric
import Peripherals
import Processors
import RISCV
import SimKernel
import Telemetry
import TestSupport
import Testing

/// A core with two memories, a device and a host interface.
final class CoreBench {
  static let deviceBase: Address = 0x1000_0000
  static let memoryBase = Program.base
  static let memorySize = 1 << 16
  static let secondBase: Address = 0x9000_0000
  static let toHost = memoryBase + 0xF000
  static let fromHost = memoryBase + 0xF040

  struct Options {
    var quantum: UInt64 = 0
    var delay: Cycle = 0
    var schedule = ProbeDevice.Schedule.external([])
    var periods: (core: Tick, device: Tick) = (1, 1)
    var input = ""
    var isEager = false
    var order = ModuleOrder.registration
    var limit: Tick = 1_000_000
  }

  /// The quanta that must not make a difference.
  static let quanta: [UInt64] = [0, 1, 7, 50]

  let kernel: Kernel
  let registry: Registry
  let memory: BackingStore
  let device: ProbeDevice
  let console: Console
  let exit: ExitRequest
  private let limit: Tick

  init(_ options: Options, _ program: Program) throws {
    let kernel = Kernel(
      plan: ClockPlan(
        periods: [("core", options.periods.core), ("device", options.periods.device)],
        ticksPerSecond: 100_000_000),
      eager: options.isEager, order: options.order)
    self.kernel = kernel
    limit = options.limit
    let registry = Registry(kernel: kernel)
    self.registry = registry
    let (coreClock, deviceClock) = (kernel.domains[0], kernel.domains[1])
    memory = try #require(BackingStore(base: Self.memoryBase, size: Self.memorySize))
    let second = try #require(BackingStore(base: Self.secondBase, size: 4096))
    let memories = [("memory", memory), ("second", second)].map { name, store in
      CoreMemory(
        store: store,
        traffic: DirectTraffic(
          site: registry.module(name, kind: "SRAM", domain: deviceClock), perAccess: nil,
          perBit: nil))
    }
    console = Console(input: Array(options.input.utf8))
    exit = ExitRequest(kernel: kernel)
    let link = BusLink(kernel: kernel, widthBytes: 8)
    let core = try Core(
      path: "core",
      configuration: CoreConfiguration(
        hart: 0, quantum: options.quantum, entry: Program.base, memories: memories,
        toHost: Self.toHost, fromHost: Self.fromHost, console: console,
        symbol: { _ in nil }),
      bus: link.initiator, exit: exit,
      site: registry.module("core", kind: "Core", domain: coreClock), kernel: kernel)
    let (software, timer, external) = (
      kernel.line(to: core), kernel.line(to: core), kernel.line(to: core)
    )
    core.attach(InterruptLines(software: software, timer: timer, external: external))
    device = ProbeDevice(
      path: "device", registers: RegisterPort(bus: link.target, base: Self.deviceBase),
      delay: options.delay, external: external, software: software, schedule: options.schedule)
    kernel.add(core, to: coreClock)
    kernel.add(device, to: deviceClock)
    link.connect(kernel: kernel, initiator: core, target: device)
    for (index, word) in program.assembled().enumerated() {
      memory.write(
        (0..<4).map { UInt8(truncatingIfNeeded: word >> UInt32(8 * $0)) },
        at: Program.base + UInt64(4 * index))
    }
  }

  func run() -> Outcome { kernel.run(until: limit) }

  /// The 32-bit word at an offset of the first memory.
  func word(_ offset: Int) -> UInt64 {
    memory.read(at: Self.memoryBase + UInt64(offset), count: 4).reversed()
      .reduce(0) { $0 << 8 | UInt64($1) }
  }

  func counter(_ name: String, of module: String = "core") -> UInt64? {
    registry.snapshot().modules.first { $0.path == module }?.counters
      .first { $0.name == name }?.values.reduce(0, +)
  }

  func cycles(in state: String) -> UInt64? {
    registry.snapshot().modules.first { $0.path == "core" }?.states
      .first { $0.name == state }?.cycles.reduce(0, +)
  }
}

extension Program {
  /// Offset in the first memory of what the programs leave for the test.
  static let results = 0x8000

  /// Ends the run with exit code 0, by way of `tohost`; uses x30 and x31.
  mutating func exit(code: UInt64 = 0) {
    load(30, CoreBench.toHost)
    load(31, code << 1 | 1)
    add(.sw, rs1: 30, rs2: 31, 0)
    add(.sw, rs1: 30, rs2: 0, 4)
    spin()
  }
}

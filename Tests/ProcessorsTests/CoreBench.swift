import Fabric
import Peripherals
import Processors
import RISCV
import SimKernel
import Telemetry
import TestSupport
import Testing

/// One or several cores with two memories, a device each and a host.
final class CoreBench {
  static let deviceBase: Address = 0x1000_0000
  static let memoryBase = Program.base
  static let memorySize = 1 << 16
  static let secondBase: Address = 0x5000_0000
  static let readOnlyBase: Address = 0x6000_0000
  static let toHost = memoryBase + 0xF000
  static let fromHost = memoryBase + 0xF040

  struct Options {
    var instructionSet = InstructionSet.rv32Full
    var harts = 1
    var engine = Engine.fast
    var misaligned = MisalignedAccess.supported
    var quantum: UInt64 = 0
    var delay: Cycle = 0
    var schedule = ProbeDevice.Schedule.external([])
    var periods: (core: Tick, device: Tick) = (1, 1)
    var busBytes = 8
    var input = ""
    var settings = HostSettings()
    var instructionLimit: UInt64?
    var observer: ((Int) -> (any InstructionObserver)?)?
    var isEager = false
    var order = ModuleOrder.registration
    var limit: Tick = 1_000_000
    /// Makes what stands at the other end of the bus; nil for a ``ProbeDevice``.
    var makeTarget: ((BusTarget) -> Module)?
  }

  /// The quanta that must not make a difference.
  static let quanta: [UInt64] = [0, 1, 7, 50]

  let kernel: Kernel
  let registry: Registry
  let memory: BackingStore
  let console: Console
  let exit: ExitRequest
  private(set) var cores: [Core] = []
  private(set) var devices: [ProbeDevice] = []
  private let limit: Tick
  private let views = Views()

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
    memory = try #require(BackingStore(base: Self.memoryBase, size: Self.memorySize))
    console = Console(input: Array(options.input.utf8))
    exit = ExitRequest(kernel: kernel)
    let memories = try makeMemories(beside: memory)
    let views = views
    let host = HostServices(
      settings: options.settings, console: console,
      memory: PhysicalStores(memories.filter(\.isWritable).map(\.store)) { range in
        for core in views.list { core.memoryWasWritten(range) }
      }, toHost: Self.toHost, fromHost: Self.fromHost, report: { _ in })
    let group = options.harts > 1 ? HartGroup() : nil
    let time = MachineTime(kernel: kernel)
    for hart in 0..<options.harts {
      var configuration = CoreConfiguration(
        hart: hart, instructionSet: options.instructionSet, quantum: options.quantum,
        entry: Program.base, memories: memories, time: time, toHost: Self.toHost, host: host)
      configuration.engine = options.engine
      configuration.misalignedAccess = options.misaligned
      configuration.group = group
      configuration.instructionLimit = options.instructionLimit
      configuration.observer = options.observer?(hart)
      try addCore(configuration, options)
    }
    views.list = cores
    for (index, word) in program.assembled().enumerated() {
      memory.write(UInt64(word), bytes: 4, at: Program.base + UInt64(4 * index))
    }
  }

  deinit { views.list = [] }

  /// The cores that the host tells of what it writes.
  private final class Views {
    var list: [Core] = []
  }

  private func makeMemories(beside memory: BackingStore) throws -> [CoreMemory] {
    let clock = kernel.domains[1]
    let second = try #require(BackingStore(base: Self.secondBase, size: 4096))
    let readOnly = try #require(BackingStore(base: Self.readOnlyBase, size: 4096))
    return [("memory", memory), ("second", second), ("rom", readOnly)].map { name, store in
      CoreMemory(
        store: store,
        traffic: DirectTraffic(
          site: registry.module(name, kind: "SRAM", domain: clock), perAccess: nil,
          perBit: nil), isWritable: name != "rom")
    }
  }

  private func addCore(_ configuration: CoreConfiguration, _ options: Options) throws {
    let suffix = options.harts > 1 ? "\(configuration.hart)" : ""
    let (coreClock, deviceClock) = (kernel.domains[0], kernel.domains[1])
    let link = BusLink(kernel: kernel, widthBytes: options.busBytes)
    let core = try Core(
      path: "core" + suffix, configuration: configuration, bus: link.initiator, exit: exit,
      site: registry.module("core" + suffix, kind: "Core", domain: coreClock), kernel: kernel)
    let wires = ProbeDevice.Wires(
      software: kernel.line(to: core), timer: kernel.line(to: core),
      external: kernel.line(to: core), supervisorExternal: kernel.line(to: core))
    core.attach(
      InterruptLines(
        software: wires.software, timer: wires.timer, external: wires.external,
        supervisorExternal: wires.supervisorExternal))
    kernel.add(core, to: coreClock)
    cores.append(core)
    if let target = options.makeTarget?(link.target) {
      kernel.add(target, to: deviceClock)
      link.connect(kernel: kernel, initiator: core, target: target)
      return
    }
    let device = ProbeDevice(
      path: "device" + suffix,
      registers: RegisterPort(bus: link.target, base: Self.deviceBase), delay: options.delay,
      wires: wires, schedule: options.schedule)
    kernel.add(device, to: deviceClock)
    link.connect(kernel: kernel, initiator: core, target: device)
    devices.append(device)
  }

  func run() -> Outcome { kernel.run(until: limit) }

  /// The device of the first core.
  var device: ProbeDevice { devices[0] }

  /// What was printed.
  var output: String { String(decoding: console.output, as: UTF8.self) }

  /// The word at an offset of the first memory, of 32 bits unless said otherwise.
  func word(_ offset: Int, bytes: Int = 4) -> UInt64 {
    memory.read(at: Self.memoryBase + UInt64(offset), count: bytes).reversed()
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

extension BackingStore {
  /// Writes the low `bytes` bytes of a value, little-endian.
  func write(_ value: UInt64, bytes: Int, at address: UInt64) {
    write((0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }, at: address)
  }
}

/// Everything a run shows.
struct Observation: Equatable {
  let outcome: Outcome
  let reason: ExitReason?
  let memory: [UInt8]
  let accesses: [[ProbeDevice.Access]]
  let output: String
  let snapshot: Snapshot

  init(_ bench: CoreBench) {
    outcome = bench.run()
    reason = bench.exit.reason
    memory = bench.memory.read(at: CoreBench.memoryBase, count: CoreBench.memorySize)
    accesses = bench.devices.map(\.accesses)
    output = bench.output
    snapshot = bench.registry.snapshot()
  }
}

/// Expects two runs to agree in everything, and says where they do not.
func expectEqual(
  _ other: Observation, _ plain: Observation, _ comment: Comment? = nil,
  sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(other.outcome == plain.outcome, comment, sourceLocation: sourceLocation)
  #expect(other.reason == plain.reason, comment, sourceLocation: sourceLocation)
  #expect(other.accesses == plain.accesses, comment, sourceLocation: sourceLocation)
  #expect(other.output == plain.output, comment, sourceLocation: sourceLocation)
  let isSame = other.memory == plain.memory
  #expect(isSame, "memory, \(comment ?? "")", sourceLocation: sourceLocation)
  let counts = zip(counts(other.snapshot), counts(plain.snapshot)).filter { $0 != $1 }
  #expect(counts.isEmpty, comment, sourceLocation: sourceLocation)
  #expect(
    (other.snapshot == plain.snapshot) == counts.isEmpty, comment, sourceLocation: sourceLocation)
}

/// What was counted, as lines.
private func counts(_ snapshot: Snapshot) -> [String] {
  ["ticks \(snapshot.ticks)"]
    + snapshot.modules.flatMap { module in
      ["\(module.path) \(module.cycles)"]
        + module.counters.map { "\(module.path) \($0.name) \($0.values)" }
        + module.states.map { "\(module.path) \($0.name) \($0.cycles)" }
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

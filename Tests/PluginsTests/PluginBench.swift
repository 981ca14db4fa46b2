import Fabric
import Plugins
import SimKernel
import Telemetry
import TestSupport
import Testing

/// A plug-in's module with everything at its ends: a bus driver at its registers, players and
/// recorders at its streams, a recorder at its interrupt.
final class PluginBench {
  static let base: Address = 0x5000_0000

  struct Options {
    var parameters: [Int64]?
    /// The beats of each input, in the order of the ports.
    var beats: [[(bytes: [UInt8], isLast: Bool)]] = []
    var script: [BusTransaction] = []
    /// The width of the streams; nil: that of the ports.
    var streamBytes: Int?
    var pausePercent = 0
    var stallPercent = 0
    var seed: UInt64 = 1
    var isEager = false
  }

  let driver: BusDriver
  /// What left through each output.
  private(set) var outputs: [StreamRecorder] = []
  /// What the plug-in did wrong.
  private(set) var failures: [String] = []
  private let interrupts = LineRecorder(path: "interrupts")
  private let kernel: Kernel
  private let registry: Registry

  init(_ library: PluginLibrary, _ options: Options = Options()) throws {
    let kernel = Kernel(
      plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1_000_000_000),
      eager: options.isEager)
    self.kernel = kernel
    registry = Registry(kernel: kernel)
    let domain = kernel.domains[0]
    let parameters = options.parameters ?? library.kind.parameters.map { $0.standard ?? 0 }
    let bus = BusLink(kernel: kernel, widthBytes: 8)
    driver = BusDriver(
      path: "driver", bus: bus.initiator, transactions: options.script,
      finishLine: FinishLine(count: 2, controls: kernel.controls))
    var streams: [StreamEnd] = []
    var players: [(StreamLink, StreamPlayer)] = []
    var recorders: [(StreamLink, StreamRecorder)] = []
    for (index, port) in library.kind.ports.enumerated() {
      let bits = try library.bits(ofPort: index, parameters: parameters)
      let link = StreamLink(
        kernel: kernel, widthBytes: options.streamBytes ?? bits / 8, probed: nil)
      let seed = options.seed &* 16 &+ UInt64(index)
      if port.isInput {
        let beats = players.count < options.beats.count ? options.beats[players.count] : []
        let player = StreamPlayer(
          path: port.name, output: link.source, beats: beats, seed: seed,
          pausePercent: options.pausePercent)
        players.append((link, player))
        streams.append(.input(link.sink, from: port.name))
      } else {
        let recorder = StreamRecorder(
          path: port.name, input: link.sink, seed: seed, stallPercent: options.stallPercent)
        recorders.append((link, recorder))
        streams.append(.output(link.source, to: port.name))
      }
    }
    outputs = recorders.map(\.1)
    interrupts.lines = [kernel.line(to: interrupts)]
    var fail: (String) -> Void = { _ in }
    let module = try PluginModule(
      path: "module", library: library, parameters: parameters,
      registers: RegisterPort(bus: bus.target, base: Self.base), streams: streams,
      interrupt: interrupts.lines[0],
      site: registry.module("module", kind: library.kind.name, domain: domain),
      arena: kernel.arena, fail: { fail($0) })
    fail = { [unowned self] in
      failures.append($0)
      kernel.controls.finish()
    }
    kernel.add(module, to: domain)
    kernel.add(driver, to: domain)
    kernel.add(interrupts, to: domain)
    bus.connect(kernel: kernel, initiator: driver, target: module)
    for (link, player) in players {
      kernel.add(player, to: domain)
      link.connect(kernel: kernel, sender: player, receiver: module)
    }
    for (link, recorder) in recorders {
      kernel.add(recorder, to: domain)
      link.connect(kernel: kernel, sender: module, receiver: recorder)
    }
  }

  /// Runs until nothing happens any more, or to `limit`.
  func run(until limit: Tick = 100_000) {
    _ = kernel.run(until: limit)
  }

  private var record: ModuleRecord? {
    registry.snapshot().modules.first { $0.path == "module" }
  }

  /// The classes of cycles with their cycles.
  var states: [(name: String, cycles: UInt64)] {
    record?.states.map { ($0.name, $0.cycles.reduce(0, +)) } ?? []
  }

  func cycles(in state: String) -> UInt64? {
    states.first { $0.name == state }?.cycles
  }

  func count(_ counter: String) -> UInt64? {
    record?.counters.first { $0.name == counter }?.values.reduce(0, +)
  }

  var components: [ComponentRecord] { record?.components ?? [] }
  var snapshot: Snapshot { registry.snapshot() }

  /// The cycles in which the interrupt was seen to change.
  var interruptChanges: [Cycle] { interrupts.changes.first ?? [] }

  /// The values read, in order.
  var values: [UInt64] { driver.answers.filter { !$0.beats.isEmpty }.map(\.value) }
  var responses: [BusResponse] { driver.answers.map(\.response) }
}

extension BusTransaction {
  /// A read of the module's register at `offset`.
  static func get(_ offset: Address, _ count: Int = 4, at cycle: Cycle = 0) -> BusTransaction {
    .read(PluginBench.base + offset, count, at: cycle)
  }

  /// A write of the module's register at `offset`.
  static func set(
    _ offset: Address, _ value: UInt64, _ count: Int = 4, at cycle: Cycle = 0
  ) -> BusTransaction {
    .write(PluginBench.base + offset, value, count, at: cycle)
  }
}

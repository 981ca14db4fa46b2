import Fabric
import RTL
import SimKernel
import Telemetry
import TestSupport
import Testing

/// RTL with everything at its ends: a bus driver at its registers, players and recorders at its
/// streams, a recorder at its interrupt.
final class RTLBench {
  static let base: Address = 0x5000_0000

  typealias Beats = [(bytes: [UInt8], isLast: Bool)]

  struct Options {
    /// The beats of each input, in the order of the map.
    var beats: [Beats] = []
    var script: [BusTransaction] = []
    var pausePercent = 0
    var stallPercent = 0
    var seed: UInt64 = 1
    var isEager = false
    var busBytes = 8
    /// The width of the streams; nil: that of the RTL.
    var streamBytes: Int?
  }

  /// What a model that RTL shadows is connected to.
  struct Parts {
    let registers: RegisterPort
    let streams: [StreamEnd]
    let interrupt: Line
    let site: ModuleSite
  }

  let driver: BusDriver
  private(set) var outputs: [StreamRecorder] = []
  /// What the RTL did wrong, or how it differs.
  private(set) var failures: [String] = []
  let module: Module
  private let interrupts = LineRecorder(path: "interrupts")
  private let kernel: Kernel
  private let registry: Registry

  /// - Parameters:
  ///   - parameters: of the RTL.
  ///   - ties: values of the design's knobs.
  ///   - shadowed: makes the model that the RTL watches; nil: the RTL is the module.
  init(
    _ design: Design, parameters: [RTLSource.Parameter] = [], ties: [String: UInt64] = [:],
    counters: [PortMap.Counter] = [], _ options: Options = Options(),
    shadowing shadowed: ((Parts) -> Module)? = nil
  ) throws {
    let kernel = Kernel(
      plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1_000_000_000),
      eager: options.isEager)
    self.kernel = kernel
    registry = Registry(kernel: kernel)
    let domain = kernel.domains[0]
    var request = PortMapRequest()
    (request.ties, request.counters) = (ties, counters)
    let (model, map) = try design.instance(parameters, request)
    let bus = BusLink(kernel: kernel, widthBytes: options.busBytes)
    driver = BusDriver(
      path: "driver", bus: bus.initiator, transactions: options.script,
      finishLine: FinishLine(count: 2, controls: kernel.controls))
    var streams: [StreamEnd] = []
    var players: [(StreamLink, StreamPlayer)] = []
    var recorders: [(StreamLink, StreamRecorder)] = []
    for (index, stream) in map.streams.enumerated() {
      let link = StreamLink(
        kernel: kernel, widthBytes: options.streamBytes ?? stream.bits / 8, probed: nil)
      let seed = options.seed &* 16 &+ UInt64(index)
      if stream.isInput {
        let beats = players.count < options.beats.count ? options.beats[players.count] : []
        let player = StreamPlayer(
          path: stream.name, output: link.source, beats: beats, seed: seed,
          pausePercent: options.pausePercent)
        players.append((link, player))
        streams.append(.input(link.sink, from: stream.name))
      } else {
        let recorder = StreamRecorder(
          path: stream.name, input: link.sink, seed: seed, stallPercent: options.stallPercent)
        recorders.append((link, recorder))
        streams.append(.output(link.source, to: stream.name))
      }
    }
    outputs = recorders.map(\.1)
    interrupts.lines = [kernel.line(to: interrupts)]
    var fail: (String) -> Void = { _ in }
    let parts = Parts(
      registers: RegisterPort(bus: bus.target, base: Self.base), streams: streams,
      interrupt: interrupts.lines[0],
      site: registry.module("module", kind: design.top, domain: domain))
    if let shadowed {
      module = ShadowModule(
        shadowed(parts), rtl: model, map: map, registers: parts.registers, streams: streams,
        interrupt: parts.interrupt, fail: { fail($0) })
    } else {
      module = VerilatedModule(
        path: "module", model: model, map: map, registers: parts.registers, streams: streams,
        interrupt: parts.interrupt, site: parts.site, fail: { fail($0) })
    }
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
  @discardableResult
  func run(until limit: Tick = 20_000) -> Outcome { kernel.run(until: limit) }

  var snapshot: Snapshot { registry.snapshot() }

  func cycles(in state: String) -> UInt64? {
    snapshot.modules.first { $0.path == "module" }?.states.first { $0.name == state }?.cycles
      .reduce(0, +)
  }

  func count(_ counter: String) -> UInt64? {
    snapshot.modules.first { $0.path == "module" }?.counters.first { $0.name == counter }?.values
      .reduce(0, +)
  }

  /// The cycles in which the interrupt was seen to change.
  var interruptChanges: [Cycle] { interrupts.changes.first ?? [] }

  /// The values read, in order.
  var values: [UInt64] { driver.answers.filter { !$0.beats.isEmpty }.map(\.value) }
  var responses: [BusResponse] { driver.answers.map(\.response) }

  /// Beats of random bytes; the last one is short and ends the packet.
  static func beats(_ count: Int, width: Int, seed: UInt64) -> Beats {
    var random = SplitMix64(seed: seed)
    return (0..<count).map { index in
      let isLast = index == count - 1
      let kept = isLast ? Int.random(in: 1...width, using: &random) : width
      return ((0..<kept).map { _ in UInt8.random(in: 0...255, using: &random) }, isLast)
    }
  }
}

extension BusTransaction {
  /// A read of the module's register at `offset`.
  static func get(_ offset: Address, _ count: Int = 4, at cycle: Cycle = 0) -> BusTransaction {
    .read(RTLBench.base + offset, count, at: cycle)
  }

  /// A write of the module's register at `offset`.
  static func set(
    _ offset: Address, _ value: UInt64, _ count: Int = 4, at cycle: Cycle = 0
  ) -> BusTransaction {
    .write(RTLBench.base + offset, value, count, at: cycle)
  }
}

import Accelerators
import Fabric
import SimKernel
import Telemetry
import TestSupport

/// Everything about a run that can be seen from outside the unit.
struct VectorRun: Equatable {
  var outcome: Outcome
  var beats: [StreamRecorder.Beat]
  var record: ModuleRecord
  var waves: [ArrayRun.Change]
  var registerValues: [UInt32]
  var responses: [BusResponse]
  var interruptRises: [Cycle]

  func counter(_ name: String) -> Int {
    Int(record.counters.first { $0.name == name }?.values.reduce(0, +) ?? .max)
  }

  func cycles(in state: String) -> Int {
    Int(record.states.first { $0.name == state }?.cycles.reduce(0, +) ?? .max)
  }
}

/// A vector unit between two players, a recorder and a host.
struct VectorBench {
  var configuration: VectorUnitConfiguration
  var isEager = false
  var order = ModuleOrder.registration
  var pausePercent = 0
  var stallPercent = 0
  var seed: UInt64 = 1
  /// Ticks per cycle of the unit, the players, the recorder, the host.
  var periods: [Tick] = [1, 1, 1, 1]
  var hasWaves = true

  static let base: UInt64 = 0x1000

  /// Runs `jobs` one after the other; `script` in place of the usual one.
  func run(
    _ jobs: [VectorCase], table: [UInt8], script: [RegisterMaster.Step]? = nil
  ) -> VectorRun {
    let plan = ClockPlan(
      periods: periods.enumerated().map { ("clock\($0)", $1) }, ticksPerSecond: 1_000_000)
    let kernel = Kernel(plan: plan, eager: isEager, order: order)
    var waves: [ArrayRun.Change] = []
    var names: [String] = []
    let recorder = WaveRecorder(kernel: kernel, startsRecording: true) {
      waves.append(
        ArrayRun.Change(
          cycle: $0.tick, signal: names[$0.signal], value: $0.value, bytes: $0.bytes))
    }
    let registry = Registry(kernel: kernel, waves: hasWaves ? recorder : nil)
    let site = registry.module("vector", kind: "VectorUnit", domain: kernel.domains[0])
    func link(_ name: String) -> StreamLink {
      StreamLink(
        kernel: kernel, widthBytes: configuration.beatBytes,
        probed: hasWaves ? (site: site, name: name) : nil)
    }
    let (input, side, out) = (link("in"), link("side"), link("out"))
    let bus = BusLink(kernel: kernel, widthBytes: 8)
    let listener = InterruptListener(path: "listener")
    let line = kernel.line(to: listener)
    listener.line = line
    let unit = VectorUnit(
      path: "vector", configuration: configuration, site: site,
      registers: RegisterPort(bus: bus.target, base: Self.base), input: input.sink,
      side: side.sink, out: out.source, interrupt: line, arena: kernel.arena,
      inputDriver: "array", sideDriver: "dma_side", outReceiver: "dma_out")
    names = recorder.signals.map(\.name)
    func player(_ path: String, _ link: StreamLink, _ beats: [[UInt8]]) -> StreamPlayer {
      StreamPlayer(
        path: path, output: link.source, beats: beats.map { ($0, false) },
        seed: seed &+ UInt64(path.count), pausePercent: pausePercent)
    }
    let array = player("array", input, jobs.flatMap(\.input))
    let second = player("dma_side", side, jobs.flatMap(\.side))
    let receiver = StreamRecorder(
      path: "dma_out", input: out.sink, seed: seed &+ 3, stallPercent: stallPercent)
    let host = RegisterMaster(
      path: "host", bus: bus.initiator, steps: script ?? self.script(jobs, table),
      controls: kernel.controls)
    let modules: [(Module, Int)] = [
      (unit, 0), (array, 1), (second, 1), (receiver, 2), (host, 3), (listener, 0),
    ]
    for (module, domain) in modules { kernel.add(module, to: kernel.domains[domain]) }
    input.connect(kernel: kernel, sender: array, receiver: unit)
    side.connect(kernel: kernel, sender: second, receiver: unit)
    out.connect(kernel: kernel, sender: unit, receiver: receiver)
    bus.connect(kernel: kernel, initiator: host, target: unit)
    let outcome = kernel.run(until: 100_000)
    recorder.drain(through: kernel.time.pointee)
    return VectorRun(
      outcome: outcome, beats: receiver.beats, record: registry.snapshot().modules[0],
      waves: waves, registerValues: host.values, responses: host.responses,
      interruptRises: listener.rises)
  }

  /// Writes table and registers, queues the jobs as there is room, waits for the end, reads JOBS,
  /// acknowledges and reads STATUS.
  func script(_ jobs: [VectorCase], _ table: [UInt8]) -> [RegisterMaster.Step] {
    let base = Self.base
    var steps: [RegisterMaster.Step] = []
    for word in 0..<64 {
      let value = (0..<4).reduce(UInt32(0)) {
        $0 | UInt32(table[4 * word + $1]) << UInt32(8 * $1)
      }
      steps.append(.write(base + VectorOffset.table + UInt64(4 * word), value))
    }
    var known: [UInt64: UInt32] = [:]
    for job in jobs {
      for (offset, value) in job.registers where known[offset] != value {
        known[offset] = value
        steps.append(.write(base + offset, value))
      }
      steps.append(.poll(base + VectorOffset.status, mask: 1 << 3, equals: 0))
      steps.append(.write(base, 0b101))
    }
    // Accesses wake the unit, so a long pause without any is what shows that it wakes by itself.
    steps.append(.pause(1500))
    steps.append(.poll(base + VectorOffset.status, mask: 1, equals: 0))
    steps.append(.read(base + VectorOffset.jobs))
    steps.append(.write(base + VectorOffset.status, 0b10))
    steps.append(.read(base + VectorOffset.status))
    steps.append(.pause(20))
    return steps
  }
}

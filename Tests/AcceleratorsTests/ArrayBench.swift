import Accelerators
import Fabric
import SimKernel
import Telemetry
import TestSupport

/// Everything about a run that can be seen from outside the array.
struct ArrayRun: Equatable {
  struct Change: Equatable {
    var cycle: Tick
    var signal: String
    var value: UInt64
    var bytes: [UInt8]?
  }

  var outcome: Outcome
  var beats: [StreamRecorder.Beat]
  var record: ModuleRecord
  var waves: [Change]
  var registerValues: [UInt32]
  var responses: [BusResponse]
  var stepCycles: [Cycle]
  var interruptRises: [Cycle]

  func counter(_ name: String) -> Int {
    Int(record.counters.first { $0.name == name }?.values.reduce(0, +) ?? .max)
  }

  func cycles(in state: String) -> Int {
    Int(record.states.first { $0.name == state }?.cycles.reduce(0, +) ?? .max)
  }

  /// The cycles in which a one-bit signal was high.
  func high(_ signal: String) -> [Tick] {
    var result: [Tick] = []
    var since: Tick?
    for change in waves where change.signal == signal {
      if change.value == 1 {
        since = change.cycle
      } else if let start = since {
        result += start..<change.cycle
        since = nil
      }
    }
    return result
  }

  /// The first cycle in which the module was in `state`, an index into its classes.
  func firstCycle(in state: String) -> Tick? {
    guard let index = record.states.firstIndex(where: { $0.name == state }) else { return nil }
    return waves.first { $0.signal == "state" && $0.value == UInt64(index) }?.cycle
  }
}

/// Sees when an interrupt line rises.
final class InterruptListener: Module {
  private(set) var rises: [Cycle] = []
  var line: Line?
  private var level = false

  override func tick(_ now: Cycle) -> Wake {
    let next = line?.level ?? false
    if next, !level { rises.append(now) }
    level = next
    return .onPort
  }
}

/// How a bench runs a scenario; none of it may matter to the result.
struct ArrayBench {
  var fidelity = ArrayFidelity.fast
  var isEager = false
  var order = ModuleOrder.registration
  var hasWaves = true

  /// Runs all jobs of `scenario`, then `more` register accesses, and returns what could be seen,
  /// with the array's own tally where it has one.
  func run(
    _ scenario: ArrayScenario, script: [RegisterMaster.Step]? = nil
  ) -> (run: ArrayRun, activity: ArrayActivity?) {
    let kernel = Kernel(
      plan: ClockPlan(periods: [("clock", 1)], ticksPerSecond: 1_000_000), eager: isEager,
      order: order)
    var waves: [ArrayRun.Change] = []
    var names: [String] = []
    let recorder = WaveRecorder(kernel: kernel, startsRecording: true) {
      waves.append(
        ArrayRun.Change(
          cycle: $0.tick, signal: names[$0.signal], value: $0.value, bytes: $0.bytes))
    }
    let registry = Registry(kernel: kernel, waves: hasWaves ? recorder : nil)
    let domain = kernel.domains[0]
    var configuration = scenario.configuration
    configuration.fidelity = fidelity
    let site = registry.module("array", kind: "Array", domain: domain)
    func link(_ name: String, _ width: Int) -> StreamLink {
      StreamLink(
        kernel: kernel, widthBytes: width, probed: hasWaves ? (site: site, name: name) : nil)
    }
    let in1 = link("in1", configuration.in1Bytes)
    let in2 = link("in2", configuration.in2Bytes)
    let out = link("out", configuration.outBytes)
    let bus = BusLink(kernel: kernel, widthBytes: 8)
    let listener = InterruptListener(path: "listener")
    let line = kernel.line(to: listener)
    listener.line = line
    let port = RegisterPort(bus: bus.target, base: 0x1000)
    let array: Module
    let activity: () -> ArrayActivity?
    switch scenario.dataflow {
    case .outputStationary:
      let module = OutputStationaryArray(
        path: "array", configuration: configuration, site: site, registers: port, in1: in1.sink,
        in2: in2.sink, out: out.source, interrupt: line, arena: kernel.arena,
        in1Driver: "driver1", in2Driver: "driver2", outReceiver: "receiver")
      (array, activity) = (module, { module.activity })
    case .weightStationary:
      let module = WeightStationaryArray(
        path: "array", configuration: configuration, site: site, registers: port, in1: in1.sink,
        in2: in2.sink, out: out.source, interrupt: line, arena: kernel.arena,
        in1Driver: "driver1", in2Driver: "driver2", outReceiver: "receiver")
      (array, activity) = (module, { module.activity })
    }
    names = recorder.signals.map(\.name)
    let (beats1, beats2) = scenario.operandBeats()
    let driver1 = StreamPlayer(
      path: "driver1", output: in1.source, beats: beats1, seed: scenario.seed &+ 1,
      pausePercent: scenario.in1PausePercent)
    let driver2 = StreamPlayer(
      path: "driver2", output: in2.source, beats: beats2, seed: scenario.seed &+ 2,
      pausePercent: scenario.in2PausePercent)
    let receiver = StreamRecorder(
      path: "receiver", input: out.sink, seed: scenario.seed &+ 3,
      stallPercent: scenario.outStallPercent)
    let host = RegisterMaster(
      path: "host", bus: bus.initiator, steps: script ?? scenario.script(),
      controls: kernel.controls)
    for module in [array, driver1, driver2, receiver, host, listener] {
      kernel.add(module, to: domain)
    }
    in1.connect(kernel: kernel, sender: driver1, receiver: array)
    in2.connect(kernel: kernel, sender: driver2, receiver: array)
    out.connect(kernel: kernel, sender: array, receiver: receiver)
    bus.connect(kernel: kernel, initiator: host, target: array)
    let outcome = kernel.run(until: 1_000_000)
    recorder.drain(through: kernel.time.pointee)
    let record = registry.snapshot().modules[0]
    return (
      ArrayRun(
        outcome: outcome, beats: receiver.beats, record: record, waves: waves,
        registerValues: host.values, responses: host.responses, stepCycles: host.finished,
        interruptRises: listener.rises),
      activity()
    )
  }
}

extension ArrayScenario {
  /// Where the bench's array lies.
  static let base: UInt64 = 0x1000

  /// The beats of both operand streams, all jobs one after the other.
  func operandBeats() -> (
    in1: [(bytes: [UInt8], isLast: Bool)], in2: [(bytes: [UInt8], isLast: Bool)]
  ) {
    var in1: [(bytes: [UInt8], isLast: Bool)] = []
    var in2: [(bytes: [UInt8], isLast: Bool)] = []
    for job in jobs.flatMap({ $0.parts(height: tileRows) }) {
      switch dataflow {
      case .outputStationary:
        for k in 0..<job.shape.depth {
          in1.append((bytes(job.a.map { $0[k] }), k == job.shape.depth - 1))
        }
      case .weightStationary:
        for (m, row) in job.a.enumerated() {
          in1.append((bytes(row), m == job.shape.rows - 1))
        }
      }
      if dataflow == .outputStationary || !job.reusesWeights {
        for (k, row) in job.b.enumerated() {
          in2.append((bytes(row), k == job.shape.depth - 1))
        }
      }
    }
    return (in1, in2)
  }

  private func bytes(_ elements: [Scalar]) -> [UInt8] {
    var elements = elements
    while trimsZeros, elements.count > 1, elements.last == .int(0) { elements.removeLast() }
    return elements.flatMap { element in
      let pattern: UInt64 =
        switch element {
        case .int(let value): UInt64(bitPattern: value)
        case .float(let value): UInt64(value.bitPattern)
        }
      return (0..<configuration.dataType.operandBytes).map {
        UInt8(truncatingIfNeeded: pattern >> UInt64(8 * $0))
      }
    }
  }

  /// Sets the banks up, queues the jobs as there is room, some of them later, waits for the end.
  ///
  /// Accesses wake the array, so long pauses without any are what shows that it wakes by itself.
  func script() -> [RegisterMaster.Step] {
    let base = Self.base
    var random = SplitMix64(seed: seed &+ 4)
    var steps: [RegisterMaster.Step] = []
    for (offset, banks) in [(0x400, biases), (0x1000, scales), (0x1800, shifts)] {
      for (bank, values) in banks.enumerated() {
        for (index, value) in values.enumerated() {
          steps.append(.write(base + UInt64(offset + 0x400 * bank + 4 * index), value))
        }
      }
    }
    var registers: [UInt64: UInt32] = [:]
    for job in jobs {
      let values: [(UInt64, UInt32)] = [
        (0x08, UInt32(job.shape.rows)), (0x0C, UInt32(job.shape.columns)),
        (0x10, UInt32(job.shape.depth)), (0x14, job.flags), (0x18, job.scale), (0x1C, job.shift),
        (0x20, UInt32(bitPattern: job.zeroPoint)), (0x24, UInt32(bitPattern: job.clampMinimum)),
        (0x28, UInt32(bitPattern: job.clampMaximum)), (0x48, UInt32(job.passes)),
        (0x4C, job.slope),
      ].filter { $0.0 != 0x48 || dataflow == .weightStationary }
      for (offset, value) in values where registers[offset] != value {
        registers[offset] = value
        steps.append(.write(base + offset, value))
      }
      if isRandom, Bool.random(using: &random) {
        steps.append(.pause(Cycle.random(in: 1...150, using: &random)))
      }
      steps.append(.poll(base + 0x04, mask: 1 << 3, equals: 0))
      steps.append(.write(base, 0b101))
    }
    steps.append(.pause(1000))
    steps.append(.poll(base + 0x04, mask: 1, equals: 0))
    steps.append(.read(base + 0x40))
    steps.append(.write(base + 0x04, 0b10))
    steps.append(.read(base + 0x04))
    steps.append(.pause(40))
    return steps
  }
}

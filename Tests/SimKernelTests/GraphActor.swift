import SimKernel

/// A module of a ``RandomGraph``: takes payloads from any input, keeps them for a random time,
/// sends them to a random output, and toggles lines on the way.
///
/// It follows the contract of a tick to the letter: a tick in which nothing can happen changes
/// nothing, whoever caused it, and "until when" is kept in its own state.
final class GraphActor: Module {
  var inputs: [(index: Int, port: InPort<UInt64>)] = []
  var outputs: [(index: Int, port: OutPort<UInt64>)] = []
  var driven: [Line] = []
  var heard: [(index: Int, line: Line, last: Bool)] = []
  private(set) var events: [GraphHistory.Event] = []

  private let node: RandomGraph.Node
  private let time: UnsafeMutablePointer<Tick>
  private let controls: KernelControls
  private let scale: Tick
  private var random: SplitMix64
  /// Decides which ticks are broken off by a pause; nil when none is.
  private var pauses: SplitMix64?
  /// Whether the latest tick was broken off.
  private(set) var isBrokenOff = false
  private var budget: Int
  private var busyUntil: Cycle = 0
  private var held: UInt64?
  private var activity = GraphHistory.ActivityClass.idle
  private var since: Cycle = 0
  private var cycles: [Cycle] = Array(
    repeating: 0, count: GraphHistory.ActivityClass.allCases.count)

  init(path: String, node: RandomGraph.Node, kernel: Kernel, mode: RunMode) {
    self.node = node
    time = kernel.time
    controls = kernel.controls
    scale = mode.scale
    random = SplitMix64(seed: node.seed)
    pauses = mode.pauses ? SplitMix64(seed: ~node.seed) : nil
    budget = node.budget
    super.init(path: path)
  }

  override func tick(_ now: Cycle) -> Wake {
    if isBrokenOff {
      isBrokenOff = false
    } else if let draw = pauses?.next(), draw % 16 == 0 {
      isBrokenOff = true
      controls.pause()
      // Whatever it answers now is replaced when it goes on.
      return [.nextCycle, .onPort, .at(now + 2), .at(now + 5000)][Int(draw >> 8 % 4)]
    }
    listen(now)
    guard now >= busyUntil else { return waitForTime(now) }
    if let value = held {
      guard let output = chosenOutput(value) else {
        held = nil
        return work(now, from: value)
      }
      guard output.port.canPush else { return waitForPort(now, .waitingForOutput) }
      let echo = value &* 3
      output.port.data.storeBytes(of: echo, as: UInt64.self)
      output.port.push(value)
      record(.push, output.index, value, now)
      held = nil
      return work(now, from: value)
    }
    if !inputs.isEmpty {
      // The input to look at first rotates with the number of events, not with the number of ticks.
      for offset in inputs.indices {
        let input = inputs[(events.count + offset) % inputs.count]
        guard input.port.canPop else { continue }
        let lanes = input.port.data
        let value = input.port.pop()
        precondition(lanes.load(as: UInt64.self) == value &* 3, "lanes travel with their payload")
        record(.pop, input.index, value, now)
        held = value ^ random.next() >> 40
        return work(now, from: value)
      }
    }
    if budget > 0 {
      budget -= 1
      held = random.next()
      return work(now, from: 0)
    }
    return waitForPort(now, inputs.isEmpty ? .idle : .waitingForInput)
  }

  private func listen(_ now: Cycle) {
    for index in heard.indices where heard[index].line.level != heard[index].last {
      heard[index].last.toggle()
      record(.level, heard[index].index, heard[index].last ? 1 : 0, now)
    }
  }

  private func chosenOutput(_ value: UInt64) -> (index: Int, port: OutPort<UInt64>)? {
    // One payload in eight ends here, so that systems without pollers run dry.
    outputs.isEmpty || value & 0x700 == 0 ? nil : outputs[Int(value % UInt64(outputs.count))]
  }

  /// Is busy for a random time that starts now.
  private func work(_ now: Cycle, from value: UInt64) -> Wake {
    if !driven.isEmpty, value & 3 == 0 {
      driven[Int(value >> 2 % UInt64(driven.count))].set(value & 16 != 0)
    }
    let delay = UInt64.random(in: 0..<node.longestDelay, using: &random)
    busyUntil = now + 1 + delay
    enter(.busy, now)
    if let limit = node.finishAfter, events.count >= limit { controls.finish() }
    return waitForTime(now)
  }

  /// Three ways to wait for `busyUntil`; the shorter ones are allowed and must not change anything.
  private func waitForTime(_ now: Cycle) -> Wake {
    switch (now ^ node.seed) % 4 {
    case 0: .earliest(.at(busyUntil), .at(now + 5))
    case 1 where busyUntil - now < 10: .nextCycle
    default: .at(busyUntil)
    }
  }

  private func waitForPort(_ now: Cycle, _ activity: GraphHistory.ActivityClass) -> Wake {
    enter(activity, now)
    return switch node.waiting {
    case .sleeping: .onPort
    case .polling: .nextCycle
    case .pollingSlowly: now % 3 == 0 ? .at(now + 1500) : .at(now + 2 + now % 50)
    }
  }

  private func record(
    _ kind: GraphHistory.Event.Kind, _ port: Int, _ value: UInt64, _ now: Cycle
  ) {
    events.append(
      GraphHistory.Event(
        tick: time.pointee / scale, cycle: now, kind: kind, port: port, value: value))
  }

  private func enter(_ next: GraphHistory.ActivityClass, _ now: Cycle) {
    guard next != activity else { return }
    cycles[activity.rawValue] += now - since
    (activity, since) = (next, now)
  }

  /// Cycles per class when the run ended after `total` cycles of the module's clock.
  func residencies(cycles total: Cycle) -> [Cycle] {
    var result = cycles
    result[activity.rawValue] += total - since
    return result
  }
}

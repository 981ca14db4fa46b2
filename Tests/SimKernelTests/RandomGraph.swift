import SimKernel

/// A random system: clocks, modules, channels and lines, as values, so that the same system can be
/// built many times and run in different ways.
struct RandomGraph {
  struct Channel {
    var producer: Int
    var consumer: Int
    var capacity: Int
  }

  struct Wire {
    var driver: Int
    var listener: Int
  }

  /// How a module waits for a port.
  enum Waiting: CaseIterable {
    case sleeping, polling, pollingSlowly
  }

  struct Node {
    var domain: Int
    var seed: UInt64
    var waiting: Waiting
    /// Payloads the module makes up by itself.
    var budget: Int
    var longestDelay: UInt64
    /// Asks the kernel to finish after this many events.
    var finishAfter: Int?
  }

  var periods: [Tick]
  var nodes: [Node]
  var channels: [Channel]
  var wires: [Wire]
  var limit: Tick

  init(seed: UInt64) {
    var random = SplitMix64(seed: seed)
    periods = (0..<Int.random(in: 1...4, using: &random)).map { _ in
      Tick.random(in: 1...9, using: &random)
    }
    let clocks = periods.count
    let isLarge = seed % 8 == 7
    let count =
      isLarge ? Int.random(in: 65...150, using: &random) : .random(in: 2...12, using: &random)
    // A system without pollers can deadlock; both kinds are wanted.
    let polls = Bool.random(using: &random)
    let isSlow = !isLarge && seed % 3 == 0
    nodes = (0..<count).map { index in
      Node(
        domain: isLarge && index % 4 != 0 ? 0 : .random(in: 0..<clocks, using: &random),
        seed: random.next(),
        waiting: polls ? Waiting.allCases.randomElement(using: &random) ?? .sleeping : .sleeping,
        budget: Bool.random(using: &random) ? .random(in: 1...100, using: &random) : 0,
        longestDelay: isSlow ? 3000 : [1, 3, 20, 300].randomElement(using: &random) ?? 1,
        finishAfter: nil)
    }
    nodes[0].budget = 100
    if seed % 5 == 0 { nodes[0].finishAfter = .random(in: 1...20, using: &random) }
    channels = (0..<count * 2).map { _ in
      Channel(
        producer: .random(in: 0..<count, using: &random),
        consumer: .random(in: 0..<count, using: &random),
        capacity: .random(in: 1...4, using: &random))
    }
    channels[0].producer = 0
    wires = (0..<count / 2).map { _ in
      Wire(
        driver: .random(in: 0..<count, using: &random),
        listener: .random(in: 0..<count, using: &random))
    }
    limit = isLarge ? 300 : isSlow ? 10_000 : polls ? 1500 : 6000
  }
}

/// How a graph is run. Nothing of this may show in the result.
struct RunMode {
  var name: String
  var eager = false
  var order = ModuleOrder.registration
  /// All periods are multiplied by this; times in the result are divided by it.
  var scale: Tick = 1
  /// The run is cut into pieces of this many ticks.
  var piece: Tick?
  /// Modules break off ticks now and then, and go on when the run was paused.
  var pauses = false

  static let all: [RunMode] = [
    RunMode(name: "eager", eager: true),
    RunMode(name: "reversed", order: .reversed),
    RunMode(name: "shuffled", order: .shuffled(seed: 1)),
    RunMode(name: "eager and shuffled", eager: true, order: .shuffled(seed: 2)),
    RunMode(name: "all periods times 7", scale: 7),
    RunMode(name: "in pieces", piece: 37),
    RunMode(name: "with pauses", pauses: true),
    RunMode(name: "eager, reversed, with pauses", eager: true, order: .reversed, pauses: true),
  ]
}

/// What happened in a run: everything that could differ between two ways of running.
struct GraphHistory: Equatable {
  struct Event: Equatable {
    enum Kind: Equatable {
      case push, pop, level
    }
    var tick: Tick
    var cycle: Cycle
    var kind: Kind
    var port: Int
    var value: UInt64
  }

  /// The classes of ``RandomGraph``'s modules; each cycle belongs to exactly one.
  enum ActivityClass: Int, CaseIterable {
    case idle, busy, waitingForInput, waitingForOutput
  }

  var outcome: Outcome
  var time: Tick
  /// Per module.
  var events: [[Event]]
  /// Cycles per module and class.
  var residencies: [[Cycle]]
}

extension RandomGraph {
  /// Builds the system and runs it.
  func run(_ mode: RunMode) -> GraphHistory {
    let kernel = Kernel(
      periods: periods.map { $0 * mode.scale }, eager: mode.eager, order: mode.order)
    let actors = nodes.enumerated().map { index, node in
      GraphActor(path: "actor\(index)", node: node, kernel: kernel, mode: mode)
    }
    for (actor, node) in zip(actors, nodes) { kernel.add(actor, to: kernel.domains[node.domain]) }
    for (index, plan) in channels.enumerated() {
      let channel = kernel.channel(of: UInt64.self, capacity: plan.capacity, laneBytes: 8)
      actors[plan.producer].outputs.append((index, channel.out))
      actors[plan.consumer].inputs.append((index, channel.in))
      kernel.connect(
        channel.out, producer: actors[plan.producer], consumer: actors[plan.consumer])
    }
    for (index, plan) in wires.enumerated() {
      let line = kernel.line(to: actors[plan.listener])
      actors[plan.driver].driven.append(line)
      actors[plan.listener].heard.append((index, line, false))
    }

    // The limit in ticks of the unscaled system: every edge at or before it is an edge of this one.
    var outcome = Outcome.limitReached
    var target = mode.piece.map { $0 - 1 } ?? limit
    while true {
      target = min(target, limit)
      outcome = kernel.run(until: target * mode.scale, pollInterval: 100)
      if outcome == .paused {
        for actor in actors where actor.isBrokenOff { kernel.repeatTick(of: actor) }
        continue
      }
      guard outcome == .limitReached, target < limit, let piece = mode.piece else { break }
      target += piece
    }
    let end = kernel.time.pointee
    return GraphHistory(
      outcome: outcome, time: end / mode.scale, events: actors.map(\.events),
      residencies: zip(actors, nodes).map { actor, node in
        actor.residencies(cycles: kernel.domains[node.domain].cycles(through: end))
      })
  }
}

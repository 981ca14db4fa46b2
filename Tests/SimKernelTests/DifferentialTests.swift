import SimKernel
import Testing

/// The property that everything else rests on: the way a system is run does not show in its
/// history.
@Suite struct DifferentialTests {
  static let seeds: Range<UInt64> = 0..<240

  @Test(arguments: seeds)
  func `every way of running a random system gives the same history`(seed: UInt64) throws {
    let graph = RandomGraph(seed: seed)
    let expected = graph.run(RunMode(name: "lazy"))
    for mode in RunMode.all {
      let actual = graph.run(mode)
      #expect(actual.outcome == expected.outcome, "\(mode.name)")
      #expect(actual.time == expected.time, "\(mode.name)")
      #expect(actual.residencies == expected.residencies, "\(mode.name)")
      for (module, events) in expected.events.enumerated() {
        let differing = zip(actual.events[module], events).first { $0 != $1 }
        try #require(differing == nil, "\(mode.name), module \(module)")
        try #require(actual.events[module].count == events.count, "\(mode.name), module \(module)")
      }
    }
  }

  @Test(arguments: [UInt64](0..<40))
  func `classes of a random system sum to its elapsed cycles`(seed: UInt64) {
    let graph = RandomGraph(seed: seed)
    let history = graph.run(RunMode(name: "lazy"))
    for (node, residencies) in zip(graph.nodes, history.residencies) {
      #expect(residencies.reduce(0, +) == history.time / graph.periods[node.domain] + 1)
    }
  }

  @Test func `the random systems are worth running`() {
    let graphs = Self.seeds.map { RandomGraph(seed: $0) }
    let histories = graphs.map { $0.run(RunMode(name: "lazy")) }
    let outcomes = histories.map(\.outcome)
    for outcome in [Outcome.finished, .limitReached, .deadlocked] {
      #expect(outcomes.filter { $0 == outcome }.count >= 10, "\(outcome)")
    }
    let events = histories.map { $0.events.map(\.count).reduce(0, +) }
    #expect(events.filter { $0 > 50 }.count > Self.seeds.count / 3)
    let waits = histories.flatMap(\.residencies).filter { $0[3] > 0 }
    #expect(waits.count > 100)
    let levels = histories.flatMap(\.events).joined().filter { $0.kind == .level }
    #expect(levels.count > 100)
    #expect(graphs.contains { $0.nodes.filter { $0.domain == 0 }.count > 64 })
  }
}

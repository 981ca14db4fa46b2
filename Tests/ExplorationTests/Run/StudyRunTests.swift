import Exploration
import Testing

/// Systems whose numbers are computed from their parameters, and what was asked of them.
private final class TableExecutor: StudyExecutor {
  private let measure: (_ overrides: [String]) -> EvaluationOutcome
  private(set) var keys: [String] = []

  init(_ measure: @escaping (_ overrides: [String]) -> EvaluationOutcome) {
    self.measure = measure
  }

  func evaluate(
    _ requests: [EvaluationRequest],
    _ finished: (EvaluationRequest, EvaluationOutcome) throws -> Bool
  ) throws {
    for request in requests {
      keys.append(request.key)
      if try !finished(request, measure(request.overrides)) { return }
    }
  }
}

/// Numbers from 0 to 1 that follow from texts and a seed (FNV-1a, then a finaliser's rounds).
private func fraction(_ texts: [String], _ seed: UInt64) -> Double {
  var hash: UInt64 = 0xcbf2_9ce4_8422_2325 ^ (seed &* 0x9e37_79b9_7f4a_7c15)
  for byte in texts.joined(separator: " ").utf8 {
    hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
  }
  hash = (hash ^ (hash >> 33)) &* 0xff51_afd7_ed55_8ccd
  return Double((hash ^ (hash >> 29)) >> 11) / Double(1 << 53)
}

private func measurement(_ latency: Double, _ energy: Double) -> EvaluationOutcome {
  .measured(
    Exploration.Measurement(
      cycles: 1, seconds: latency * 1e-3, energy: energy * 1e9, dramEnergy: 0, area: 1e6,
      table: "table:1", wallSeconds: 0))
}

private func truth(_ texts: [String], _ seed: UInt64) -> (latency: Double, energy: Double) {
  // A trade-off with a scatter, so that fronts have some designs and many lie near.
  let place = fraction(texts, seed)
  return (1 + place + fraction(texts, seed + 1), 2 - place + fraction(texts, seed + 2))
}

private func stage(
  _ model: String, _ executor: TableExecutor, keep: Int? = nil, errors: [Double] = []
) -> StudyStage {
  StudyStage(
    model: model,
    digest: StudyDigest(model: model, modelVersion: "1", soc: "", network: "", firmware: ""),
    table: "table:1", executor: executor, storesEach: model == "cycles", keep: keep,
    errors: errors, reprice: { _ in nil })
}

private func result(_ space: DesignSpace, _ outcome: StudyRun.Outcome) -> ExplorationResult {
  ExplorationResult(space, outcome, model: ("cycles", "exact"), table: "table:1")
}

@Suite("Studies carried out")
struct StudyRunTests {
  @Test("Two stages find the front that cycles alone find", arguments: UInt64(1)...12)
  func stages(seed: UInt64) throws {
    let folder = try StoreFolder()
    let space = try SampleSpace.space(radices: [6, 7, 8], constraints: ["energy_mJ <= 2.5"])
    let exact = TableExecutor { measurement(truth($0, seed).latency, truth($0, seed).energy) }
    let cheap = TableExecutor { texts in
      let (latency, energy) = truth(texts, seed)
      // The truth lies within 5 % and 3 % of the estimate.
      return measurement(
        latency / (1 + 0.1 * (fraction(texts, seed + 3) - 0.5)),
        energy / (1 + 0.06 * (fraction(texts, seed + 4) - 0.5)))
    }
    let alone = try EvaluationStore(path: folder.file("alone.db"))
    let expected = result(
      space, try StudyRun(space, store: alone, stages: [stage("cycles", exact)]).run { _ in true })
    let all = exact.keys.count
    #expect(all == 6 * 7 * 8 && Set(exact.keys).count == all)

    let both = try EvaluationStore(path: folder.file("both.db"))
    let stages = [
      stage("tiled", cheap, errors: errorBars(time: 0.05, energy: 0.03)), stage("cycles", exact),
    ]
    let outcome = try StudyRun(space, store: both, stages: stages).run { _ in true }
    let found = result(space, outcome)
    let simulated = exact.keys.count - all
    #expect(simulated < all / 2, "\(simulated) of \(all) designs were simulated")
    #expect(outcome.stages.map(\.summary.evaluated) == [all, simulated])
    #expect(outcome.stages[0].summary.kept == simulated)
    #expect(!expected.front.isEmpty)
    #expect(
      found.front.map { found.designs[$0].values }
        == expected.front.map { expected.designs[$0].values })
    for position in found.front { #expect(found.designs[position].model == "cycles") }
  }

  @Test("Stopped anywhere, they go on where they were", arguments: UInt64(1)...6)
  func stopping(seed: UInt64) throws {
    let folder = try StoreFolder()
    let space = try SampleSpace.space(radices: [5, 6], constraints: ["A + B > 2"])
    let executor = TableExecutor { texts in
      if fraction(texts, seed) < 0.2 {
        return .invalid(reason: "too small", details: "\(texts) is too small")
      }
      return measurement(truth(texts, seed).latency, truth(texts, seed).energy)
    }
    var stops = 0
    var finished: StudyRun.Outcome?
    while finished == nil {
      let store = try EvaluationStore(path: folder.file("study.db"))
      let run = StudyRun(space, store: store, stages: [stage("cycles", executor)])
      var calls = 0
      let patience = 2 + Int(9 * fraction(["\(stops)"], seed))
      do {
        finished = try run.run { _ in
          calls += 1
          return calls < patience
        }
      } catch is StudyInterrupted {
        stops += 1
      }
      try store.close()
    }
    #expect(stops > 1)
    #expect(Set(executor.keys).count == executor.keys.count, "no design is evaluated twice")
    let outcome = try #require(finished)
    #expect(outcome.rejections.map(\.count) == [6])
    let summary = try #require(outcome.stages.first?.summary)
    #expect(summary.given == 24 && summary.stored + summary.evaluated == 24)
    #expect(executor.keys.count == 24)

    let fresh = try EvaluationStore(path: folder.file("fresh.db"))
    let once = try StudyRun(space, store: fresh, stages: [stage("cycles", executor)]).run { _ in
      true
    }
    #expect(result(space, once).designs == result(space, outcome).designs)
    #expect(once.stages[0].rejections == outcome.stages[0].rejections)
  }

  @Test("Failed designs are tried again, invalid ones are not")
  func failures() throws {
    let folder = try StoreFolder()
    let space = try SampleSpace.space(radices: [6])
    var isBroken = true
    let executor = TableExecutor { texts in
      if texts == ["path.a=1"] { return .invalid(reason: "odd", details: "odd") }
      if texts == ["path.a=2"], isBroken { return .failed(message: "lost\nmore") }
      return measurement(1, 1)
    }
    func run() throws -> StudyRun.StageResult {
      let store = try EvaluationStore(path: folder.file("study.db"))
      let result = try StudyRun(space, store: store, stages: [stage("cycles", executor)]).run { _ in
        true
      }
      try store.close()
      return result.stages[0]
    }
    let first = try run()
    #expect(first.rejections == ["odd": 1, "failed: lost": 1] && first.summary.failed == 1)
    isBroken = false
    let second = try run()
    #expect(second.rejections == ["odd": 1] && second.summary.failed == 0)
    #expect(second.summary.evaluated == 1 && second.summary.stored == 5)
  }

  @Test("Equal systems are evaluated once")
  func equalSystems() throws {
    let folder = try StoreFolder()
    let space = try DesignSpace(
      SampleSpace.study(
        parameters: """
          { "A": { "values": [1, 2, 3] }, "B": { "path": "path.b", "values": [4, 5] } }
          """, derive: ["path.half": "floor(A / 2)"]))
    let executor = TableExecutor { measurement(truth($0, 5).latency, truth($0, 5).energy) }
    let store = try EvaluationStore(path: folder.file("study.db"))
    let run = StudyRun(space, store: store, stages: [stage("cycles", executor)])
    let outcome = try run.run { _ in true }
    #expect(executor.keys.count == 4 && outcome.stages[0].table.count == 6)
  }

  @Test("Of many designs a report keeps front, optima and the best by weights of them all")
  func thinned() throws {
    let folder = try StoreFolder()
    let space = try SampleSpace.space(radices: [50, 50, 18], constraints: ["energy_mJ <= 2.5"])
    let executor = TableExecutor { measurement(truth($0, 7).latency, truth($0, 7).energy) }
    let store = try EvaluationStore(path: folder.file("study.db"))
    let run = StudyRun(space, store: store, stages: [stage("tiled", executor)])
    let outcome = try run.run { _ in true }
    let found = result(space, outcome)
    #expect(found.designs.count < 25_000)
    let table = outcome.stages[0].table
    #expect(table.count == 45_000)
    let feasible = (0..<table.count).filter { table.value(.energy, $0) <= 2.5 }
    func span(_ metric: Metric) -> (Double, Double) {
      let values = feasible.map { table.value(metric, $0) }
      return (values.min() ?? 0, values.max() ?? 1)
    }
    let (times, energies) = (span(.latency), span(.energy))
    func score(_ latency: Double, _ energy: Double) -> Double {
      (latency - times.0) / (times.1 - times.0) + (energy - energies.0) / (energies.1 - energies.0)
    }
    let least = feasible.map { score(table.value(.latency, $0), table.value(.energy, $0)) }.min()
    let best = found.designs[try #require(found.weightedBest)].metrics
    #expect(score(best[Metric.latency.index], best[Metric.energy.index]) == least)
    #expect(found.designs.contains { $0.optimumOf.contains(.latency) })
    #expect(found.front.count == DesignClasses(table, of: space).front.count)
  }
}

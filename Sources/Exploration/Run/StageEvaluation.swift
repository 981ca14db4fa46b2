/// Evaluates designs in one stage: from the store what is there, by the executor what is not.
struct StageEvaluation {
  let space: DesignSpace
  let stage: StudyStage
  let store: EvaluationStore
  /// Designs that are done, those from the store among them, and what became of the others.
  private(set) var done = 0
  private(set) var stored = 0
  private(set) var evaluated = 0

  /// Results that wait to be stored at most.
  private static let batch = 4096

  init(_ space: DesignSpace, _ stage: StudyStage, _ store: EvaluationStore) {
    self.space = space
    self.stage = stage
    self.store = store
  }

  /// The outcomes of designs in their order.
  ///
  /// - Parameter progress: called after every design or batch; returning false stops.
  /// - Throws: `StudyInterrupted`, `EvaluationStoreError`, and what the executor throws.
  mutating func outcomes(
    of designs: [Design], progress: (StageEvaluation) -> Bool
  ) throws -> [EvaluationOutcome] {
    let requests = designs.map { design in
      let overrides = space.overrides(of: design)
      // Energy is priced afterwards: its keys change no run.
      let key = stage.digest.key(overrides.filter { !$0.hasPrefix("energy.") })
      return EvaluationRequest(key: key, model: stage.model, overrides: overrides)
    }
    var outcomes = [EvaluationOutcome?](repeating: nil, count: designs.count)
    let missing = try takeStored(requests, &outcomes)
    if !progress(self) { throw StudyInterrupted() }
    try evaluate(missing, requests, &outcomes, progress)
    return outcomes.map { $0 ?? .failed(message: "it was not evaluated") }
  }

  /// Takes from the store what is there.
  ///
  /// - Returns: positions of the others, by key: equal systems are evaluated once.
  private mutating func takeStored(
    _ requests: [EvaluationRequest], _ outcomes: inout [EvaluationOutcome?]
  ) throws -> [String: [Int]] {
    var missing: [String: [Int]] = [:]
    var prices: [(key: String, measurement: Measurement)] = []
    for (index, known) in try store.lookUp(requests.map(\.key), table: stage.table).enumerated() {
      switch known {
      case .outcome(let outcome):
        outcomes[index] = outcome
      case .unpriced(let measurement):
        if var priced = try stage.reprice(measurement) {
          prices.append((requests[index].key, priced))
          priced.counts = []
          outcomes[index] = .measured(priced)
        } else {
          missing[requests[index].key, default: []].append(index)
        }
      case .absent:
        missing[requests[index].key, default: []].append(index)
      }
      if outcomes[index] != nil {
        done += 1
        stored += 1
      }
    }
    if !prices.isEmpty { try store.price(prices) }
    return missing
  }

  private mutating func evaluate(
    _ missing: [String: [Int]], _ requests: [EvaluationRequest],
    _ outcomes: inout [EvaluationOutcome?], _ progress: (StageEvaluation) -> Bool
  ) throws {
    guard !missing.isEmpty else { return }
    var waiting: [(request: EvaluationRequest, outcome: EvaluationOutcome)] = []
    var wasStopped = false
    let order = missing.values.compactMap(\.first).sorted()
    // What was evaluated is stored even when the executor fails or is stopped.
    let failure = Result {
      try stage.executor.evaluate(order.map { requests[$0] }) { request, outcome in
        waiting.append((request, outcome))
        for index in missing[request.key] ?? [] {
          outcomes[index] = outcome.withoutCounts
          done += 1
        }
        evaluated += 1
        if stage.storesEach || waiting.count >= Self.batch {
          try store.insert(waiting)
          waiting.removeAll(keepingCapacity: true)
        }
        wasStopped = !progress(self)
        return !wasStopped
      }
    }
    try store.insert(waiting)
    try failure.get()
    if wasStopped { throw StudyInterrupted() }
  }
}

extension EvaluationOutcome {
  /// The outcome without the counts, which only the store needs.
  fileprivate var withoutCounts: EvaluationOutcome {
    guard case .measured(var measurement) = self else { return self }
    measurement.counts = []
    return .measured(measurement)
  }
}

/// Carries out a study, stage by stage, with the store between the search and those who evaluate.
public struct StudyRun {
  /// The designs.
  public let space: DesignSpace
  /// Where results are kept.
  public let store: EvaluationStore
  /// The stages, the first of which is searched.
  public let stages: [StudyStage]

  /// What became of a stage's designs.
  public struct StageResult: Sendable {
    /// The designs that have numbers.
    public var table = DesignTable()
    /// Why designs have none, with their counts.
    public var rejections: [String: Int] = [:]
    /// Counts for reports.
    public var summary: ExplorationResult.StageSummary
  }

  /// Prepares a study.
  public init(_ space: DesignSpace, store: EvaluationStore, stages: [StudyStage]) {
    self.space = space
    self.store = store
    self.stages = stages
  }

  /// What a study found.
  public struct Outcome: Sendable {
    /// One result per stage.
    public var stages: [StageResult]
    /// Designs that were rejected before any evaluation.
    public var rejections: [ExplorationResult.Rejection]
  }

  /// Carries out all stages.
  ///
  /// - Parameter progress: called often; returning false stops.
  /// - Throws: `StudyInterrupted` when stopped, `EvaluationStoreError`, `ExecutionError`.
  public func run(_ progress: (StudyProgress) -> Bool) throws -> Outcome {
    var results: [StageResult] = []
    var strategy = space.strategy()
    for (number, stage) in stages.enumerated() {
      let start = ContinuousClock.now
      var runner = StageRunner(space, stage, store, number: number, of: stages.count)
      if let previous = results.last {
        let survivors = StageSelection.survivors(
          previous.table, of: space, errors: stages[number - 1].errors,
          keep: stages[number - 1].keep)
        results[number - 1].summary.kept = survivors.count
        runner.total = survivors.count
        for block in stride(from: 0, to: survivors.count, by: Self.block) {
          let indices = survivors[block..<min(block + Self.block, survivors.count)]
          _ = try runner.evaluate(
            indices.map { space.design(at: previous.table.indices[$0]) }, progress)
        }
      } else {
        if case .exhaustive = space.study.search { runner.total = validCount }
        while case let designs = strategy.ask(), !designs.isEmpty {
          let scores = try runner.evaluate(designs, progress)
          strategy.tell(designs, scores)
        }
      }
      results.append(runner.result(seconds: start.duration(to: .now) / .seconds(1)))
    }
    return Outcome(stages: results, rejections: strategy.rejections.reasons(space))
  }

  /// Designs that are looked up and evaluated together.
  private static let block = 4096

  /// Designs that the constraints allow before evaluation; nil where counting takes too long.
  private var validCount: Int? {
    guard space.size <= 1 << 24 else { return nil }
    var rejections = RejectionCounts(space)
    var count = 0
    space.forEachValid(in: 0..<space.size, &rejections) { _, _ in
      count += 1
      return true
    }
    return count
  }
}

/// Evaluates the designs of one stage and gathers what comes out.
private struct StageRunner {
  private let space: DesignSpace
  private var evaluation: StageEvaluation
  private let number: Int
  private let stages: Int
  /// How many designs there will be, if that is known.
  var total: Int?
  private var gathered: StudyRun.StageResult

  init(
    _ space: DesignSpace, _ stage: StudyStage, _ store: EvaluationStore, number: Int, of stages: Int
  ) {
    self.space = space
    self.number = number
    self.stages = stages
    evaluation = StageEvaluation(space, stage, store)
    gathered = StudyRun.StageResult(
      summary: ExplorationResult.StageSummary(
        model: stage.model, given: 0, stored: 0, evaluated: 0, invalid: 0, failed: 0, kept: 0,
        seconds: 0))
  }

  /// Evaluates designs; returns their scores.
  mutating func evaluate(
    _ designs: [Design], _ progress: (StudyProgress) -> Bool
  ) throws -> [Score] {
    let (number, stages, total) = (number, stages, total)
    let outcomes = try evaluation.outcomes(of: designs) { evaluation in
      progress(
        StudyProgress(
          stage: number, stages: stages, model: evaluation.stage.model, done: evaluation.done,
          stored: evaluation.stored, total: total))
    }
    return zip(designs, outcomes).map { design, outcome in
      gathered.summary.given += 1
      switch outcome {
      case .measured(let measurement):
        gathered.table.append(space.index(of: design), measurement)
        return space.score(of: design, measurement.metrics)
      case .invalid(let reason, _):
        gathered.summary.invalid += 1
        gathered.rejections[reason, default: 0] += 1
      case .failed(let message):
        gathered.summary.failed += 1
        let line = message.split(separator: "\n").first.map(String.init) ?? message
        gathered.rejections["failed: \(line)", default: 0] += 1
      }
      return .unusable
    }
  }

  /// What came out.
  func result(seconds: Double) -> StudyRun.StageResult {
    var result = gathered
    result.summary.stored = evaluation.stored
    result.summary.evaluated = evaluation.evaluated
    result.summary.seconds = seconds
    result.summary.kept = result.table.count
    return result
  }
}

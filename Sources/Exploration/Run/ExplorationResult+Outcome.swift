extension ExplorationResult {
  /// Designs that a report lists at most, besides those of the last stage.
  private static let listLimit = 20_000

  /// Draws the conclusions from what a study found.
  ///
  /// - Parameters:
  ///   - model: name of the last stage's model, and what is known of its errors.
  ///   - table: the energy table.
  public init(
    _ space: DesignSpace, _ outcome: StudyRun.Outcome, model: (name: String, errors: String),
    table: String
  ) {
    let study = space.study
    var designs: [ReportedDesign] = []
    var weightedBest: ReportedDesign?
    var sensitivity: [Sensitivity] = []
    var stages = outcome.stages.map(\.summary)
    if let last = outcome.stages.last {
      let classes = DesignClasses(last.table, of: space)
      stages[stages.count - 1].kept = classes.feasibleCount
      designs = last.table.indices.indices.map { row in
        ReportedDesign(
          values: space.values(of: space.design(at: last.table.indices[row])),
          metrics: last.table.metrics(row).numbers, model: last.summary.model,
          classification: classes.classification(row), isOnFront: classes.isOnFront(row),
          optimumOf: classes.optimumOf(row))
      }
      weightedBest = classes.weightedBest.map { designs[$0] }
      designs = Self.thinned(designs, beside: weightedBest)
      designs += Self.others(outcome, space, beside: last.table)
      sensitivity = Sensitivity.all(of: outcome.stages.first?.table ?? last.table, in: space)
    }
    designs.sort {
      space.order(of: $0.values).lexicographicallyPrecedes(space.order(of: $1.values))
    }
    self.init(
      name: study.name, title: study.title,
      parameters: study.parameters.map { ParameterInfo(name: $0.name, values: $0.values) },
      objectives: study.objectives.map {
        ObjectiveInfo(metric: $0.metric, isMaximised: $0.isMaximised, weight: $0.weight)
      },
      constraints: study.constraints.map(\.text), model: model.name, errorBar: model.errors,
      table: table, designs: designs,
      weightedBest: weightedBest.flatMap { designs.firstIndex(of: $0) }, stages: stages,
      spaceSize: Double(space.size), rejections: Self.rejections(outcome), sensitivity: sensitivity,
      comparisons: ReferenceComparison(space, outcome.stages.map(\.table)).comparisons())
  }

  /// Of very many designs the front, the optima, the best by weights and every so many of the others.
  private static func thinned(
    _ designs: [ReportedDesign], beside best: ReportedDesign?
  ) -> [ReportedDesign] {
    guard designs.count > listLimit else { return designs }
    let step = (designs.count + listLimit - 1) / listLimit
    return designs.enumerated().filter { index, design in
      index % step == 0 || design.isOnFront || !design.optimumOf.isEmpty || design == best
    }.map(\.element)
  }

  /// Designs that did not reach the last stage, every so many of them, with the numbers of their last model.
  private static func others(
    _ outcome: StudyRun.Outcome, _ space: DesignSpace, beside last: DesignTable
  ) -> [ReportedDesign] {
    var seen = Set(last.indices)
    var result: [ReportedDesign] = []
    for stage in outcome.stages.dropLast().reversed() {
      let rows = stage.table.indices.indices.filter { !seen.contains(stage.table.indices[$0]) }
      let step = max(1, (rows.count + listLimit - 1) / listLimit)
      for row in rows[...] where row % step == 0 {
        let design = space.design(at: stage.table.indices[row])
        let metrics = stage.table.metrics(row)
        let isFeasible = space.violatedConstraints(of: design, metrics).isEmpty
        result.append(
          ReportedDesign(
            values: space.values(of: design), metrics: metrics.numbers,
            model: stage.summary.model, classification: isFeasible ? .feasible : .rejected,
            isOnFront: false, optimumOf: []))
      }
      seen.formUnion(stage.table.indices)
    }
    return result
  }

  /// Reasons of all stages, most frequent first.
  private static func rejections(_ outcome: StudyRun.Outcome) -> [Rejection] {
    var counts: [String: Int] = [:]
    for rejection in outcome.rejections { counts[rejection.reason, default: 0] += rejection.count }
    for stage in outcome.stages {
      counts.merge(stage.rejections) { $0 + $1 }
    }
    return counts.map { Rejection(reason: $0.key, count: $0.value) }.sorted {
      ($1.count, $0.reason) < ($0.count, $1.reason)
    }
  }
}

extension DesignSpace {
  /// Positions of a design's values.
  fileprivate func order(of values: [ParameterValue]) -> [Int] {
    zip(study.parameters, values).map { $0.values.firstIndex(of: $1) ?? 0 }
  }
}

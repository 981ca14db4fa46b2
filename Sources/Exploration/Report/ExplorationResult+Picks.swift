extension ExplorationResult {
  /// Position in `designs` of the design with the best weighted score, the first of equals; nil when
  /// no design fulfils all constraints.
  ///
  /// The score is the sum over the objectives of weight × (value − best) / (worst − best), with best
  /// and worst among the designs that fulfil all constraints; less is better.
  public var weightedBest: Int? {
    let candidates = designs.indices.filter { designs[$0].classification != .rejected }
    let terms = objectives.map { objective in
      let index = objective.metric.index
      let values = candidates.map { designs[$0].metrics[index] }
      let (least, greatest) = (values.min() ?? 0, values.max() ?? 0)
      let width = greatest - least
      return (
        index: index, best: objective.isMaximised ? greatest : least,
        factor: width > 0 ? (objective.isMaximised ? -1 : 1) * objective.weight / width : 0
      )
    }
    func score(_ design: Int) -> Double {
      terms.reduce(0) { $0 + $1.factor * (designs[design].metrics[$1.index] - $1.best) }
    }
    return candidates.map { (score($0), $0) }.min { $0 < $1 }?.1
  }

  /// Number of designs of a class.
  public func count(of classification: DesignClass) -> Int {
    designs.count { $0.classification == classification }
  }

  /// Positions in `designs` of the front, best first by the first objective.
  public var front: [Int] {
    let indices = designs.indices.filter { designs[$0].isOnFront }
    guard let first = objectives.first else { return indices }
    let metric = first.metric.index
    return indices.sorted { left, right in
      let (a, b) = (designs[left].metrics[metric], designs[right].metrics[metric])
      if a == b { return left < right }
      return first.isMaximised ? a > b : a < b
    }
  }
}

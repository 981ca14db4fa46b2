extension ExplorationResult {
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

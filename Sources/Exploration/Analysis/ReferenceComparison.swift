/// Puts published results beside those of a study.
struct ReferenceComparison {
  private let space: DesignSpace
  /// Designs with their latest numbers.
  private let designs: [(design: Design, metrics: MetricValues)]

  /// Gathers the designs of all stages, each with the numbers of the last that judged it.
  init(_ space: DesignSpace, _ stages: [DesignTable]) {
    self.space = space
    var seen: Set<UInt64> = []
    // A million designs are not gathered for nothing.
    let stages = space.study.references.isEmpty ? [] : stages
    var designs: [(Design, MetricValues)] = []
    for table in stages.reversed() {
      for row in table.indices.indices where seen.insert(table.indices[row]).inserted {
        designs.append((space.design(at: table.indices[row]), table.metrics(row)))
      }
    }
    self.designs = designs
  }

  /// The comparisons of a study in the order of its file.
  func comparisons() -> [ExplorationResult.Comparison] {
    space.study.references.map { reference in
      let (ours, agrees) = figure(reference)
      return ExplorationResult.Comparison(
        what: reference.what, theirs: reference.theirs, ours: ours, agrees: agrees,
        remark: reference.remark)
    }
  }

  private func figure(_ reference: StudyReference) -> (ours: String, agrees: Bool?) {
    switch reference.figure {
    case .best(let metric, let condition):
      let candidates = designs.filter {
        holds(condition, $0) && space.violatedConstraints(of: $0.design, $0.metrics).isEmpty
      }
      let best = candidates.min {
        metric.isBetterLarger
          ? $0.metrics[metric] > $1.metrics[metric] : $0.metrics[metric] < $1.metrics[metric]
      }
      guard let best else { return ("no design", reference.agreement.map { _ in false }) }
      let values = zip(space.study.parameters, space.values(of: best.design)).map {
        "\($0.name) \($1)"
      }
      let number = "\(NumberText.metric(best.metrics[metric])) \(metric.unit)"
      guard case .design(let expression) = reference.agreement else {
        return ("\(values.joined(separator: ", ")): \(number)", nil)
      }
      return ("\(values.joined(separator: ", ")): \(number)", holds(expression, best))
    case .ratio(let metric, let above, let below):
      guard let first = designs.first(where: { $0.design == above }),
        let second = designs.first(where: { $0.design == below })
      else { return ("not evaluated", nil) }
      let quotient = first.metrics[metric] / second.metrics[metric]
      return ("\(NumberText.metric(quotient))×", isWithin(quotient, reference))
    case .count(let condition):
      let count = designs.count { holds(condition, $0) }
      return ("\(count) of \(designs.count)", isWithin(Double(count), reference))
    case .range(let metric, let condition):
      let values = designs.filter { holds(condition, $0) }.map { $0.metrics[metric] }
      guard let least = values.min(), let most = values.max() else { return ("no design", nil) }
      return ("\(NumberText.metric(least)) to \(NumberText.metric(most)) \(metric.unit)", nil)
    }
  }

  private func holds(
    _ condition: Expression?, _ design: (design: Design, metrics: MetricValues)
  ) -> Bool {
    guard let condition else { return true }
    var slots = space.slots(of: design.design)
    space.write(design.metrics.numbers, to: &slots)
    return (try? condition.isTrue(slots)) ?? false
  }

  private func isWithin(_ value: Double, _ reference: StudyReference) -> Bool? {
    guard case .bounds(let bounds) = reference.agreement else { return nil }
    return bounds.contains(value)
  }
}

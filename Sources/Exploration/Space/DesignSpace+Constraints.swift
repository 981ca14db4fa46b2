/// What the constraints that name no metric say of a design.
public enum Verdict: Sendable, Equatable {
  /// It may be evaluated.
  case valid
  /// It may not; the constraint that it violates first, or why a value cannot be computed.
  case rejected(reason: String)
}

extension DesignSpace {
  /// Judges a design before it is evaluated.
  public func verdict(of design: Design) -> Verdict {
    guard let rejection = rejection(slots(of: design)) else { return .valid }
    return .rejected(reason: reason(rejection))
  }

  /// How far a design is from fulfilling the constraints that name no metric, 0 when it does; see
  /// ``Expression/violation(_:)``. A derived key without a value counts 1.
  public func violation(of design: Design) -> Double {
    violation(slots(of: design))
  }

  func violation(_ slots: [Double]) -> Double {
    var sum = 0.0
    for constraint in staticConstraints { sum += constraint.expression.violation(slots) }
    for derived in study.derived where (try? derived.expression.evaluate(slots)) == nil {
      sum += 1
    }
    return sum
  }

  /// Whether a design may be evaluated and can be feasible: it fulfils all constraints that name no
  /// metric, those included that are decided only afterwards.
  func isPromising(_ slots: [Double]) -> Bool {
    rejection(slots) == nil
      && metricConstraints.allSatisfy {
        $0.expression.usesMetrics || $0.expression.violation(slots) == 0
      }
  }

  // MARK: Metrics

  /// The constraints, as written, that a design violates with its metrics; of all constraints.
  public func violatedConstraints(of design: Design, _ metrics: MetricValues) -> [String] {
    var slots = slots(of: design)
    write(metrics.numbers, to: &slots)
    return study.constraints.filter { $0.expression.violation(slots) > 0 }.map(\.text)
  }

  /// The score by which searches compare designs.
  ///
  /// - Parameter metrics: what was measured or estimated; nil when the design could not be
  ///   evaluated.
  public func score(of design: Design, _ metrics: MetricValues?) -> Score {
    guard let metrics else { return .unusable }
    var slots = slots(of: design)
    write(metrics.numbers, to: &slots)
    var violation = 0.0
    for constraint in study.constraints { violation += constraint.expression.violation(slots) }
    let objectives = study.objectives.map { objective in
      objective.isMaximised ? -metrics[objective.metric] : metrics[objective.metric]
    }
    return objectives.contains(where: \.isNaN)
      ? .unusable : Score(objectives: objectives, violation: violation)
  }

  /// Fills in the slots of the metrics.
  func write(_ metrics: some Collection<Double>, to slots: inout [Double]) {
    for (offset, metric) in metrics.enumerated() { slots[radices.count + offset] = metric }
  }

  // MARK: Reasons

  /// How many reasons there are to reject a design before it is evaluated.
  var rejectionCount: Int { (staticConstraints.count + study.derived.count) * Self.variants }

  /// Ways in which one expression rejects: it is false, or one of the failures.
  private static var variants: Int { 4 }

  /// The number of the first reason to reject a design, nil if it is valid.
  func rejection(_ slots: [Double]) -> Int? {
    for (position, constraint) in staticConstraints.enumerated() {
      do throws(EvaluationFailure) {
        if try !constraint.expression.isTrue(slots) { return position * Self.variants }
      } catch {
        return position * Self.variants + 1 + Int(error.rawValue)
      }
    }
    for (position, derived) in study.derived.enumerated() {
      do throws(EvaluationFailure) {
        _ = try derived.expression.evaluate(slots)
      } catch {
        return (staticConstraints.count + position) * Self.variants + 1 + Int(error.rawValue)
      }
    }
    return nil
  }

  /// The text of a reason; without numbers of a design, so that equal reasons can be counted.
  func reason(_ rejection: Int) -> String {
    let (position, variant) = rejection.quotientAndRemainder(dividingBy: Self.variants)
    let text: String
    if position < staticConstraints.count {
      text = staticConstraints[position].text
    } else {
      let derived = study.derived[position - staticConstraints.count]
      text = "\(derived.path) = \(derived.expression.text)"
    }
    guard variant > 0, let failure = EvaluationFailure(rawValue: UInt8(variant - 1)) else {
      return text
    }
    return "\(failure) in \(text)"
  }
}

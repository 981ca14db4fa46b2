/// How good a design is, as searches compare it.
public struct Score: Sendable, Equatable {
  /// The objectives, all to be minimised: maximised ones are negated. Empty when there are none.
  public var objectives: [Double]
  /// How far the design is from fulfilling the constraints: 0 when it does, infinite when it
  /// cannot be evaluated at all.
  public var violation: Double

  /// Creates a score.
  public init(objectives: [Double], violation: Double) {
    self.objectives = objectives
    self.violation = violation
  }

  /// Of a design that cannot be evaluated.
  public static let unusable = Score(objectives: [], violation: .infinity)

  /// Whether the design fulfils all constraints.
  public var isFeasible: Bool { violation == 0 }

  /// Pareto dominance: at least as good in all objectives and better in one.
  ///
  /// Precondition: both have the same number of objectives.
  public func dominates(_ other: Score) -> Bool {
    var isBetter = false
    for (mine, theirs) in zip(objectives, other.objectives) {
      if mine > theirs { return false }
      if mine < theirs { isBetter = true }
    }
    return isBetter
  }
}

/// Chooses designs to evaluate.
///
/// Strategies ask for every design at most once, and only for designs that the constraints allow
/// before evaluation. They depend on nothing but the space, their settings and the scores: a study
/// that is started again asks for the same designs in the same order.
public protocol SearchStrategy: Sendable {
  /// The designs to evaluate next; empty when the search is finished.
  mutating func ask() -> [Design]

  /// Takes the scores of all designs of the last ``ask()``, in its order.
  mutating func tell(_ designs: [Design], _ scores: [Score])

  /// How many designs were rejected before evaluation, by reason.
  var rejections: RejectionCounts { get }
}

extension DesignSpace {
  /// The strategy that the study names.
  public func strategy() -> any SearchStrategy {
    switch study.search {
    case .exhaustive: ExhaustiveSearch(self)
    case .random(let samples, let seed): RandomSearch(self, samples: samples, seed: seed)
    case .nsga2(let population, let generations, let seed):
      NSGA2(self, population: population, generations: generations, seed: seed)
    }
  }
}

/// What a store knows of a key.
public enum StoredEvaluation: Sendable, Equatable {
  /// Nothing: it is to be evaluated.
  case absent
  /// The outcome. Measurements are without their counts.
  case outcome(EvaluationOutcome)
  /// It was measured, but not priced with the table that was asked for: energies and area are 0,
  /// `table` is empty, and the counts are there. Without counts it is cheaper to evaluate again
  /// than to price.
  case unpriced(Measurement)
}

/// How much a store holds.
public struct StoreSummary: Sendable, Equatable {
  /// Evaluations that were measured or estimated.
  public var measured: Int
  /// Designs that are no valid systems.
  public var invalid: Int
  /// Evaluations that have no result so far, as they failed.
  public var failed: Int

  /// Creates a summary.
  public init(measured: Int, invalid: Int, failed: Int) {
    self.measured = measured
    self.invalid = invalid
    self.failed = failed
  }
}

/// A stage of a study with everything it takes to carry it out.
public struct StudyStage {
  /// Name of the model.
  public var model: String
  /// Makes the keys under which results are stored.
  public var digest: StudyDigest
  /// The energy table of the results, named as in `Measurement.table`.
  public var table: String
  /// Evaluates what is not stored.
  public var executor: any StudyExecutor
  /// Whether every result is stored as soon as it is there, as it took long; others are stored in batches.
  public var storesEach: Bool
  /// Applies the energy table to stored counts; nil when it is cheaper to evaluate again.
  public var reprice: (Measurement) throws -> Measurement?
  /// How many designs go on at most; nil leaves it to the errors.
  public var keep: Int?
  /// Relative error of the model for each metric, in the order of `Metric.allCases`: 0.05 is 5 %.
  public var errors: [Double]

  /// Creates a stage.
  public init(
    model: String, digest: StudyDigest, table: String, executor: any StudyExecutor,
    storesEach: Bool, keep: Int?, errors: [Double],
    reprice: @escaping (Measurement) throws -> Measurement?
  ) {
    self.model = model
    self.digest = digest
    self.table = table
    self.executor = executor
    self.storesEach = storesEach
    self.keep = keep
    self.errors = errors
    self.reprice = reprice
  }
}

/// How far a study has come.
public struct StudyProgress: Sendable, Equatable {
  /// Number of the stage, from 0, and how many there are.
  public var stage: Int
  /// How many stages there are.
  public var stages: Int
  /// Name of the stage's model.
  public var model: String
  /// Designs of the stage that are done.
  public var done: Int
  /// Those of them that came from the store.
  public var stored: Int
  /// How many the stage has; nil when the search decides that.
  public var total: Int?
}

/// A study was asked to stop; what was evaluated is stored.
public struct StudyInterrupted: Error {
  /// Creates the error.
  public init() {}
}

/// What a study found: the designs with their numbers and classes. Reports read this and nothing else.
public struct ExplorationResult: Sendable, Codable {
  /// Name of the study.
  public var name: String
  /// Its title; may be empty.
  public var title: String
  /// Names of the parameters in order, with all their values.
  public var parameters: [ParameterInfo]
  /// The objectives in order.
  public var objectives: [ObjectiveInfo]
  /// The constraints as written.
  public var constraints: [String]
  /// Model of the last stage.
  public var model: String
  /// What is known of that model's errors.
  public var errorBar: String
  /// Name of the energy table.
  public var table: String
  /// Evaluated designs that are reported, sorted by genome. Of studies with more than `listLimit` only those of the
  /// front, the last stage and a sample.
  public var designs: [ReportedDesign]
  /// Position in `designs` of the design with the best weighted score among all of the last stage; nil when none of them
  /// fulfils all constraints.
  ///
  /// The score is the sum over the objectives of weight × (value − best) / (worst − best), with best and worst among the
  /// designs that fulfil all constraints; less is better.
  public var weightedBest: Int?
  /// Stages with their counts.
  public var stages: [StageSummary]
  /// Designs of the whole space.
  public var spaceSize: Double
  /// Reasons for which designs were rejected before or by evaluation, with their counts, most frequent first.
  public var rejections: [Rejection]
  /// Effect of each parameter on each objective.
  public var sensitivity: [Sensitivity]
  /// Shipped figures of a publication beside ours; may be empty.
  public var comparisons: [Comparison]

  /// Creates it from its parts.
  public init(
    name: String, title: String, parameters: [ParameterInfo], objectives: [ObjectiveInfo],
    constraints: [String], model: String, errorBar: String, table: String,
    designs: [ReportedDesign], weightedBest: Int?, stages: [StageSummary], spaceSize: Double,
    rejections: [Rejection], sensitivity: [Sensitivity], comparisons: [Comparison]
  ) {
    self.name = name
    self.title = title
    self.parameters = parameters
    self.objectives = objectives
    self.constraints = constraints
    self.model = model
    self.errorBar = errorBar
    self.table = table
    self.designs = designs
    self.weightedBest = weightedBest
    self.stages = stages
    self.spaceSize = spaceSize
    self.rejections = rejections
    self.sensitivity = sensitivity
    self.comparisons = comparisons
  }

  /// A parameter of the study.
  public struct ParameterInfo: Sendable, Codable, Equatable {
    /// Its name.
    public var name: String
    /// Its values in order.
    public var values: [ParameterValue]

    /// Creates it from its parts.
    public init(name: String, values: [ParameterValue]) {
      self.name = name
      self.values = values
    }
  }

  /// An objective of the study.
  public struct ObjectiveInfo: Sendable, Codable, Equatable {
    /// The quantity.
    public var metric: Metric
    /// Whether more is better.
    public var isMaximised: Bool
    /// Its weight in the single score.
    public var weight: Double

    /// Creates it from its parts.
    public init(metric: Metric, isMaximised: Bool, weight: Double) {
      self.metric = metric
      self.isMaximised = isMaximised
      self.weight = weight
    }
  }

  /// What became of the designs of a stage.
  public struct StageSummary: Sendable, Codable, Equatable {
    /// The model.
    public var model: String
    /// Designs given to the stage.
    public var given: Int
    /// Those whose results were in the store.
    public var stored: Int
    /// Those that were evaluated now.
    public var evaluated: Int
    /// Those that are no valid systems.
    public var invalid: Int
    /// Those whose evaluation failed.
    public var failed: Int
    /// Those that go on to the next stage; of the last stage those that fulfil all constraints.
    public var kept: Int
    /// Wall-clock seconds.
    public var seconds: Double

    /// Creates it from its parts.
    public init(
      model: String, given: Int, stored: Int, evaluated: Int, invalid: Int, failed: Int, kept: Int,
      seconds: Double
    ) {
      self.model = model
      self.given = given
      self.stored = stored
      self.evaluated = evaluated
      self.invalid = invalid
      self.failed = failed
      self.kept = kept
      self.seconds = seconds
    }
  }

  /// Why designs were rejected.
  public struct Rejection: Sendable, Codable, Equatable {
    /// A constraint as written, or what is wrong with the system.
    public var reason: String
    /// How many designs.
    public var count: Int

    /// Creates it from its parts.
    public init(reason: String, count: Int) {
      self.reason = reason
      self.count = count
    }
  }

  /// How strongly a parameter moves an objective.
  public struct Sensitivity: Sendable, Codable, Equatable {
    /// Name of the parameter.
    public var parameter: String
    /// The quantity.
    public var metric: Metric
    /// Share of the metric's variance that the parameter alone explains (first-order effect), 0 to 1.
    public var share: Double
    /// Mean of the metric for each value of the parameter; nil where no design has it.
    public var means: [Double?]

    /// Creates it from its parts.
    public init(parameter: String, metric: Metric, share: Double, means: [Double?]) {
      self.parameter = parameter
      self.metric = metric
      self.share = share
      self.means = means
    }
  }

  /// A number of a publication beside ours.
  public struct Comparison: Sendable, Codable, Equatable {
    /// What it is, for example `fastest design: latency`.
    public var what: String
    /// The published number with its unit.
    public var theirs: String
    /// The number of this study.
    public var ours: String
    /// Whether the trend is the same; nil when it cannot be said.
    public var agrees: Bool?
    /// What a reader has to know; may be empty.
    public var remark: String

    /// Creates it from its parts.
    public init(what: String, theirs: String, ours: String, agrees: Bool?, remark: String) {
      self.what = what
      self.theirs = theirs
      self.ours = ours
      self.agrees = agrees
      self.remark = remark
    }
  }
}

/// A design in a report.
public struct ReportedDesign: Sendable, Codable, Equatable {
  /// Values of the parameters in order.
  public var values: [ParameterValue]
  /// Metrics, in the order of `Metric.allCases`.
  public var metrics: [Double]
  /// Model that the numbers are from.
  public var model: String
  /// What it is among the others.
  public var classification: DesignClass
  /// Whether it is on the Pareto front of the designs that fulfil all constraints.
  public var isOnFront: Bool
  /// Objectives of which it is the single best design.
  public var optimumOf: [Metric]

  /// Creates it from its parts.
  public init(
    values: [ParameterValue], metrics: [Double], model: String, classification: DesignClass,
    isOnFront: Bool, optimumOf: [Metric]
  ) {
    self.values = values
    self.metrics = metrics
    self.model = model
    self.classification = classification
    self.isOnFront = isOnFront
    self.optimumOf = optimumOf
  }
}

/// Class of a design (feasible, best and non-feasible of the FLECSim dissertation, figure 4.15).
public enum DesignClass: String, Sendable, Codable, CaseIterable {
  /// On the front.
  case best
  /// Fulfils all constraints.
  case feasible
  /// Misses a constraint.
  case rejected
}

/// A study: a space of designs around a SoC file, what is wanted of them, and how to search.
///
/// `StudyReader` reads it from a JSON file and reports all mistakes with their places.
public struct Study: Sendable {
  /// Name, which also names the results.
  public var name: String
  /// One sentence for reports; may be empty.
  public var title: String
  /// Path of the SoC file, as the host finds it.
  public var soc: String
  /// The network that the SoC runs; nil when the SoC's own firmware is the workload.
  public var network: String?
  /// Quantises the network to int8 before, calibrated on this many samples; nil leaves it as it is.
  public var calibrationSamples: Int?
  /// Values of the SoC file that are changed in all designs.
  public var fixed: [Assignment]
  /// What varies, in the order of the file.
  public var parameters: [Parameter]
  /// Keys of the SoC file that follow from parameters.
  public var derived: [Derived]
  /// What designs must fulfil.
  public var constraints: [Constraint]
  /// What is wanted, at least one.
  public var objectives: [Objective]
  /// How designs are chosen.
  public var search: Search
  /// Models that evaluate them, cheapest first; `cycles` runs the simulator.
  public var stages: [Stage]
  /// Published results beside which those of the study are put.
  public var references: [StudyReference] = []

  /// A value of the SoC file.
  public struct Assignment: Sendable, Equatable {
    /// Path of the key, such as `accelerators.array.fixed_args.XDIM`.
    public var path: String
    /// The value.
    public var value: ParameterValue

    /// Creates it from its parts.
    public init(path: String, value: ParameterValue) {
      self.path = path
      self.value = value
    }
  }

  /// A dimension of the space.
  public struct Parameter: Sendable, Equatable {
    /// Name in expressions and tables.
    public var name: String
    /// Keys of the SoC file that take the value as it is; may be empty when only expressions use it.
    public var paths: [String]
    /// The values it takes, at least one, without repetitions.
    public var values: [ParameterValue]

    /// Creates it from its parts.
    public init(name: String, paths: [String], values: [ParameterValue]) {
      self.name = name
      self.paths = paths
      self.values = values
    }
  }

  /// A key that follows from parameters.
  public struct Derived: Sendable {
    /// Path of the key.
    public var path: String
    /// Its value, over parameters.
    public var expression: Expression

    /// Creates it from its parts.
    public init(path: String, expression: Expression) {
      self.path = path
      self.expression = expression
    }
  }

  /// What designs must fulfil.
  public struct Constraint: Sendable {
    /// As written, for reasons and reports.
    public var text: String
    /// True for designs that fulfil it: over parameters alone, or over metrics as well.
    public var expression: Expression
    /// Whether it is decided before evaluation: it names no metric, and the study does not want such designs evaluated
    /// nevertheless.
    public var isStatic: Bool

    /// Creates it from its parts.
    public init(text: String, expression: Expression, isStatic: Bool) {
      self.text = text
      self.expression = expression
      self.isStatic = isStatic
    }
  }

  /// What is wanted.
  public struct Objective: Sendable, Equatable {
    /// The quantity.
    public var metric: Metric
    /// Whether more is better.
    public var isMaximised: Bool
    /// Weight in the single score by which the best design is picked, positive.
    public var weight: Double

    /// Creates it from its parts.
    public init(metric: Metric, isMaximised: Bool, weight: Double = 1) {
      self.metric = metric
      self.isMaximised = isMaximised
      self.weight = weight
    }
  }

  /// How designs are chosen.
  public enum Search: Sendable, Equatable {
    /// All of them.
    case exhaustive
    /// Distinct designs at random.
    case random(samples: Int, seed: UInt64)
    /// The genetic algorithm of Deb et al. (IEEE TEC 6(2), 2002).
    case nsga2(population: Int, generations: Int, seed: UInt64)
  }

  /// A model that evaluates designs.
  public struct Stage: Sendable, Equatable {
    /// Name of the model; `cycles` is the simulator.
    public var model: String
    /// How many designs go on to the next stage at most; nil leaves it to the error bar.
    public var keep: Int?
    /// How far the model may be off, as a share (0.05 is 5 %), by metric; nil takes the error that was recorded for it.
    public var error: Double?

    /// Creates it from its parts.
    public init(model: String, keep: Int? = nil, error: Double? = nil) {
      self.model = model
      self.keep = keep
      self.error = error
    }
    /// Name of the simulator as a stage.
    public static let cycles = "cycles"
  }
}

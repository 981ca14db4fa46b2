/// A point of the space: which value each parameter takes.
public struct Design: Sendable, Hashable {
  /// For each parameter of the study the position in its list of values.
  public var genome: [Int]

  /// Creates it from its parts.
  public init(genome: [Int]) { self.genome = genome }
}

/// A design as evaluators get it: keys of the SoC file with their values.
public struct EvaluationRequest: Sendable, Codable, Equatable {
  /// Digest of everything the result depends on, 64 hexadecimal digits.
  public var key: String
  /// Name of the model; `cycles` is the simulator.
  public var model: String
  /// Texts `path=value` as for `--set`, fixed values first, then parameters, then derived keys.
  public var overrides: [String]

  /// Creates it from its parts.
  public init(key: String, model: String, overrides: [String]) {
    self.key = key
    self.model = model
    self.overrides = overrides
  }
}

/// What came out of evaluating a design.
public enum EvaluationOutcome: Sendable, Equatable {
  /// It ran, or was estimated.
  case measured(Measurement)
  /// It is no valid system, or the workload does not fit; the reason has no numbers of the design in it, so that equal
  /// reasons can be counted.
  case invalid(reason: String, details: String)
  /// It should have run but did not: the firmware failed, or the process died.
  case failed(message: String)
}

/// What was measured or estimated of a design.
public struct Measurement: Sendable, Equatable, Codable {
  /// Cycles of the fastest hardware clock.
  public var cycles: Double
  /// Simulated time in seconds.
  public var seconds: Double
  /// Energy in picojoules, with the table named by `table`.
  public var energy: Double
  /// Energy of off-chip memory in picojoules.
  public var dramEnergy: Double
  /// Area in square micrometres.
  public var area: Double
  /// Name and digest of the energy table, such as `aladdin-45nm:1f0c…`.
  public var table: String
  /// What another energy table can be applied to: the counts of the run, as the evaluator encodes them. Empty when it is
  /// cheaper to evaluate again.
  public var counts: [UInt8]
  /// Wall-clock seconds that the evaluation took.
  public var wallSeconds: Double

  /// Creates it from its parts.
  public init(
    cycles: Double, seconds: Double, energy: Double, dramEnergy: Double, area: Double,
    table: String, counts: [UInt8] = [], wallSeconds: Double
  ) {
    self.cycles = cycles
    self.seconds = seconds
    self.energy = energy
    self.dramEnergy = dramEnergy
    self.area = area
    self.table = table
    self.counts = counts
    self.wallSeconds = wallSeconds
  }

  /// The metrics of the design.
  public var metrics: MetricValues {
    MetricValues(
      cycles: cycles, seconds: seconds, energy: energy, dramEnergy: dramEnergy, area: area)
  }
}

/// Evaluates designs. Several threads may use one at the same time.
public protocol DesignEvaluating: Sendable {
  /// Evaluates a design; never throws, as everything that can go wrong with a design is a result.
  func evaluate(_ request: EvaluationRequest) -> EvaluationOutcome
}

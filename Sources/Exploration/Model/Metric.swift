/// A quantity that studies constrain and optimise. Names carry the unit.
public enum Metric: String, CaseIterable, Sendable, Codable, Hashable {
  /// Cycles of the fastest hardware clock, from reset to the end of the firmware.
  case cycles
  /// Simulated time in milliseconds.
  case latency = "latency_ms"
  /// Runs of the firmware per second: 1 / latency. One run is one inference of a network.
  case fps
  /// Energy of the whole system, leakage included, in millijoules.
  case energy = "energy_mJ"
  /// The part of the energy that off-chip memory takes, in millijoules.
  case dramEnergy = "dram_energy_mJ"
  /// Average power in milliwatts: energy / latency.
  case power = "power_mW"
  /// Silicon area in square millimetres; off-chip memory has none.
  case area = "area_mm2"
  /// Energy times latency, in microjoule seconds.
  case energyDelay = "edp_uJs"

  /// Unit of the numbers; empty for counts.
  public var unit: String {
    switch self {
    case .cycles: "cycles"
    case .latency: "ms"
    case .fps: "1/s"
    case .energy, .dramEnergy: "mJ"
    case .power: "mW"
    case .area: "mm²"
    case .energyDelay: "µJ·s"
    }
  }

  /// What the number is, for headings and axes.
  public var title: String {
    switch self {
    case .cycles: "cycles"
    case .latency: "latency"
    case .fps: "frames per second"
    case .energy: "energy"
    case .dramEnergy: "energy of off-chip memory"
    case .power: "average power"
    case .area: "area"
    case .energyDelay: "energy-delay product"
    }
  }

  /// Whether more is better; the others are better when they are less.
  public var isBetterLarger: Bool { self == .fps }
}

/// The metrics of one design, one number for each case of `Metric`.
public struct MetricValues: Sendable, Equatable, Codable {
  /// In the order of `Metric.allCases`.
  public private(set) var numbers: [Double]

  /// Derives the metrics from what was measured or estimated.
  ///
  /// - Parameters:
  ///   - cycles: of the fastest hardware clock.
  ///   - seconds: simulated time.
  ///   - energy: of the system, in picojoules.
  ///   - dramEnergy: of off-chip memory, in picojoules.
  ///   - area: in square micrometres.
  public init(cycles: Double, seconds: Double, energy: Double, dramEnergy: Double, area: Double) {
    numbers = Metric.allCases.map { metric in
      switch metric {
      case .cycles: cycles
      case .latency: seconds * 1e3
      case .fps: seconds > 0 ? 1 / seconds : 0
      case .energy: energy * 1e-9
      case .dramEnergy: dramEnergy * 1e-9
      case .power: seconds > 0 ? energy * 1e-9 / seconds : 0
      case .area: area * 1e-6
      case .energyDelay: energy * 1e-6 * seconds
      }
    }
  }

  /// The number of a metric, in its unit.
  public subscript(metric: Metric) -> Double { numbers[metric.index] }
}

extension Metric {
  /// Position among all cases.
  public var index: Int {
    switch self {
    case .cycles: 0
    case .latency: 1
    case .fps: 2
    case .energy: 3
    case .dramEnergy: 4
    case .power: 5
    case .area: 6
    case .energyDelay: 7
    }
  }
}

/// Evaluated designs with their numbers, column by column: a million take 48 MB.
public struct DesignTable: Sendable {
  /// Numbers of the designs in their space.
  public private(set) var indices: [UInt64] = []
  /// Cycles of the fastest hardware clock.
  public private(set) var cycles: [Double] = []
  /// Simulated seconds.
  public private(set) var seconds: [Double] = []
  /// Picojoules of the system.
  public private(set) var energy: [Double] = []
  /// Picojoules of off-chip memory.
  public private(set) var dramEnergy: [Double] = []
  /// Square micrometres.
  public private(set) var area: [Double] = []

  /// An empty table.
  public init() {}

  /// How many designs there are.
  public var count: Int { indices.count }

  /// Adds a design.
  public mutating func append(_ index: UInt64, _ measurement: Measurement) {
    indices.append(index)
    cycles.append(measurement.cycles)
    seconds.append(measurement.seconds)
    energy.append(measurement.energy)
    dramEnergy.append(measurement.dramEnergy)
    area.append(measurement.area)
  }

  /// All metrics of a row.
  public func metrics(_ row: Int) -> MetricValues {
    MetricValues(
      cycles: cycles[row], seconds: seconds[row], energy: energy[row],
      dramEnergy: dramEnergy[row], area: area[row])
  }

  /// One metric of a row, in its unit; see ``MetricValues``.
  public func value(_ metric: Metric, _ row: Int) -> Double {
    switch metric {
    case .cycles: cycles[row]
    case .latency: seconds[row] * 1e3
    case .fps: seconds[row] > 0 ? 1 / seconds[row] : 0
    case .energy: energy[row] * 1e-9
    case .dramEnergy: dramEnergy[row] * 1e-9
    case .power: seconds[row] > 0 ? energy[row] * 1e-9 / seconds[row] : 0
    case .area: area[row] * 1e-6
    case .energyDelay: energy[row] * 1e-6 * seconds[row]
    }
  }
}

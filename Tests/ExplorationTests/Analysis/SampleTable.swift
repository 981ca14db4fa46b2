import Exploration

extension DesignTable {
  /// A table of designs with latency in milliseconds, energy in millijoules and area in square
  /// millimetres.
  init(_ rows: [(index: UInt64, latency: Double, energy: Double, area: Double)]) {
    self.init()
    for row in rows { append(row.index, row.latency, row.energy, row.area) }
  }

  mutating func append(_ index: UInt64, _ latency: Double, _ energy: Double, _ area: Double) {
    append(
      index,
      Measurement(
        cycles: latency * 1000, seconds: latency * 1e-3, energy: energy * 1e9, dramEnergy: 0,
        area: area * 1e6, table: "test", wallSeconds: 0))
  }
}

/// Relative errors of all metrics: of what takes time, of energy, of area.
func errorBars(time: Double = 0, energy: Double = 0, area: Double = 0) -> [Double] {
  Metric.allCases.map { metric in
    switch metric {
    case .cycles, .latency, .fps: time
    case .energy, .dramEnergy: energy
    case .power, .energyDelay: time + energy
    case .area: area
    }
  }
}

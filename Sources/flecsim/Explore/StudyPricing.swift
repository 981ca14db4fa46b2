internal import Energy
internal import Exploration
internal import Foundation
internal import SoC
internal import Telemetry

/// The energy table of a study, for all its designs.
struct StudyPricing: Sendable {
  /// The table.
  let table: EnergyTable
  /// What prices are stored under: name, digest and node.
  let label: String
  /// Process node in nm, as in the SoC file.
  let node: Double?
  private let tables: EnergyTables

  /// - Parameters:
  ///   - name: name or path of a table; nil takes that of the SoC file.
  ///   - description: a design of the study.
  /// - Throws: as `EnergyTables.load`.
  init(table name: String?, _ description: SoCDescription, _ installation: Installation) throws {
    let tables = EnergyTables(installation: installation)
    table = try name.map { try tables.load($0) } ?? tables.load(for: description)
    label = try tables.label(name, for: description)
    node = description.energy.nodeNanometres
    self.tables = tables
  }

  /// Prices a run.
  ///
  /// - Throws: `CommandFailure` when the table lacks something.
  func measurement(
    _ counts: StoredCounts, _ description: SoCDescription, wallSeconds: Double
  ) throws -> Exploration.Measurement {
    try tables.require(table, covers: counts.snapshot, node: node, of: description)
    return try measurement(counts, bytes: counts.bytes(), wallSeconds: wallSeconds)
  }

  /// Prices a stored run; nil when its counts were not stored, as it is cheaper to evaluate again.
  func repriced(_ measurement: Exploration.Measurement) throws -> Exploration.Measurement? {
    guard !measurement.counts.isEmpty else { return nil }
    let counts = try StoredCounts(bytes: measurement.counts)
    try tables.require(table, covers: counts.snapshot, node: node)
    return try self.measurement(
      counts, bytes: measurement.counts, wallSeconds: measurement.wallSeconds)
  }

  private func measurement(
    _ counts: StoredCounts, bytes: [UInt8], wallSeconds: Double
  ) throws -> Exploration.Measurement {
    let report = try table.evaluate(counts.snapshot, node: node)
    let dram = report.modules.reduce(0.0) { sum, module in
      module.components.reduce(sum) { sum, component in
        component.componentClass == "dram" ? sum + component.total.totalPicojoules : sum
      }
    }
    return Exploration.Measurement(
      cycles: Double(counts.cycles), seconds: report.simulatedSeconds,
      energy: report.total.totalPicojoules, dramEnergy: dram,
      area: report.total.areaSquareMicrometres, table: label, counts: bytes,
      wallSeconds: wallSeconds)
  }
}

/// What is stored of a run besides its cycles, so that another energy table needs no new run.
struct StoredCounts: Codable {
  /// Counters and components of all modules, without tags.
  let snapshot: Snapshot
  /// Cycles of the fastest hardware clock.
  let cycles: UInt64

  init(_ snapshot: Snapshot, cycles: UInt64) {
    self.snapshot = snapshot
    self.cycles = cycles
  }

  /// Reads what ``bytes()`` wrote.
  init(bytes: [UInt8]) throws { self = try JSONDecoder().decode(Self.self, from: Data(bytes)) }

  /// The counts as they are stored.
  func bytes() throws -> [UInt8] {
    let encoder = JSONEncoder()
    encoder.outputFormatting = .sortedKeys
    return Array(try encoder.encode(self))
  }
}

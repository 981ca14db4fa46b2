internal import Energy
internal import Foundation
internal import SoC
internal import Telemetry

/// Finding and loading energy tables.
struct EnergyTables {
  let installation: Installation

  /// The table called `name`: one that comes with the tool, or the path of a file.
  func load(_ name: String) throws -> EnergyTable {
    let shipped = "\(installation.energyFolder)/\(name).json"
    let path = FileManager.default.fileExists(atPath: shipped) ? shipped : name
    do {
      return try EnergyTable.load(file: path)
    } catch let refusal as EnergyTableRefusal {
      throw CommandFailure(.input, "\(refusal)")
    }
  }

  /// Refuses a table that lacks a price for something in `inventory`, before anything is simulated.
  func require(_ table: EnergyTable, covers inventory: Snapshot, node: Double?) throws {
    let missing = table.missing(for: inventory, node: node)
    guard !missing.isEmpty else { return }
    throw CommandFailure(
      .input, missing.map { "error: \($0)" }.joined(separator: "\n"))
  }
}

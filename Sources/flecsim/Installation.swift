internal import Foundation
internal import HostTools
internal import SoC

/// Where the files that come with the tool are: energy tables and the firmware's HAL.
struct Installation {
  /// The folder that holds `Configs` and `Firmware`.
  let root: String

  /// Finds the folder; see `InstallationFolder`.
  static func find() throws -> Installation {
    if let root = InstallationFolder.find() { return Installation(root: root) }
    throw CommandFailure(
      .input,
      "cannot find the tool's own files (Configs/energy, Firmware/hal); set FLECSIM_HOME to the folder "
        + "that holds them")
  }

  /// The start-up code and drivers that firmware is linked with.
  var halFolder: String { root + "/Firmware/hal" }

  /// The folder of energy tables.
  var energyFolder: String { root + "/Configs/energy" }

  /// Names of the tables that come with the tool.
  var energyTables: [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: energyFolder)) ?? []
    return entries.filter { $0.hasSuffix("nm.json") }.map { String($0.dropLast(5)) }.sorted()
  }
}

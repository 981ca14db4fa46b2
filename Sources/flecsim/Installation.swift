internal import Foundation
internal import SoC

/// Where the files that come with the tool are: energy tables and the firmware's HAL.
struct Installation {
  /// The folder that holds `Configs` and `Firmware`.
  let root: String

  /// Looks at `FLECSIM_HOME`, then upwards from the executable and from the current folder.
  static func find() throws -> Installation {
    var starts: [String] = []
    if let home = ProcessInfo.processInfo.environment["FLECSIM_HOME"] { starts.append(home) }
    let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let executable = link ?? CommandLine.arguments.first ?? "."
    starts += [executable, FileManager.default.currentDirectoryPath]
    for start in starts {
      var url = URL(fileURLWithPath: start).standardizedFileURL
      while true {
        if FileManager.default.fileExists(atPath: url.path + "/Configs/energy") {
          return Installation(root: url.path == "/" ? "" : url.path)
        }
        if url.path == "/" { break }
        url.deleteLastPathComponent()
      }
    }
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

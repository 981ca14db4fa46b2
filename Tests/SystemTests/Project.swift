import Foundation

/// Where the files of the project are.
enum Project {
  /// The project's folder.
  static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  /// The hardware abstraction layer.
  static let hal = root + "/Firmware/hal"
  /// Systems that come with the tool.
  static let configs = root + "/Configs"
  /// Where the energy tables are that come with the tool.
  static let tables = configs + "/energy"
  /// Names of the energy tables that come with the tool.
  static let tableNames = names(in: tables, suffix: ".json").filter { $0.hasSuffix("nm") }
  /// Recorded results.
  static let golden = root + "/Tests/Golden"
  /// Programs of these tests.
  static let fixtures = root + "/Tests/SystemTests/Fixtures"
  /// Where firmware and programs are built; named after what they are made of, so that any number
  /// of test processes may use the folder.
  static let build = FileManager.default.temporaryDirectory.path + "/flecsim-system-tests"

  /// Names of the files in `folder` that end in `suffix`, without it, sorted.
  static func names(in folder: String, suffix: String) -> [String] {
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? []
    return entries.filter { $0.hasSuffix(suffix) }.map { String($0.dropLast(suffix.count)) }
      .sorted()
  }
}

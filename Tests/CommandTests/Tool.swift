import Foundation
import Reports
import TestSupport
import Testing

/// The built `flecsim` and a folder of its own to work in, removed at the end.
final class Tool {
  /// The project's folder.
  static let project = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path
  /// Names of the systems that come with the tool.
  static let systems =
    ((try? FileManager.default.contentsOfDirectory(atPath: project + "/Configs")) ?? [])
    .filter { $0.hasSuffix(".json") }.sorted()
  /// The executable, in the folder of the test bundle.
  static let executable: String = {
    let bundle = Bundle.main.executableURL ?? URL(filePath: CommandLine.arguments[0])
    var folder = bundle.resolvingSymlinksInPath().deletingLastPathComponent()
    while folder.path != "/" {
      let candidate = folder.appending(path: "flecsim").path
      if FileManager.default.isExecutableFile(atPath: candidate), !isFolder(candidate) {
        return candidate
      }
      folder.deleteLastPathComponent()
    }
    return "flecsim"
  }()

  private static func isFolder(_ path: String) -> Bool {
    var result: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &result) && result.boolValue
  }

  /// The working directory.
  let folder: String

  init() throws {
    folder = FileManager.default.temporaryDirectory.path + "/flecsim-\(UUID().uuidString)"
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder) }

  /// Path of an example system.
  static func config(_ name: String) -> String { "\(project)/Configs/\(name).json" }

  /// Runs a command to its end.
  func run(_ arguments: String..., timeout: Double = 120) throws -> ChildProcess.Ending {
    try ChildProcess.run(
      Self.executable, arguments, directory: folder, environment: Self.environment,
      timeout: timeout)
  }

  /// Starts a command.
  func start(_ arguments: String...) throws -> ChildProcess {
    try ChildProcess(
      Self.executable, arguments, directory: folder, environment: Self.environment)
  }

  private static let environment = ["FLECSIM_HOME": project]

  /// Writes a file into the working directory and returns its path.
  @discardableResult
  func write(_ data: Data, to name: String) throws -> String {
    let path = "\(folder)/\(name)"
    try data.write(to: URL(filePath: path))
    return path
  }

  /// Writes a text.
  @discardableResult
  func write(_ text: String, to name: String) throws -> String {
    try write(Data(text.utf8), to: name)
  }

  /// The text of a file in the working directory.
  func text(_ name: String) throws -> String {
    try String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
  }

  /// The run stored in a results folder of the working directory.
  func record(_ name: String) throws -> RunRecord {
    try ResultsFolder(path: "\(folder)/\(name)").read()
  }
}

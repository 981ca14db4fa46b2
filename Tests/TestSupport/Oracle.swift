import Foundation

/// onnxruntime, onnx and NumPy, which say what a network's values must be.
///
/// Tests that need them are skipped where they are missing; `Scripts/test` installs them.
public enum Oracle {
  /// A Python with the packages, nil when there is none.
  public static let python: String? = {
    var candidates: [String] = []
    if let given = ProcessInfo.processInfo.environment["FLECSIM_PYTHON"] {
      candidates.append(given)
    }
    candidates.append(root + "/.build/python/bin/python3")
    if let found = ChildProcess.find("python3") { candidates.append(found) }
    return candidates.first { path in
      guard FileManager.default.isExecutableFile(atPath: path) else { return false }
      let ending = try? ChildProcess.run(path, ["-c", "import numpy, onnx, onnxruntime"])
      return ending?.code == 0
    }
  }()

  /// Whether the packages are there.
  public static var isInstalled: Bool { python != nil }

  /// The project's folder.
  public static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().path

  /// Why a script did not end as it should.
  public struct Failure: Error, CustomStringConvertible {
    /// What it printed to standard error.
    public let description: String
  }

  /// Runs a script of the folder `Tests` to its end.
  ///
  /// - Parameters:
  ///   - script: its path below `Tests`.
  ///   - timeout: seconds after which it is killed.
  /// - Returns: what it printed.
  /// - Throws: ``Failure`` when it exits with another code than 0.
  @discardableResult
  public static func run(
    _ script: String, _ arguments: [String], timeout: Double = 300
  ) throws -> String {
    guard let python else { throw Failure(description: "no Python with onnxruntime") }
    let ending = try ChildProcess.run(
      python, ["\(root)/Tests/\(script)"] + arguments, timeout: timeout)
    guard ending.code == 0, !ending.timedOut else {
      throw Failure(
        description: "\(script): exit code \(ending.code)\(ending.timedOut ? ", killed" : "")\n"
          + ending.errors)
    }
    return ending.output
  }

  /// A new empty folder that `body` may fill, removed afterwards.
  public static func withFolder<Result>(_ body: (String) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "flecsim-oracle-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder.path)
  }
}

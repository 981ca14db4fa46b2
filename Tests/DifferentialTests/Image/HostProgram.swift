import Foundation

/// A program of the host, run to its end.
enum HostProgram {
  /// How it ended.
  struct Ending: Sendable {
    /// Exit code, or the number of the signal that ended it.
    let code: Int32
    let wasSignalled: Bool
  }

  /// The path of a program on the search path; nil when there is none.
  static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }

  /// Calls `body` with a new folder that is removed afterwards.
  static func withFolder<Result>(_ body: (URL) throws -> Result) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    return try body(folder)
  }

  /// Runs a program, its output in a file; it is killed after `timeout` seconds.
  static func run(
    _ executable: String, _ arguments: [String], output: URL, timeout: Double
  ) throws -> Ending {
    try Data().write(to: output)
    let process = Process()
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    let handle = try FileHandle(forWritingTo: output)
    process.standardOutput = handle
    try process.run()
    try handle.close()
    let deadline = Date(timeIntervalSinceNow: timeout)
    while process.isRunning {
      if Date() > deadline { kill(process.processIdentifier, SIGKILL) }
      usleep(500)
    }
    return Ending(
      code: process.terminationStatus,
      wasSignalled: process.terminationReason == .uncaughtSignal)
  }
}

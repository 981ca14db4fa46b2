import Foundation

/// A program of the host at work, for tests.
///
/// Its output goes to files, so that any amount of it fits, and it is killed when it takes too
/// long.
public final class ChildProcess {
  /// How a program ended and what it printed.
  public struct Ending: Sendable {
    /// The exit code, or the number of the signal that ended the program.
    public let code: Int32
    /// Whether a signal ended it.
    public let wasSignalled: Bool
    /// Whether it was killed because it took too long.
    public let timedOut: Bool
    /// Standard output.
    public let output: String
    /// Standard error.
    public let errors: String
  }

  private let process = Process()
  private let folder: URL

  /// Starts a program with empty standard input.
  ///
  /// - Parameters:
  ///   - executable: its path.
  ///   - directory: the working directory; nil for that of the tests.
  ///   - environment: variables beside those of the tests.
  /// - Throws: what Foundation throws when the program cannot be started.
  public init(
    _ executable: String, _ arguments: [String], directory: String? = nil,
    environment: [String: String] = [:]
  ) throws {
    folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    process.executableURL = URL(filePath: executable)
    process.arguments = arguments
    if let directory { process.currentDirectoryURL = URL(filePath: directory) }
    process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
    process.standardInput = FileHandle.nullDevice
    let handles = try ["output", "errors"].map { name in
      let file = folder.appending(path: name)
      try Data().write(to: file)
      return try FileHandle(forWritingTo: file)
    }
    (process.standardOutput, process.standardError) = (handles[0], handles[1])
    try process.run()
    for handle in handles { try handle.close() }
  }

  deinit {
    if process.isRunning { send(SIGKILL) }
    try? FileManager.default.removeItem(at: folder)
  }

  /// Sends a signal.
  public func send(_ signal: Int32) {
    kill(process.processIdentifier, signal)
  }

  /// What the program has printed so far.
  public var output: String { text("output") }
  /// What it has printed to standard error so far.
  public var errors: String { text("errors") }

  /// Waits for the program's end; kills it after `timeout` seconds.
  public func wait(timeout: Double = 120) -> Ending {
    let deadline = Date(timeIntervalSinceNow: timeout)
    var timedOut = false
    while process.isRunning {
      if !timedOut, Date() > deadline {
        timedOut = true
        send(SIGKILL)
      }
      usleep(2000)
    }
    return Ending(
      code: process.terminationStatus,
      wasSignalled: process.terminationReason == .uncaughtSignal, timedOut: timedOut,
      output: text("output"), errors: text("errors"))
  }

  private func text(_ name: String) -> String {
    let data = (try? Data(contentsOf: folder.appending(path: name))) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }

  /// Runs a program to its end.
  public static func run(
    _ executable: String, _ arguments: [String], directory: String? = nil,
    environment: [String: String] = [:], timeout: Double = 120
  ) throws -> Ending {
    try ChildProcess(
      executable, arguments, directory: directory, environment: environment
    ).wait(timeout: timeout)
  }

  /// The path of a program on the search path; nil when there is none.
  public static func find(_ name: String) -> String? {
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
      .map { "\($0)/\(name)" }.first { FileManager.default.isExecutableFile(atPath: $0) }
  }
}

internal import Foundation

/// A compiler, linker or other tool of the host at work.
public struct ToolProcess {
  private let process: Process
  private let name: String
  /// Where its messages go; a file, so that any number of tools can write at once.
  private let log: String

  /// Starts `executable`.
  ///
  /// Of the environment only what tools need to start is passed on: variables such as CPATH cannot
  /// change what is built.
  ///
  /// - Parameter log: path of a file to be made and removed again.
  /// - Throws: ``ToolError`` when the tool cannot be started.
  public init(_ executable: String, _ arguments: [String], log: String) throws(ToolError) {
    name = executable.split(separator: "/").last.map(String.init) ?? executable
    self.log = log
    process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = Self.environment
    process.standardInput = FileHandle.nullDevice
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let output = FileHandle(forWritingAtPath: log)
    else { throw ToolError(message: "cannot write \(log)") }
    defer { try? output.close() }
    process.standardOutput = output
    process.standardError = output
    do {
      try process.run()
    } catch {
      try? FileManager.default.removeItem(atPath: log)
      throw ToolError(message: "cannot start \(executable): \(error.localizedDescription)")
    }
  }

  /// Where temporary files go, and what the launchers of toolchain managers ask for.
  private static let passedOn: Set = [
    "HOME", "PATH", "TMPDIR", "SWIFTLY_BIN_DIR", "SWIFTLY_HOME_DIR",
  ]

  private static var environment: [String: String] {
    var result = ProcessInfo.processInfo.environment.filter { passedOn.contains($0.key) }
    result["LC_ALL"] = "C"
    return result
  }

  /// Waits for the tool's end.
  ///
  /// - Returns: what it printed if it failed, nil if it succeeded.
  public func failure() -> String? {
    let result = output()
    return result.isSuccess ? nil : result.text
  }

  /// Waits for the tool's end.
  ///
  /// - Returns: whether it succeeded, and what it printed; never empty if it failed.
  public func output() -> (isSuccess: Bool, text: String) {
    process.waitUntilExit()
    let output = FileManager.default.contents(atPath: log) ?? Data()
    try? FileManager.default.removeItem(atPath: log)
    let text = String(decoding: output, as: UTF8.self)
    if process.terminationReason == .exit, process.terminationStatus == 0 { return (true, text) }
    let how = process.terminationReason == .exit ? "exit code" : "signal"
    return (
      false, text.isEmpty ? "\(name) ended with \(how) \(process.terminationStatus)\n" : text
    )
  }
}

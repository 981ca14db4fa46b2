import Foundation

/// A compiler or linker at work.
struct ToolProcess {
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
  init(_ executable: String, _ arguments: [String], log: String) throws(FirmwareError) {
    name = executable.split(separator: "/").last.map(String.init) ?? executable
    self.log = log
    process = Process()
    process.executableURL = URL(fileURLWithPath: executable)
    process.arguments = arguments
    process.environment = Self.environment
    process.standardInput = FileHandle.nullDevice
    guard FileManager.default.createFile(atPath: log, contents: nil),
      let output = FileHandle(forWritingAtPath: log)
    else { throw FirmwareError(message: "cannot write \(log)") }
    defer { try? output.close() }
    process.standardOutput = output
    process.standardError = output
    do {
      try process.run()
    } catch {
      try? FileManager.default.removeItem(atPath: log)
      throw FirmwareError(message: "cannot start \(executable): \(error.localizedDescription)")
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
  func failure() -> String? {
    process.waitUntilExit()
    let output = FileManager.default.contents(atPath: log) ?? Data()
    try? FileManager.default.removeItem(atPath: log)
    if process.terminationReason == .exit, process.terminationStatus == 0 { return nil }
    let text = String(decoding: output, as: UTF8.self)
    let how = process.terminationReason == .exit ? "exit code" : "signal"
    return text.isEmpty ? "\(name) ended with \(how) \(process.terminationStatus)\n" : text
  }
}

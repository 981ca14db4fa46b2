import Foundation

/// Programs of the operating system that tests use on their fixtures.
enum Tool {
  /// What `gzip -dc` makes of a file.
  static func decompressed(_ path: String) throws -> [UInt8] {
    try run("gzip", ["-dc", path])
  }

  /// The SHA-256 of `bytes` in hexadecimal.
  static func sha256(_ bytes: [UInt8]) throws -> String {
    String(decoding: try run("sha256sum", [], input: bytes).prefix { $0 != 0x20 }, as: UTF8.self)
  }

  /// Runs a program that reads all of its input before it writes; answers its output.
  private static func run(
    _ name: String, _ arguments: [String], input: [UInt8]? = nil
  ) throws -> [UInt8] {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [name] + arguments
    let (source, result) = (Pipe(), Pipe())
    process.standardInput = source
    process.standardOutput = result
    try process.run()
    if let input { try source.fileHandleForWriting.write(contentsOf: input) }
    try source.fileHandleForWriting.close()
    let output = try result.fileHandleForReading.readToEnd() ?? Data()
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw ToolError(name: name, status: process.terminationStatus)
    }
    return [UInt8](output)
  }
}

/// A program failed.
struct ToolError: Error {
  let name: String
  let status: Int32
}

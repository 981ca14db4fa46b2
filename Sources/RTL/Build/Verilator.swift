internal import Foundation
internal import HostTools

/// Verilator and the C++ compiler that turns what it makes into a library.
public struct Verilator: Sendable {
  /// Path of `verilator`.
  let path: String
  /// Path of the C++ compiler.
  let compiler: String
  /// The folder of Verilator's own C++ sources.
  let includes: String
  /// What Verilator says it is, for example `Verilator 5.006 2023-01-22`.
  public let version: String
  /// Which tools these are: part of the name of everything they make.
  let identity: String

  /// The oldest version whose C++ interface we know.
  private static let oldest = 5

  /// Finds the tools.
  ///
  /// - Parameters:
  ///   - searchPath: folders separated by colons; nil for the environment's PATH.
  ///   - buildFolder: where a tool's answer may be kept for a moment.
  /// - Throws: ``RTLError`` saying what is missing and how to get it.
  public static func find(
    searchPath: String? = nil, buildFolder: String
  ) throws(RTLError) -> Verilator {
    let places = ToolFolders(searchPath: searchPath)
    guard let path = places.locate("verilator") else {
      throw RTLError(
        message: "'verilator' was not found, and running RTL needs it; install it "
          + "(Debian: apt-get install verilator) or put its folder on PATH")
    }
    guard
      let compiler = places.locate("clang++") ?? places.locate("g++") ?? places.locate("c++")
    else {
      throw RTLError(
        message: "no C++ compiler (clang++, g++) was found, and running RTL needs one; put the "
          + "Swift toolchain's folder on PATH")
    }
    let answer = try ask(path, ["--version"], buildFolder)
    let words = answer.split(separator: " ")
    guard words.count >= 2, let major = words[1].split(separator: ".").first.flatMap({ Int($0) })
    else {
      throw RTLError(message: "\(path) does not say which version it is: '\(answer)'")
    }
    guard major >= oldest else {
      throw RTLError(
        message: "\(path) is version \(words[1]); version \(oldest) or later is needed")
    }
    let root = try ask(path, ["--getenv", "VERILATOR_ROOT"], buildFolder)
    let includes = root + "/include"
    guard FileManager.default.fileExists(atPath: includes + "/verilated.cpp") else {
      throw RTLError(message: "Verilator's sources are not in \(includes)")
    }
    return Verilator(
      path: path, compiler: compiler, includes: includes,
      version: words.prefix(3).joined(separator: " "),
      identity: answer + "\n" + ToolFolders.stamp(path) + ToolFolders.stamp(compiler))
  }

  private static func ask(
    _ tool: String, _ arguments: [String], _ folder: String
  ) throws(RTLError) -> String {
    do throws(ToolError) {
      try CacheFiles.makeFolder(folder)
      let process = try ToolProcess(tool, arguments, log: "\(folder)/\(UUID().uuidString).log")
      let result = process.output()
      guard result.isSuccess else {
        throw ToolError(message: "\(tool) \(arguments.joined(separator: " ")) fails")
      }
      return result.text.trimmingCharacters(in: .whitespacesAndNewlines)
    } catch {
      throw RTLError(error)
    }
  }
}

import Foundation
import TestSupport
import Testing

/// A command line shown in a manual page: a line `$ …` of a code block marked `console`.
struct ShownCommand: Sendable, CustomTestStringConvertible {
  let page: String
  let line: Int
  let text: String

  var testDescription: String { "\(page):\(line): \(text)" }

  /// The exit code that a comment `# exit N` behind the command announces; 0 without one.
  var code: Int32 {
    guard let comment = text.split(separator: "#").last, text.contains("#") else { return 0 }
    let words = comment.split(separator: " ")
    return words.count == 2 && words[0] == "exit" ? Int32(words[1]) ?? 0 : 0
  }

  /// The pages of the manual, relative to the project's folder.
  static let pages: [String] = {
    let roots = ["Sources", "Firmware", "Configs", "Traces"]
    let nested = roots.flatMap { root -> [String] in
      let paths = FileManager.default.enumerator(atPath: "\(Tool.project)/\(root)")
      return (paths?.allObjects as? [String] ?? []).filter { $0.hasSuffix("README.md") }
        .map { "\(root)/\($0)" }
    }
    return ["README.md"] + nested.sorted()
  }()

  /// Every command shown in `page`.
  static func commands(of page: String) throws -> [ShownCommand] {
    let text = try String(contentsOfFile: "\(Tool.project)/\(page)", encoding: .utf8)
    var result: [ShownCommand] = []
    var isConsole = false
    for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated()
    {
      if line.hasPrefix("```") {
        isConsole = line == "```console"
      } else if isConsole, line.hasPrefix("$ ") {
        result.append(
          ShownCommand(page: page, line: index + 1, text: String(line.dropFirst(2))))
      }
    }
    return result
  }
}

/// A file shown in a manual page: the code block below a line that begins like **1. `path`.
struct ShownFile: Sendable {
  let path: String
  let text: String

  /// Every file shown in `page`.
  static func files(of page: String) throws -> [ShownFile] {
    let text = try String(contentsOfFile: "\(Tool.project)/\(page)", encoding: .utf8)
    var result: [ShownFile] = []
    var path: String?
    var lines: [Substring]?
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("```") {
        if let path, let lines {
          result.append(ShownFile(path: path, text: lines.joined(separator: "\n") + "\n"))
        }
        lines = lines == nil && path != nil ? [] : nil
        if lines == nil { path = nil }
      } else if lines != nil {
        lines?.append(line)
      } else if line.prefixMatch(of: /\*\*\d+\. `/) != nil {
        path = line.split(separator: "`").dropFirst().first.map(String.init)
      }
    }
    return result
  }
}

@Suite("The manual's commands work")
struct DocumentationTests {
  @Test("The front page shows commands")
  func frontPage() throws {
    let commands = try ShownCommand.commands(of: "README.md").map(\.text)
    #expect(commands.contains { $0.hasPrefix("Scripts/flecsim run ") })
    #expect(commands.contains { $0.hasPrefix("flecsim run ") })
  }

  @Test("Every command of a page ends as the page says", arguments: ShownCommand.pages)
  func commands(page: String) throws {
    let commands = try ShownCommand.commands(of: page)
    guard !commands.isEmpty else { return }
    let copy = try Copy()
    for file in try ShownFile.files(of: page) { try copy.write(file) }
    for command in commands {
      if command.text.hasPrefix("Scripts/") {
        // These install and build: it is enough that they are there.
        let script = command.text.split(separator: " ")[0]
        #expect(
          FileManager.default.isExecutableFile(atPath: "\(Tool.project)/\(script)"),
          "\(command.testDescription)")
        continue
      }
      if Self.isSlow, Self.slow.contains(where: command.text.contains) { continue }
      guard command.text.hasPrefix("flecsim ") else { continue }
      if !Self.hasVerilator, copy.needsVerilator(command.text) { continue }
      let ending = try copy.run(command.text)
      #expect(
        ending.code == command.code,
        "\(command.testDescription)\n\(ending.output.suffix(500))\(ending.errors)")
    }
  }

  /// What commands of a hundred images, and of models fitted to hundreds of layers, have in common.
  private static let slow = ["lenet5-100", "fitted.json"]

  /// Whether this build is too slow for these.
  private static var isSlow: Bool {
    #if DEBUG
      true
    #else
      false
    #endif
  }

  private static let hasVerilator =
    (try? ChildProcess.run("/bin/sh", ["-c", "command -v verilator"]))?.code == 0

  /// A copy of what commands of the manual read, to run them in.
  private final class Copy {
    private let tool = try? Tool()
    private let folder: String

    init() throws {
      folder = try #require(tool).folder
      for name in ["Configs", "Firmware", "Traces"] {
        try FileManager.default.copyItem(
          atPath: "\(Tool.project)/\(name)", toPath: "\(folder)/\(name)")
      }
      // What plug-ins and examples with RTL are made of.
      for name in ["Sources/CPlugin", "Tests/RTL"] {
        let target = URL(filePath: "\(folder)/\(name)")
        try FileManager.default.createDirectory(
          at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
        try FileManager.default.copyItem(atPath: "\(Tool.project)/\(name)", toPath: target.path)
      }
      // Pages show commands after a run.
      let ending = try run("flecsim run Configs/lenet5.json --quiet")
      try #require(ending.code == 0, "\(ending.errors)")
    }

    /// Writes a file that a page shows.
    func write(_ file: ShownFile) throws {
      let target = URL(filePath: "\(folder)/\(file.path)")
      try FileManager.default.createDirectory(
        at: target.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file.text.utf8).write(to: target)
    }

    /// Whether a description that the command names has RTL in it.
    func needsVerilator(_ command: String) -> Bool {
      command.split(separator: " ").filter { $0.hasSuffix(".json") }.contains { name in
        let text = try? String(contentsOfFile: "\(folder)/\(name)", encoding: .utf8)
        return text?.contains("\"top\":") == true
      }
    }

    func run(_ command: String) throws -> ChildProcess.Ending {
      let tools = URL(filePath: Tool.executable).deletingLastPathComponent().path
      let path = ProcessInfo.processInfo.environment["PATH"] ?? ""
      return try ChildProcess.run(
        "/bin/sh", ["-c", command], directory: folder,
        environment: ["PATH": "\(tools):\(path)", "FLECSIM_HOME": folder], timeout: 300)
    }
  }
}

import Foundation
import HostTools
import RTL
import Testing
import Validation

/// The reference RTL as a hardware engineer would want it.
struct LintTests {
  private static let verilator = ToolFolders().locate("verilator")

  /// The blocks with the parameters of their first two configurations, and the cores inside them.
  static let subjects: [[String]] = LockstepBlock.all.flatMap { block in
    block.configurations.prefix(2).map { configuration in
      [block.name] + configuration.parameters.map { "-G\($0.name)=\($0.value)" }
    }
  }

  @Test(
    "Verilator has nothing to say with all warnings on",
    .enabled(if: verilator != nil, "Verilator is not installed"), arguments: subjects)
  func lint(_ subject: [String]) throws {
    let folder = LockstepTests.folder
    let process = try ToolProcess(
      try #require(Self.verilator),
      ["--lint-only", "-Wall", "-y", folder, "--top-module", subject[0]] + subject.dropFirst()
        + ["\(folder)/\(subject[0]).sv"],
      log: NSTemporaryDirectory() + "flecsim-lint-\(UUID().uuidString)")
    let result = process.output()
    #expect(result.isSuccess && result.text.isEmpty, "\(result.text)")
  }

  @Test("Every file holds one module or package of its name, with no implicit nets")
  func files() throws {
    let names = try FileManager.default.contentsOfDirectory(atPath: LockstepTests.folder)
      .filter { $0.hasSuffix(".sv") }
    #expect(names.count >= 20)
    for name in names {
      let text = try String(
        contentsOfFile: "\(LockstepTests.folder)/\(name)", encoding: .utf8)
      let title = String(name.dropLast(3))
      #expect(text.contains("module \(title)") || text.contains("package \(title)"), "\(name)")
      #expect(text.contains("`default_nettype none"), "\(name)")
      #expect(text.split(separator: "\n").count < 400, "\(name)")
    }
  }
}

import Foundation
import HostTools
import RTL
import Testing
import Validation

/// The machine that the tests run on.
private enum Host {
  static let hasVerilator = ToolFolders().locate("verilator") != nil
}

/// Models and RTL side by side, on the deterministic subset of cases; `Scripts/lockstep` runs many
/// more. Skipped where Verilator is missing.
@Suite("Lockstep", .enabled(if: Host.hasVerilator, "Verilator is not installed"))
struct LockstepTests {
  static let folder =
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().path + "/RTL"

  private static func runner() throws -> LockstepRunner {
    LockstepRunner(
      builder: try RTLBuilder(buildFolder: CacheFiles.standardFolder + "/rtl"), folder: folder)
  }

  /// A block and one of its configurations.
  struct Subject: Sendable, CustomTestStringConvertible {
    let block: LockstepBlock
    let index: Int

    var testDescription: String {
      let parameters = block.configurations[index].parameters
      return ([block.name] + parameters.map { "\($0.name)=\($0.value)" }).joined(separator: " ")
    }
  }

  /// The first configurations of every block; all of them in an optimised build.
  static let subjects: [Subject] = LockstepBlock.all.flatMap { block in
    #if DEBUG
      let count = min(2, block.configurations.count)
    #else
      let count = block.configurations.count
    #endif
    return (0..<count).map { Subject(block: block, index: $0) }
  }

  #if DEBUG
    static let cases = 15
  #else
    static let cases = 60
  #endif

  @Test("Every port signal agrees in every cycle", arguments: subjects)
  func agreement(_ subject: Subject) throws {
    let summary = try Self.runner().run(
      subject.block, subject.block.configurations[subject.index], cases: Self.cases, seed: 1)
    #expect(summary.cases == Self.cases)
    #expect(summary.resets > 0, "no case was reset in the middle")
  }

  @Test("A model that never sleeps agrees with the RTL too", arguments: LockstepBlock.all.indices)
  func eagerAgreement(_ index: Int) throws {
    let block = LockstepBlock.all[index]
    let summary = try Self.runner().run(
      block, try #require(block.configurations.first), cases: 5, seed: 7, isEager: true)
    #expect(summary.cases == 5)
  }

  @Test("A change of the RTL's timing is found, with signals, cycle and both waveforms")
  func mutation() throws {
    let folder = NSTemporaryDirectory() + "flecsim-mutant-\(UUID().uuidString)"
    // Of a link only the link would be copied, and the change written to the original.
    let original = URL(fileURLWithPath: Self.folder).resolvingSymlinksInPath().path
    try FileManager.default.copyItem(atPath: original, toPath: folder)
    defer { try? FileManager.default.removeItem(atPath: folder) }
    let file = folder + "/stream_fifo.sv"
    let text = try String(contentsOfFile: file, encoding: .utf8)
    // One entry less than the model has.
    let changed = text.replacingOccurrences(
      of: "parameter int DEPTH = 2", with: "parameter int DEPTH = 1")
    try #require(changed != text)
    try changed.write(toFile: file, atomically: true, encoding: .utf8)
    let runner = LockstepRunner(
      builder: try RTLBuilder(buildFolder: folder + "/build"), folder: folder)
    let failure = try #require(throws: LockstepFailure.self) {
      try runner.run(.crossbar, LockstepBlock.crossbar.configurations[0], cases: 15, seed: 1)
    }
    let difference = try #require(failure.differences.first)
    #expect(difference.model != difference.rtl)
    #expect(failure.description.contains(difference.signal))
    #expect(failure.description.contains("differ in cycle \(difference.cycle)"))
    #expect(failure.table.contains("≠"))
    #expect(failure.waveform.hasPrefix("$timescale 1ns $end"))
    #expect(failure.waveform.contains("$scope module model $end"))
    #expect(failure.waveform.contains("$scope module rtl $end"))
  }
}

import Foundation
import SoC
import Telemetry
import Testing

/// `Scripts/golden` shows what changed, `Scripts/golden --record` records it.
///
/// A test that records fails, so that no check can bless its own results.
@Suite("Golden results")
struct GoldenTests {
  static let isRecording = ProcessInfo.processInfo.environment["FLECSIM_RECORD_GOLDEN"] == "1"

  @Test("Every number is as recorded", arguments: Example.runnable)
  func asRecorded(example: Example) async throws {
    let result = try await PlainRuns.shared.result(of: example)
    let golden = try Golden(result, try example.load())
    let recorded = try Golden.recorded(example)
    let name = "Tests/Golden/\(example.name).json"
    if Self.isRecording {
      guard golden != recorded else { return }
      try golden.record(example)
      let changes = recorded.map(golden.changes) ?? ["new"]
      Issue.record("recorded \(name)\n\(changes.joined(separator: "\n"))")
      return
    }
    guard let recorded else {
      Issue.record("\(name) is missing; record it with Scripts/golden --record")
      return
    }
    let changes = golden.changes(since: recorded)
    if !changes.isEmpty {
      Issue.record(
        """
        \(example.name): \(changes.count) differences
        \(changes.map { "  \($0)" }.joined(separator: "\n"))
        """)
    }
    #expect(changes.isEmpty == (golden == recorded))
  }

  @Test("Every record belongs to an example, and every example has one")
  func recordsMatchExamples() {
    #expect(Project.names(in: Project.golden, suffix: ".json") == Example.all.map(\.name))
  }
}

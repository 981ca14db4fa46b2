import Foundation
import Reports
import Testing

@Suite("Profiles in reports")
struct ProfileReportTests {
  /// A run of 1000 cycles in `count` functions besides `main`.
  private func record(others count: Int) -> RunRecord {
    var functions = [
      ProfileRecord.Function(name: "mac", selfCycles: 800, totalCycles: 800, calls: 1234),
      ProfileRecord.Function(
        name: "main", selfCycles: 200 - UInt64(count), totalCycles: 1000, calls: 1),
    ]
    functions += (0..<count).map {
      ProfileRecord.Function(name: "f\($0)", selfCycles: 1, totalCycles: 1, calls: 1)
    }
    var record = SampleRun.record
    record.profile = ProfileRecord(cycles: 1000, functions: functions)
    return record
  }

  private func section(_ record: RunRecord, _ detail: TextReport.Detail) -> [String] {
    let text = TextReport(style: TextStyle(width: 100), detail: detail).text(record)
      .replacing("\u{202F}", with: "~")
    guard let start = text.range(of: "Functions  ") else { return [] }
    let rest = text[start.lowerBound...]
    return rest[..<(rest.range(of: "\n\n")?.lowerBound ?? rest.endIndex)].split(separator: "\n")
      .map(String.init)
  }

  @Test("A table of functions: own cycles, those with what they called, calls")
  func table() {
    #expect(
      section(record(others: 0), .screen) == [
        "Functions  where the 1~000 cycles of the harts went",
        "  function  self cycles   share  total cycles    share  calls",
        "  mac               800  80.0 %           800   80.0 %  1~234",
        "  main              200  20.0 %         1~000  100.0 %      1",
      ])
    #expect(section(SampleRun.record, .full) == [])
  }

  @Test("A screen sums up the small ones, the full report has all")
  func others() {
    let screen = section(record(others: 30), .screen)
    #expect(screen.count == 2 + 12 + 1)
    #expect(screen.last == "  20 more functions with 2.0 % of the cycles in report.txt")
    #expect(section(record(others: 30), .full).count == 2 + 32)
    #expect(section(record(others: 11), .screen).last?.hasPrefix("  1 more function with") == true)
  }

  @Test("A profile is stored with the run and reads back equal, and is not there without one")
  func roundTrip() throws {
    let folder = try TemporaryFolder()
    let results = ResultsFolder(path: folder.path)
    try results.write(record(others: 3))
    #expect(try results.read() == record(others: 3))
    try results.write(SampleRun.record)
    #expect(try results.read().profile == nil)
    let run = try String(contentsOfFile: folder.file("run.json"), encoding: .utf8)
    #expect(!run.contains("profile"))
  }
}

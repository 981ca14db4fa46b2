import Energy
import Foundation
import SoC
import Telemetry

/// What a run of an example must give: recorded in `Tests/Golden/NAME.json`, compared exactly.
struct Golden: Codable, Equatable {
  /// The reason line and the exit code.
  var outcome: String
  /// The firmware's output, line by line.
  var console: [String]
  /// Counters, classes of cycles and cycles: `module.class.name.tag`; what is 0 is left out.
  var metrics: [String: Double]
  /// pJ and µm² per module by the file's energy table, to ten digits: beyond that, results of the
  /// host's mathematics library may differ.
  var energy: [String: Double]

  init(_ result: SimulationResult, _ description: SoCDescription) throws {
    outcome = "\(result.end.exitCode): \(result.end.reason)"
    console = result.console.split(separator: "\n", omittingEmptySubsequences: false)
      .map(String.init)
    metrics = Metrics(result.snapshot).values
    let table = try EnergyTable.load(
      file: "\(Project.tables)/\(description.energy.table).json")
    let report = try table.evaluate(
      result.snapshot, node: description.energy.nodeNanometres)
    energy = [:]
    let parts = report.modules.map { ($0.path, $0.total) } + [("total", report.total)]
    for (name, total) in parts {
      energy["\(name).dynamic_pJ"] = Self.rounded(total.dynamicPicojoules)
      energy["\(name).leakage_pJ"] = Self.rounded(total.leakagePicojoules)
      energy["\(name).area_um2"] = Self.rounded(total.areaSquareMicrometres)
    }
  }

  private static func rounded(_ value: Double) -> Double {
    guard value != 0 else { return 0 }
    let scale = Foundation.pow(10, 9 - Foundation.log10(abs(value)).rounded(.down))
    return (value * scale).rounded() / scale
  }

  /// Path of the record of an example.
  static func path(of example: Example) -> String {
    "\(Project.golden)/\(example.name).json"
  }

  /// The record of an example; nil when there is none.
  static func recorded(_ example: Example) throws -> Golden? {
    guard let data = FileManager.default.contents(atPath: path(of: example)) else { return nil }
    return try JSONDecoder().decode(Golden.self, from: data)
  }

  /// Replaces the record of an example.
  func record(_ example: Example) throws {
    try FileManager.default.createDirectory(
      atPath: Project.golden, withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
    try (try encoder.encode(self) + Data("\n".utf8)).write(
      to: URL(filePath: Self.path(of: example)), options: .atomic)
  }

  /// One line for everything that changed since `old`.
  func changes(since old: Golden) -> [String] {
    var lines: [String] = []
    if outcome != old.outcome { lines.append("outcome: \(old.outcome) → \(outcome)") }
    for index in 0..<max(console.count, old.console.count) {
      let before = index < old.console.count ? old.console[index] : nil
      let after = index < console.count ? console[index] : nil
      guard before != after else { continue }
      lines.append(
        "console line \(index + 1): \(before.map { "'\($0)'" } ?? "none") → "
          + "\(after.map { "'\($0)'" } ?? "none")")
    }
    return lines + MetricDifference.lines(from: old.metrics, to: metrics)
      + MetricDifference.lines(from: old.energy, to: energy)
  }
}

internal import Exploration
internal import Foundation
internal import SoC

/// The folder of a study's results.
struct ExploreResults {
  /// Its path.
  let folder: String

  /// Writes page, table and record, each whole or not at all.
  ///
  /// - Throws: `CommandFailure` when a file cannot be written.
  func write(_ result: ExplorationResult, _ space: DesignSpace) throws {
    let overrides = { (design: ReportedDesign) in space.overrides(of: design.values) }
    try write(
      ExplorationPage.html(result, version: ToolVersion.text, overrides: overrides),
      to: "index.html")
    try write(ExplorationCSV.text(result), to: "designs.csv")
    try write(try ExplorationJSON.text(result), to: "result.json")
  }

  private func write(_ text: String, to name: String) throws {
    let url = URL(fileURLWithPath: folder).appendingPathComponent(name)
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
      try Data(text.utf8).write(to: url, options: .atomic)
    } catch {
      throw CommandFailure(.output, "error: cannot write \(folder)/\(name)")
    }
  }
}

extension DesignSpace {
  /// The overrides of a design given by its values.
  fileprivate func overrides(of values: [ParameterValue]) -> [String] {
    let genome = zip(study.parameters, values).compactMap { parameter, value in
      parameter.values.firstIndex(of: value)
    }
    guard genome.count == study.parameters.count else { return [] }
    return overrides(of: Design(genome: genome))
  }
}

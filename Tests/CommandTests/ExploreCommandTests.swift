import Energy
import Exploration
import Foundation
import Reports
import TestSupport
import Testing

/// Studies by cycles, in processes of their own.
@Suite("flecsim explore")
struct ExploreCommandTests {
  private func result(_ tool: Tool, _ folder: String) throws -> ExplorationResult {
    try ExplorationJSON.read(tool.text("\(folder)/result.json"))
  }

  /// What the designs are, without what differs from one execution to the next.
  private func designs(_ tool: Tool, _ folder: String) throws -> [ReportedDesign] {
    try result(tool, folder).designs
  }

  @Test("Every design has the numbers that a run of its own gives")
  func agreesWithRuns() throws {
    let tool = try Tool()
    try tool.write(ExploreStudy.text(), to: "study.json")
    let ending = try tool.run("explore", "study.json", "--results", "r", timeout: 300)
    try #require(ending.code == 0, "\(ending.errors)")
    #expect(ending.output.contains("Pareto front"))
    let result = try result(tool, "r")
    let stage = try #require(result.stages.first)
    // Three banks are no system: a power of two is wanted.
    #expect(stage.given == 24 && stage.invalid == 6 && stage.failed == 0 && stage.evaluated == 24)
    #expect(result.designs.count == 18)
    #expect(result.rejections.count == 1 && result.rejections.first?.count == 6)
    #expect(result.rejections.first?.reason.contains("banks") == true)
    for design in result.designs.enumerated().filter({ $0.offset % 5 == 0 }).map(\.element) {
      let values = design.values.map(\.description)
      let run = try tool.run(
        "run", Tool.config("dma-copy"), "--results", "one", "--quiet",
        "--set", "memories.dram.read_delay=\(values[0])",
        "--set", "memories.sram.banks=\(values[1])", "--set", "crossbar.width_bits=\(values[2])",
        "--set", "dmas.dma.port_size=\(values[2])")
      try #require(run.code == 0, "\(run.errors)")
      let record = try tool.record("one")
      let energy = try #require(record.energy)
      func metric(_ metric: Metric) -> Double { design.metrics[metric.index] }
      #expect(metric(.latency) == energy.simulatedSeconds * 1e3)
      // Sums are rounded to a quantum, once for all tags here and once for each there.
      let expected = energy.total.totalPicojoules * 1e-9
      #expect(abs(metric(.energy) - expected) <= 1e-9 * expected)
      #expect(metric(.area) == energy.total.areaSquareMicrometres * 1e-6)
    }
    for name in ["index.html", "designs.csv", "evaluations.sqlite"] {
      #expect(FileManager.default.fileExists(atPath: "\(tool.folder)/r/\(name)"), "\(name)")
    }
  }

  @Test("Nothing is run twice: not again, not for another energy table, not by another study")
  func reuse() throws {
    let tool = try Tool()
    try tool.write(ExploreStudy.text(), to: "study.json")
    try #require(
      tool.run("explore", "study.json", "--results", "r", timeout: 300).code == 0)
    let first = try result(tool, "r")
    for arguments in [[], ["--table", "horowitz-45nm"], []] {
      let ending = try ChildProcess.run(
        Tool.executable, ["explore", "study.json", "--results", "r", "--quiet"] + arguments,
        directory: tool.folder, environment: ["FLECSIM_HOME": Tool.project], timeout: 120)
      try #require(ending.code == 0, "\(ending.errors)")
      let again = try result(tool, "r")
      #expect(again.stages.first?.evaluated == 0 && again.stages.first?.stored == 24)
      let pairs = zip(again.designs, first.designs)
      #expect(pairs.allSatisfy { $0.metrics[0] == $1.metrics[0] })
      let energy = Metric.energy.index
      #expect(pairs.allSatisfy { ($0.metrics[energy] == $1.metrics[energy]) == arguments.isEmpty })
    }
    try tool.write(
      ExploreStudy.text(search: #"{ "nsga2": { "population": 6, "generations": 4, "seed": 3 } }"#),
      to: "other.json")
    let other = try tool.run(
      "explore", "other.json", "--results", "o", "--store", "r/evaluations.sqlite")
    try #require(other.code == 0, "\(other.errors)")
    #expect(try result(tool, "o").stages.first?.evaluated == 0)
  }

  @Test("kill -9 at any moment, twenty times: nothing is lost or doubled, the front is the same")
  func killed() throws {
    let tool = try Tool()
    try tool.write(ExploreStudy.text(), to: "study.json")
    try #require(
      tool.run("explore", "study.json", "--results", "whole", timeout: 300).code == 0)
    var stored = 0
    for round in 0..<20 {
      let child = try tool.start("explore", "study.json", "--results", "r", "--quiet")
      // Any moment: from before the store is there to after the last design.
      Thread.sleep(forTimeInterval: Double(round * 397 % 1500) / 1000)
      child.send(SIGKILL)
      _ = child.wait()
      guard FileManager.default.fileExists(atPath: "\(tool.folder)/r/evaluations.sqlite") else {
        continue
      }
      let store = try EvaluationStore(path: "\(tool.folder)/r/evaluations.sqlite", access: .read)
      let summary = try store.summary()
      try store.close()
      // What was stored stays.
      #expect(summary.measured + summary.invalid >= stored)
      #expect(summary.failed == 0)
      stored = summary.measured + summary.invalid
    }
    let ending = try tool.run("explore", "study.json", "--results", "r", timeout: 300)
    try #require(ending.code == 0, "\(ending.errors)")
    let stage = try #require(result(tool, "r").stages.first)
    #expect(stage.stored == stored && stage.evaluated == 24 - stored)
    #expect(try designs(tool, "r") == designs(tool, "whole"))
    func digest(_ folder: String) throws -> String {
      try EvaluationStore(path: "\(tool.folder)/\(folder)/evaluations.sqlite", access: .read)
        .contentDigest()
    }
    #expect(try digest("r") == digest("whole"))
  }

  @Test("A firmware that crashes its simulation is a failed design; the others go on")
  func failures() throws {
    let tool = try Tool()
    try tool.write(
      ExploreStudy.text(more: #""set": { "simulation.cycle_limit": 1000 }"#), to: "study.json")
    let ending = try tool.run("explore", "study.json", "--results", "r", timeout: 300)
    #expect(ending.code == 0, "\(ending.errors)")
    let result = try result(tool, "r")
    #expect(result.stages.first?.failed == 18 && result.designs.isEmpty)
    #expect(result.rejections.contains { $0.reason.hasPrefix("failed: ") && $0.count == 18 })
  }

  /// Members of a study beside its name and objectives, and a part of the message.
  private static let faults = [
    (#""soc": "nowhere.json", "parameters": { "A": [1] }"#, "nowhere.json"),
    (#""soc": "SOC", "parametres": {}"#, "did you mean 'parameters'?"),
    (
      #""soc": "SOC", "parameters": { "A": { "path": "memories.dran.length", "values": [1] } }"#,
      "did you mean 'dram'?"
    ),
    (#""soc": "SOC", "parameters": { "A": [1] }, "constraints": ["A > 1"]"#, "leave no design"),
    (#""soc": "SOC", "parameters": { "A": [1] }, "stages": ["soc"]"#, "stage 'cycles'"),
    (#""soc": "SOC", "parameters": { "A": [1] }, "network": "lenet6""#, "did you mean 'lenet5'?"),
  ]

  @Test("Mistakes have one message and an exit code", arguments: faults)
  func mistakes(members: String, message: String) throws {
    let tool = try Tool()
    let text = members.replacingOccurrences(of: "SOC", with: Tool.config("dma-copy"))
    try tool.write(#"{ "name": "x", "objectives": ["fps"], \#(text) }"#, to: "study.json")
    let ending = try tool.run("explore", "study.json", "--results", "r")
    #expect(ending.code == 65, "\(ending.output)\(ending.errors)")
    #expect(ending.errors.contains(message), "\(ending.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(tool.folder)/r/index.html"))
  }

  @Test("A dry run counts and evaluates nothing")
  func dryRun() throws {
    let tool = try Tool()
    try tool.write(
      ExploreStudy.text(more: #""constraints": ["BANKS != 3", "DELAY * BANKS <= 80"]"#),
      to: "study.json")
    let ending = try tool.run("explore", "study.json", "--dry-run")
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(ending.output.contains("copies: 24 designs"))
    #expect(ending.output.contains("6 are rejected: BANKS != 3"))
    #expect(ending.output.contains("2 are rejected: DELAY * BANKS <= 80"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: tool.folder) == ["study.json"])
  }

  @Test("The studies that come with the tool are right", arguments: studies)
  func shipped(study: String) throws {
    let tool = try Tool()
    let ending = try tool.run("explore", "\(Tool.project)/Configs/studies/\(study)", "--dry-run")
    #expect(ending.code == 0 && ending.output.contains(" fulfil "), "\(ending.errors)")
  }

  static let studies =
    ((try? FileManager.default.contentsOfDirectory(atPath: Tool.project + "/Configs/studies")) ?? [])
    .filter { $0.hasSuffix(".json") }.sorted()
}

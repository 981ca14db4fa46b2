import Energy
import Foundation
import Reports
import Telemetry
import TestSupport
import Testing

/// A run and estimates of the same network on the same SoC.
@Suite("flecsim estimate")
struct EstimateCommandTests {
  private static let soc = Tool.config("npu/os-fp32-8x8")
  /// Models that need nothing but the SoC and the network.
  static let models = [
    "beats", "soc", "tiled", "roofline", "scalesim", "scalesim-paper", "scalesim-rtl", "stonne",
    "gemmini-printed", "gemmini",
  ]

  private func record(_ tool: Tool, _ arguments: String...) throws -> RunRecord {
    let ending = try ChildProcess.run(
      Tool.executable, arguments + ["--network", "lenet5", "--results", "r"],
      directory: tool.folder, environment: ["FLECSIM_HOME": Tool.project], timeout: 300)
    try #require(ending.code == 0, "\(ending.output)\(ending.errors)")
    return try tool.record("r")
  }

  @Test("The report has the sections of a run's, and says that it is an estimate")
  func text() throws {
    let tool = try Tool()
    let arguments = [Self.soc, "--network", "lenet5", "--format", "text-full"]
    func output(_ command: String) throws -> String {
      let ending = try ChildProcess.run(
        Tool.executable, [command] + arguments, directory: tool.folder,
        environment: ["FLECSIM_HOME": Tool.project], timeout: 300)
      try #require(ending.code == 0, "\(ending.errors)")
      return ending.output
    }
    let run = try output("run")
    let estimate = try output("estimate")
    for section in ["Modules  ", "Why array took ", "Layers  ", "Energy and area  ", "Sources  "] {
      #expect(run.contains("\n" + section), "\(section)")
      #expect(estimate.contains("\n" + section), "\(section)")
    }
    #expect(estimate.contains("estimated by model beats, not simulated"))
    #expect(estimate.contains("\nestimated   ") && !estimate.contains("\nsimulated   "))
    #expect(run.contains("\nsimulated   ") && !run.contains("estimated"))
  }

  @Test("JSON has the keys of a run's and a mark; a stored estimate stays one")
  func json() throws {
    let tool = try Tool()
    func keys(_ command: String) throws -> Set<String> {
      let ending = try tool.run(
        command, Self.soc, "--network", "lenet5", "--results", command, "--format", "json")
      try #require(ending.code == 0, "\(ending.errors)")
      let start = try #require(ending.output.firstIndex(of: "{"))
      let object = try JSONSerialization.jsonObject(with: Data(ending.output[start...].utf8))
      return Set(try #require(object as? [String: Any]).keys)
    }
    let run = try keys("run")
    // Error bars of modules and other tools' conventions are about simulated cycles.
    #expect(try keys("estimate") == run.subtracting(["accuracy"]).union(["estimate"]))
    let stored = try tool.record("estimate")
    #expect(stored.estimate?.model == "beats")
    #expect(try tool.record("run").estimate == nil)
    #expect(stored.console == "" && stored.digest == "" && stored.verification.isEmpty)
    let again = try tool.run("report", "estimate", "--table", "horowitz-45nm")
    #expect(again.output.contains("estimated by model beats, not simulated"), "\(again.errors)")
    #expect(try tool.text("estimate/report.txt").contains("not simulated"))
  }

  @Test("Where clocks of the hardware differ, the models of the SoC know no error")
  func clocks() throws {
    let tool = try Tool()
    var text = try String(contentsOfFile: Self.soc, encoding: .utf8)
    for (old, new) in [
      ("../../", Tool.project + "/"), ("\"500 MHz\"", "\"500 MHz\", \"slow\": \"100 MHz\""),
      ("\"act\": {", "\"act\": { \"clock\": \"slow\","),
    ] {
      try #require(text.contains(old))
      text = text.replacing(old, with: new)
    }
    try tool.write(text, to: "soc.json")
    for model in ["beats", "soc"] {
      let ending = try tool.run(
        "estimate", "soc.json", "--network", "lenet5", "--model", model, "--format", "json")
      try #require(ending.code == 0, "\(ending.errors)")
      #expect(ending.output.contains("the clocks of the hardware differ"))
    }
  }

  @Test(
    "CSV and Accelergy are marked too", arguments: ["csv-actions", "csv-counters", "csv-states"])
  func tables(format: String) throws {
    let tool = try Tool()
    let ending = try tool.run(
      "estimate", Self.soc, "--network", "lenet5", "--model", "roofline", "--format", format)
    let lines = ending.output.split(separator: "\n")
    try #require(lines.count > 10, "\(ending.errors)")
    #expect(lines[0].hasSuffix(",estimated_by"))
    #expect(lines.dropFirst().allSatisfy { $0.hasSuffix(",roofline") })
    let yaml = try tool.run(
      "estimate", Self.soc, "--network", "lenet5", "--model", "roofline", "--format", "accelergy")
    #expect(yaml.output.contains("# Estimated by the model roofline, not simulated.\n"))
    let run = try tool.run(
      "run", Self.soc, "--network", "lenet5", "--format", "accelergy", "--results", "-")
    #expect(run.output.contains("action_counts:") && !run.output.contains("stimated"))
  }

  @Test("Every model fills a consistent record", arguments: models)
  func consistency(model: String) throws {
    let record = try record(try Tool(), "estimate", Self.soc, "--model", model)
    let mark = try #require(record.estimate)
    #expect(mark.model == model && !mark.summary.isEmpty && !mark.reference.isEmpty)
    #expect(record.outcome.reason.contains("not simulated") && record.outcome.exitCode == 0)
    let tags = record.snapshot.tags
    #expect(tags.contains("conv1") && tags.contains("fc3") && Set(tags).count == tags.count)
    #expect(record.energy.map { $0.total.dynamicPicojoules > 0 } == true)
    var macs: UInt64 = 0
    for module in record.snapshot.modules {
      #expect(module.cycles.count == tags.count)
      for tag in tags.indices where !module.states.isEmpty {
        let sum = module.states.reduce(0) { $0 + $1.cycles[tag] }
        #expect(sum == module.cycles[tag], "\(module.path) in \(tags[tag])")
      }
      for counter in module.counters where counter.name == "macs" {
        macs += counter.values.reduce(0, +)
      }
    }
    // LeNet-5 has 416,520 multiply-accumulates (LeCun et al. 1998, with the layers' full connections).
    #expect(macs == 416_520)
    // What the model does not know has no cycles.
    let cycles = record.snapshot.modules.first?.cycles ?? []
    for layer in mark.unknownLayers {
      let tag = try #require(tags.firstIndex(of: layer))
      #expect(cycles[tag] == 0, "\(layer)")
    }
  }

  @Test("What the plan determines is counted as in a run")
  func actions() throws {
    let tool = try Tool()
    let run = try record(tool, "run", Self.soc)
    let estimate = try record(tool, "estimate", Self.soc)
    func total(_ record: RunRecord, _ module: String, _ counter: String) -> UInt64? {
      record.snapshot.modules.first { $0.path == module }?.counters
        .first { $0.name == counter }?.values.reduce(0, +)
    }
    #expect(run.snapshot.modules.map(\.path) == estimate.snapshot.modules.map(\.path))
    for (module, counter) in [
      ("array", "macs"), ("array", "in1_beats"), ("array", "in2_beats"),
      ("array", "result_elements"), ("dma_in", "bytes"), ("dma_in", "stream_beats"),
      ("dma_wgt", "bytes"), ("dma_out", "bytes"),
      ("vec", "in_beats"),
    ] {
      let expected = try #require(total(run, module, counter), "\(module).\(counter)")
      #expect(total(estimate, module, counter) == expected, "\(module).\(counter)")
      #expect(expected > 0, "\(module).\(counter)")
    }
  }

  @Test("All models side by side")
  func comparison() throws {
    let tool = try Tool()
    let text = try tool.run("estimate", Self.soc, "--network", "lenet5", "--all-models")
    #expect(text.code == 0, "\(text.errors)")
    #expect(text.output.contains("estimated, not simulated"))
    for model in Self.models { #expect(text.output.contains(model), "\(model)") }
    #expect(text.output.contains("step-wise: --fitted is missing"))
    let csv = try tool.run(
      "estimate", Self.soc, "--network", "lenet5", "--model", "all", "--format", "csv")
    let rows = csv.output.split(separator: "\n").map { $0.split(separator: ",") }
    try #require(!rows.isEmpty, "\(csv.errors)")
    #expect(rows[0] == ["layer", "engine", "macs", "estimated_by", "cycles"])
    let row = rows.first { $0[0] == "conv1" && $0[3] == "roofline" }
    let single = try record(tool, "estimate", Self.soc, "--model", "roofline")
    let tag = try #require(single.snapshot.tags.firstIndex(of: "conv1"))
    let array = try #require(single.snapshot.modules.first { $0.path == "array" })
    #expect(row.map { $0[4] } == "\(array.cycles[tag])")
    let json = try tool.run(
      "estimate", Self.soc, "--network", "lenet5", "--model", "all", "--format", "json")
    let object = try JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [String: Any]
    #expect(object?["simulated"] as? Bool == false)
    #expect((object?["models"] as? [Any])?.count == Self.models.count)
  }

  @Test("Everything on the core leaves nothing to models of arrays")
  func core() throws {
    let record = try record(
      try Tool(), "estimate", Self.soc, "--model", "roofline", "--core-only")
    #expect(record.estimate?.unknownLayers.contains("conv1") == true)
    #expect(record.snapshot.ticks == 0)
  }
}

import Energy
import Exploration
import Foundation
import Reports
import TestSupport
import Testing

/// Studies by models without a clock: short cuts for a million designs must not change a number.
@Suite("flecsim explore with models")
struct ExploreModelTests {
  /// Variants of an array, its memories and its DRAM, some of which are no system.
  private static func study(_ stages: String) -> String {
    """
    {
      "name": "variants",
      "soc": "\(Tool.config("npu/os-fp32-8x8"))",
      "network": "lenet5",
      "parameters": {
        "X": { "path": ["accelerators.array.fixed_args.XDIM", "accelerators.vec.fixed_args.LANES"],
          "values": [4, 8] },
        "ACT": { "path": "memories.act.length", "values": ["128 KiB", "1 MiB"] },
        "DRAM": { "path": "memories.dram.bandwidth_bits_per_cycle", "values": [32, 128] },
        "BANKS": { "path": "memories.wgt.banks", "values": [2, 3] },
      },
      "derive": {
        "dmas.dma_wgt.port_size": "X * 32", "dmas.dma_out.port_size": "X * 32",
        "dmas.dma_side.port_size": "X * 32",
      },
      "objectives": ["latency_ms", "energy_mJ", "area_mm2"],
      "stages": \(stages),
    }
    """
  }

  /// Relative differences of latency, energy and area that are allowed: models of the whole plan are the
  /// same; closed forms share plans, and count actions without one.
  private static let bounds: [String: [Double]] = [
    "soc": [1e-9, 1e-9, 1e-9], "tiled": [0.04, 0.1, 1e-9], "roofline": [1e-9, 0.1, 1e-9],
  ]

  @Test(
    "Every design has the numbers that estimate gives", arguments: ["tiled", "roofline", "soc"])
  func agreesWithEstimate(model: String) throws {
    let bounds = try #require(Self.bounds[model])
    let tool = try Tool()
    try tool.write(Self.study("[\"\(model)\"]"), to: "study.json")
    let ending = try tool.run("explore", "study.json", "--results", "r", timeout: 300)
    try #require(ending.code == 0, "\(ending.output)\(ending.errors)")
    let result = try ExplorationJSON.read(tool.text("r/result.json"))
    #expect(result.stages.first?.invalid == 8 && result.designs.count == 8)
    for design in [result.designs[1], result.designs[6]] {
      let values = design.values.map(\.description)
      let bits = (Int(values[0]) ?? 0) * 32
      var overrides = [
        "accelerators.array.fixed_args.XDIM=\(values[0])",
        "accelerators.vec.fixed_args.LANES=\(values[0])", "memories.act.length=\(values[1])",
        "memories.dram.bandwidth_bits_per_cycle=\(values[2])", "memories.wgt.banks=\(values[3])",
      ]
      overrides += ["wgt", "out", "side"].map { "dmas.dma_\($0).port_size=\(bits)" }
      let arguments =
        ["estimate", Tool.config("npu/os-fp32-8x8"), "--network", "lenet5", "--model", model]
        + ["--results", "e"] + overrides.flatMap { ["--set", $0] }
      let estimate = try ChildProcess.run(
        Tool.executable, arguments, directory: tool.folder,
        environment: ["FLECSIM_HOME": Tool.project], timeout: 300)
      try #require(estimate.code == 0, "\(estimate.errors)")
      let energy = try #require(tool.record("e").energy)
      func expect(_ metric: Metric, _ expected: Double, within bound: Double) {
        let found = design.metrics[metric.index]
        #expect(
          abs(found - expected) <= bound * expected, "\(values) \(metric) \(found) \(expected)")
      }
      expect(.latency, energy.simulatedSeconds * 1e3, within: bounds[0])
      expect(.energy, energy.total.totalPicojoules * 1e-9, within: bounds[1])
      expect(.area, energy.total.areaSquareMicrometres * 1e-6, within: bounds[2])
    }
  }

  @Test("The numbers of closed forms do not depend on who came first", arguments: ["1", "3"])
  func order(jobs: String) throws {
    let tool = try Tool()
    try tool.write(Self.study(#"["tiled"]"#), to: "study.json")
    // The same designs the other way round.
    let reversed = Self.study(#"["tiled"]"#)
      .replacingOccurrences(of: "[4, 8]", with: "[8, 4]")
      .replacingOccurrences(of: "[32, 128]", with: "[128, 32]")
    try tool.write(reversed, to: "reversed.json")
    func designs(_ study: String) throws -> [[String]: [Double]] {
      let ending = try tool.run(
        "explore", study, "--results", study + ".r", "--jobs", jobs, timeout: 300)
      try #require(ending.code == 0, "\(ending.errors)")
      let result = try ExplorationJSON.read(tool.text("\(study).r/result.json"))
      return Dictionary(
        uniqueKeysWithValues: result.designs.map { ($0.values.map(\.description), $0.metrics) })
    }
    let first = try designs("study.json")
    #expect(try designs("reversed.json") == first && first.count == 8)
  }

  @Test("Estimates first, then cycles: the best of the estimates are run, and the run decides")
  func stages() throws {
    let tool = try Tool()
    try tool.write(
      Self.study(#"[{ "model": "tiled", "keep": 3, "error": 0.3 }, "cycles"]"#), to: "study.json")
    let ending = try tool.run("explore", "study.json", "--results", "r", timeout: 300)
    try #require(ending.code == 0, "\(ending.output)\(ending.errors)")
    let result = try ExplorationJSON.read(tool.text("r/result.json"))
    #expect(result.stages.map(\.model) == ["tiled", "cycles"])
    #expect(result.stages[0].given == 16 && result.stages[0].kept == 3)
    #expect(result.stages[1].given == 3 && result.stages[1].failed == 0)
    let run = result.designs.filter { $0.model == "cycles" }
    #expect(run.count == 3 && result.designs.count == 8)
    #expect(result.designs.allSatisfy { !$0.isOnFront || $0.model == "cycles" })
    #expect(run.filter(\.isOnFront).count >= 1)
  }
}

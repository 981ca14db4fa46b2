import Foundation
import TestSupport
import Testing

/// A layer's error against a run, signed.
private struct LayerError: CustomStringConvertible {
  var layer: String
  var percent: Double
  var cycles: Int

  var description: String { "\(layer): \(percent) %, \(cycles) cycles" }
}

/// Errors of a model, layer by layer, against the cycles of a run.
private func errors(
  of model: String, _ soc: String, _ network: String, settings: [String] = [],
  tool: Tool? = nil
) throws -> [LayerError] {
  let tool = try tool ?? Tool()
  let arguments =
    ["validate", "estimate", "--soc", Tool.config("npu/\(soc)"), "--network", network]
    + settings.flatMap { ["--set", $0] } + ["--format", "csv"]
  let ending = try ChildProcess.run(
    Tool.executable, arguments, directory: tool.folder,
    environment: ["FLECSIM_HOME": Tool.project], timeout: 300)
  try #require(ending.code == 0, "\(ending.errors)")
  return ending.output.split(separator: "\n").dropFirst().compactMap { line in
    let fields = line.split(separator: ",").suffix(5)
    guard fields.count == 5, fields[fields.startIndex + 1] == model,
      let estimate = Int(fields[fields.startIndex + 2]),
      let reference = Int(fields[fields.startIndex + 3]), let percent = Double(fields.last ?? "")
    else { return nil }
    return LayerError(
      layer: String(fields[fields.startIndex]), percent: percent, cycles: estimate - reference)
  }
}

@Suite("flecsim estimate against cycles of runs")
struct EstimateAccuracyTests {
  /// Systems that change what every device and every buffer does.
  static let systems: [(soc: String, network: String, settings: [String])] = [
    ("os-16x16", "lenet5", []),
    (
      "ws-8x8", "lenet5",
      ["crossbar.latency_cycles=3", "memories.dram.bandwidth_bits_per_cycle=48"]
    ),
    (
      "os-8x8", "lenet5",
      ["accelerators.array.fixed_args.DOUBLE_BUFFER=false", "crossbar.arbitration=fixed_priority"]
    ),
    (
      "ws-16x16", "lenet5",
      ["memories.act.ports=1", "memories.act.banks=1", "dmas.dma_in.outstanding=2"]
    ),
    ("os-fp32-16x16", "lenet5", ["memories.wgt.read_delay=7", "dmas.dma_wgt.max_burst_beats=3"]),
    ("embedded", "lenet5", ["crossbar.outstanding=2"]),
    // The core is slower than the array's jobs: results wait inside.
    ("ws-8x8", "mlp", ["cpu.cpu_mips=100"]),
  ]

  @Test(
    "Beat by beat, every layer on an array takes as long as in the run, to a few cycles",
    arguments: systems.indices)
  func beats(system: Int) throws {
    let (soc, network, settings) = Self.systems[system]
    let errors = try errors(of: "beats", soc, network, settings: settings)
    try #require(errors.count >= 5)
    for error in errors {
      // What kernels of the core take depends on numbers that an estimate does not know.
      #expect(abs(error.cycles) <= 5 || abs(error.percent) < 2, "\(error)")
      if error.layer.hasPrefix("conv") || error.layer.hasPrefix("fc"), !error.layer.contains(".") {
        #expect(abs(error.cycles) <= 5, "\(error)")
      }
    }
  }

  // Whole networks are simulated: only in optimised builds.
  #if !DEBUG
    @Test(
      "Tiny-Darknet: beat by beat to a tenth of a percent, by jobs within a few percent",
      arguments: ["os-16x16", "ws-16x16", "os-8x8"])
    func int8(soc: String) throws {
      let tool = try Tool()
      let made = try tool.run("quantize", "tiny-darknet", "--output", "q.onnx", timeout: 300)
      try #require(made.code == 0, "\(made.errors)")
      for (model, mean, worst) in [("beats", 0.02, 0.1), ("soc", 1, 3)] {
        let errors = try errors(of: model, soc, "q.onnx", tool: tool)
        try #require(errors.count > 15)
        #expect(errors.reduce(0) { $0 + abs($1.percent) } / Double(errors.count) < mean)
        #expect(errors.allSatisfy { abs($0.percent) < worst }, "\(model): \(errors)")
      }
    }

    @Test("The same in fp32")
    func float() throws {
      for (model, mean, worst) in [("beats", 0.02, 0.15), ("soc", 1, 3)] {
        let errors = try errors(of: model, "os-fp32-16x16", "tiny-darknet")
        try #require(errors.count > 15)
        #expect(errors.reduce(0) { $0 + abs($1.percent) } / Double(errors.count) < mean)
        #expect(errors.allSatisfy { abs($0.percent) < worst }, "\(model): \(errors)")
      }
    }
  #endif
}

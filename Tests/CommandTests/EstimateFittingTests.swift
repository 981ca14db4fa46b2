import Foundation
import Reports
import Telemetry
import TestSupport
import Testing

@Suite("flecsim characterise, validate estimate")
struct EstimateFittingTests {
  /// Hundreds of simulated layers take minutes without optimisation.
  private static var machines: [(String, String, Int)] {
    #if DEBUG
      []
    #else
      [("os-8x8", "pixels", 8), ("ws-16x16", "window", 16)]
    #endif
  }

  @Test("The fit finds the sides of the array, and its models estimate", arguments: machines)
  func characterise(soc: String, rows: String, side: Int) throws {
    let tool = try Tool()
    let path = Tool.config("npu/\(soc)")
    let fit = try tool.run("characterise", path, "--output", "fit.json", timeout: 600)
    #expect(fit.code == 0, "\(fit.errors)")
    let content = try JSONSerialization.jsonObject(with: Data(try tool.text("fit.json").utf8))
    let models = try #require((content as? [String: Any])?["models"] as? [[String: Any]])
    #expect(models.count == 2)
    let sides = try #require(models[0]["sides"] as? [String: Int])
    #expect(sides[rows] == side && sides["filters"] == side, "\(fit.output)")
    let quantised = try tool.run(
      "quantize", "mlp", "--output", "mlp.onnx", timeout: 300)
    #expect(quantised.code == 0, "\(quantised.errors)")
    for model in ["refined-roofline", "step-wise"] {
      let estimate = try tool.run(
        "estimate", path, "--network", "mlp.onnx", "--model", model, "--fitted", "fit.json")
      #expect(estimate.code == 0, "\(estimate.errors)")
      #expect(estimate.output.contains("estimated by model \(model), not simulated"))
      #expect(estimate.output.contains("random layers on \(soc)"))
    }
    // Another SoC is another machine.
    let other = try tool.run(
      "estimate", path, "--network", "mlp.onnx", "--model", "step-wise", "--fitted", "fit.json",
      "--set", "crossbar.outstanding=4")
    #expect(other.code == 65 && other.errors.contains("fit it again"), "\(other.errors)")
  }

  @Test("Errors against cycles of a run are printed for every model")
  func runs() throws {
    let tool = try Tool()
    let soc = Tool.config("npu/os-fp32-8x8")
    let text = try tool.run("validate", "estimate", "--soc", soc, "--network", "lenet5")
    #expect(text.code == 0, "\(text.errors)")
    #expect(text.output.contains("lenet5 on os-fp32-8x8, against cycles of the run"))
    for word in ["MAE", "MAPE", "RMSPE", "worst", "rho", "\nsoc ", "\nroofline ", "\nstonne "] {
      #expect(text.output.contains(word), "\(word)")
    }
    let csv = try tool.run(
      "validate", "estimate", "--soc", soc, "--network", "lenet5", "--format", "csv")
    let rows = csv.output.split(separator: "\n").map { $0.split(separator: ",") }
    try #require(!rows.isEmpty, "\(csv.errors)")
    #expect(rows[0].last == "error_percent")
    // The references are the cycles of a run.
    let run = try tool.run("run", soc, "--network", "lenet5", "--results", "r")
    #expect(run.code == 0)
    let record = try tool.record("r")
    let tag = try #require(record.snapshot.tags.firstIndex(of: "conv2"))
    let array = try #require(record.snapshot.modules.first { $0.path == "array" })
    let conv2 = rows.filter { $0[2] == "conv2" }
    #expect(conv2.count >= 5)
    #expect(conv2.allSatisfy { $0[5] == "\(array.cycles[tag])" })
  }

  @Test("Errors against measured RTL, of files that the user names")
  func rtl() throws {
    let tool = try Tool()
    let folder = "\(Tool.project)/Tests/EstimationTests/Fixtures/gemmini-rtl"
    let ending = try tool.run(
      "validate", "estimate", "--rtl", "\(folder)/matmul.csv", "--rtl", "\(folder)/conv.csv")
    #expect(ending.code == 0, "\(ending.errors)")
    for line in ["matmul.csv, against RTL", "conv.csv, against RTL", "all, against RTL"] {
      #expect(ending.output.contains(line), "\(line)")
    }
    #expect(ending.output.contains("gemmini-printed"))
    #expect(ending.output.contains("adds to the printed equations"))
  }

  @Test("validate without a subcommand is as ever")
  func validate() throws {
    let ending = try Tool().run("validate", "--stored")
    #expect(ending.code == 0 && ending.output.contains("crossbar"), "\(ending.errors)")
    let named = try Tool().run("validate", "models", "--stored")
    #expect(named.output == ending.output)
    let help = try Tool().run("validate", "--help")
    #expect(help.output.contains("estimate") && help.output.contains("--block dma"))
  }
}

import Foundation
import TestSupport
import Testing

// Whole networks are simulated: only in optimised builds.
#if !DEBUG
  @Suite("flecsim estimate against cycles of runs")
  struct EstimateAccuracyTests {
    /// Signed errors of the model `soc` in percent, layer by layer.
    private static func errors(_ tool: Tool, _ soc: String, _ network: String) throws -> [Double] {
      let text = try tool.run(
        "validate", "estimate", "--soc", Tool.config("npu/\(soc)"), "--network", network,
        "--format", "csv", timeout: 300)
      try #require(text.code == 0, "\(text.errors)")
      let rows = text.output.split(separator: "\n").map { $0.split(separator: ",") }
      return rows.filter { $0.contains("soc") }.compactMap { $0.last.flatMap { Double($0) } }
    }

    @Test(
      "Tiny-Darknet: every layer within a few percent, in the mean within one",
      arguments: ["os-16x16", "ws-16x16", "os-8x8"])
    func int8(soc: String) throws {
      let tool = try Tool()
      let made = try tool.run("quantize", "tiny-darknet", "--output", "q.onnx", timeout: 300)
      try #require(made.code == 0, "\(made.errors)")
      let errors = try Self.errors(tool, soc, "q.onnx")
      try #require(errors.count > 15)
      #expect(errors.reduce(0) { $0 + abs($1) } / Double(errors.count) < 1)
      #expect(errors.allSatisfy { abs($0) < 5 }, "\(errors)")
    }

    @Test("The same in fp32")
    func float() throws {
      let errors = try Self.errors(Tool(), "os-fp32-16x16", "tiny-darknet")
      try #require(errors.count > 15)
      #expect(errors.reduce(0) { $0 + abs($1) } / Double(errors.count) < 1)
      #expect(errors.allSatisfy { abs($0) < 3 }, "\(errors)")
    }
  }
#endif

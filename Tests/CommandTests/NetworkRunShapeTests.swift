import Foundation
import NetworkFormats
import Networks
import Reference
import TestSupport
import Testing

/// Whole runs of small networks that each show one thing, on SoCs of all kinds.
@Suite("flecsim run --network: shapes")
struct NetworkRunShapeTests {
  struct Pair: Sendable, CustomTestStringConvertible {
    let soc: String
    let network: NetworkRunCase
    var testDescription: String { "\(network.testDescription) on \(soc)" }

    /// Every network on an OS and a WS array and on one other SoC, in turn.
    static let all: [Pair] = NetworkRunCase.all.enumerated().flatMap { index, network in
      let others = ["os-64x64", "embedded", "dual", "cpu"]
      return ["os-8x8", "ws-8x8", "os-fp32-8x8", others[index % others.count]].map {
        Pair(soc: $0, network: network)
      }
    }
  }

  @Test("Outputs are those of the reference executor", arguments: Pair.all)
  func outputs(_ pair: Pair) throws {
    let tool = try Tool()
    var network = pair.network.make()
    let path = "\(tool.folder)/network.onnx"
    if pair.soc.contains("fp32") {
      try network.write(to: path)
    } else {
      // Half of them with zero points and one scale for all weights.
      var options = Quantiser.Options()
      if pair.soc.hasPrefix("ws") || pair.soc == "dual" {
        (options.weights, options.activations) = (.perTensor, .signed)
      }
      try network.writeQuantised(options, to: path)
    }
    let ending = try tool.run(
      "run", Tool.config("npu/\(pair.soc)"), "--network", "network.onnx", "--check", "--quiet",
      "--results", "-", timeout: 300)
    #expect(ending.code == 0, "\(ending.output)\(ending.errors)")
    #expect(ending.errors.contains("equal those of the reference executor"), "\(ending.errors)")
  }
}

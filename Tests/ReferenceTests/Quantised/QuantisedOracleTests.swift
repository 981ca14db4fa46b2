import Foundation
import NetworkFormats
import Networks
import Reference
import TestSupport
import Testing

/// Quantised operators and networks against onnxruntime.
@Suite(.enabled(if: Oracle.isInstalled))
struct QuantisedOracleTests {
  private func cases(_ kind: String, seed: Int, count: Int, in folder: String) throws
    -> [QuantisedCase]
  {
    let target = "\(folder)/cases"
    try Oracle.run(
      "ReferenceTests/Oracle/quantised.py", [target, kind, "\(seed)", "\(count)"])
    let cases = try QuantisedCase.all(in: target)
    #expect(cases.count == count)
    return cases
  }

  @Test func operatorsHaveTheSameBits() throws {
    try Oracle.withFolder { folder in
      for item in try cases("operators", seed: 11, count: 45, in: folder) {
        #expect(try item.differences(.plain).map(\.description) == [])
      }
    }
  }

  /// Fused networks have the same bits. Where products or functions stay in floating point, their last bits depend on
  /// the order of operations, which seldom moves a result to the next step.
  @Test func fusedNetworksHaveTheSameBits() throws {
    var (values, steps) = (0, 0)
    try Oracle.withFolder { folder in
      for item in try cases("graphs", seed: 12, count: 60, in: folder) {
        let (network, _) = try item.network()
        for way in QuantisedCase.Way.allCases where item.has(way) {
          let isExact = !QuantisedCase.hasFloatingPoint(try item.fused(network, way))
          for difference in try item.differences(way) {
            if isExact { Issue.record("\(difference)") }
            steps += difference.far
          }
          values += network.network.outputs.reduce(0) {
            $0 + (network.types[$1]?.elementCount ?? 0)
          }
        }
      }
    }
    #expect(Double(steps) < 0.002 * Double(values))
  }

  @Test func networksOfTheQuantisationToolHaveTheSameBits() throws {
    try Oracle.withFolder { folder in
      for item in try cases("tool", seed: 13, count: 8, in: folder) {
        for way in [QuantisedCase.Way.optimised, .signed] {
          #expect(try item.differences(way).map(\.description) == [])
        }
      }
    }
  }

  /// Quantises networks with many options, and lets onnxruntime run the results.
  @Test func ourNetworksHaveTheSameBits() throws {
    try Oracle.withFolder { folder in
      var written = 0
      for item in try cases("source", seed: 14, count: 2, in: folder) {
        let (original, inputs) = try item.network()
        let network = try original.folded()
        #expect(!network.network.nodes.contains { $0.operator.name == "BatchNormalization" })
        for weights in Quantiser.Weights.allCases {
          for activations in Quantiser.Activations.allCases {
            for scales in Quantiser.Scales.allCases {
              let options = Quantiser.Options(
                weights: weights, activations: activations, scales: scales,
                range: written % 2 == 0 ? .minMax : .meanSquaredError)
              let result = try Quantiser(options: options).quantise(network, samples: [inputs])
              try write(try result.typed(), inputs, to: "\(folder)/ours/\(written)")
              written += 1
            }
          }
        }
      }
      try Oracle.run(
        "ReferenceTests/Oracle/quantised.py", ["\(folder)/ours", "check", "0", "0"])
    }
  }

  private func write(
    _ network: TypedNetwork, _ inputs: [String: Tensor], to folder: String
  ) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try ONNXFile.write(network, to: "\(folder)/model.onnx")
    for (index, input) in network.network.inputs.enumerated() {
      let tensor = try #require(inputs[input.name])
      try NumPyFile.write(tensor, to: "\(folder)/input_\(index).npy")
    }
    let results = try Executor(try network.fusedQuantised(.asWritten)).run(inputs)
    for (index, name) in network.network.outputs.enumerated() {
      try NumPyFile.write(try #require(results[name]), to: "\(folder)/ours_\(index).npy")
    }
  }
}

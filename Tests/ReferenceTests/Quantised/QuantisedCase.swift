import Foundation
import NetworkFormats
import Networks
import Reference

/// A model that `Oracle/quantised.py` has written, with inputs and the values onnxruntime computes.
struct QuantisedCase {
  /// How onnxruntime ran the model.
  enum Way: String, CaseIterable {
    /// Without any optimisation.
    case plain
    /// With its default options.
    case optimised = "default"
    /// With int8 activations allowed in products.
    case signed
  }

  /// How a result differs.
  struct Difference: CustomStringConvertible {
    let folder: String
    let way: Way
    let values: Int
    let wrong: Int
    /// Those that differ by more than binary32 rounding: at least one quantisation step.
    let far: Int
    let first: String
    var description: String {
      "\(folder) \(way): \(wrong) of \(values) values differ, \(far) by steps, \(first)"
    }
  }

  let folder: String

  /// All cases in a folder, one folder each.
  static func all(in folder: String) throws -> [QuantisedCase] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map {
      QuantisedCase(folder: "\(folder)/\($0)")
    }
  }

  /// The network, typed with the shapes of the inputs.
  func network() throws -> (TypedNetwork, [String: Tensor]) {
    let network = try ONNXFile.network(path: "\(folder)/model.onnx")
    var inputs: [String: Tensor] = [:]
    for (index, input) in network.inputs.enumerated() {
      inputs[input.name] = try NumPyFile.tensor(path: "\(folder)/input_\(index).npy")
    }
    return (try network.typed(ShapeBinding(shapes: inputs.mapValues(\.shape))), inputs)
  }

  /// Whether onnxruntime could run the model so.
  func has(_ way: Way) -> Bool {
    FileManager.default.fileExists(atPath: "\(folder)/\(way.rawValue)_0.npy")
  }

  /// The network as it runs when onnxruntime runs so.
  func fused(_ network: TypedNetwork, _ way: Way) throws -> TypedNetwork {
    switch way {
    case .plain: network
    case .optimised: try network.fusedQuantised(.unsigned)
    case .signed: try network.fusedQuantised(.asWritten)
    }
  }

  /// Whether a network computes sums or functions in floating point, whose last bits depend on the order of operations.
  static func hasFloatingPoint(_ network: TypedNetwork) -> Bool {
    network.network.nodes.contains { node in
      switch node.operator {
      case .convolution, .gemm, .matMul, .averagePool, .globalAveragePool, .softmax, .unary: true
      default: false
      }
    }
  }

  /// Runs the model as onnxruntime did, and compares every bit.
  func differences(_ way: Way) throws -> [Difference] {
    let (network, inputs) = try network()
    let fused = try fused(network, way)
    let names = Set(fused.network.inputs.map(\.name))
    let results = try Executor(fused).run(inputs.filter { names.contains($0.key) })
    var differences: [Difference] = []
    for (index, name) in fused.network.outputs.enumerated() {
      let expected = try NumPyFile.tensor(path: "\(folder)/\(way.rawValue)_\(index).npy")
      guard let result = results[name], result.type == expected.type else {
        let text = "\(results[name].map { "\($0.type)" } ?? "missing") instead of \(expected.type)"
        let count = expected.count
        differences.append(
          Difference(
            folder: folder, way: way, values: count, wrong: count, far: count, first: text))
        continue
      }
      if let difference = difference(way, result, expected) { differences.append(difference) }
    }
    return differences
  }

  private func difference(_ way: Way, _ result: Tensor, _ expected: Tensor) -> Difference? {
    guard result != expected else { return nil }
    func compare<Element: TensorElement>(
      _ type: Element.Type, _ isFar: (Element, Element) -> Bool
    ) -> Difference? {
      guard let a = result.array(of: type), let b = expected.array(of: type) else { return nil }
      let wrong = a.indices.filter { a[$0] != b[$0] }
      guard let first = wrong.first else { return nil }
      return Difference(
        folder: folder, way: way, values: a.count, wrong: wrong.count,
        far: wrong.count { isFar(a[$0], b[$0]) },
        first: "element \(first) is \(a[first]) instead of \(b[first])")
    }
    return compare(Float.self) { abs($0 - $1) > 1e-5 + 1e-5 * abs($1) }
      ?? compare(Half.self) { _, _ in true } ?? compare(Int8.self) { _, _ in true }
      ?? compare(UInt8.self) { _, _ in true } ?? compare(Int16.self) { _, _ in true }
      ?? compare(UInt16.self) { _, _ in true } ?? compare(Int32.self) { _, _ in true }
  }
}

import Foundation
import NetworkFormats
import Networks
import Reference

/// A model with inputs and expected outputs in a folder: `model.onnx`, `input_0.npy` …, `output_0.npy` …, in the order
/// of the model's inputs and outputs. There may be a second set of outputs, `optimised_0.npy` …; a file `exact` asks
/// for equal bits.
struct RecordedCase {
  let name: String
  let folder: String

  /// All cases in a folder, one folder each.
  static func all(in folder: String) throws -> [RecordedCase] {
    try FileManager.default.contentsOfDirectory(atPath: folder).sorted().map {
      RecordedCase(name: $0, folder: "\(folder)/\($0)")
    }
  }

  /// Runs the model and compares; nil when it agrees.
  func disagreement() -> String? {
    do {
      let network = try ONNXFile.network(path: "\(folder)/model.onnx")
      var inputs: [String: Tensor] = [:]
      var shapes: [String: [Int]] = [:]
      for (index, input) in network.inputs.enumerated() {
        let tensor = try NumPyFile.tensor(path: "\(folder)/input_\(index).npy")
        inputs[input.name] = tensor
        shapes[input.name] = tensor.shape
      }
      let executor = Executor(try network.typed(ShapeBinding(shapes: shapes)))
      // What no output needs is no input of the typed network.
      let names = Set(executor.network.network.inputs.map(\.name))
      let results = try executor.run(inputs.filter { names.contains($0.key) })
      for (index, name) in network.outputs.enumerated() {
        guard let result = results[name] else { return "no output \(name)" }
        for kind in ["output", "optimised"] {
          let path = "\(folder)/\(kind)_\(index).npy"
          guard FileManager.default.fileExists(atPath: path) else { continue }
          let expected = try NumPyFile.tensor(path: path)
          if let text = Self.difference(result, expected, isExact: isExact) {
            return "\(kind) \(name): \(text)"
          }
        }
      }
      return nil
    } catch {
      return "\(error)"
    }
  }

  private var isExact: Bool { FileManager.default.fileExists(atPath: "\(folder)/exact") }

  /// The worst difference beyond the tolerance.
  ///
  /// Integers and truth values are equal. Real numbers differ by at most 2·10⁻⁶ of the greatest number of the tensor
  /// (or of 1 if that is greater) and 10⁻⁵ of the expected number; both times 200 for fp16. An infinity or NaN is the
  /// same one.
  static func difference(_ result: Tensor, _ expected: Tensor, isExact: Bool) -> String? {
    guard result.type == expected.type else { return "\(result.type), expected \(expected.type)" }
    guard let values = reals(result), let wanted = reals(expected) else {
      return result == expected ? nil : "differs (\(result.type))"
    }
    let greatest = wanted.filter(\.isFinite).map(abs).max() ?? 0
    let factor = isExact ? 0.0 : expected.type.element == .float16 ? 200 : 1
    let absolute = factor * 2e-6 * max(1, greatest)
    var worst: (excess: Double, text: String)?
    for (index, (value, want)) in zip(values, wanted).enumerated() {
      if value == want || (value.isNaN && want.isNaN) { continue }
      let distance = abs(value - want)
      if distance <= absolute + factor * 1e-5 * abs(want) { continue }
      let excess = distance.isNaN ? Double.infinity : distance
      if worst == nil || excess > worst?.excess ?? 0 {
        worst = (excess, "element \(index) is \(value), expected \(want)")
      }
    }
    return worst?.text
  }

  private static func reals(_ tensor: Tensor) -> [Double]? {
    switch tensor.elements {
    case .float32(let array): array.map(Double.init)
    case .float64(let array): array
    case .float16(let array): array.map { Double($0.float) }
    case .bfloat16(let array): array.map { Double($0.float) }
    case .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64, .bool: nil
    }
  }
}

import Foundation
import NetworkFormats
import Networks
import Reference
import TestSupport
import Testing

@Suite("ONNX files against onnxruntime", .enabled(if: Oracle.isInstalled))
struct ImportOracleTests {
  private static let script = "NetworkFormatsTests/Oracle/onnx_files.py"

  @Test("Files of many versions are read, computed, and written again with the same meaning")
  func versions() throws {
    try Oracle.withFolder { folder in
      try Oracle.run(Self.script, ["make", folder])
      let names = try FileManager.default.contentsOfDirectory(atPath: folder)
        .filter { $0.hasSuffix(".onnx") }.map { String($0.dropLast(5)) }.sorted()
      #expect(names.count > 150)
      for name in names {
        do {
          try compare(folder + "/" + name)
        } catch {
          Issue.record("\(name): \(error)")
        }
      }
      let failures = try Oracle.run(Self.script, ["compare", folder])
      #expect(failures.trimmingCharacters(in: .whitespacesAndNewlines) == "")
    }
  }

  private func compare(_ path: String) throws {
    let network = try ONNXFile.network(path: path + ".onnx")
    var inputs: [String: Tensor] = [:]
    var sides: [String: [Int]] = [:]
    for (index, input) in network.inputs.enumerated() {
      let tensor = try NumPyFile.tensor(path: "\(path).in.\(index).npy")
      inputs[input.name] = tensor
      sides[input.name] = tensor.shape
    }
    let typed = try network.typed(ShapeBinding(shapes: sides))
    let outputs = try Executor(typed).run(inputs)
    for (index, name) in network.outputs.enumerated() {
      let wanted = try NumPyFile.tensor(path: "\(path).out.\(index).npy")
      let result = try #require(outputs[name])
      #expect(result.type == wanted.type, "\(path)")
      #expect(isNear(result, wanted), "\(path): \(result) instead of \(wanted)")
    }
    try ONNXFile.write(typed, to: path + ".again.onnx")
    let again = try ONNXFile.network(path: path + ".again.onnx")
    #expect(again.nodes == typed.network.nodes, "\(path)")
    #expect(again.constants == typed.network.constants, "\(path)")
  }

  /// Whether elements are equal, or of 32-bit floating point within 1e-5 + 1e-4·|y|.
  private func isNear(_ result: Tensor, _ wanted: Tensor) -> Bool {
    guard let a = result.array(of: Float.self), let b = wanted.array(of: Float.self) else {
      return result == wanted
    }
    return zip(a, b).allSatisfy { $0 == $1 || abs($0 - $1) <= 1e-5 + 1e-4 * abs($1) }
  }

  @Test("The model files of the onnx package are read, or refused with one reason")
  func packageFiles() throws {
    let paths = try Oracle.run(Self.script, ["list"]).split(separator: "\n").map(String.init)
    #expect(paths.count > 100)
    var reasons: [String: Int] = [:]
    for path in paths {
      do {
        let network = try ONNXFile.network(path: path)
        _ = try network.sorted()
        reasons["read", default: 0] += 1
      } catch {
        #expect(!path.contains("/light/"), "\(error)")
        #expect(!error.message.isEmpty && error.suggestion != nil, "\(error)")
        reasons[String(error.message.prefix(8)), default: 0] += 1
      }
    }
    // The rest are of opset 6 or have operators on sequences, texts and gradients.
    #expect(reasons["read", default: 0] >= 16 && reasons["opset 6 ", default: 0] >= 100)
  }
}

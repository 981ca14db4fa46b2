import Foundation
import NetworkFormats
import Networks
import TestSupport
import Testing

@Suite("ONNX files that are written")
struct RoundTripTests {
  @Test("Every operator comes back as it was written")
  func everyOperator() throws {
    let network = SampleNodes.network
    let again = try ONNXFile.network(bytes: ONNXFile.bytes(network), folder: nil)
    #expect(again.nodes.count == network.network.nodes.count)
    for (node, wanted) in zip(again.nodes, network.network.nodes) { #expect(node == wanted) }
    #expect(again.inputs == network.network.inputs)
    #expect(again.outputs == network.network.outputs)
    #expect(again.name == "all")
    #expect(again.warnings.isEmpty)
  }

  @Test("Constants of every element type come back")
  func constants() throws {
    var network = Network(name: "constants", outputs: ["y"])
    let values: [Tensor.Elements] = [
      .float32([1.5, -.infinity]), .float64([1e300, 0]), .float16([Half(1.5), Half(bits: 0x7c00)]),
      .bfloat16([BFloat16(3), BFloat16(bits: 1)]), .int8([-128, 127]), .uint8([0, 255]),
      .int16([-32768, 5]), .uint16([65535, 0]), .int32([.min, .max]), .uint32([.max, 1]),
      .int64([.min, .max]), .uint64([.max, 0]), .bool([true, false]),
    ]
    for (index, elements) in values.enumerated() {
      network.constants["c\(index)"] = Tensor(shape: [2, 1], elements: elements)
    }
    network.constants["scalar"] = Tensor(scalar: Float(2))
    network.constants["empty"] = Tensor([0, 3], [Int64]())
    network.nodes = [Node("n", .identity, ["c0"], ["y"])]
    let types = ["y": TensorType(.float32, [2, 1])]
    let bytes = try ONNXFile.bytes(TypedNetwork(network: network, types: types))
    let again = try ONNXFile.network(bytes: bytes, folder: nil)
    #expect(again.constants == network.constants)
  }

  @Test("Large weights go to a second file and come back")
  func externalWeights() throws {
    try Oracle.withFolder { folder in
      var network = Network(name: "large", outputs: ["y"])
      network.inputs = [Declaration("x", TensorType(.float32, [1, 600]))]
      network.constants = [
        "a": Tensor([600, 5], (0..<3000).map { Float($0) }),
        "b": Tensor([5], [1, 2, 3, 4, 5] as [Float]),
        "c": Tensor([5, 700], (0..<3500).map { Float(-$0) }),
      ]
      network.nodes = [
        Node("p", .matMul, ["x", "a"], ["m"]), Node("q", .binary(.add), ["m", "b"], ["s"]),
        Node("r", .matMul, ["s", "c"], ["y"]),
      ]
      let types = [
        "x": TensorType(.float32, [1, 600]), "y": TensorType(.float32, [1, 700]),
      ]
      let typed = TypedNetwork(network: network, types: types)
      let path = folder + "/large.onnx"
      try ONNXFile.write(typed, to: path, greatestWeights: 20000)
      let again = try ONNXFile.network(path: path)
      #expect(again.constants == network.constants)
      let size = try HostBytes.read(path).count
      #expect(size < 2000)
      // A change of the second file's length is found.
      try HostBytes.write([1, 2, 3], to: path + ".data")
      #expect(throws: NetworkError.self) { try ONNXFile.network(path: path) }
      if Oracle.isInstalled {
        try ONNXFile.write(typed, to: path, greatestWeights: 20000)
        let failures = try Oracle.run(
          "NetworkFormatsTests/Oracle/onnx_files.py", ["check", folder])
        #expect(failures.trimmingCharacters(in: .whitespacesAndNewlines) == "")
      }
    }
  }

  @Test("What the format cannot say is an error, and nothing is left behind")
  func refusals() throws {
    try Oracle.withFolder { folder in
      let node = Node("g", .qGemm(GEMM(beta: 2)), ["x"], ["y"])
      let network = Network(
        name: "n", inputs: [Declaration("x", TensorType(.uint8, []))], outputs: ["y"], nodes: [node]
      )
      let typed = TypedNetwork(network: network, types: ["x": TensorType(.uint8, [])])
      let path = folder + "/n.onnx"
      #expect(throws: NetworkError.self) { try ONNXFile.write(typed, to: path) }
      #expect(throws: NetworkError.self) { try ONNXFile.write(typed, to: "/nowhere/n.onnx") }
      let left = try FileManager.default.contentsOfDirectory(atPath: folder)
      #expect(left.isEmpty)
    }
  }
}

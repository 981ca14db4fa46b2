import Foundation
import Networks
import Testing

@Suite("Layer table")
struct LayerTableTests {
  /// Types every value of a network whose inputs are known; nothing is folded.
  static func typed(_ network: Network) throws -> TypedNetwork {
    var types = network.constants.mapValues(\.type)
    for input in network.inputs {
      let sides = (input.dimensions ?? []).map { if case .fixed(let side) = $0 { side } else { 1 } }
      types[input.name] = TensorType(input.element, sides)
    }
    for node in network.nodes {
      let operands = node.inputs.map { name in
        types[name].map { Operand($0, constant: network.constants[name]) }
      }
      let results = try node.operator.resultTypes(operands, results: node.outputs.count)
      for (name, type) in zip(node.outputs, results) { types[name] = type }
    }
    return TypedNetwork(network: network, types: types)
  }

  private static func zeros(_ shape: Int...) -> Tensor {
    Tensor(shape, [Float](repeating: 0, count: shape.reduce(1, *)))
  }

  /// Convolution, depthwise convolution, pooling, product.
  static let sample: Network = {
    let first = Convolution(Window(strides: [2, 2], pads: [1, 1, 1, 1]))
    let depthwise = Convolution(Window(pads: [0, 1, 1, 1]), groups: 8)
    return Network(
      name: "sample, \"small\"", inputs: [Declaration("x", TensorType(.float32, [2, 3, 8, 8]))],
      outputs: ["y"],
      nodes: [
        Node("conv", .convolution(first), ["x", "w", "b"], ["c"]),
        Node("relu", .unary(.relu), ["c"], ["r"]),
        Node("depthwise", .convolution(depthwise), ["r", "dw"], ["d"]),
        Node(
          "pool", .maxPool(Pooling(Window(kernel: [3, 2], strides: [3, 2]))), ["d"], ["p"]),
        Node("flat", .flatten(axis: 1), ["p"], ["f"]),
        Node("fc", .gemm(GEMM(transposesB: true)), ["f", "m", "v"], ["y"]),
      ],
      constants: [
        "w": zeros(8, 3, 3, 3), "b": zeros(8), "dw": zeros(8, 1, 2, 3), "m": zeros(10, 16),
        "v": zeros(10),
      ])
  }()

  @Test("multiply-accumulates, parameters and bytes")
  func counts() throws {
    let table = LayerTable(try Self.typed(Self.sample))
    let rows = table.rows
    // N·M·outH·outW·(C/groups)·kh·kw
    #expect(rows[0].macs == 2 * 8 * 4 * 4 * 3 * 9)
    #expect(rows[0].weights == 8 * 27 && rows[0].biases == 8)
    #expect(rows[0].inputBytes == 4 * 2 * 3 * 64 && rows[0].outputBytes == 4 * 2 * 8 * 16)
    #expect(rows[0].inputs.count == 1)
    #expect(rows[1].macs == 0 && rows[1].elementOperations == 2 * 8 * 16)
    #expect(rows[2].outputs == [TensorType(.float32, [2, 8, 4, 4])])
    #expect(rows[2].macs == 2 * 8 * 16 * 6 && rows[2].weights == 48)
    #expect(rows[3].elementOperations == 2 * 8 * 1 * 2 * 6)
    #expect(rows[4].movesDataOnly && rows[4].macs == 0)
    #expect(rows[5].macs == 2 * 16 * 10 && rows[5].weights == 160 && rows[5].biases == 10)
    #expect(table.totals.macs == rows.reduce(0) { $0 + $1.macs })
    #expect(table.totals.parameters == 216 + 8 + 48 + 160 + 10)
    #expect(table.totals.parameterBytes == 4 * table.totals.parameters)
    // Operand and result of the first ReLU or of the convolutions.
    #expect(table.totals.peakActivationBytes == 4 * (2 * 3 * 64 + 2 * 8 * 16))
    #expect(table.totals.peakNode == "conv")
    #expect(rows[0].windowText == "3×3 s2 p1")
    #expect(rows[2].windowText == "2×3 p0×1+1×1 g8")
    #expect(rows[3].windowText == "3×2 s3×2")
  }

  @Test("weights behind DequantizeLinear count at the product, as they are stored")
  func separateQuantisation() throws {
    var network = Network(
      name: "q", inputs: [Declaration("x", TensorType(.float32, [4, 8]))], outputs: ["y", "z"])
    network.constants = [
      "q": Tensor([8, 6], [Int8](repeating: 1, count: 48)), "s": Tensor(scalar: Float(0.5)),
      "zp": Tensor(scalar: Int8(0)),
    ]
    network.nodes = [
      Node("dq", .dequantizeLinear(axis: 1), ["q", "s", "zp"], ["w"]),
      Node("product", .matMul, ["x", "w"], ["y"]),
      Node("again", .matMul, ["x", "w"], ["z"]),
    ]
    let table = LayerTable(try Self.typed(network))
    #expect(table.rows[0].weights == 0 && table.rows[0].parameterBytes == 0)
    #expect(table.rows[0].elementOperations == 0)
    #expect(table.rows[1].weights == 48 && table.rows[1].weightBytes == 48)
    #expect(table.rows[1].otherParameters == 2 && table.rows[1].parameterBytes == 53)
    #expect(table.rows[1].macs == 4 * 8 * 6)
    #expect(table.totals.weights == 48 && table.totals.parameterBytes == 53)
    // x, y and z; the weights are no activations.
    #expect(table.totals.peakActivationBytes == 4 * (32 + 24 + 24))
  }

  @Test("a residual connection keeps its operand alive")
  func liveness() throws {
    let size = TensorType(.float32, [100])
    let network = Network(
      name: "r", inputs: [Declaration("x", size)], outputs: ["y"],
      nodes: [
        Node("a", .unary(.relu), ["x"], ["a"]), Node("b", .unary(.relu), ["a"], ["b"]),
        Node("c", .unary(.relu), ["b"], ["c"]), Node("y", .binary(.add), ["c", "x"], ["y"]),
      ])
    let table = LayerTable(try Self.typed(network))
    #expect(table.totals.peakActivationBytes == 3 * 400)
    #expect(table.totals.peakNode == "b")
  }

  @Test("text, CSV and JSON say the same")
  func formats() throws {
    let table = LayerTable(try Self.typed(Self.sample))
    let lines = table.text().split(separator: "\n")
    #expect(lines[0].hasPrefix("#  layer      operator"))
    #expect(lines[1].contains("6\u{202F}912"))
    #expect(!table.text().contains("Flatten"))
    #expect(table.text().contains("One node that only moves data is not shown."))
    #expect(table.text(.all).contains("Flatten"))
    #expect(!table.text().contains(" \n"))

    let csv = table.csv.split(separator: "\n")
    #expect(csv.count == 7)
    #expect(csv[0].hasPrefix("index,name,operator,inputs,outputs,kernel"))
    #expect(csv[1].hasPrefix("0,conv,Conv,fp32[2x3x8x8],fp32[2x8x4x4],3x3,2x2,1x1,1x1,1x1,1,6912,"))

    let text = try table.json()
    let document = try #require(
      try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any])
    #expect(document["network"] as? String == "sample, \"small\"")
    let layers = try #require(document["layers"] as? [[String: Any]])
    #expect(layers.count == 6)
    #expect(layers[0]["macs"] as? Int == 6912)
    #expect(layers[2]["groups"] as? Int == 8)
    let totals = try #require(document["totals"] as? [String: Any])
    #expect(totals["parameter_bytes"] as? Int == table.totals.parameterBytes)
    #expect(text == (try table.json()))
    let empty = LayerTable(TypedNetwork(network: Network(name: ""), types: [:]))
    _ = try JSONSerialization.jsonObject(with: Data(try empty.json().utf8))
  }
}

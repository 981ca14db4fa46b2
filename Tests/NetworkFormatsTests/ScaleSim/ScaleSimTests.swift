import NetworkFormats
import Networks
import Reference
import Testing

@Suite("SCALE-Sim topologies")
struct ScaleSimTests {
  private static let header =
    "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, "
    + "Strides,\n"

  private static func zeros(_ name: String, _ shape: [Int]) -> Tensor {
    Tensor(shape, [Float](repeating: 0, count: shape.reduce(1, *)))
  }

  private func network(_ text: String) throws(NetworkError) -> Network {
    try ScaleSimTopology.network(text: text, weights: Self.zeros)
  }

  private func failure(_ text: String) -> NetworkError? {
    do {
      _ = try network(text)
      return nil
    } catch {
      return error
    }
  }

  @Test("output sides are ⌈(H − R + s) / s⌉ and layers stand alone")
  func convolutions() throws {
    let text =
      "\u{FEFF}" + Self.header
      + "Conv1, 224, 224, 11, 11, 3, 96, 4,\r\n\r\nConv2,31,30, 5, 5, 96, 256, 1\n"
    let typed = try network(text).typed()
    #expect(typed.network.outputs == ["Conv1", "Conv2"])
    #expect(typed.types["Conv1"]?.shape == [1, 96, 55, 55])  // ⌈217 / 4⌉
    #expect(typed.types["Conv2"]?.shape == [1, 256, 27, 26])
    #expect(typed.types["Conv2.input"]?.shape == [1, 96, 31, 30])
    let rows = LayerTable(typed).rows
    #expect(rows[0].macs == 96 * 55 * 55 * 3 * 121)
    let warnings = typed.network.warnings.joined(separator: "\n")
    #expect(warnings.contains("no column for padding"))
    #expect(warnings.contains("zeros are added there: Conv1"))
    #expect(!warnings.contains("channels do not follow"))
  }

  @Test("DP in a name means depthwise; what looks odd is remarked")
  func remarks() throws {
    let text =
      Self.header
      + "Conv_DP1, 10, 10, 3, 3, 8, 1, 1,\nConv_PW, 8, 8, 1, 1, 8, 16, 1,\n"
      + "Conv_dw, 8, 8, 3, 3, 16, 1, 1, 2:4,\nConv_PW, 6, 6, 1, 1, 16, 4, 1,\n"
    let result = try network(text)
    let typed = try result.typed()
    #expect(typed.types["Conv_DP1"]?.shape == [1, 8, 8, 8])
    #expect(LayerTable(typed).rows[0].macs == 8 * 64 * 9)
    #expect(typed.network.outputs.last == "Conv_PW_2")
    let warnings = result.warnings.joined(separator: "\n")
    #expect(warnings.contains("depthwise convolution; a name with DP makes it one: Conv_dw"))
    #expect(warnings.contains("Conv_dw gives 1, Conv_PW takes 16"))
    #expect(warnings.contains("sparsity is ignored: Conv_dw (2:4)"))
  }

  @Test("products of matrices")
  func products() throws {
    let typed = try network("Layer, M, N, K,\nfc, 4, 10, 32,\nfc, 1, 2, 3, 1:4,\n").typed()
    #expect(typed.types["fc"]?.shape == [4, 10])
    #expect(LayerTable(typed).rows.map(\.macs) == [1280, 6])
  }

  @Test(
    "mistakes are placed",
    arguments: [
      ("", nil, "no header"), ("\n\n", nil, "no header"), (header, nil, "no layers"),
      ("Conv1, 8, 8, 3, 3, 3, 4, 1,\n", "1:1", "header line is missing"),
      ("a, b\n", "1:1", "not understood"),
      (header + "c, 8, 8, 3, 3, 3, 4\n", "2:19", "6 numbers, but 7"),
      (header + "c, 8, x8, 3, 3, 3, 4, 1,\n", "2:7", "IFMAP Width is 'x8'"),
      (header + "c, 8, 8, 3, 3, 3, 0, 1,\n", "2:19", "Num Filter is '0'"),
      (header + "c, 8, 8, 3, 3, 3, 4, 1, 5,\n", "2:25", "one column too many"),
      (header + "c, 8, 8, 9, 3, 3, 4, 1,\n", "2:10", "larger than its operand"),
      (header + "c, 99999, 99999, 3, 3, 99999, 4, 1,\n", "2:4", "too large"),
      (header + "DP, 9, 9, 3, 3, 2147483647, 2147483647, 1,\n", "2:5", "too large"),
      ("L, M, N, K,\na, 65536, 65536, 1,\n", "2:4", "too large"),
      ("L, M, N, K,\na, 1, 200000, 1000,\nb, 1, 200000, 1000,\n", "3:4", "too many"),
    ])
  func mistakes(text: String, place: String?, part: String) throws {
    let error = try #require(failure(text))
    #expect(error.description.contains(part), "\(error)")
    if let place { #expect("\(error.line ?? 0):\(error.column ?? 0)" == place, "\(error)") }
  }

  @Test("what is written counts the same multiply-accumulates", arguments: [true, false])
  func export(asProducts: Bool) throws {
    func shape(_ sides: Int...) -> TensorType { TensorType(.float32, sides) }
    let padded = Convolution(Window(strides: [2, 2], pads: [1, 1, 1, 1]))
    let dilated = Convolution(Window(dilations: [2, 2]), groups: 2)
    let network = Network(
      name: "n",
      inputs: [
        Declaration("x", shape(2, 4, 9, 9)), Declaration("q", shape(3, 5, 6)),
        Declaration("k", shape(3, 6, 7)),
      ], outputs: ["a", "b", "c", "d", "e", "p"],
      nodes: [
        Node("a,1", .convolution(padded), ["x", "w"], ["a"]),
        Node("DPx", .convolution(Convolution(groups: 2)), ["x", "g"], ["b"]),
        Node("depthwise", .convolution(Convolution(groups: 4)), ["x", "dw"], ["c"]),
        Node("dilated", .convolution(dilated), ["x", "g"], ["d"]),
        Node("batched", .matMul, ["q", "k"], ["e"]),
        Node("product", .matMul, ["q", "m"], ["p"]),
      ],
      constants: [
        "w": Self.zeros("", [6, 4, 3, 3]), "g": Self.zeros("", [4, 2, 3, 3]),
        "dw": Self.zeros("", [8, 1, 3, 3]), "m": Self.zeros("", [6, 4]),
      ])
    let typed = try network.typed()
    let (text, warnings) = try ScaleSimTopology.export(
      typed, form: asProducts ? .products : .convolutions)
    let again = try self.network(text).typed()
    #expect(LayerTable(again).totals.macs == LayerTable(typed).totals.macs)
    if !asProducts {
      #expect(text.contains("a_1_n0, 11, 11, 3, 3, 4, 6, 2,\n"))
      #expect(text.contains("depthwise_DP_n1, 9, 9, 3, 3, 4, 2, 1,\n"))
      #expect(text.contains("product, 15, 1, 1, 1, 6, 4, 1,\n"))
      #expect(warnings.contains { $0.contains("unrolled") })
      #expect(warnings.contains { $0.contains("DP means depthwise") })
    }
  }
}

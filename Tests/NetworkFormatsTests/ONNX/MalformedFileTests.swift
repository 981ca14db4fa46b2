import Foundation
import NetworkFormats
import Networks
import Reference
import TestSupport
import Testing

@Suite("ONNX files that are not right")
struct MalformedFileTests {
  private func failure(_ bytes: [UInt8]) -> NetworkError? {
    do {
      _ = try ONNXFile.network(bytes: bytes, folder: nil)
      return nil
    } catch {
      return error
    }
  }

  @Test(
    "Other formats are recognised",
    arguments: [
      ("", "empty"), ("PK\u{3}\u{4}......archive/data.pkl", "PyTorch"),
      ("PK\u{3}\u{4}......x.npy", "NumPy"), ("PK\u{3}\u{4}......other", "zip"),
      ("\u{1c}\0\0\0TFL3\0\0", "TensorFlow Lite"), ("\0\0\0\0ORTM", "onnxruntime"),
      ("GGUF\u{3}\0", "GGUF"), ("[net]\nbatch=1\n", "text"), ("<!DOCTYPE html>", "web page"),
      ("version https://git-lfs.github.com/spec/v1\n", "Git LFS"), ("{\"a\": 1}", "text"),
      ("\u{10}\0\0\0\0\0\0\0{\"weight\":", "safetensors"), ("\u{7f}ELF\u{2}", "ELF"),
    ])
  func otherFormats(_ file: (content: String, word: String)) throws {
    let error = try #require(failure(Array(file.content.utf8)))
    #expect(error.message.contains(file.word), "\(error)")
  }

  @Test("Binary formats are recognised")
  func binaryFormats() {
    #expect(failure([0x1f, 0x8b, 8, 0])?.message.contains("gzip") == true)
    #expect(failure([0x80, 2, 0x8a, 10])?.message.contains("pickle") == true)
    #expect(failure([0x89] + Array("HDF\r\n\u{1a}\n".utf8))?.message.contains("HDF5") == true)
    #expect(failure([0x93] + Array("NUMPY\u{1}\0".utf8))?.message.contains("NumPy") == true)
    // A protocol buffer of something else.
    #expect(
      failure(WireMessage().message(1, WireMessage()).bytes)?.message.contains("graph") == true)
  }

  @Test("A file is refused at every length but the whole, and never read as something else")
  func truncation() throws {
    let raw = [UInt8](repeating: 1, count: 12)
    let whole = WireMessage.file(.sum(.tensor([1, 3], raw: raw)))
    #expect(failure(whole) == nil)
    // Without the opset at the end, or part of it, the nodes cannot be understood.
    for length in 0..<whole.count {
      #expect(failure(Array(whole[..<length])) != nil, "\(length) of \(whole.count)")
    }
    let error = try #require(failure(Array(whole[..<60])))
    #expect(error.message.contains("truncated") && error.message.contains("60 bytes"), "\(error)")
  }

  @Test("Damaged files are refused or read, at once and without harm")
  func damage() throws {
    let raw = [UInt8](repeating: 1, count: 12)
    damage(WireMessage.file(.sum(.tensor([1, 3], raw: raw))), rounds: 3000)
    let everyOperator = try ONNXFile.bytes(SampleNodes.network)
    damage(everyOperator, rounds: 300)
    for length in stride(from: 1, to: everyOperator.count, by: 101) {
      #expect(failure(Array(everyOperator[..<length])) != nil, "\(length) bytes")
    }
  }

  private func damage(_ whole: [UInt8], rounds: Int) {
    var state: UInt64 = 1
    for _ in 0..<rounds {
      var bytes = whole
      for _ in 0...(state >> 33) % 4 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        bytes[Int(state >> 33) % bytes.count] ^= UInt8(1 << (state >> 60 & 7))
      }
      if let network = try? ONNXFile.network(bytes: bytes, folder: nil) {
        _ = try? network.sorted()
      }
    }
  }

  @Test(
    "Tensors that do not hold what they declare",
    arguments: [
      (WireMessage.tensor([2, 3], raw: [1, 2, 3]), "3 bytes of data, where its shape needs 24"),
      (WireMessage.tensor([1 << 40, 1 << 40]), "too large"),
      (WireMessage.tensor([-1]), "negative"),
      (WireMessage.tensor([1 << 30]), "0 elements of data, where its shape needs 1073741824"),
      (WireMessage.tensor([1 << 30], raw: []), "0 bytes of data"),
      (WireMessage.tensor([2], type: 8), "string"), (WireMessage.tensor([2], type: 22), "int4"),
      (WireMessage.tensor([2], type: 99), "number 99"),
      (WireMessage.tensor(Array(repeating: 1, count: 20)), "20 axes"),
      (WireMessage.tensor([1], type: 3).integer(5, 300), "300 does not fit"),
      (WireMessage.tensor([1]).integer(14, 1), "not named"),
      (
        WireMessage.tensor([1]).integer(14, 1)
          .message(13, WireMessage().text(1, "location").text(2, "w.bin")), "not at hand"
      ),
    ])
  func tensors(_ tensor: WireMessage, _ words: String) throws {
    let error = try #require(failure(WireMessage.file(.sum(tensor))))
    #expect(error.description.contains(words), "\(error)")
    #expect(error.place == "tensor 'c'")
  }

  @Test("External data cannot come from outside of the folder, nor overlap")
  func externalData() throws {
    try Oracle.withFolder { folder in
      let inner = folder + "/model"
      try FileManager.default.createDirectory(atPath: inner, withIntermediateDirectories: true)
      try HostBytes.write([UInt8](repeating: 0, count: 64), to: folder + "/secret.bin")
      try HostBytes.write([UInt8](repeating: 0, count: 64), to: inner + "/w.bin")
      try FileManager.default.createSymbolicLink(
        atPath: inner + "/link.bin", withDestinationPath: folder + "/secret.bin")
      func failure(_ location: String, offset: String = "0", length: String = "12") -> String {
        let entries = [("location", location), ("offset", offset), ("length", length)]
        var tensor = WireMessage.tensor([1, 3]).integer(14, 1)
        for (key, value) in entries {
          tensor = tensor.message(13, WireMessage().text(1, key).text(2, value))
        }
        do {
          _ = try ONNXFile.network(bytes: WireMessage.file(.sum(tensor)), folder: inner)
          return ""
        } catch {
          return error.description
        }
      }
      #expect(failure("w.bin") == "")
      #expect(failure("w.bin", offset: "52") == "")
      for location in ["../secret.bin", folder + "/secret.bin", "x/../../secret.bin", "link.bin"] {
        #expect(failure(location).contains("outside of the model's folder"), "\(location)")
      }
      #expect(failure("w.bin", offset: "53").contains("end outside of 64 bytes"))
      #expect(failure("w.bin", offset: "-1").contains("no number of bytes"))
      #expect(failure("w.bin", offset: "9223372036854775807").contains("outside"))
      #expect(failure("w.bin", length: "11").contains("needs 12"))
      #expect(failure("missing.bin").contains("No such file"))
      #expect(failure(".").contains("folder"))
    }
  }

  @Test("Too many parts are refused before memory is taken for them")
  func manyParts() throws {
    // Empty nodes: 0x0a, 0.
    var graph = [UInt8](repeating: 0, count: 10_000_000)
    for index in stride(from: 0, to: graph.count, by: 2) { graph[index] = 0x0a }
    let error = try #require(failure(WireMessage().data(7, graph).bytes))
    #expect(error.message.contains("more than"), "\(error)")
  }

  @Test("Nodes that are not right name themselves")
  func nodes() throws {
    func failure(_ nodes: WireMessage..., opset: Int = 13) -> String {
      var graph = WireMessage.graph()
      for node in nodes { graph = graph.message(1, node) }
      return self.failure(WireMessage.file(graph, opset: opset))?.description ?? ""
    }
    let relu = WireMessage.node("Relu", ["x"], ["y"])
    #expect(failure(relu) == "")
    #expect(failure(relu, opset: 6).contains("opset 6 is too old"))
    #expect(failure(WireMessage.node("Rellu", ["x"], ["y"])).contains("did you mean Relu?"))
    let lstm = failure(
      WireMessage.node("LSTM", ["x"], ["h"]), WireMessage.node("Scan", ["h"], ["i"]),
      WireMessage.node("LSTM", ["i"], ["y"]))
    #expect(lstm.contains("node 'LSTM_0' (LSTM): operator LSTM is not supported"))
    #expect(lstm.contains("(3 nodes are not: LSTM, Scan)") && lstm.contains("unroll"))
    let trees = WireMessage.node("TreeEnsemble", ["x"], ["y"], domain: "ai.onnx.ml")
    #expect(failure(trees).contains("only neural networks"))
    let unknown = WireMessage.node("Gelu", ["x"], ["y"])
    #expect(failure(unknown) == "")
    #expect(failure(WireMessage.node("Concat", ["x"], ["y"])).contains("'axis' is missing"))
    let alpha = WireMessage().text(1, "alpha").integer(3, 1).integer(20, 2)
    let leaky = WireMessage.node("LeakyRelu", ["x"], ["y"]).message(5, alpha)
    #expect(failure(leaky).contains("of kind int, where float is needed"))
    #expect(failure(relu.message(5, alpha)).contains("has no attribute 'alpha'"))
    #expect(failure(leaky.message(5, alpha)).contains("given twice"))
    // Found by fuzzing: more results than the operator has.
    let graph = WireMessage.graph()
      .message(1, WireMessage.node("TopK", ["x", "x"], ["y", "", "", "s"]))
      .message(1, WireMessage.node("Relu", ["s"], ["t"]))
    #expect(throws: NetworkError.self) {
      try ONNXFile.network(bytes: WireMessage.file(graph, opset: 13), folder: nil).typed(
        ShapeBinding(shapes: ["x": [1, 3]]))
    }
  }

  @Test("Newer opsets than known are read with a warning")
  func newerOpset() throws {
    let relu = WireMessage.graph(WireMessage.node("Relu", ["x"], ["y"]))
    let network = try ONNXFile.network(bytes: WireMessage.file(relu, opset: 99), folder: nil)
    #expect(network.warnings.count == 1 && network.warnings[0].contains("opset 99"))
    #expect(network.inputs == [Declaration("x", .float32, [.named("batch"), .fixed(3)])])
    #expect(network.nodes.map(\.name) == ["Relu_0"])
  }

  @Test("Values inside of functions stay apart though nodes have the same name")
  func functionsOfOneName() throws {
    let body = WireMessage().text(1, "F").text(10, "f").text(4, "a").text(5, "b")
      .message(9, WireMessage().text(1, "").integer(2, 13))
      .message(7, WireMessage.node("Relu", ["a"], ["t"]))
      .message(7, WireMessage.node("Neg", ["t"], ["b"]))
    let graph = WireMessage.graph(
      WireMessage.node("F", ["x"], ["z"], domain: "f").text(3, "same"),
      WireMessage.node("F", ["z"], ["y"], domain: "f").text(3, "same"))
    let bytes = WireMessage.file(graph) + WireMessage().message(25, body).bytes
    let network = try ONNXFile.network(bytes: bytes, folder: nil).sorted()
    #expect(network.nodes.map(\.outputs) == [["same.t"], ["z"], ["same_2.t"], ["y"]])
    #expect(network.nodes.map(\.name).count == Set(network.nodes.map(\.name)).count)
  }

  @Test("Functions that contain each other end")
  func functions() throws {
    func function(_ name: String, calls: Int, of inner: String) -> WireMessage {
      var function = WireMessage().text(1, name).text(10, "f").text(4, "a").text(5, "b")
        .message(9, WireMessage().text(1, "").integer(2, 13))
      for index in 0..<calls {
        function = function.message(
          7, WireMessage.node(inner, ["a"], ["b\(index)"], domain: "f"))
      }
      return function
    }
    let graph = WireMessage.graph(WireMessage.node("F0", ["x"], ["y"], domain: "f"))
    let itself =
      WireMessage.file(graph) + WireMessage().message(25, function("F0", calls: 1, of: "F0")).bytes
    #expect(failure(itself)?.message.contains("deep") == true)
    // Ten calls of ten calls of …
    var many = WireMessage.file(graph)
    for index in 0..<12 {
      many += WireMessage().message(25, function("F\(index)", calls: 10, of: "F\(index + 1)")).bytes
    }
    #expect(failure(many)?.message.contains("65536 nodes") == true)
  }
}

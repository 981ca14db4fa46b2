import Foundation
import TestSupport
import Testing

@Suite("flecsim network, quantize")
struct NetworkCommandTests {
  @Test("The layer table has shapes, counts and sums")
  func table() throws {
    let ending = try Tool().run("network", "lenet5")
    #expect(ending.code == 0, "\(ending.errors)")
    let conv2 = try #require(ending.output.split(separator: "\n").first { $0.contains("conv2 ") })
    for word in ["Conv", "1×6×14×14", "1×16×10×10", "5×5", "240\u{202f}000", "2\u{202f}400", "16"] {
      #expect(conv2.contains(word), "\(word) in \(conv2)")
    }
    #expect(ending.output.contains("multiply-accumulates   416\u{202f}520"))
    let batch = try Tool().run("network", "lenet5", "--batch", "3", "--format", "csv")
    #expect(batch.output.contains("conv1,Conv"), "\(batch.output)")
    #expect(batch.output.contains("352800"), "three times the MACs: \(batch.output)")
  }

  @Test("JSON is JSON")
  func json() throws {
    let ending = try Tool().run("network", "mlp", "--format", "json")
    let object = try JSONSerialization.jsonObject(with: Data(ending.output.utf8))
    let table = try #require(object as? [String: Any])
    let totals = try #require(table["totals"] as? [String: Any])
    #expect(totals["macs"] as? Int == 535_040)
  }

  @Test("An exported network is read again and gives the same values")
  func export() throws {
    let tool = try Tool()
    for arguments in [
      ["network", "lenet5", "--export", "l.onnx"],
      ["network", "lenet5", "--samples", "images", "--count", "2"],
      ["network", "l.onnx", "--reference", "--input", "images/1.npy", "--output", "a.npy"],
      [
        "network", "lenet5", "--reference", "--sample", "1", "--output", "fc3=b.npy", "--output",
        "conv2=c.npy",
      ],
    ] {
      let ending = try ChildProcess.run(
        Tool.executable, arguments, directory: tool.folder,
        environment: ["FLECSIM_HOME": Tool.project])
      #expect(ending.code == 0, "\(arguments): \(ending.errors)")
    }
    let (a, b) = (try tool.bytes("a.npy"), try tool.bytes("b.npy"))
    #expect(a == b)
    #expect(a.count == 128 + 40)
    #expect(try tool.bytes("c.npy").count == 128 + 4 * 16 * 100)
  }

  @Test("A quantised network classifies as before")
  func quantise() throws {
    let tool = try Tool()
    #expect(try tool.run("network", "lenet5", "--samples", "images", "--count", "5").code == 0)
    let quantised = try tool.run(
      "quantize", "lenet5", "--calibrate", "images", "--output", "q.onnx")
    #expect(quantised.code == 0, "\(quantised.errors)")
    for arithmetic in ["onnxruntime", "arrays"] {
      let ending = try tool.run(
        "network", "q.onnx", "--reference", "--input", "images/0.npy", "--arithmetic", arithmetic)
      #expect(ending.output.contains("greatest at 8"), "\(ending.output)\(ending.errors)")
    }
    // The same samples in one file.
    let single = try tool.run(
      "quantize", "lenet5", "--calibrate", "images/0.npy", "--output", "q1.onnx")
    #expect(single.code == 0, "\(single.errors)")
  }

  @Test(
    "Mistakes are told with a suggestion, and nothing is written",
    arguments: [
      (["network", "resnet35"], 65, "did you mean 'resnet34'?"),
      (["network", "missing.onnx"], 65, "missing.onnx: error: No such file"),
      (["network", "bad.onnx"], 65, "bad.onnx: error: "),
      (["network", "empty.onnx"], 65, "empty.onnx: error: "),
      (["network", "notes.txt"], 65, "expected a file ending in .onnx, .cfg or .csv"),
      (["network"], 64, "name a network"),
      (["network", "lenet5", "--batch", "0"], 64, "--batch is at least 1"),
      (["network", "lenet5", "--dimension", "bach=2"], 65, "did you mean 'batch'?"),
      (["network", "lenet5", "--shape", "image=1x3x28x28"], 65, "axis 1"),
      (["network", "lenet5", "--shape", "image=axb"], 64, "no shape"),
      (["network", "lenet5", "--reference", "--input", "bad.npy"], 65, "bad.npy"),
      (["network", "lenet5", "--input", "x.npy"], 64, "--reference"),
      (
        ["network", "lenet5", "--reference", "--output", "fc4=y.npy"], 65,
        "did you mean 'fc3'?"
      ),
      (["network", "lenet5", "--reference", "--output", "none/y.npy"], 74, "none/y.npy"),
      (["network", "lenet5", "--reference", "--sample", "100"], 64, "100 samples"),
      (["network", "bad.cfg"], 65, "bad.cfg:1:1: error: "),
      (["network", "lenet5", "--weights", "w"], 64, "Darknet"),
      (["quantize", "lenet5", "--calibrate", "nowhere", "--output", "q.onnx"], 65, "nowhere"),
      (["quantize", "lenet5", "--calibrate", ".", "--output", "q.onnx"], 65, "bad.npy"),
      (["quantize", "lenet5", "--output", "none/q.onnx"], 74, "none/q.onnx"),
    ] as [([String], Int32, String)])
  func mistakes(arguments: [String], code: Int32, message: String) throws {
    let tool = try Tool()
    try tool.write("no protobuf at all", to: "bad.onnx")
    try tool.write("", to: "empty.onnx")
    try tool.write("a network", to: "notes.txt")
    try tool.write("\u{93}NUMPY nothing", to: "bad.npy")
    try tool.write("[nte]\n", to: "bad.cfg")
    let before = try FileManager.default.contentsOfDirectory(atPath: tool.folder).sorted()
    let ending = try ChildProcess.run(
      Tool.executable, arguments, directory: tool.folder,
      environment: ["FLECSIM_HOME": Tool.project])
    #expect(ending.code == code, "\(ending.errors)")
    #expect(ending.errors.contains(message), "\(ending.errors)")
    #expect(!ending.wasSignalled)
    #expect(try FileManager.default.contentsOfDirectory(atPath: tool.folder).sorted() == before)
  }
}

extension Tool {
  func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(filePath: "\(folder)/\(name)"))
  }
}

import Foundation
import Reports
import TestSupport
import Testing

/// A network on a SoC of Configs/npu.
struct NetworkOnSoC: Sendable, CustomTestStringConvertible {
  let soc: String
  let network: String
  var testDescription: String { "\(network) on \(soc)" }

  static let all = [
    NetworkOnSoC(soc: "os-8x8", network: "lenet5-int8"),
    NetworkOnSoC(soc: "ws-8x8", network: "lenet5-int8"),
    NetworkOnSoC(soc: "os-64x64", network: "lenet5-int8"),
    NetworkOnSoC(soc: "ws-32x32", network: "lenet5-int8"),
    NetworkOnSoC(soc: "embedded", network: "lenet5-int8"),
    NetworkOnSoC(soc: "dual", network: "lenet5-int8"),
    NetworkOnSoC(soc: "cpu", network: "lenet5-int8"),
    NetworkOnSoC(soc: "os-fp32-8x8", network: "lenet5"),
    NetworkOnSoC(soc: "os-fp32-16x16", network: "small.cfg"),
    NetworkOnSoC(soc: "cpu", network: "small.cfg"),
    NetworkOnSoC(soc: "os-16x16", network: "small-int8"),
    NetworkOnSoC(soc: "ws-16x16", network: "small-int8"),
    NetworkOnSoC(soc: "embedded", network: "small-int8"),
    NetworkOnSoC(soc: "dual", network: "small-int8"),
  ]
}

@Suite("flecsim run --network")
struct NetworkRunTests {
  /// Strides, residual sums of both kinds, leaky and plain units, pooling, a concatenation, a global average.
  private static let small = """
    [net]
    height=20
    width=20
    channels=3
    [convolutional]
    filters=12
    size=3
    stride=2
    pad=1
    activation=leaky
    [convolutional]
    filters=12
    size=3
    stride=1
    pad=1
    activation=relu
    [shortcut]
    from=-2
    activation=linear
    [convolutional]
    filters=20
    size=1
    stride=1
    activation=leaky
    [route]
    layers=-1,-2
    [maxpool]
    size=2
    stride=2
    [convolutional]
    filters=10
    size=5
    stride=1
    pad=1
    activation=linear
    [avgpool]
    [softmax]

    """

  private func soc(_ name: String) -> String { Tool.config("npu/\(name)") }

  /// A working folder with the networks in it.
  private func tool() throws -> Tool {
    let tool = try Tool()
    try tool.write(Self.small, to: "small.cfg")
    return tool
  }

  private func network(_ name: String, _ tool: Tool) throws -> String {
    guard name.hasSuffix("-int8") else { return name }
    let source = name == "lenet5-int8" ? "lenet5" : "small.cfg"
    let samples = try tool.run("network", source, "--samples", "samples", "--count", "2")
    #expect(samples.code == 0, "\(samples.errors)")
    let ending = try tool.run(
      "quantize", source, "--calibrate", "samples", "--output", "\(name).onnx")
    #expect(ending.code == 0, "\(ending.errors)")
    return "\(name).onnx"
  }

  @Test("Outputs are those of the reference executor", arguments: NetworkOnSoC.all)
  func outputs(_ pair: NetworkOnSoC) throws {
    let tool = try tool()
    let ending = try tool.run(
      "run", soc(pair.soc), "--network", try network(pair.network, tool), "--check", "--quiet",
      "--results", "-", timeout: 600)
    #expect(ending.code == 0, "\(ending.output) \(ending.errors)")
    #expect(ending.errors.contains("equal those of the reference executor"))
  }

  @Test("LeNet-5 classifies a batch of images on the SoC as on the host")
  func accuracy() throws {
    let tool = try tool()
    let name = try network("lenet5-int8", tool)
    let batch = ["--batch", "20"]
    let host = try ChildProcess.run(
      Tool.executable,
      [
        "network", name, "--reference", "--arithmetic", "arrays", "--sample", "0", "--output",
        "h.npy",
      ]
        + batch,
      directory: tool.folder, environment: ["FLECSIM_HOME": Tool.project], timeout: 300)
    #expect(host.code == 0, "\(host.errors)")
    let run = try ChildProcess.run(
      Tool.executable,
      ["run", soc("os-16x16"), "--network", name, "--output", "s.npy", "--quiet", "--results", "-"]
        + batch, directory: tool.folder, environment: ["FLECSIM_HOME": Tool.project], timeout: 600)
    #expect(run.code == 0, "\(run.errors)")
    #expect(try tool.bytes("h.npy") == tool.bytes("s.npy"))
  }

  @Test("A plan is saved, fed back, and changed")
  func plan() throws {
    let tool = try tool()
    let name = try network("lenet5-int8", tool)
    let soc = soc("os-8x8")
    let first = try tool.run(
      "run", soc, "--network", name, "--save-plan", "plan.json", "--quiet", "--results", "a")
    #expect(first.code == 0, "\(first.errors)")
    let again = try tool.run(
      "run", soc, "--network", name, "--plan", "plan.json", "--quiet", "--results", "b")
    #expect(again.code == 0, "\(again.errors)")
    #expect(try tool.record("a").digest == tool.record("b").digest)
    let plan = try tool.text("plan.json")
    try tool.write(
      plan.replacing(
        /"on": "array", "fused": \["conv1[^\]]*\]/, with: "\"on\": \"array\", \"fused\": []"
      )
      .replacing("\"tile_rows\": 10", with: "\"tile_rows\": 4"), to: "edited.json")
    let edited = try tool.run(
      "run", soc, "--network", name, "--plan", "edited.json", "--check", "--quiet", "--results", "c"
    )
    #expect(edited.code == 0, "\(edited.errors)")
    #expect(try tool.record("c").digest != tool.record("a").digest)
    try tool.write(
      plan.replacing("\"on\": \"array\"", with: "\"on\": \"core\""), to: "core.json")
    let core = try tool.run(
      "run", soc, "--network", name, "--plan", "core.json", "--check", "--quiet", "--results", "-")
    #expect(core.code == 0, "\(core.errors)")
  }

  @Test(
    "Mistakes get one message, and nothing is written",
    arguments: [
      ("{\"layers\": [{\"name\": \"conv1\", \"tile_row\": 4}]}", "did you mean 'tile_rows'?"),
      ("{\"layers\": [{\"name\": \"conv9\"}]}", "did you mean 'conv"),
      ("{\"layers\": [{\"name\": \"conv1\", \"on\": \"aray\"}]}", "did you mean 'array'?"),
      ("{\"layers\": [{\"name\": \"conv1\", \"order\": 4}]}", "1:40: error: layers[0].order"),
      ("{\"layers\": [{\"name\": \"conv2\", \"input\": \"staged\"}]}", "lies on the chip"),
      (
        "{\"layers\": [{\"name\": \"fc1\", \"weights\": \"staged\", \"group_strips\": 15}]}",
        "bytes too many"
      ),
      ("{}", "'layers' is missing"),
    ])
  func mistakes(plan: String, message: String) throws {
    let tool = try tool()
    let name = try network("lenet5-int8", tool)
    try tool.write(plan, to: "plan.json")
    let ending = try tool.run(
      "run", soc("os-8x8"), "--set", "memories.wgt.length=\"16 KiB\"", "--network", name, "--plan",
      "plan.json", "--results", "r")
    #expect(ending.code == 65, "\(ending.errors)")
    #expect(ending.errors.contains(message), "\(ending.errors)")
    #expect(!FileManager.default.fileExists(atPath: "\(tool.folder)/r"))
  }

  @Test("What does not fit says by how many bytes; firmware must be the runtime")
  func room() throws {
    let tool = try tool()
    let small = try tool.run(
      "run", soc("os-fp32-8x8"), "--set", "memories.dram.length=\"1 MiB\"", "--network", "mlp",
      "--results", "-")
    #expect(small.code == 65, "\(small.errors)")
    #expect(small.errors.contains("bytes too many"), "\(small.errors)")
    let other = try tool.run(
      "run", Tool.config("hello"), "--network", "mlp", "--results", "-")
    #expect(other.code == 65)
    #expect(other.errors.contains("is not the network runtime"), "\(other.errors)")
    let usage = try tool.run("run", soc("os-8x8"), "--input", "x.npy")
    #expect(usage.code == 64)
  }

  @Test("The digest does not depend on waveforms, fidelity or the results folder")
  func digest() throws {
    let tool = try tool()
    let name = try network("small-int8", tool)
    func digest(_ arguments: [String], _ folder: String) throws -> String {
      let ending = try ChildProcess.run(
        Tool.executable,
        ["run", soc("os-8x8"), "--network", name, "--quiet", "--results", folder] + arguments,
        directory: tool.folder, environment: ["FLECSIM_HOME": Tool.project], timeout: 600)
      #expect(ending.code == 0, "\(ending.errors)")
      return try tool.record(folder).digest
    }
    let plain = try digest([], "a")
    #expect(try digest(["--waves"], "b") == plain)
    #expect(try digest(["--fidelity", "registers"], "c") == plain)
  }
}

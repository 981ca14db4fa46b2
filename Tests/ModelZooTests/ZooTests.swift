import Foundation
import ModelZoo
import NetworkFormats
import Networks
import Reference
import TestSupport
import Testing

/// Networks that take too long in a debug build are tested in the release build.
private enum Build {
  #if DEBUG
    static let isDebug = true
  #else
    static let isDebug = false
  #endif

  static let networks =
    isDebug ? ["lenet5", "mlp"] : ZooModel.all.map(\.name)
}

private let root = Oracle.root

@Suite("Networks that come with the tool")
struct ZooTests {
  /// Published counts: Tiny-Darknet and ResNet-34 in the thesis that the tool re-creates; the others as torchvision and
  /// the papers give them, weights of convolutions and linear layers without biases and normalisation.
  @Test(
    "Layer lists have the published counts",
    arguments: [
      ("lenet5", 416_520, 61_470), ("mlp", 535_040, 535_040),
      ("tiny-darknet", 491_524_096, 1_036_720), ("squeezenet1.1", 349_151_936, 1_231_552),
      ("mobilenetv2", 300_774_272, 3_469_760), ("resnet18", 1_814_073_344, 11_678_912),
      ("resnet34", 3_663_761_408, 21_779_648), ("resnet50", 4_089_184_256, 25_502_912),
      ("transformer-encoder", 109_051_904, 786_432),
    ])
  func counts(name: String, macs: Int, weights: Int) throws {
    let model = try #require(ZooModel.named(name))
    let network = try model.network(installation: root).typed().folded()
    let table = LayerTable(network)
    #expect(table.totals.macs == macs)
    #expect(table.totals.weights == weights)
  }

  @Test("The same seed gives the same weights, another one others")
  func seeds() throws {
    let model = try #require(ZooModel.named("mlp"))
    let first = try model.network(seed: 1, installation: nil).constants
    #expect(try model.network(seed: 1, installation: nil).constants == first)
    #expect(try model.network(seed: 2, installation: nil).constants != first)
  }

  @Test("Signals neither vanish nor grow", arguments: Build.networks)
  func signals(name: String) throws {
    let model = try #require(ZooModel.named(name))
    let typed = try model.network(installation: root).typed().folded()
    let input = try #require(try model.samples(1, installation: root).first)
    let values = try Executor(typed).run(input, keeping: Set(typed.types.keys))
    for node in typed.network.nodes where node.operator.name == "Conv" {
      let array = try #require(values[node.outputs[0]]?.array(of: Float.self))
      let square = array.reduce(0) { $0 + Double($1 * $1) } / Double(array.count)
      #expect((0.01...100).contains(square), "\(node.name): mean square \(square)")
    }
  }

  @Test(
    "fp32 networks agree with onnxruntime",
    .enabled(if: Oracle.isInstalled, "onnxruntime is not installed"))
  func singlePrecision() throws {
    try Oracle.withFolder { folder in
      for name in Build.networks {
        let model = try #require(ZooModel.named(name))
        let typed = try model.network(installation: root).typed()
        try Case(folder, name).write(
          typed, try #require(model.samples(1, installation: root).first))
      }
      try Oracle.run("ModelZooTests/Oracle/run_networks.py", [folder])
      for name in Build.networks {
        let model = try #require(ZooModel.named(name))
        let files = Case(folder, name)
        let typed = try model.network(installation: root).typed().folded()
        let ours = try files.run(typed)
        let theirs = try NumPyFile.tensor(path: "\(files.folder)/output.npy")
        #expect(ours.shape == theirs.shape)
        let left = try #require(ours.array(of: Float.self))
        let right = try #require(theirs.array(of: Float.self))
        let size = right.map(abs).max() ?? 0
        let difference = zip(left, right).map { abs($0 - $1) }.max() ?? 0
        #expect(difference <= 2e-5 * size, "\(name): \(difference) of \(size)")
      }
    }
  }

  @Test(
    "Quantised operators of whole networks equal onnxruntime bit by bit",
    .enabled(if: Oracle.isInstalled, "onnxruntime is not installed"))
  func quantised() throws {
    try Oracle.withFolder { folder in
      for name in Build.networks {
        let model = try #require(ZooModel.named(name))
        let samples = try model.samples(2, installation: root)
        let typed = try model.network(installation: root).typed().folded()
        let quantised = try Quantiser().quantise(typed, samples: samples)
        try Case(folder, name).write(try quantised.typed(), samples[1])
      }
      try Oracle.run("ModelZooTests/Oracle/run_networks.py", [folder])
      for name in Build.networks {
        let files = Case(folder, name)
        let imported = try ONNXFile.network(path: "\(files.folder)/model.onnx")
        let fused = try imported.typed().fusedQuantised()
        let ours = try files.run(fused)
        let theirs = try NumPyFile.tensor(path: "\(files.folder)/output.npy")
        if fused.network.nodes.last?.operator.name == "DequantizeLinear" {
          #expect(ours == theirs, "\(name)")
        } else {
          // Tiny-Darknet ends with a Softmax in fp32: its operand has the same bits, its exponentials are rounded.
          #expect(ours.shape == theirs.shape)
          let left = try #require(ours.array(of: Float.self))
          let right = try #require(theirs.array(of: Float.self))
          let isNear = zip(left, right).allSatisfy { abs($0 - $1) <= 1e-6 * abs($1) }
          #expect(isNear, "\(name)")
        }
      }
    }
  }

  @Test("The trained LeNet-5 classifies 99 of its 100 images, quantised too")
  func accuracy() throws {
    let model = try #require(ZooModel.named("lenet5"))
    let samples = try model.samples(100, installation: root)
    let labels = try HostBytes.read(root + "/Configs/lenet5/labels.bin")
    let typed = try model.network(installation: root).typed().folded()
    let quantised = try Quantiser().quantise(typed, samples: samples)
    for network in [typed, try quantised.typed().fusedQuantised()] {
      let executor = Executor(network)
      let output = try #require(network.network.outputs.first)
      let right = try zip(samples, labels).filter { sample, label in
        let result = try executor.run(sample)
        let logits = try #require(result[output]?.array(of: Float.self))
        return logits.firstIndex(of: logits.max() ?? 0) == Int(label)
      }
      #expect(right.count == 99)
    }
  }
}

/// The files of one network in the oracle's folder.
private struct Case {
  let folder: String

  init(_ parent: String, _ name: String) { folder = "\(parent)/\(name)" }

  func write(_ typed: TypedNetwork, _ input: [String: Tensor]) throws {
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    try ONNXFile.write(typed, to: "\(folder)/model.onnx")
    let tensor = try #require(input.values.first)
    try NumPyFile.write(tensor, to: "\(folder)/input.npy")
  }

  func run(_ typed: TypedNetwork) throws -> Tensor {
    let name = try #require(typed.network.inputs.first?.name)
    let input = try NumPyFile.tensor(path: "\(folder)/input.npy")
    let results = try Executor(typed).run([name: input])
    let output = try #require(typed.network.outputs.first)
    return try #require(results[output])
  }
}

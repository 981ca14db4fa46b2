internal import Diagnostics
internal import Foundation
internal import HostTools
internal import ModelZoo
internal import NetworkFormats
internal import Networks
internal import Reference
internal import SoC

/// A network as a user names it: a file, or one of those that come with the tool.
struct NetworkSource {
  /// The network as written.
  let network: Network
  /// Set for a network that comes with the tool.
  let model: ZooModel?
  /// What messages call it.
  let label: String

  /// Reads a file (by its suffix) or builds a network that comes with the tool.
  ///
  /// - Parameters:
  ///   - name: a path ending in .onnx, .cfg or .csv, or the name of a network.
  ///   - weights: a Darknet weights file; by default the .weights beside the .cfg.
  ///   - seed: of random weights.
  /// - Throws: `NetworkError`, `CommandFailure`.
  init(_ name: String, weights: String?, seed: UInt64) throws {
    label = name
    let suffix = (name as NSString).pathExtension.lowercased()
    if weights != nil, suffix != "cfg" {
      throw CommandFailure(.usage, "error: --weights goes with a Darknet configuration (.cfg)")
    }
    switch suffix {
    case "onnx":
      network = try ONNXFile.network(path: name)
      model = nil
    case "cfg":
      let beside = String(name.dropLast(4)) + ".weights"
      let found = weights ?? (FileManager.default.fileExists(atPath: beside) ? beside : nil)
      if let found {
        network = try DarknetFile.network(configuration: name, weights: found)
      } else {
        let random = RandomWeights(seed: seed)
        var made = try DarknetFile.network(configuration: name) { random.parameter($0, $1) }
        made.warnings.append("there is no weights file: random weights are used")
        network = made
      }
      model = nil
    case "csv":
      network = try ScaleSimTopology.network(path: name)
      model = nil
    case _:
      guard let model = ZooModel.named(name) else { throw Self.refusal(of: name) }
      network = try model.network(seed: seed, installation: InstallationFolder.find())
      self.model = model
    }
  }

  private static func refusal(of name: String) -> CommandFailure {
    if FileManager.default.fileExists(atPath: name) {
      return CommandFailure(
        .input,
        "\(name): error: not known as a network by its name; expected a file ending in .onnx, .cfg or .csv"
      )
    }
    let names = ZooModel.all.map(\.name)
    let near = Suggestion.nearest(to: name, among: names)
    return CommandFailure(
      .input,
      "error: '\(name)' is no network that comes with the tool and no .onnx, .cfg or .csv file; "
        + (near.map { "did you mean '\($0)'?" } ?? "there are \(names.joined(separator: ", "))"))
  }

  /// Sample inputs: what comes with the network, otherwise normally distributed numbers in the
  /// shapes of its inputs. Images fill a batch in their order; those that do not fill one are left out.
  func samples(_ count: Int, seed: UInt64, typed: TypedNetwork) throws -> [[String: Tensor]] {
    let installation = InstallationFolder.find()
    guard let input = typed.network.inputs.first, let type = typed.types[input.name],
      let batch = type.shape.first,
      let images = try model?.images(count * batch, installation: installation)
    else { return ZooModel.randomSamples(typed.inputDeclarations, count, seed: seed) }
    let arrays = images.compactMap { $0[input.name]?.array(of: Float.self) }
    return stride(from: 0, through: arrays.count - batch, by: max(batch, 1)).map { first in
      [input.name: Tensor(type.shape, Array(arrays[first..<first + batch].joined()))]
    }
  }
}

extension TypedNetwork {
  /// The inputs with their shapes.
  var inputDeclarations: [Declaration] {
    network.inputs.map { input in types[input.name].map { Declaration(input.name, $0) } ?? input }
  }
}

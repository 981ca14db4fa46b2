internal import ArgumentParser
internal import Foundation
internal import ModelZoo
internal import NetworkFormats
internal import Networks
internal import Reference
internal import SoC

/// `flecsim network`: reads a network, shows its layers, computes it.
struct NetworkCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "network",
    abstract: "Shows the layers of a neural network, or computes it with the reference executor.",
    discussion: """
      Reads ONNX, Darknet and SCALE-Sim files. The layer table has shapes, multiply-accumulates (MACs), \
      parameters and bytes. The reference executor gives the values that simulated hardware must give.

      EXAMPLES
        flecsim network --list                              networks that come with the tool
        flecsim network resnet34                            layers of a network
        flecsim network net.onnx --batch 4 --format csv
        flecsim network net.onnx --reference --input x.npy --output y.npy
        flecsim network net.onnx --reference --input a=a.npy --input b=b.npy --output conv3=c.npy
        flecsim network mobilenetv2 --export mobilenetv2.onnx
        flecsim network lenet5 --samples images --count 10  sample inputs as .npy files
      """)

  enum Format: String, ExpressibleByArgument, CaseIterable {
    case text
    case csv
    case json
    case scaleSim = "scale-sim"
  }

  @OptionGroup var network: NetworkOptions

  @Flag(help: "List the networks that come with the tool.")
  var list = false

  @Option(help: "How layers are printed.")
  var format: Format = .text

  @Flag(help: "Show also the nodes that only move data.")
  var all = false

  @Flag(
    help:
      "Show the nodes of the file, without merging batch normalisations and quantisation into products."
  )
  var asWritten = false

  @Option(help: ArgumentHelp("Write the network as an ONNX file.", valueName: "file"))
  var export: String?

  @Option(help: ArgumentHelp("Write sample inputs into this folder.", valueName: "folder"))
  var samples: String?

  @Option(help: "How many samples.")
  var count = 8

  @Flag(help: "Compute the network.")
  var reference = false

  @OptionGroup var execution: ExecutionOptions

  func validate() throws {
    if list { return }
    if network.name == nil {
      throw ValidationError("name a network: a file or one of 'flecsim network --list'")
    }
    if let export, !export.hasSuffix(".onnx") {
      throw ValidationError("--export '\(export)': the file is an ONNX file and ends in .onnx")
    }
    if !(1...1_000_000).contains(count) {
      throw ValidationError("--count is 1 to 1 000 000")
    }
    if !reference, !execution.isEmpty {
      throw ValidationError("--input, --output, --sample and --arithmetic go with --reference")
    }
  }

  func run() throws {
    try reporting {
      if list {
        StandardStream.print(Self.listing, terminator: "")
        return
      }
      let source = try network.source()
      for warning in source.network.warnings {
        StandardStream.note("\(source.label): warning: \(warning)")
      }
      do {
        try carryOut(source)
      } catch let error as NetworkError {
        throw error.in(file: source.label)
      }
    }
  }

  private func carryOut(_ source: NetworkSource) throws {
    let binding = try network.binding(source)
    if reference {
      // Inputs that are given say more about open dimensions.
      try execution.run(source, binding, seed: network.seed)
      if export == nil, samples == nil { return }
    }
    let typed = try source.network.typed(binding)
    if let export {
      try output { () throws(NetworkError) in try ONNXFile.write(typed, to: export) }
      StandardStream.print("wrote \(export)")
    }
    if let samples {
      try write(source.samples(count, seed: network.seed, typed: typed), to: samples)
    }
    if !reference, export == nil, samples == nil {
      try show(asWritten ? typed : try typed.folded().fusedQuantised(.asWritten))
    }
  }

  private func show(_ typed: TypedNetwork) throws {
    let text: String
    switch format {
    case .text: text = Networks.LayerTable(typed).text(all ? .all : .computing)
    case .csv: text = Networks.LayerTable(typed).csv
    case .json: text = try Networks.LayerTable(typed).json()
    case .scaleSim:
      let topology = try ScaleSimTopology.export(typed)
      for warning in topology.warnings { StandardStream.note("warning: \(warning)") }
      text = topology.text
    }
    StandardStream.print(text, terminator: "")
  }

  private static var listing: String {
    let width = ZooModel.all.map(\.name.count).max() ?? 0
    return ZooModel.all.map { model in
      let name = model.name.padding(toLength: width + 2, withPad: " ", startingAt: 0)
      return "\(name)\(model.weights.rawValue) weights  \(model.summary)\n"
    }.joined()
  }

  /// One file per sample, or a folder per sample when the network has several inputs.
  private func write(_ samples: [[String: Tensor]], to folder: String) throws {
    for (index, sample) in samples.enumerated() {
      let isSingle = sample.count == 1
      let place = isSingle ? folder : "\(folder)/\(index)"
      do {
        try FileManager.default.createDirectory(atPath: place, withIntermediateDirectories: true)
      } catch {
        throw CommandFailure(.output, "error: cannot make the folder \(place)")
      }
      for (name, tensor) in sample {
        let file = isSingle ? "\(index)" : name.replacing("/", with: "_")
        try output { () throws(NetworkError) in
          try NumPyFile.write(tensor, to: "\(place)/\(file).npy")
        }
      }
    }
    StandardStream.print("wrote \(samples.count) samples to \(folder)")
  }
}

/// Runs a body that writes; its failures have the exit code of lost results.
func output(_ body: () throws(NetworkError) -> Void) throws {
  do {
    try body()
  } catch {
    throw CommandFailure(.output, "\(error)")
  }
}

public import ArgumentParser
internal import Foundation
internal import ModelZoo
internal import NetworkFormats
internal import Networks
public import Reference
internal import SoC

/// `flecsim quantize`: post-training quantisation.
struct QuantizeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "quantize",
    abstract: "Turns an fp32 network into an int8 one, with ranges measured on samples.",
    discussion: """
      Weights and activations become int8, biases int32. Batch normalisations are folded first. What has no integer \
      form (Softmax, LayerNormalization, Gelu, …) stays in fp32.

      EXAMPLES
        flecsim quantize net.onnx --calibrate images --output q.onnx
        flecsim quantize net.onnx --calibrate images --output q.onnx --weights-scale tensor --scales power-of-two
        flecsim quantize resnet18 --output q.onnx          a network of the tool, with its own samples
      """)

  @OptionGroup var network: NetworkOptions

  @Option(
    help: ArgumentHelp(
      "Samples: a folder of .npy files (or of .npz files, or of folders with one .npy file per input), or one file with many "
        + "samples. Networks of the tool bring their own.", valueName: "folder"))
  var calibrate: String?

  @Option(help: ArgumentHelp("The quantised network.", valueName: "file"))
  var output: String

  @Option(
    help: "How many samples are used; by default all, or 8 where they are random numbers.")
  var count: Int?

  @Option(help: "One scale per output channel of a weight, or one for all of it.")
  var weightsScale: Quantiser.Weights = .perChannel

  @Option(
    help:
      "int8 with zero point 0 (symmetric, what the arrays want), int8 (signed) or uint8 (unsigned) with any zero point."
  )
  var activations: Quantiser.Activations = .symmetric

  @Option(help: "Any scales, or powers of two only.")
  var scales: Quantiser.Scales = .free

  @Option(
    help: ArgumentHelp(
      "How ranges follow from samples: minmax, mse, or a percentile such as 99.9.",
      valueName: "minmax|mse|percent"))
  var range = "minmax"

  @Option(
    help: ArgumentHelp(
      "Fused integer operators (qlinear), which have the same bits everywhere, or QuantizeLinear and DequantizeLinear "
        + "around fp32 operators (qdq), which most tools read."))
  var form: Quantiser.Form = .qlinear

  @Option(
    help: ArgumentHelp("A node that stays in fp32; may be repeated.", valueName: "node"))
  var exclude: [String] = []

  @Option(help: ArgumentHelp("Write the report as CSV.", valueName: "file"))
  var report: String?

  func validate() throws {
    if network.name == nil { throw ValidationError("name a network") }
    if let count, !(1...1_000_000).contains(count) {
      throw ValidationError("--count is 1 to 1 000 000")
    }
    if !output.hasSuffix(".onnx") {
      throw ValidationError("--output '\(output)': the file is an ONNX file and ends in .onnx")
    }
    _ = try measuredRange()
  }

  func run() throws {
    try reporting {
      let source = try network.source()
      for warning in source.network.warnings {
        StandardStream.note("\(source.label): warning: \(warning)")
      }
      do {
        try quantise(source)
      } catch let error as NetworkError {
        throw error.in(file: source.label)
      }
    }
  }

  private func quantise(_ source: NetworkSource) throws {
    let typed = try source.network.typed(try network.binding(source)).folded()
    let samples = try samples(source, typed)
    let quantiser = Quantiser(
      options: .init(
        weights: weightsScale, activations: activations, scales: scales,
        range: try measuredRange(), form: form, excluded: Set(exclude)))
    let result = try quantiser.quantiseReporting(typed, samples: samples)
    guard !result.report.rows.isEmpty else {
      let isQuantised = typed.network.nodes.contains { $0.operator.name.contains("Linear") }
      throw NetworkError(
        isQuantised
          ? "the network is quantised already"
          : "the network has no operator that can be quantised",
        file: source.label)
    }
    let quantised = try result.network.typed()
    if let report {
      try flecsim.output { () throws(NetworkError) in
        try HostBytes.write(Array(result.report.csv.utf8), to: report)
      }
    }
    try flecsim.output { () throws(NetworkError) in try ONNXFile.write(quantised, to: output) }
    StandardStream.print(result.report.text, terminator: "")
    let before = Networks.LayerTable(typed).totals.parameterBytes
    let after = Networks.LayerTable(quantised).totals.parameterBytes
    StandardStream.print("parameters: \(before) bytes, quantised \(after) bytes; wrote \(output)")
  }

  private func samples(
    _ source: NetworkSource, _ typed: TypedNetwork
  ) throws -> [[String: Tensor]] {
    if let calibrate {
      let samples = try CalibrationSamples(calibrate, for: typed).samples
      return Array(samples.prefix(count ?? samples.count))
    }
    guard let model = source.model else {
      throw CommandFailure(.usage, "error: --calibrate names a folder with samples of the input")
    }
    let isTrained = model.weights == .trained
    let samples = try source.samples(
      count ?? (isTrained ? 1_000 : 8), seed: network.seed, typed: typed)
    let kind = isTrained ? "its own" : "random numbers"
    StandardStream.note("calibrating on \(samples.count) samples, \(kind)")
    return samples
  }

  private func measuredRange() throws -> Quantiser.Range {
    switch range {
    case "minmax": return .minMax
    case "mse": return .meanSquaredError
    case _:
      guard let percent = Double(range), percent > 50, percent <= 100 else {
        throw ValidationError(
          "--range '\(range)': expected minmax, mse, or a percentile above 50 and at most 100")
      }
      return .percentile(percent)
    }
  }
}

extension Quantiser.Weights: ExpressibleByArgument {}
extension Quantiser.Activations: ExpressibleByArgument {}
extension Quantiser.Scales: ExpressibleByArgument {}
extension Quantiser.Form: ExpressibleByArgument {}

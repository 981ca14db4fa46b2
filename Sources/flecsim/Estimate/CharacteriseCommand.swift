internal import ArgumentParser
internal import Estimation
internal import Foundation
internal import Networks
internal import SoC

/// `flecsim characterise`: fits models to runs of single layers on a SoC.
struct CharacteriseCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "characterise",
    abstract: "Fits models to runs of single layers on a simulated SoC.",
    discussion: """
      Simulates sweeps and random layers on an array of the SoC and fits the refined roofline and the step-wise linear \
      model to their cycles. The fit is told nothing of the array; it prints the sides that it has found. \
      'flecsim estimate --fitted' takes the file.

      EXAMPLES
        flecsim characterise Configs/npu/os-16x16.json --output fitted.json
        flecsim estimate Configs/npu/os-16x16.json --network net.onnx --model step-wise --fitted fitted.json
      """)

  @Argument(help: "The description of the SoC.", completion: .file(extensions: ["json"]))
  var soc: String

  @Option(name: .customLong("set"), help: "Change a value: path=value. May be repeated.")
  var overrides: [String] = []

  @Option(help: ArgumentHelp("Which array; the first without it.", valueName: "name"))
  var array: String?

  @Option(help: "Where the fitted models go.")
  var output: String

  @Option(help: "The largest side of an array that is looked for.")
  var largestSide = 64

  @Option(help: "Random layers to which times are fitted.")
  var layers = 64

  func validate() throws {
    if output.isEmpty { throw ValidationError("--output is the path of a file") }
    if !(2...1024).contains(largestSide) { throw ValidationError("--largest-side is 2 to 1024") }
    if !(8...4096).contains(layers) { throw ValidationError("--layers is 8 to 4096") }
  }

  func run() throws {
    try reporting {
      let loading = EstimateLoading(try Installation.find())
      let description = try loading.description(soc, overrides: overrides)
      let simulation = NetworkSimulation(
        description: description, program: try loading.program(description))
      let benchmark = try LayerBenchmark(simulation, array: array)
      let models = try fit(benchmark, description)
      let text = try FittedFile.text(models)
      do {
        try text.write(toFile: output, atomically: true, encoding: .utf8)
      } catch {
        throw CommandFailure(.output, "error: cannot write \(output)")
      }
      StandardStream.print(Self.summary(models, of: benchmark, description), terminator: "")
    }
  }

  private func fit(
    _ benchmark: LayerBenchmark, _ description: SoCDescription
  ) throws -> [FittedModel] {
    let bytes = Double(benchmark.elementBytes)
    // With smaller products the firmware's work for a layer hides the array's. Extents that lie in
    // memory side by side show the width of the bus beside the sides of the array.
    let settings = FitSettings(
      largestSide: largestSide, sideCount: 3, bases: [256],
      training: SampleLayers.random(count: layers, seed: 1),
      heldOut: SampleLayers.random(count: max(8, layers / 2), seed: 2), activationBytes: bytes,
      weightBytes: bytes)
    let digest = FittedFile.digest(of: description)
    // Both fits ask for some of the same layers.
    let known = KnownCycles()
    let machine: (LayerShape) throws -> Double = { shape in
      if let cycles = known.cycles[shape] { return cycles }
      let cycles = try benchmark.cycles(of: shape)
      known.cycles[shape] = cycles
      Self.showProgress(known.cycles.count)
      return cycles
    }
    defer { Self.showProgress(nil) }
    return [
      try FittedModel.refinedRoofline(
        system: description.name, digest: digest, settings: settings, machine: machine),
      try FittedModel.stepwise(
        system: description.name, digest: digest, settings: settings, machine: machine),
    ]
  }

  /// Layers run so far, on a terminal; nil clears the line.
  private static func showProgress(_ count: Int?) {
    guard isatty(STDERR_FILENO) != 0 else { return }
    let text = count.map { "\r\($0) layers run" } ?? "\r\u{1B}[K"
    FileHandle.standardError.write(Data(text.utf8))
  }

  private static func summary(
    _ models: [FittedModel], of benchmark: LayerBenchmark, _ description: SoCDescription
  ) -> String {
    var table = PlainTable([
      "model", "runs", "pixels", "window", "filters", "mean error %", "worst %", "layers",
    ])
    func side(_ value: Int?) -> String { value.map(String.init) ?? "–" }
    for model in models {
      let name =
        switch model.form {
        case .refinedRoofline: "refined-roofline"
        case .stepwise: "step-wise"
        }
      table.add([
        name, "\(model.runs)", side(model.sides.pixels), side(model.sides.window),
        side(model.sides.filters),
        String(format: "%.2f", model.heldOut.meanAbsolutePercentage),
        String(format: "%.2f", model.heldOut.worstPercentage), "\(model.heldOut.count)",
      ])
    }
    return """
      \(description.name)  fitted to runs of layers on \(benchmark.arrayText)
      sides as the sweeps show them; errors on layers that nothing was fitted to


      """ + table.text(rightFrom: 1)
  }
}

/// Cycles of layers that were run.
private final class KnownCycles {
  var cycles: [LayerShape: Double] = [:]
}

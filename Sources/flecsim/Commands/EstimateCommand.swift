internal import ArgumentParser

/// `flecsim estimate`: the report of a run without the run.
struct EstimateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "estimate",
    abstract: "Estimates cycles, energy and area of a network on a SoC, without simulating.",
    discussion: """
      Maps the network as 'flecsim run --network' does and prints the same report, marked with the model and its \
      error; 'flecsim run' with the same arguments simulates.

      EXAMPLES
        flecsim estimate Configs/npu/os-16x16.json --network net.onnx
        flecsim estimate soc.json --network net.onnx --model roofline --format json
        flecsim estimate soc.json --network net.onnx --model all     every model, layer by layer
        flecsim estimate soc.json --network net.onnx --model step-wise --fitted fitted.json

      MODELS
      \(Self.models)
      """)

  private static let models = EstimationModels.list().map { model in
    "  \(model.name): \(model.summary)"
  }.joined(separator: "\n")

  @Argument(help: "The description of the SoC.", completion: .file(extensions: ["json"]))
  var soc: String

  @Option(
    help: ArgumentHelp(
      "The network: an ONNX, Darknet or SCALE-Sim file, or one that comes with the tool.",
      valueName: "network"))
  var network: String

  @Option(
    help: ArgumentHelp(
      "The model: \(EstimationModels.names); or 'all' for a table of all.", valueName: "name"))
  var model = EstimationModels.standard

  @Flag(help: "The cycles of every model side by side; the same as --model all.")
  var allModels = false

  @OptionGroup var options: EstimateOptions

  @Option(help: "Folder for the results, as those of a run; none without it.")
  var results: String?

  @Option(help: "Energy table: the name of one that comes with the tool, or a file.")
  var table: String?

  @Option(
    help: """
      Report: text, text-full, json, csv-actions, csv-counters, csv-states, accelergy; with all models \
      text, json or csv.
      """)
  var format = "text"

  /// Whether all models are compared.
  var isComparison: Bool { allModels || model == EstimationModels.all }

  func validate() throws {
    if results == "" { throw ValidationError("--results is the path of a folder, or '-' for none") }
    if isComparison, results != nil || table != nil {
      throw ValidationError("--results and --table go with one model")
    }
  }

  func run() throws {
    try reporting { try EstimateSession(self).run() }
  }
}

internal import ArgumentParser

/// A network that the SoC runs.
struct NetworkRunOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Run this network on the SoC: an ONNX, Darknet or SCALE-Sim file, or one that comes with the tool. The SoC's "
        + "firmware is the runtime (Firmware/network).", valueName: "network"))
  var network: String?

  @Option(
    help: ArgumentHelp(
      "An input as a .npy file, with its name where there are several; may be repeated. By default a sample.",
      valueName: "[name=]file"))
  var input: [String] = []

  @Option(
    help: ArgumentHelp(
      "Where an output goes as a .npy file, with its name where there are several; may be repeated.",
      valueName: "[name=]file"))
  var output: [String] = []

  @Option(
    help:
      "Take this sample as the input: one that comes with the network, otherwise random numbers (default 0)."
  )
  var sample: Int?

  @Option(
    help: ArgumentHelp(
      "Choices for layers: a plan as a run has saved it (plan.json in the results), edited.",
      valueName: "file"))
  var plan: String?

  @Option(help: ArgumentHelp("Save the plan to this file.", valueName: "file"))
  var savePlan: String?

  @Flag(help: "Print the plan and stop.")
  var planOnly = false

  @Flag(help: "Run every layer on the core.")
  var coreOnly = false

  @Flag(
    help:
      "Compare the outputs with the reference executor: bit by bit where they are integers, within 1e-4 of the largest number for fp32."
  )
  var check = false

  @OptionGroup var shapes: ShapeOptions

  func validate() throws {
    guard network == nil else { return }
    let given = [
      (!input.isEmpty, "--input"), (!output.isEmpty, "--output"), (sample != nil, "--sample"),
      (plan != nil, "--plan"), (savePlan != nil, "--save-plan"), (planOnly, "--plan-only"),
      (coreOnly, "--core-only"), (check, "--check"),
    ]
    if let (_, name) = given.first(where: \.0) {
      throw ValidationError("\(name) goes with --network")
    }
  }
}

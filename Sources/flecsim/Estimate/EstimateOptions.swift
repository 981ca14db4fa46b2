internal import ArgumentParser

/// Which network on which SoC is estimated, and how it is mapped.
struct EstimateOptions: ParsableArguments {
  @Option(name: .customLong("set"), help: "Change a value: path=value. May be repeated.")
  var overrides: [String] = []

  @Option(
    help: ArgumentHelp(
      "Choices for layers: a plan as a run has saved it (plan.json in the results), edited.",
      valueName: "file"))
  var plan: String?

  @Flag(help: "Every layer on the core.")
  var coreOnly = false

  @OptionGroup var shapes: ShapeOptions

  @Option(
    help: ArgumentHelp(
      "Models fitted to a SoC's runs: what 'flecsim characterise' has written.", valueName: "file"))
  var fitted: String?

  /// What is said about the mapping.
  var choices: MappingChoices { MappingChoices(plan: plan, coreOnly: coreOnly) }
}

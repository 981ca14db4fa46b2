internal import ArgumentParser
internal import SoC

/// `flecsim check`: finds all mistakes of a description without simulating.
struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check", abstract: "Validates a description and reports all its mistakes.")

  @Argument(help: "The description of the SoC.", completion: .file(extensions: ["json"]))
  var soc: String

  @Option(name: .customLong("set"), help: "Change a value: path=value. May be repeated.")
  var overrides: [String] = []

  func run() throws {
    try reporting {
      let installation = try Installation.find()
      let loaded = try SoCDescription.load(
        soc, overrides: overrides,
        options: LoadOptions(energyTables: installation.energyTables))
      printWarnings(loaded.warnings)
      let description = loaded.description
      print(
        "\(soc): ok: \(description.memories.count) memories, \(description.dmas.count) DMAs, "
          + "\(description.accelerators.count) accelerators, "
          + "\(description.peripherals.count) peripherals")
    }
  }
}

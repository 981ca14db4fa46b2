internal import ArgumentParser
internal import Energy
internal import SoC
internal import Telemetry

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
      try checkSystem(description, installation)
      StandardStream.print(
        "\(soc): ok: \(description.memories.count) memories, \(description.dmas.count) DMAs, "
          + "\(description.accelerators.count) accelerators, "
          + "\(description.peripherals.count) peripherals")
    }
  }

  /// What shows only in the built system: an executable that does not fit, a component without a price.
  private func checkSystem(_ description: SoCDescription, _ installation: Installation) throws {
    var program: Program?
    if case .image(let path)? = description.cpu?.firmware {
      program = try Program(path: description.resolve(path))
    }
    let tables = EnergyTables(installation: installation)
    let table = try tables.load(for: description)
    let system = try SystemBuilder(description, program: program).build()
    try tables.require(
      table, covers: system.registry.inventory(), node: description.energy.nodeNanometres,
      of: description)
  }
}

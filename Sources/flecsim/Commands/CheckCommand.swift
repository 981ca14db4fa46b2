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

  /// What shows only in the built system: a component without a price, and, as a warning because
  /// the firmware may be built later, an executable that does not fit.
  private func checkSystem(_ description: SoCDescription, _ installation: Installation) throws {
    let tables = EnergyTables(installation: installation)
    let table = try tables.load(for: description)
    let system =
      try systemWithFirmware(description) ?? SystemBuilder(description, program: nil).build()
    try tables.require(
      table, covers: system.registry.inventory(), node: description.energy.nodeNanometres,
      of: description)
  }

  /// The system with its executable; nil when there is none or, after a warning, when it is
  /// unusable.
  private func systemWithFirmware(_ description: SoCDescription) throws -> System? {
    guard let cpu = description.cpu, case .image(let path)? = cpu.firmware else { return nil }
    do {
      let program = try Program(path: description.resolve(path))
      return try SystemBuilder(description, program: program).build()
    } catch {
      guard case .program(let path, let reason) = error else { throw error }
      printWarnings([
        ConfigError(
          severity: .warning, position: cpu.origin.position(of: "cpu_firmware"),
          path: cpu.origin.path(of: "cpu_firmware"), message: "\(path): \(reason)")
      ])
      return nil
    }
  }
}

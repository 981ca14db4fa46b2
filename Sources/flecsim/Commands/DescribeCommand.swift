internal import ArgumentParser
internal import Reports
internal import SoC

/// `flecsim describe`: what a description says, as text and as a block diagram.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Prints memory map, clocks, modules and connections, and draws the block diagram.")

  @Argument(help: "The description of the SoC.", completion: .file(extensions: ["json"]))
  var soc: String

  @Option(name: .customLong("set"), help: "Change a value: path=value. May be repeated.")
  var overrides: [String] = []

  @Option(help: "Write the block diagram to this SVG file.")
  var svg: String?

  @Flag(help: "Print the registers of all kinds of devices as well.")
  var registers = false

  @Flag(help: "Print the effective configuration instead: all defaults resolved.")
  var effective = false

  func run() throws {
    try reporting {
      let installation = try Installation.find()
      let loaded = try SoCDescription.load(
        soc, overrides: overrides,
        options: LoadOptions(energyTables: installation.energyTables))
      printWarnings(loaded.warnings)
      if effective {
        StandardStream.print(loaded.description.effectiveJSON())
        return
      }
      let graph = SystemGraph(loaded.description)
      StandardStream.print(SystemListing(graph).text(Terminal.style), terminator: "")
      if registers {
        for (device, table) in DeviceRegisters.tables {
          StandardStream.print("\n## \(device)\n\n\(table)")
        }
      }
      if let svg {
        do {
          try HostFile.write(Array(BlockDiagram(graph).svg.utf8), to: svg)
        } catch {
          throw CommandFailure(.output, "error: \(svg): \(error)")
        }
      }
    }
  }
}

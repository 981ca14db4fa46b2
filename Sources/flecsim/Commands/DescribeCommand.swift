internal import ArgumentParser
internal import Reports
internal import SoC

/// `flecsim describe`: what a description says, as text and as a block diagram.
struct DescribeCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "describe",
    abstract: "Prints memory map, clocks, modules and connections, and draws the block diagram.")

  @Argument(
    help: "The description of the SoC; without it the default SoC.",
    completion: .file(extensions: ["json"]))
  var soc: String?

  @Option(name: .customLong("set"), help: "Change a value: path=value. May be repeated.")
  var overrides: [String] = []

  @Option(help: "Write the block diagram to this SVG file.")
  var svg: String?

  @Option(
    help: ArgumentHelp(
      """
      Write the device tree to this file: as a blob when its name ends in .dtb, otherwise as source; \
      '-' prints the source.
      """, valueName: "file"), completion: .file(extensions: ["dts", "dtb"]))
  var dumpDts: String?

  @Flag(help: "Print the registers of all kinds of devices as well.")
  var registers = false

  @Flag(help: "Print the effective configuration instead: all defaults resolved.")
  var effective = false

  func run() throws {
    try reporting {
      let installation = try Installation.find()
      let options = LoadOptions(energyTables: installation.energyTables)
      let loaded =
        if let soc {
          try SoCDescription.load(soc, overrides: overrides, options: options)
        } else {
          try SoCDescription.load(
            text: SoCDescription.defaultBareMetal(type: .riscv64).effectiveJSON(),
            file: "default SoC", overrides: overrides, options: options)
        }
      printWarnings(loaded.warnings)
      if let dumpDts {
        try writeDeviceTree(of: loaded.description, to: dumpDts)
        return
      }
      if effective {
        StandardStream.print(loaded.description.effectiveJSON())
        return
      }
      let graph = SystemGraph(loaded.description)
      StandardStream.print(SystemListing(graph).text(Terminal.style), terminator: "")
      if registers {
        for (device, table) in DeviceRegisters.external(of: loaded.description)
          + DeviceRegisters.tables
        {
          StandardStream.print("\n## \(device)\n\n\(table)")
        }
      }
      if let svg { try write(Array(BlockDiagram(graph).svg.utf8), to: svg) }
    }
  }

  private func writeDeviceTree(of description: SoCDescription, to path: String) throws {
    let root = SystemDeviceTree(description).root
    if path == "-" {
      StandardStream.print(DeviceTreeSource(root).text, terminator: "")
    } else if path.hasSuffix(".dtb") {
      try write(FlattenedDeviceTree(root).bytes, to: path)
    } else {
      try write(Array(DeviceTreeSource(root).text.utf8), to: path)
    }
  }

  private func write(_ bytes: [UInt8], to path: String) throws {
    do {
      try HostFile.write(bytes, to: path)
    } catch {
      throw CommandFailure(.output, "error: \(path): \(error)")
    }
  }
}

internal import Foundation
internal import HostTools
internal import Networks
internal import Reference
internal import SoC

/// From a description's file to what models look at; the same steps as those of a run.
struct EstimateLoading {
  private let installation: Installation

  init(_ installation: Installation) { self.installation = installation }

  /// Reads a description.
  func description(_ soc: String, overrides: [String]) throws -> SoCDescription {
    let options = LoadOptions(requiresCPU: true, energyTables: installation.energyTables)
    let loaded = try SoCDescription.load(soc, overrides: overrides, options: options)
    printWarnings(loaded.warnings)
    return loaded.description
  }

  /// Builds the network runtime, or reads the image that the description names.
  func program(_ description: SoCDescription) throws -> Program {
    let program = try firmware(description)
    try NetworkMapping.checkRuntime(program, of: description)
    return program
  }

  /// Builds the firmware, or reads the image that the description names.
  func firmware(_ description: SoCDescription) throws -> Program {
    switch description.cpu?.firmware {
    case .image(let path): return try Program(path: description.resolve(path))
    case .sources:
      let builder = FirmwareBuilder(
        description: description, halFolder: installation.halFolder,
        buildFolder: CacheFiles.standardFolder + "/firmware")
      return try Program(path: try builder.build())
    case nil:
      throw CommandFailure(.input, "error: \(description.name): cpu: no firmware")
    }
  }

  /// Maps a network and puts together what models look at.
  ///
  /// - Returns: what models look at, and remarks for the user.
  func context(
    _ name: String, _ options: EstimateOptions, on description: SoCDescription, program: Program
  ) throws -> (context: EstimateContext, remarks: [String]) {
    let source = try options.shapes.source(named: name)
    do {
      let typed = try source.network.typed(try options.shapes.binding(source))
        .fusedQuantised(.asWritten)
      let mapping = try NetworkMapping(
        typed, options.choices, on: description, program: program, leavesWeightsOut: true)
      let system = try SystemBuilder(description, program: program).build()
      return (
        try EstimateContext(mapping, system, program: program),
        source.network.warnings + mapping.remarks
      )
    } catch let error as NetworkError {
      throw error.in(file: source.label)
    }
  }
}

import Foundation
import SoC
import Testing

/// A system that comes with the tool: `Configs/NAME.json`.
struct Example: Hashable, Sendable, CustomTestStringConvertible {
  let name: String

  init(_ name: String) {
    self.name = name
  }

  var testDescription: String { name }

  /// Path of the file.
  var path: String { "\(Project.configs)/\(name).json" }

  /// Every system there is.
  static let all = Project.names(in: Project.configs, suffix: ".json").map(Example.init)

  /// The systems for neural networks; they run nothing by themselves.
  static let networks = Project.names(in: "\(Project.configs)/npu", suffix: ".json")
    .map { Example("npu/\($0)") }

  /// Names of systems that take minutes without optimisation.
  private static let long: Set = ["lenet5-100", "stream"]

  /// The systems that this build of the tests runs: all of them if it is optimised.
  static var runnable: [Example] {
    #if DEBUG
      all.filter { !long.contains($0.name) }
    #else
      all
    #endif
  }

  /// The systems that are run again and again under different circumstances.
  static var short: [Example] { all.filter { !long.contains($0.name) } }

  /// Loads the description with `overrides`, texts `path=value`.
  func load(_ overrides: [String] = []) throws -> SoCDescription {
    try SoCDescription.load(
      path, overrides: overrides, options: LoadOptions(requiresCPU: true)
    ).description
  }

  /// Builds the firmware of `description`, or finds it built.
  static func firmware(of description: SoCDescription) throws -> Program {
    let builder = FirmwareBuilder(
      description: description, halFolder: Project.hal, buildFolder: Project.build)
    return try Program(path: try builder.build())
  }
}

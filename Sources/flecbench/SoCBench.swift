internal import Foundation
internal import SoC

/// Whole systems: an example description with its firmware, from the first instruction to the exit.
enum SoCBench {
  /// What a run took.
  struct Rate {
    /// Simulated cycles of the fastest hardware clock per second of wall time.
    let cyclesPerSecond: Double
    /// Wall seconds of the simulation alone.
    let seconds: Double
  }

  /// Runs `Configs/NAME.json` below the folder in FLECSIM_HOME, or the current one.
  static func run(_ name: String, overrides: [String] = []) throws -> Rate {
    let root = ProcessInfo.processInfo.environment["FLECSIM_HOME"] ?? "."
    let description = try SoCDescription.load(
      "\(root)/Configs/\(name).json", overrides: overrides,
      options: LoadOptions(requiresCPU: true)
    ).description
    let elf = try FirmwareBuilder(
      description: description, halFolder: "\(root)/Firmware/hal",
      buildFolder: FileManager.default.temporaryDirectory.path + "/flecbench-\(getuid())"
    ).build()
    let system = try SystemBuilder(description, program: try Program(path: elf)).build()
    let start = ContinuousClock.now
    let end = system.run(limits: RunLimits())
    let seconds = start.duration(to: .now) / .seconds(1)
    guard end.exitCode == 0 else {
      throw SystemError.build(path: name, reason: end.reason)
    }
    return Rate(cyclesPerSecond: Double(system.cycles) / seconds, seconds: seconds)
  }
}

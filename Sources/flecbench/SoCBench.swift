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

  /// Two DMAs stream into an array of `side` × `side` elements, our model or RTL; the RTL is compiled
  /// before the clock starts.
  static func runStream(side: Int, inRTL: Bool) throws -> Rate {
    let array = "accelerators.array.fixed_args"
    var overrides = [
      "cpu.cpu_firmware.defines.STREAM_JOBS=256", "memories.sram.length=1048576",
      "crossbar.width_bits=\(8 * side)",
    ]
    for dma in ["dma_a", "dma_b", "dma_out"] {
      overrides.append("dmas.\(dma).port_size=\(8 * side)")
    }
    if inRTL {
      overrides += ["ROWS", "COLUMNS"].map { "\(array).parameters.\($0)=\(side)" }
      overrides += ["XDIM", "YDIM"].map { "\(array).defines.\($0)=\(side)" }
      overrides.append("\(array).defines.OUT_BITS=\(8 * side)")
    } else {
      overrides += ["XDIM", "YDIM"].map { "\(array).\($0)=\(side)" }
    }
    return try run(inRTL ? "rtl/stream" : "stream", overrides: overrides)
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

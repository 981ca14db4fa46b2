internal import ArgumentParser
internal import SoC

/// `flecsim run`: simulates a system and reports.
struct RunCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "run",
    abstract: "Runs firmware on a simulated SoC and reports values, cycles, energy and area.",
    discussion: """
      The description names everything; results go to its results folder (default results/NAME). Firmware \
      output appears on standard output, progress on standard error when that is a terminal.

      With --network the SoC runs a neural network: it is mapped to the SoC's arrays, DMAs and scratchpads, and the runtime \
      firmware carries the plan out.
      """)

  @Argument(
    help: "The description of the SoC; without it the default SoC (with --elf).",
    completion: .file(extensions: ["json"]))
  var soc: String?

  @Option(help: "The bare-metal program to run instead of the description's firmware.")
  var elf: String?

  @Option(name: .customLong("set"), help: "Change a value: path=value. May be repeated.")
  var overrides: [String] = []

  @OptionGroup(title: "NETWORKS")
  var networks: NetworkRunOptions

  @OptionGroup(title: "HARTS AND PROGRAMS")
  var harts: HartOptions

  @OptionGroup(title: "WATCHING THE PROGRAM")
  var observation: ObservationOptions

  @Flag(help: "Record waveforms as waves.vcd in the results folder.")
  var waves = false

  @Option(
    help: """
      Record waveforms only in these cycles of the fastest clock: FIRST:LAST, or 'firmware' to let the \
      marker block open the window.
      """)
  var waveWindow: String?

  @Option(help: "Stop after this many cycles of the fastest clock.")
  var cycleLimit: UInt64?

  @Option(help: "Stop after this many seconds.")
  var wallLimit: Double?

  @Option(help: "Model of the arrays: fast, or registers (every PE register in every cycle).")
  var fidelity: String?

  @Option(
    help: """
      Wait for GDB on this TCP port of 127.0.0.1 before the first instruction; 0 takes a free one and \
      prints it.
      """)
  var gdb: UInt16?

  @Option(help: "Folder for the results; '-' writes none.")
  var results: String?

  @Option(help: "Energy table: the name of one that comes with the tool, or a file.")
  var table: String?

  @Option(
    help: "Report: text, text-full, json, csv-actions, csv-counters, csv-states, accelergy.")
  var format = "text"

  @Flag(help: "Print only the firmware's output and the reason the run ended.")
  var quiet = false

  func validate() throws {
    if networks.network != nil, soc == nil {
      throw ValidationError(
        "--network needs a description of a SoC, for example Configs/npu/os-16x16.json")
    }
    if soc == nil, elf == nil {
      throw ValidationError("name a description (flecsim run soc.json) or a program (--elf FILE)")
    }
    if let wallLimit, !(wallLimit > 0 && wallLimit.isFinite) {
      throw ValidationError("--wall-limit is a positive number of seconds")
    }
    if results == "" { throw ValidationError("--results is the path of a folder, or '-' for none") }
    if let waveWindow { _ = try WaveWindow.Bounds(waveWindow) }
  }

  func run() throws {
    var code = ProcessExit.success.rawValue
    try reporting {
      code = try RunSession(self).run()
    }
    if code != 0 { throw ExitCode(code) }
  }
}

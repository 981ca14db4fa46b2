/// The tool's own exit codes. Firmware codes 1 to 255 pass through unchanged; the reason line tells
/// them apart.
public enum ProcessExit: Int32, Sendable, CaseIterable {
  /// Everything went well and every comparison was equal.
  case success = 0
  /// Wrong arguments.
  case usage = 64
  /// A configuration, firmware, table or data file is wrong or missing.
  case input = 65
  /// Firmware could not be built from source.
  case firmwareBuild = 66
  /// A result could not be written.
  case output = 74
  /// A plug-in or RTL halted or broke the rules, or a model and its RTL differ.
  case moduleFault = 119
  /// The limit of cycles or instructions was reached.
  case cycleLimit = 120
  /// The wall-clock limit was reached.
  case wallLimit = 121
  /// Deadlock: nothing scheduled, firmware not finished.
  case deadlock = 122
  /// A trap that the firmware could not handle.
  case unhandledTrap = 123
  /// The firmware exited with 0 but a memory area differs from its golden file.
  case mismatch = 124
  /// The firmware asked for a reset.
  case reset = 125
  /// Interrupted from the keyboard.
  case interrupted = 130

  /// One line for the table in the manual.
  public var meaning: String {
    switch self {
    case .success: "the firmware exited with 0 and every compared file is equal"
    case .usage: "wrong command-line arguments"
    case .input: "a configuration, firmware, energy table, data file or stored run is wrong"
    case .firmwareBuild: "the firmware could not be built from its sources"
    case .output: "a result could not be written"
    case .moduleFault:
      "a plug-in or RTL halted or broke the rules, or a model and its RTL differ"
    case .cycleLimit: "the limit of cycles or instructions was reached"
    case .wallLimit: "the wall-clock limit was reached"
    case .deadlock: "deadlock: nothing is scheduled and the firmware has not finished"
    case .unhandledTrap: "a trap that the firmware could not handle"
    case .mismatch: "the firmware exited with 0 but a memory area differs from its golden file"
    case .reset: "the firmware asked for a reset"
    case .interrupted: "interrupted by the user"
    }
  }
}

/// Section `simulation`: how to simulate, and when to stop.
public struct SimulationDescription: DeclaredSection {
  /// How accelerators do their arithmetic.
  public internal(set) var fidelity = Fidelity.fast
  /// Stop after this many cycles of the fastest clock; 0 for no limit.
  public internal(set) var cycleLimit: UInt64 = 0
  /// Stop after this many seconds of the host's time; 0 for no limit.
  public internal(set) var wallLimitSeconds = 0.0
  /// Folder for the results; nil when the command chooses.
  public internal(set) var results: String?
  /// Where the section stands.
  public internal(set) var origin = Origin()

  static let noun = "simulation"
  static let pluralNoun = "simulation"
  static let help = "How to simulate, and when to stop."
  static let fields: [Field<Self>] = [
    .defaulted(
      "fidelity", \.fidelity, .choice, default: .fast,
      "Arithmetic of a tile at once, or every register in every cycle; the results are the same."),
    .defaulted(
      "cycle_limit", \.cycleLimit, .integer(0...UInt64(Int64.max), unit: "cycles"), default: 0,
      "Stop after this many cycles of the fastest clock; 0 for no limit."),
    .defaulted(
      "wall_limit_s", \.wallLimitSeconds, .number(0...1e9, unit: "s"), default: 0,
      "Stop after this time on the host; 0 for no limit."),
    .optional(
      "results", \.results, .text("the path of a folder"), default: "chosen by the command",
      "Folder that receives the results."),
  ]
}

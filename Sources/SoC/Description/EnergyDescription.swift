/// Section `energy`: which table turns counts into energy and area.
public struct EnergyDescription: DeclaredSection {
  /// Name of a table that comes with the tool, or the path of one.
  public internal(set) var table = ""
  /// Technology node in nm to scale to; nil for the table's own.
  public internal(set) var nodeNanometres: Double?
  /// Where the section stands.
  public internal(set) var origin = Origin()

  /// Whether ``table`` is a path: it has a folder or ends in `.json`.
  public var isTableFile: Bool { table.contains("/") || table.hasSuffix(".json") }

  static let noun = "energy"
  static let pluralNoun = "energy"
  static let help = "Which table turns counts into energy and area."
  static let fields: [Field<Self>] = [
    .defaulted(
      "table", \.table, .text("the name of an energy table"), default: "aladdin-45nm",
      "Name of an energy table that comes with the tool, or the path of a file, which ends in "
        + ".json."),
    .optional(
      "node_nm", \.nodeNanometres, .number(1...250, unit: "nm"), default: "the table's own",
      "Technology node to scale to."),
  ]
}

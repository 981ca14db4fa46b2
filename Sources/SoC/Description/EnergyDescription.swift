/// Section `energy`: which table turns counts into energy and area.
public struct EnergyDescription: DeclaredSection {
  /// Name of the table.
  public internal(set) var table = ""
  /// Technology node in nm to scale to; nil for the table's own.
  public internal(set) var nodeNanometres: Double?
  /// Where the section stands.
  public internal(set) var origin = Origin()

  static let noun = "energy"
  static let pluralNoun = "energy"
  static let help = "Which table turns counts into energy and area."
  static let fields: [Field<Self>] = [
    .defaulted(
      "table", \.table, .text("the name of an energy table"), default: "aladdin-45nm",
      "Name of the energy table."),
    .optional(
      "node_nm", \.nodeNanometres, .number(1...250, unit: "nm"), default: "the table's own",
      "Technology node to scale to."),
  ]
}

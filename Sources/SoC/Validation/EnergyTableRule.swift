/// The energy table is one that the caller has.
struct EnergyTableRule: ValidationRule {
  func check(_ context: RuleContext) {
    let energy = context.description.energy
    guard let names = context.options.energyTables, energy.origin.isSound("table"),
      !names.contains(energy.table)
    else { return }
    let near = Suggestion.nearest(to: energy.table, among: names)
    context.collector.error(
      at: energy.origin.position(of: "table"), "energy.table",
      "no energy table is named '\(JSONValue.shortened(energy.table))'",
      expected: near == nil ? "one of \(names.joined(separator: ", "))" : nil, suggestion: near)
  }
}

internal import Diagnostics

/// The energy table is one that the caller has, or a file.
struct EnergyTableRule: ValidationRule {
  func check(_ context: RuleContext) {
    let energy = context.description.energy
    guard let names = context.options.energyTables, energy.origin.isSound("table"),
      !names.contains(energy.table)
    else { return }
    let position = energy.origin.position(of: "table")
    if energy.isTableFile {
      guard context.options.checksFiles,
        let problem = HostFile.problem(context.description.resolve(energy.table))
      else { return }
      context.collector.error(
        at: position, "energy.table", problem.message, expected: problem.expected,
        suggestion: problem.suggestion)
      return
    }
    let near = Suggestion.nearest(to: energy.table, among: names)
    context.collector.error(
      at: position, "energy.table",
      "no energy table is named '\(JSONValue.shortened(energy.table))'",
      expected: near == nil ? "one of \(names.joined(separator: ", "))" : nil, suggestion: near)
  }
}

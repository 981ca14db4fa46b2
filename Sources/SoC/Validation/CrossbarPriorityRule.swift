/// `priority` names initiators, each once, and matters only with fixed priority.
struct CrossbarPriorityRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    let crossbar = soc.crossbar
    guard crossbar.origin.isSound("priority"), !crossbar.priority.isEmpty else { return }
    let position = crossbar.origin.position(of: "priority")
    let path = crossbar.origin.path(of: "priority")
    let harts = soc.cpu?.hartNames ?? []
    let initiators = ["cpu"] + harts.filter { $0 != "cpu" } + soc.dmas.map(\.name)
    var unknown = UnknownNames(noun: "DMA")
    for (index, name) in crossbar.priority.enumerated() {
      let element = crossbar.origin.position(of: "priority[\(index)]")
      if !initiators.contains(name), soc.hasSoundNames("dmas") {
        unknown.add(name, at: element, "\(path)[\(index)]")
      } else if crossbar.priority[..<index].contains(where: {
        $0 == name || ($0 == "cpu" && harts.contains(name)) || (name == "cpu" && harts.contains($0))
      }) {
        context.collector.error(at: element, "\(path)[\(index)]", "'\(name)' is named twice")
      }
    }
    unknown.report(among: initiators, context.collector)
    if crossbar.origin.isSound("arbitration"), crossbar.arbitration != .fixedPriority {
      context.collector.warning(
        at: position, path, "has no effect with arbitration round_robin",
        expected: "fixed_priority")
    }
  }
}

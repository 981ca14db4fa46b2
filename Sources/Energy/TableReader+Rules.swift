extension TableReader {
  /// The `components` of a table.
  func rules(
    _ document: TableNode, entries: [String: EnergyEntry], citations: [String: Citation]
  ) -> [String: ComponentRule] {
    guard let list = required(document, "components", path: "") else { return [:] }
    var result: [String: ComponentRule] = [:]
    for member in members(list, path: "components") {
      let path = "components.\(member.key)"
      if result[member.key] != nil { report(member, path, "the class is repeated") }
      if member.node["sweep"] != nil {
        result[member.key] = sweepRule(member, path: path, citations: citations)
      } else {
        result[member.key] = termRule(member, path: path, entries: entries)
      }
    }
    return result
  }

  private func sweepRule(
    _ member: TableNode.Member, path: String, citations: [String: Citation]
  ) -> ComponentRule? {
    let node = member.node
    expectObject(node, path: path, known: ["sweep", "note"])
    guard let sweep = required(node, "sweep", path: path) else { return nil }
    let sweepPath = join(path, "sweep")
    expectObject(sweep, path: sweepPath, known: ["file", "cell", "source"])
    let note = optionalString(node, "note", path: path)
    guard let file = string(sweep, "file", path: sweepPath),
      let cell = string(sweep, "cell", path: sweepPath),
      let source = sourceReference(sweep, path: sweepPath, citations: citations)
    else { return nil }
    return ComponentRule(
      componentClass: member.key, actions: [:], hardware: [],
      sweep: ComponentRule.SweepReference(file: file, cell: cell, source: source), note: note)
  }

  private func termRule(
    _ member: TableNode.Member, path: String, entries: [String: EnergyEntry]
  ) -> ComponentRule? {
    let node = member.node
    expectObject(node, path: path, known: ["actions", "hardware", "note"])
    let note = optionalString(node, "note", path: path)
    var actions: [String: [CompositionTerm]] = [:]
    if let list = required(node, "actions", path: path) {
      for action in members(list, path: join(path, "actions")) {
        let actionPath = "\(path).actions.\(action.key)"
        actions[action.key] = terms(
          action.node, path: actionPath, entries: entries, quantities: [.energy], note: note)
      }
      if actions.isEmpty { report(list, join(path, "actions"), "the class has no action") }
    }
    var hardware: [CompositionTerm] = []
    if let list = required(node, "hardware", path: path) {
      hardware = terms(
        list, path: join(path, "hardware"), entries: entries, quantities: [.area], note: note)
      for (index, term) in hardware.enumerated() {
        checkLeakage(term, node: list, path: "\(path).hardware[\(index)]", entries: entries)
      }
    }
    return ComponentRule(
      componentClass: member.key, actions: actions, hardware: hardware, sweep: nil, note: note)
  }

  private func checkLeakage(
    _ term: CompositionTerm, node: TableNode, path: String, entries: [String: EnergyEntry]
  ) {
    let ways: [MeasuredQuantity] = [.leakage, .idle, .leakageDensity]
    let names = ways.map { "\(term.primitive).\($0.rawValue)" }
    if isFaulty("primitive", term.primitive) || names.contains(where: { isFaulty("entry", $0) }) {
      return
    }
    let given = names.filter { entries[$0] != nil }
    if given.isEmpty {
      let list = names.map { "'\($0)'" }.joined(separator: ", ")
      report(node, path, "no leakage: one of the entries \(list) is needed")
    } else if given.count > 1 {
      report(node, path, "ambiguous leakage: both '\(given[0])' and '\(given[1])'")
    }
  }

  private func terms(
    _ list: TableNode, path: String, entries: [String: EnergyEntry],
    quantities: [MeasuredQuantity], note: String?
  ) -> [CompositionTerm] {
    let elements = elements(list, path: path)
    if elements.isEmpty, case .array = list.value, note == nil {
      report(list, path, "costs nothing: the class needs a 'note' that says why")
    }
    return elements.enumerated().compactMap { index, element in
      term(element, path: "\(path)[\(index)]", entries: entries, quantities: quantities)
    }
  }

  private func term(
    _ node: TableNode, path: String, entries: [String: EnergyEntry],
    quantities: [MeasuredQuantity]
  ) -> CompositionTerm? {
    expectObject(
      node, path: path, known: ["primitive", "width_bits", "times", "override_attribute"])
    guard let primitive = string(node, "primitive", path: path) else { return nil }
    let width = node["width_bits"].flatMap { operand($0, path: join(path, "width_bits")) }
    var times: [RuleOperand] = []
    if let list = node["times"] {
      if case .array(let factors) = list.value {
        times = factors.enumerated().compactMap { operand($1, path: "\(path).times[\($0)]") }
      } else {
        times = [operand(list, path: join(path, "times"))].compactMap { $0 }
      }
    }
    for quantity in quantities {
      let name = "\(primitive).\(quantity.rawValue)"
      guard let entry = entries[name] else {
        if !isFaulty("entry", name), !isFaulty("primitive", primitive) {
          report(node["primitive"] ?? node, path, "there is no entry '\(name)'")
        }
        continue
      }
      if entry.needsWidth, node["width_bits"] == nil {
        report(node, path, "entry '\(name)' depends on the width: width_bits is missing")
      } else if !entry.needsWidth, node["width_bits"] != nil {
        report(node, path, "entry '\(name)' has no width_bits, so the term cannot have one")
      }
    }
    return CompositionTerm(
      primitive: primitive, width: width, times: times,
      overrideAttribute: optionalString(node, "override_attribute", path: path))
  }

  private func operand(_ node: TableNode, path: String) -> RuleOperand? {
    switch node.value {
    case .number:
      return positive(node, path: path).map { .number($0) }
    case .string(let text):
      if let operand = RuleOperand(text: text) { return operand }
      fallthrough
    default:
      report(node, path, "expected a number, an attribute or ceil_log2(attribute)")
      return nil
    }
  }
}

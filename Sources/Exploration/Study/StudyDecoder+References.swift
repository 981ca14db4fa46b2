internal import SoC

/// Published results beside which those of the study are put.
extension StudyDecoder {
  func references(_ root: JSONNode, _ parameters: [Study.Parameter]) -> [StudyReference] {
    let scope = ExpressionScope(parameters: parameters, hasMetrics: true)
    return elements(root, "references", of: "published results").compactMap { node in
      guard node.members != nil else {
        findings.mismatch(node, expected: "an object with what, theirs and a figure")
        return nil
      }
      let figures = ["best", "ratio", "count", "range"]
      checkKeys(node, ["what", "theirs", "remark", "agrees", "where"] + figures)
      let given = figures.filter { node[$0] != nil }
      guard given.count == 1, let kind = given.first, let value = node[kind] else {
        findings.error(
          node, given.isEmpty ? "no figure" : "several figures: \(given.joined(separator: ", "))",
          expected: "one of \(figures.joined(separator: ", "))")
        return nil
      }
      let condition = node["where"].flatMap { expression($0, scope, expecting: .truth) }
      let figure: StudyReference.Figure? =
        switch kind {
        case "best": metric(value).map { .best($0, where: condition) }
        case "range": metric(value).map { .range($0, where: condition) }
        case "count": expression(value, scope, expecting: .truth).map { .count($0) }
        default: ratio(value, parameters)
        }
      guard let figure else { return nil }
      return StudyReference(
        what: text(node, "what", isRequired: true) ?? "",
        theirs: text(node, "theirs", isRequired: true) ?? "", remark: text(node, "remark") ?? "",
        figure: figure, agreement: agreement(node["agrees"], kind, scope))
    }
  }

  private func metric(_ node: JSONNode) -> Metric? {
    guard let name = node.plainText else {
      findings.mismatch(node, expected: "the name of a metric")
      return nil
    }
    return metric(name, node.position, node.path)
  }

  private func ratio(
    _ node: JSONNode, _ parameters: [Study.Parameter]
  ) -> StudyReference.Figure? {
    checkKeys(node, ["metric", "of", "to"])
    guard let name = node["metric"], let above = node["of"], let below = node["to"] else {
      findings.mismatch(node, expected: "an object with metric, of and to")
      return nil
    }
    guard let metric = metric(name), let above = design(above, parameters),
      let below = design(below, parameters)
    else { return nil }
    return .ratio(metric, of: above, to: below)
  }

  /// A design by the values of all its parameters.
  private func design(_ node: JSONNode, _ parameters: [Study.Parameter]) -> Design? {
    guard node.members != nil else {
      findings.mismatch(node, expected: "an object with a value for each parameter")
      return nil
    }
    checkKeys(node, parameters.map(\.name))
    var genome: [Int] = []
    for parameter in parameters {
      guard let value = node[parameter.name] else {
        missing(parameter.name, in: node)
        return nil
      }
      guard let scalar = scalar(value), let position = parameter.values.firstIndex(of: scalar)
      else {
        let known = parameter.values.prefix(12).map(\.description).joined(separator: ", ")
        findings.mismatch(value, expected: "a value of the parameter: \(known)")
        return nil
      }
      genome.append(position)
    }
    return Design(genome: genome)
  }

  private func agreement(
    _ node: JSONNode?, _ kind: String, _ scope: ExpressionScope
  ) -> StudyReference.Agreement? {
    guard let node else { return nil }
    if kind == "best" {
      return expression(node, scope, expecting: .truth).map { .design($0) }
    }
    let bounds = node.elements?.compactMap { number($0) } ?? []
    guard bounds.count == 2, bounds[0] <= bounds[1], kind != "range" else {
      findings.error(
        node, "found \(node.value.summary)",
        expected: kind == "range" ? "no agreement with a range" : "two bounds, such as [4, 8]")
      return nil
    }
    return .bounds(bounds[0]...bounds[1])
  }
}

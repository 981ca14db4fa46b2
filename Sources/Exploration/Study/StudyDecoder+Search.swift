internal import Diagnostics
internal import SoC

/// What is wanted, and how it is looked for.
extension StudyDecoder {
  // MARK: Objectives

  func objectives(_ root: JSONNode) -> [Study.Objective] {
    guard let node = root["objectives"] else {
      missing("objectives", in: root, expected: "at least one metric")
      return []
    }
    var result: [Study.Objective] = []
    if let elements = node.elements {
      for element in elements {
        guard let name = element.plainText else {
          findings.mismatch(element, expected: "the name of a metric")
          continue
        }
        guard let metric = metric(name, element.position, element.path) else { continue }
        if result.contains(where: { $0.metric == metric }) {
          findings.error(element, "the objective '\(name)' stands here twice")
        } else {
          result.append(Study.Objective(metric: metric, isMaximised: metric.isBetterLarger))
        }
      }
    } else if let members = node.members {
      for member in members {
        if let metric = metric(member.key, member.keyPosition, member.node.path) {
          result.append(objective(metric, member.node))
        } else {
          _ = objective(.cycles, member.node)
        }
      }
    } else {
      findings.mismatch(node, expected: "a list of metrics, or an object of them")
      return []
    }
    if node.elements?.isEmpty ?? node.members?.isEmpty ?? false {
      findings.error(node, "no objectives", expected: "at least one metric")
    }
    return result
  }

  func metric(_ name: String, _ position: SourcePosition, _ path: String) -> Metric? {
    if let metric = Metric(rawValue: name) { return metric }
    let names = Metric.allCases.map(\.rawValue)
    findings.error(
      at: position, path, "no metric '\(name)'",
      expected: "one of \(names.joined(separator: ", "))",
      suggestion: Suggestion.nearest(to: name, among: names))
    return nil
  }

  private func objective(_ metric: Metric, _ node: JSONNode) -> Study.Objective {
    var objective = Study.Objective(metric: metric, isMaximised: metric.isBetterLarger)
    if node.plainText != nil {
      objective.isMaximised = isMaximised(node) ?? objective.isMaximised
      return objective
    }
    guard node.members != nil else {
      findings.mismatch(
        node, expected: "\"minimise\", \"maximise\", or an object with direction and weight")
      return objective
    }
    checkKeys(node, ["direction", "weight"])
    if let direction = node["direction"] {
      objective.isMaximised = isMaximised(direction) ?? objective.isMaximised
    }
    if let weight = node["weight"], let value = number(weight) {
      if value > 0 {
        objective.weight = value
      } else {
        findings.error(
          weight, "the weight is \(weight.value.summary)", expected: "a number above 0")
      }
    }
    return objective
  }

  private func isMaximised(_ node: JSONNode) -> Bool? {
    switch node.plainText {
    case "minimise", "minimize": return false
    case "maximise", "maximize": return true
    default:
      findings.error(
        node, "found \(node.value.summary)", expected: "\"minimise\" or \"maximise\"",
        suggestion: node.plainText.flatMap {
          Suggestion.nearest(to: $0, among: ["minimise", "maximise"])
        })
      return nil
    }
  }

  // MARK: Search

  func search(_ root: JSONNode) -> Study.Search {
    guard let node = root["search"] else { return .exhaustive }
    let names = ["exhaustive", "random", "nsga2"]
    let choice = node.members.flatMap { $0.count == 1 ? $0[0] : nil }
    let name = node.plainText ?? choice?.key
    guard let name, names.contains(name) else {
      findings.error(
        at: choice?.keyPosition ?? node.position, node.path,
        name.map { "no search '\($0)'" } ?? "found \(node.value.summary)",
        expected: "\"exhaustive\", { \"random\": … } or { \"nsga2\": … }",
        suggestion: name.flatMap { Suggestion.nearest(to: $0, among: names) })
      return .exhaustive
    }
    // Without settings all are left to their defaults.
    let settings =
      choice?.node ?? JSONNode(value: .object([]), position: node.position, path: node.path)
    guard settings.members != nil else {
      findings.mismatch(settings, expected: "an object with the settings of the search")
      return .exhaustive
    }
    switch name {
    case "random":
      checkKeys(settings, ["samples", "seed"])
      let samples = integer(settings, "samples", 1...(.max), fallback: nil)
      return .random(samples: samples ?? 1, seed: seed(settings))
    case "nsga2":
      checkKeys(settings, ["population", "generations", "seed"])
      let population = integer(settings, "population", 4...100_000, fallback: 40)
      let generations = integer(settings, "generations", 1...(.max), fallback: 25)
      return .nsga2(
        population: population ?? 40, generations: generations ?? 25, seed: seed(settings))
    default:
      checkKeys(settings, [])
      return .exhaustive
    }
  }

  // MARK: Stages

  func stages(_ root: JSONNode) -> [Study.Stage] {
    guard let node = root["stages"] else { return [Study.Stage(model: Study.Stage.cycles)] }
    guard let elements = node.elements else {
      findings.mismatch(node, expected: "a list of models")
      return []
    }
    if elements.isEmpty { findings.error(node, "no stages", expected: "at least one model") }
    var seen: Set<String> = []
    return elements.compactMap { element in
      guard let stage = stage(element) else { return nil }
      if !seen.insert(stage.model).inserted {
        findings.error(element, "the model '\(stage.model)' is a stage twice")
      }
      return stage
    }
  }

  private func stage(_ node: JSONNode) -> Study.Stage? {
    var place = node
    if node.members != nil {
      checkKeys(node, ["model", "keep", "error"])
      guard let model = node["model"] else {
        missing("model", in: node)
        return nil
      }
      place = model
    }
    guard let model = place.plainText else {
      findings.mismatch(
        place, expected: "the name of a model, or an object with model, keep and error")
      return nil
    }
    if !models.contains(model) {
      findings.error(
        place, "no model '\(model)'", expected: "one of \(models.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: model, among: models))
    }
    var stage = Study.Stage(model: model)
    if node["keep"] != nil { stage.keep = integer(node, "keep", 1...(.max), fallback: nil) }
    if let error = node["error"], let value = number(error) {
      if value >= 0, value < 1 {
        stage.error = value
      } else {
        findings.error(
          error, "the error is \(error.value.summary)",
          expected: "a share from 0 to below 1; 0.05 is 5 %")
      }
    }
    return stage
  }
}

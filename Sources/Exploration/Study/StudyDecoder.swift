internal import Diagnostics
internal import Foundation
internal import SoC

/// Decodes the sections of a study file and gathers what is wrong with them.
struct StudyDecoder {
  static let keys = [
    "name", "title", "soc", "network", "quantise", "set", "parameters", "derive", "constraints",
    "objectives", "search", "stages", "references",
  ]

  let folder: String
  let models: [String]
  let findings: StudyFindings

  /// The whole file; nil after a mistake that leaves nothing to decode.
  func study(_ root: JSONNode) -> Study? {
    guard root.members != nil else {
      findings.mismatch(root, expected: "an object with the keys of a study")
      return nil
    }
    checkKeys(root, Self.keys)
    let name = text(root, "name", isRequired: true) ?? ""
    if let node = root["name"], root["name"]?.plainText != nil, !Self.isFileName(name) {
      findings.error(
        node, "the name \"\(name)\" cannot name a folder",
        expected: "letters, digits, '-', '_' and '.'")
    }
    let parameters = self.parameters(root)
    let fixed = self.fixed(root)
    let scope = ExpressionScope(parameters: parameters, hasMetrics: false)
    let derived = self.derived(root, scope)
    let constraints = self.constraints(root, parameters)
    checkPathsOnce(root)
    checkSize(root, parameters)
    var study = Study(
      name: name, title: text(root, "title") ?? "", soc: soc(root), network: network(root),
      calibrationSamples: calibrationSamples(root), fixed: fixed, parameters: parameters,
      derived: derived, constraints: constraints, objectives: objectives(root),
      search: search(root), stages: stages(root))
    study.references = references(root, parameters)
    warnUnused(root, study)
    return study
  }

  // MARK: Names and files

  private func soc(_ root: JSONNode) -> String {
    guard let name = text(root, "soc", isRequired: true) else { return "" }
    let path = HostFile.resolve(name, in: folder)
    if let node = root["soc"], let problem = HostFile.problem(path) {
      findings.error(
        node, problem.message, expected: problem.expected, suggestion: problem.suggestion)
    }
    return path
  }

  /// A file beside the study, otherwise the name as it is: a network that comes with the tool.
  private func network(_ root: JSONNode) -> String? {
    guard let name = text(root, "network") else { return nil }
    let path = HostFile.resolve(name, in: folder)
    return HostFile.problem(path) == nil ? path : name
  }

  /// How many samples the network's quantisation is calibrated on.
  private func calibrationSamples(_ root: JSONNode) -> Int? {
    guard let node = root["quantise"] else { return nil }
    if root["network"] == nil { findings.error(node, "there is no network to quantise") }
    return integer(root, "quantise", 1...1_000_000, fallback: nil)
  }

  private static func isFileName(_ name: String) -> Bool {
    !name.isEmpty && !name.hasPrefix(".")
      && name.unicodeScalars.allSatisfy {
        ExpressionLexer.isLetter($0) || ExpressionLexer.isDigit($0) || $0 == "-" || $0 == "."
      }
  }

  // MARK: What is derived and demanded

  private func fixed(_ root: JSONNode) -> [Study.Assignment] {
    members(root, "set").compactMap { member in
      guard isPath(member.key, member.keyPosition, root.path(of: "set")),
        let value = scalar(member.node)
      else { return nil }
      return Study.Assignment(path: member.key, value: value)
    }
  }

  private func derived(_ root: JSONNode, _ scope: ExpressionScope) -> [Study.Derived] {
    members(root, "derive").compactMap { member in
      guard isPath(member.key, member.keyPosition, root.path(of: "derive")),
        let expression = expression(member.node, scope, expecting: nil)
      else { return nil }
      return Study.Derived(path: member.key, expression: expression)
    }
  }

  private func constraints(
    _ root: JSONNode, _ parameters: [Study.Parameter]
  ) -> [Study.Constraint] {
    let scope = ExpressionScope(parameters: parameters, hasMetrics: true)
    var seen: Set<String> = []
    return elements(root, "constraints", of: "conditions").compactMap { node in
      var place = node
      var isEvaluated = false
      if node.members != nil {
        checkKeys(node, ["that", "evaluate"])
        guard let that = node["that"] else {
          missing("that", in: node)
          return nil
        }
        place = that
        if case .bool(let flag)? = node["evaluate"]?.value { isEvaluated = flag }
      }
      guard let expression = expression(place, scope, expecting: .truth) else { return nil }
      if !seen.insert(expression.text).inserted {
        findings.error(node, "the constraint \"\(expression.text)\" stands here twice")
      }
      return Study.Constraint(
        text: expression.text, expression: expression,
        isStatic: !expression.usesMetrics && !isEvaluated)
    }
  }

  func expression(
    _ node: JSONNode, _ scope: ExpressionScope, expecting type: ExpressionType?
  ) -> Expression? {
    let text: String
    switch node.value {
    case .string(let value): text = value
    case .int64(let value) where type == nil: text = "\(value)"
    default:
      findings.mismatch(node, expected: "an expression as text, such as \"XDIM * 32\"")
      return nil
    }
    do throws(ExpressionError) {
      return try Expression(text, in: scope, expecting: type)
    } catch {
      // Within the text only where it stands in the file as it reads.
      let isPlain = !text.unicodeScalars.contains { $0 == "\"" || $0 == "\\" || $0.value < 32 }
      let position = SourcePosition(
        file: node.position.file, line: node.position.line,
        column: node.position.column + (isPlain ? error.column : 0))
      findings.error(
        at: position, node.path, error.message, expected: error.expected,
        suggestion: error.suggestion)
      return nil
    }
  }

  // MARK: Checks across sections

  /// Two sections that set one key of the SoC file would hide each other.
  private func checkPathsOnce(_ root: JSONNode) {
    var first: [String: SourcePosition] = [:]
    func check(_ path: String, _ position: SourcePosition, _ place: String) {
      if let other = first[path] {
        findings.error(
          at: position, place, "\(path) is set a second time",
          expected: "one place for each key; the first is line \(other.line)")
      } else {
        first[path] = position
      }
    }
    for section in ["set", "derive"] {
      for member in root[section]?.members ?? [] {
        check(member.key, member.keyPosition, section)
      }
    }
    for member in root["parameters"]?.members ?? [] {
      guard let node = member.node["path"] else { continue }
      for path in node.elements ?? [node] {
        if let text = path.plainText { check(text, path.position, path.path) }
      }
    }
  }

  private func checkSize(_ root: JSONNode, _ parameters: [Study.Parameter]) {
    var size: UInt64 = 1
    for parameter in parameters {
      let (product, overflow) = size.multipliedReportingOverflow(
        by: UInt64(max(1, parameter.values.count)))
      if overflow, let node = root["parameters"] {
        findings.error(
          node, "the space has more than \(UInt64.max) designs",
          expected: "fewer parameters or values")
        return
      }
      size = product
    }
  }

  private func warnUnused(_ root: JSONNode, _ study: Study) {
    var used = Set(study.derived.flatMap(\.expression.slots))
    used.formUnion(study.constraints.flatMap(\.expression.slots))
    for (slot, parameter) in study.parameters.enumerated()
    where parameter.paths.isEmpty && !used.contains(slot) {
      guard let member = root["parameters"]?.members?.first(where: { $0.key == parameter.name })
      else { continue }
      findings.warning(
        member.keyPosition, member.node.path,
        "the parameter has no path and no expression uses it: it changes nothing")
    }
    if let stage = study.stages.last, stage.keep != nil,
      let node = root["stages"]?.elements?.last
    {
      findings.warning(node.position, node.path, "keep has no effect in the last stage")
    }
  }
}

internal import Diagnostics
internal import Foundation
internal import SoC

/// The dimensions of the space.
extension StudyDecoder {
  /// Most values of one parameter.
  static let valueLimit = 65_536
  /// Most parameters of a study.
  static let parameterLimit = 64
  private static let kinds = ["values", "range", "powers_of_two"]

  func parameters(_ root: JSONNode) -> [Study.Parameter] {
    guard let node = root["parameters"] else {
      missing("parameters", in: root, expected: "at least one parameter")
      return []
    }
    guard let members = node.members else {
      findings.mismatch(node, expected: "an object of parameters by their names")
      return []
    }
    if members.isEmpty { findings.error(node, "no parameters", expected: "at least one") }
    if members.count > Self.parameterLimit {
      findings.error(
        node, "\(members.count) parameters", expected: "at most \(Self.parameterLimit)")
      return []
    }
    return members.map { member in
      checkName(member)
      return parameter(member.key, member.node)
    }
  }

  private func checkName(_ member: JSONMember) {
    let name = member.key
    let scalars = name.unicodeScalars
    var problem: String?
    var expected: String? = "another name"
    if scalars.first.map(ExpressionLexer.isLetter) != true
      || !scalars.allSatisfy({ ExpressionLexer.isLetter($0) || ExpressionLexer.isDigit($0) })
    {
      problem = "'\(name)' cannot be used in expressions"
      expected = "a letter or '_' and then letters, digits and '_'"
    } else if Metric(rawValue: name) != nil {
      problem = "'\(name)' is the name of a metric"
    } else if ExpressionTree.functions.contains(name) {
      problem = "'\(name)' is the name of a function"
    } else if name == "true" || name == "false" {
      problem = "'\(name)' is a truth value"
    }
    if let problem {
      findings.error(at: member.keyPosition, member.node.path, problem, expected: expected)
    }
  }

  /// A parameter; it has no values after a mistake in them.
  private func parameter(_ name: String, _ node: JSONNode) -> Study.Parameter {
    if node.elements != nil {
      return Study.Parameter(name: name, paths: [], values: values(node))
    }
    guard node.members != nil else {
      findings.mismatch(node, expected: "an object with 'path' and the values, or a list of values")
      return Study.Parameter(name: name, paths: [], values: [])
    }
    checkKeys(node, ["path", "values", "range", "step", "factor", "powers_of_two"])
    let given = Self.kinds.filter { node[$0] != nil }
    if given.count != 1 {
      findings.error(
        node, given.isEmpty ? "no values" : "the values are given \(given.count) times",
        expected: "one of \(Self.kinds.joined(separator: ", "))")
    }
    for key in ["step", "factor"] where node["range"] == nil {
      if let member = node.members?.first(where: { $0.key == key }) {
        findings.error(
          at: member.keyPosition, member.node.path, "'\(key)' belongs to a range",
          expected: "'range' beside it")
      }
    }
    var result: [ParameterValue] = []
    if let list = node["values"] {
      result = values(list)
    } else if let bounds = node["powers_of_two"] {
      result = powersOfTwo(bounds)
    } else if let bounds = node["range"] {
      result = range(bounds, in: node)
    }
    return Study.Parameter(name: name, paths: paths(node), values: result)
  }

  private func paths(_ node: JSONNode) -> [String] {
    guard let path = node["path"] else { return [] }
    return (path.elements ?? [path]).compactMap { element in
      guard let text = element.plainText else {
        findings.mismatch(element, expected: "the path of a key, or a list of them")
        return nil
      }
      return isPath(text, element.position, element.path) ? text : nil
    }
  }

  private func values(_ node: JSONNode) -> [ParameterValue] {
    guard let elements = node.elements else {
      findings.mismatch(node, expected: "a list of values")
      return []
    }
    if elements.isEmpty { findings.error(node, "no values", expected: "at least one") }
    if elements.count > Self.valueLimit {
      findings.error(
        node, "\(elements.count) values", expected: "at most \(Self.valueLimit)")
      return []
    }
    var seen: Set<String> = []
    return elements.compactMap { element in
      guard let value = scalar(element) else { return nil }
      let isNew = seen.insert(Self.identity(value)).inserted
      if !isNew { findings.error(element, "the value \(value) stands here twice") }
      return isNew ? value : nil
    }
  }

  /// Equal for values that mean the same: 4 and 4.0, 1024 and `1 KiB`.
  private static func identity(_ value: ParameterValue) -> String {
    if case .flag(let flag) = value { return "flag \(flag)" }
    return value.magnitude.map { "number \($0)" } ?? "text \(value)"
  }

  /// The two numbers of a list.
  private func bounds(_ node: JSONNode) -> (first: Double, last: Double)? {
    guard let elements = node.elements, elements.count == 2 else {
      findings.mismatch(node, expected: "a list of two numbers, the first and the last value")
      return nil
    }
    guard let first = number(elements[0]), let last = number(elements[1]) else { return nil }
    if first > last {
      findings.error(
        elements[1], "the last value is less than the first",
        expected: "at least \(elements[0].value.summary)")
      return nil
    }
    return (first, last)
  }

  private func powersOfTwo(_ node: JSONNode) -> [ParameterValue] {
    guard let bounds = bounds(node), let elements = node.elements else { return [] }
    var isSound = true
    for (element, bound) in zip(elements, [bounds.first, bounds.last])
    where bound < 1 || bound > 0x1p52 || bound.significand != 1 {
      findings.error(
        element, "\(ParameterValue(number: bound)) is no power of two",
        expected: "a power of two from 1 to 2^52")
      isSound = false
    }
    guard isSound else { return [] }
    return stride(from: bounds.first.exponent, through: bounds.last.exponent, by: 1).map {
      .integer(1 << Int($0))
    }
  }

  private func range(_ node: JSONNode, in parameter: JSONNode) -> [ParameterValue] {
    guard let bounds = bounds(node) else { return [] }
    if let step = parameter["step"], parameter["factor"] != nil {
      findings.error(step, "both a step and a factor", expected: "one of them")
      return []
    }
    if let factorNode = parameter["factor"] {
      guard let factor = number(factorNode) else { return [] }
      guard factor > 1, bounds.first > 0 else {
        findings.error(
          factor > 1 ? node : factorNode, "the values would not grow",
          expected: factor > 1 ? "a first value above 0" : "a factor above 1")
        return []
      }
      let count = floor(log(bounds.last / bounds.first) / log(factor) + 1e-9) + 1
      guard isListable(count, node) else { return [] }
      return (0..<Int(count)).map {
        ParameterValue(number: Self.cleaned(bounds.first * pow(factor, Double($0))))
      }
    }
    let step = parameter["step"].map { number($0) } ?? 1
    guard let step else { return [] }
    guard step > 0 else {
      findings.error(
        parameter["step"] ?? node, "the values would not grow", expected: "a step above 0")
      return []
    }
    let count = floor((bounds.last - bounds.first) / step + 1e-9) + 1
    guard isListable(count, node) else { return [] }
    return (0..<Int(count)).map {
      ParameterValue(number: Self.cleaned(bounds.first + step * Double($0)))
    }
  }

  private func isListable(_ count: Double, _ node: JSONNode) -> Bool {
    if count <= Double(Self.valueLimit) { return true }
    findings.error(
      node, "the range has \(count < 0x1p62 ? "\(Int(count))" : "\(count)") values",
      expected: "at most \(Self.valueLimit); a larger step or factor")
    return false
  }

  /// 0.1 × 3 is 0.30000000000000004 in binary; 12 digits are what was meant.
  private static func cleaned(_ value: Double) -> Double {
    if value == value.rounded() { return value }
    return Double(String(format: "%.12g", value)) ?? value
  }
}

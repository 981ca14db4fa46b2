internal import Diagnostics
internal import SoC

/// Plain values: texts, numbers, lists, keys.
extension StudyDecoder {
  func checkKeys(_ node: JSONNode, _ known: [String]) {
    for member in node.members ?? [] where !known.contains(member.key) {
      findings.error(
        at: member.keyPosition, node.path(of: member.key), "unknown key '\(member.key)'",
        expected: "one of \(known.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: member.key, among: known))
    }
  }

  func text(_ node: JSONNode, _ key: String, isRequired: Bool = false) -> String? {
    guard let value = node[key] else {
      if isRequired { missing(key, in: node) }
      return nil
    }
    guard let text = value.plainText, !text.isEmpty || !isRequired else {
      findings.mismatch(value, expected: "text")
      return nil
    }
    return text
  }

  func missing(_ key: String, in node: JSONNode, expected: String? = nil) {
    findings.error(at: node.position, node.path, "'\(key)' is missing", expected: expected)
  }

  /// A whole number of a range; `fallback` when the key is absent.
  func integer(
    _ node: JSONNode, _ key: String, _ range: ClosedRange<Int>, fallback: Int?
  ) -> Int? {
    guard let value = node[key] else {
      if fallback == nil { missing(key, in: node) }
      return fallback
    }
    if case .int64(let number) = value.value, let number = Int(exactly: number),
      range.contains(number)
    {
      return number
    }
    let expected =
      range.upperBound == .max
      ? "a whole number of at least \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    findings.mismatch(value, expected: expected)
    return nil
  }

  /// A seed; 1 when the key is absent.
  func seed(_ node: JSONNode) -> UInt64 {
    switch node["seed"]?.value {
    case nil: return 1
    case .int64(let number) where number >= 0: return UInt64(number)
    case .uint64(let number): return number
    default:
      if let value = node["seed"] {
        findings.mismatch(value, expected: "a whole number of at least 0")
      }
      return 1
    }
  }

  func members(_ root: JSONNode, _ key: String) -> [JSONMember] {
    guard let node = root[key] else { return [] }
    guard let members = node.members else {
      findings.mismatch(node, expected: "an object of keys of the SoC file")
      return []
    }
    return members
  }

  func elements(_ root: JSONNode, _ key: String, of what: String) -> [JSONNode] {
    guard let node = root[key] else { return [] }
    guard let elements = node.elements else {
      findings.mismatch(node, expected: "a list of \(what)")
      return []
    }
    return elements
  }

  /// A value that a key of the SoC file can take.
  func scalar(_ node: JSONNode) -> ParameterValue? {
    switch node.value {
    case .bool(let value): return .flag(value)
    case .int64(let value): return .integer(Int(value))
    case .double(let value): return .real(value)
    case .string(let value): return .text(value)
    case .malformed: return nil
    default:
      findings.mismatch(node, expected: "a number, text, true or false")
      return nil
    }
  }

  /// A number, or a quantity as text.
  func number(_ node: JSONNode) -> Double? {
    guard let value = scalar(node) else { return nil }
    if case .flag = value {
      findings.mismatch(node, expected: "a number")
      return nil
    }
    guard let number = value.magnitude else {
      findings.mismatch(node, expected: "a number, or text such as \"64 KiB\" or \"100 MHz\"")
      return nil
    }
    return number
  }

  /// Whether `path` can be a key of the SoC file; otherwise reports it.
  func isPath(_ path: String, _ position: SourcePosition, _ place: String) -> Bool {
    let keys = path.split(separator: ".", omittingEmptySubsequences: false)
    let isSound = keys.allSatisfy { key in
      !key.isEmpty && !key.unicodeScalars.contains { $0 == "=" || $0 == " " || $0.value < 32 }
    }
    if !isSound {
      findings.error(
        at: position, place, "\"\(path)\" is no path of a key",
        expected: "keys with points between them, such as \"memories.act.length\"")
    }
    return isSound
  }
}

extension JSONNode {
  /// The text; nil for every other kind of value.
  var plainText: String? {
    if case .string(let text) = value { text } else { nil }
  }
}

/// Reads a parsed document and gathers what is wrong with it instead of stopping at the first.
final class TableReader {
  private let file: String
  private var problems: [EnergyTableProblem] = []

  init(file: String) {
    self.file = file
  }

  /// Throws everything reported so far, if anything was.
  func finish() throws {
    if !problems.isEmpty { throw EnergyTableRefusal(problems: problems) }
  }

  /// Notes a mistake at a node; the node gives the position when the parser knows one.
  func report(_ node: TableNode?, _ path: String, _ message: String) {
    problems.append(
      EnergyTableProblem(
        file: file, path: path, line: node?.line, column: node?.column, message: message))
  }

  /// Checks that the node is an object without unknown or repeated keys.
  func expectObject(_ node: TableNode, path: String, known: [String]) {
    var seen: Set<String> = []
    for member in members(node, path: path) {
      if !known.contains(member.key) {
        report(
          member.node, join(path, member.key),
          "unknown key; expected one of \(known.joined(separator: ", "))")
      }
      if !seen.insert(member.key).inserted {
        report(member.node, join(path, member.key), "the key is repeated")
      }
    }
  }

  /// The members of an object; none, with a report, when the node is something else.
  func members(_ node: TableNode, path: String) -> [TableNode.Member] {
    guard case .object(let members) = node.value else {
      report(node, path, "expected an object, found \(node.kindName)")
      return []
    }
    return members
  }

  /// The elements of a list; none, with a report, when the node is something else.
  func elements(_ node: TableNode, path: String) -> [TableNode] {
    guard case .array(let elements) = node.value else {
      report(node, path, "expected a list, found \(node.kindName)")
      return []
    }
    return elements
  }

  /// The value of a key that has to be there.
  func required(_ node: TableNode, _ key: String, path: String) -> TableNode? {
    guard let value = node[key] else {
      if case .object = node.value {
        report(node, path, "\(Self.qualifier(key)) '\(key)' is missing")
      }
      return nil
    }
    return value
  }

  /// A non-empty string under a key that has to be there.
  func string(_ node: TableNode, _ key: String, path: String) -> String? {
    guard let value = required(node, key, path: path) else { return nil }
    guard case .string(let text) = value.value, !text.allSatisfy(\.isWhitespace) else {
      report(value, join(path, key), "expected a non-empty string, found \(value.kindName)")
      return nil
    }
    return text
  }

  /// A non-empty string under a key that may be absent.
  func optionalString(_ node: TableNode, _ key: String, path: String) -> String? {
    node[key] == nil ? nil : string(node, key, path: path)
  }

  /// A positive finite number under a key that has to be there.
  func number(_ node: TableNode, _ key: String, path: String) -> Double? {
    guard let value = required(node, key, path: path) else { return nil }
    return positive(value, path: join(path, key))
  }

  /// A finite number of either sign under a key that has to be there.
  func signedNumber(_ node: TableNode, _ key: String, path: String) -> Double? {
    guard let value = required(node, key, path: path) else { return nil }
    guard case .number(let number) = value.value, number.isFinite else {
      report(value, join(path, key), "expected a finite number, found \(value.kindName)")
      return nil
    }
    return number
  }

  /// A list of positive finite numbers under a key that has to be there.
  func numbers(_ node: TableNode, _ key: String, path: String) -> [Double]? {
    guard let value = required(node, key, path: path) else { return nil }
    return numbers(value, path: join(path, key))
  }

  /// A list of positive finite numbers.
  func numbers(_ node: TableNode, path: String) -> [Double]? {
    let elements = elements(node, path: path)
    let numbers = elements.enumerated().compactMap { positive($1, path: "\(path)[\($0)]") }
    return numbers.count == elements.count ? numbers : nil
  }

  /// A positive finite number.
  func positive(_ node: TableNode, path: String) -> Double? {
    guard case .number(let number) = node.value else {
      report(node, path, "expected a number, found \(node.kindName)")
      return nil
    }
    guard number.isFinite, number > 0 else {
      report(node, path, "expected a positive finite number, found \(number)")
      return nil
    }
    return number
  }

  /// A citation object.
  func citation(_ node: TableNode, key: String, path: String) -> Citation? {
    expectObject(node, path: path, known: ["author", "title", "version"])
    guard let author = string(node, "author", path: path),
      let title = string(node, "title", path: path),
      let version = string(node, "version", path: path)
    else { return nil }
    return Citation(key: key, author: author, title: title, version: version)
  }

  /// A `source` object that refers to one of the table's citations.
  func sourceReference(
    _ node: TableNode, path: String, citations: [String: Citation]
  ) -> SourceReference? {
    guard let source = required(node, "source", path: path) else { return nil }
    let path = join(path, "source")
    expectObject(source, path: path, known: ["cite", "location"])
    guard let cite = string(source, "cite", path: path),
      let location = string(source, "location", path: path)
    else { return nil }
    if citations[cite] == nil {
      let known = citations.keys.sorted().joined(separator: ", ")
      report(source["cite"], join(path, "cite"), "unknown source '\(cite)'; known are \(known)")
      return nil
    }
    return SourceReference(citation: cite, location: location)
  }

  /// `path.key`, or the key alone at the top.
  func join(_ path: String, _ key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }

  private static func qualifier(_ key: String) -> String {
    switch key {
    case "unit", "node_nm", "source": "the mandatory"
    default: "the key"
    }
  }
}

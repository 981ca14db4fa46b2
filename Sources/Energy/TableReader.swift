/// Reads a parsed document and gathers what is wrong with it instead of stopping at the first.
final class TableReader {
  private let file: String
  private var problems: [EnergyTableProblem] = []
  /// Paths of mandatory keys that stand there misspelt, which has been reported.
  private var misspelt: Set<String> = []
  /// Names of citations, entries and primitives with a reported mistake: what refers to them is not
  /// reported again.
  private var faulty: Set<String> = []

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

  /// Notes a mistake at the key of a member.
  func report(_ member: TableNode.Member, _ path: String, _ message: String) {
    let (line, column) =
      member.line == nil ? (member.node.line, member.node.column) : (member.line, member.column)
    problems.append(
      EnergyTableProblem(file: file, path: path, line: line, column: column, message: message))
  }

  /// Remembers that the mistake of `name`, of the kind `kind`, has been reported.
  func markFaulty(_ kind: String, _ name: String) { faulty.insert("\(kind) \(name)") }

  /// Whether a mistake of `name` has been reported.
  func isFaulty(_ kind: String, _ name: String) -> Bool { faulty.contains("\(kind) \(name)") }

  /// Checks that the node is an object without unknown or repeated keys.
  func expectObject(_ node: TableNode, path: String, known: [String]) {
    var seen: Set<String> = []
    let members = members(node, path: path)
    for member in members {
      if !known.contains(member.key) {
        let absent = known.filter { key in !members.contains { $0.key == key } }
        if let near = absent.first(where: { Self.isNear($0, member.key) }) {
          misspelt.insert(join(path, near))
          report(member, join(path, member.key), "unknown key; did you mean '\(near)'?")
        } else {
          report(
            member, join(path, member.key),
            "unknown key; expected one of \(known.joined(separator: ", "))")
        }
      }
      if !seen.insert(member.key).inserted {
        report(member, join(path, member.key), "the key is repeated")
      }
    }
  }

  /// Whether one or two insertions, deletions or replacements lead from one word to the other.
  private static func isNear(_ word: String, _ other: String) -> Bool {
    let (word, other) = (Array(word.utf8), Array(other.utf8))
    guard word.count > 2, abs(word.count - other.count) <= 2 else { return false }
    var row = Array(0...other.count)
    for (index, byte) in word.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in other.indices {
        let cost = min(
          diagonal + (byte == other[column] ? 0 : 1), row[column] + 1, row[column + 1] + 1)
        diagonal = row[column + 1]
        row[column + 1] = cost
      }
    }
    return row[other.count] <= 2
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
      if case .object = node.value, !misspelt.contains(join(path, key)) {
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
      if isFaulty("source", cite) { return nil }
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

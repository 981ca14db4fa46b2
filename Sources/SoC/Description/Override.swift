internal import Diagnostics

/// A text `path=value` that replaces a value of the SoC file.
struct Override {
  fileprivate let file: String
  fileprivate let keys: [(name: String, column: Int)]
  fileprivate let value: JSONNode
  fileprivate let collector: DiagnosticCollector

  /// Parses the text; nil after reporting what is wrong with it.
  init?(_ text: String, _ collector: DiagnosticCollector) {
    file = "--set \(text)"
    self.collector = collector
    guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
      collector.error(
        at: SourcePosition(file: file), "", "no value", expected: "path=value")
      return nil
    }
    var keys: [(String, Int)] = []
    var column = 1
    for part in text[..<equals].split(separator: ".", omittingEmptySubsequences: false) {
      keys.append((String(part), column))
      column += part.unicodeScalars.count + 1
    }
    self.keys = keys
    if keys.contains(where: { $0.0.isEmpty }) {
      collector.error(
        at: SourcePosition(file: file, line: 1, column: 1), "", "an empty key in the path")
      return nil
    }
    let plain = String(text[text.index(after: equals)...])
    // Blanks in place of the path give the value its column in the whole text.
    let padded = String(repeating: " ", count: column - 1) + plain
    let scratch = DiagnosticCollector()
    let document = JSONDocument.parse(
      Array(padded.utf8), file: file, limits: JSONLimits(), scratch)
    let path = keys.map(\.0).joined(separator: ".")
    if let document, !scratch.hasErrors {
      value = document.root.relocated(to: path)
    } else if let first = plain.first, "{[\"".contains(first) {
      for finding in scratch.findings { collector.report(finding) }
      return nil
    } else {
      value = JSONNode(
        value: .string(plain), position: SourcePosition(file: file, line: 1, column: column),
        path: path)
    }
  }

  /// `root` with the value replaced; unchanged after reporting a path that does not exist.
  func applied(to root: JSONNode) -> JSONNode {
    // The arguments of an accelerator depend on the kind that the file gives it.
    let kindName = keys.count > 1 ? root["accelerators"]?[keys[1].name]?["accelerator"]?.text : nil
    let descent = Descent(
      override: self, kind: kindName.flatMap { AcceleratorCatalog.kind(named: $0) })
    return descent.replace(in: root, at: 0, shape: .section(SoCDescription.self)) ?? root
  }

}

/// The way from the root of a file to the value that an override replaces.
private struct Descent {
  let override: Override
  let kind: AcceleratorKind?

  private var keys: [(name: String, column: Int)] { override.keys }

  /// The node with the value at `keys[index...]` replaced, or nil after reporting.
  func replace(in node: JSONNode, at index: Int, shape: ValueShape) -> JSONNode? {
    if index == keys.count {
      return JSONNode(
        value: override.value.value, position: override.value.position, path: node.path
      )
      .relocated(to: node.path)
    }
    let key = keys[index].name
    switch shape {
    case .section(let section):
      let node = expanded(node, section)
      return replace(in: node, at: index, declarations: section.declarations)
    case .either(_, .section(let section)):
      return replace(in: node, at: index, declarations: section.declarations)
    case .acceleratorArguments:
      let declarations = kind?.arguments.map(\.declaration) ?? []
      return replace(in: node, at: index, declarations: declarations)
    case .instances(let section):
      let names = (node.members ?? []).map(\.key)
      // A section that the file leaves out has no instances yet: the first may be given whole.
      let isNew = names.isEmpty && index + 1 == keys.count
      guard names.contains(key) || isNew else {
        return unknown(index, "no such \(section.noun)", among: names)
      }
      return replaceMember(key, in: node, at: index, shape: .section(section))
    case .dictionary(let element, _):
      return replaceMember(key, in: node, at: index, shape: element)
    default:
      return unknown(index, "'\(keys[index - 1].name)' has no keys", among: [])
    }
  }

  private func replace(
    in node: JSONNode, at index: Int, declarations: [FieldDeclaration]
  ) -> JSONNode? {
    let key = keys[index].name
    guard let declaration = declarations.first(where: { $0.accepts(key) }) else {
      return unknown(index, "unknown key", among: declarations.map(\.name))
    }
    let existing = node.members?.first { declaration.accepts($0.key) }?.key ?? key
    return replaceMember(existing, in: node, at: index, shape: declaration.shape)
  }

  private func replaceMember(
    _ key: String, in node: JSONNode, at index: Int, shape: ValueShape
  ) -> JSONNode? {
    let position = SourcePosition(file: override.file, line: 1, column: keys[index].column)
    let members = node.members ?? []
    let old = members.first { $0.key == key }
    let inner =
      old?.node
      ?? JSONNode(value: .object([]), position: position, path: node.path(of: key))
    guard let replaced = replace(in: inner, at: index + 1, shape: shape) else { return nil }
    if old != nil { return node.replacing(key, with: replaced) }
    let member = JSONMember(key: key, keyPosition: position, node: replaced)
    return node.replacingMembers(members + [member])
  }

  /// A plain value in place of a section, written as the object it stands for.
  private func expanded(_ node: JSONNode, _ section: any DeclaredSection.Type) -> JSONNode {
    guard node.members == nil, let shorthand = section.shorthand else { return node }
    let member = JSONMember(
      key: shorthand, keyPosition: node.position,
      node: node.relocated(to: node.path(of: shorthand)))
    return node.replacingMembers([member])
  }

  private func unknown(_ index: Int, _ message: String, among names: [String]) -> JSONNode? {
    let near = Suggestion.nearest(to: keys[index].name, among: names)
    let isListed = near == nil && !names.isEmpty
    override.collector.error(
      at: SourcePosition(file: override.file, line: 1, column: keys[index].column),
      keys[...index].map(\.name).joined(separator: "."), message,
      expected: isListed ? "one of " + names.joined(separator: ", ") : nil, suggestion: near)
    return nil
  }
}

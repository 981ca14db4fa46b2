internal import Diagnostics

/// Gathers references to names that do not exist: each name is reported once, however often it
/// is used, because a misspelt declaration would otherwise be reported at every use.
struct UnknownNames {
  private struct Use {
    let name: String
    let position: SourcePosition
    let path: String
  }

  private let noun: String
  private var uses: [Use] = []

  /// `noun` is what a name should be of, such as `memory`.
  init(noun: String) {
    self.noun = noun
  }

  /// Whether nothing is unknown.
  var isEmpty: Bool { uses.isEmpty }

  mutating func add(_ name: String, at position: SourcePosition, _ path: String) {
    uses.append(Use(name: name, position: position, path: path))
  }

  func report(among candidates: [String], _ collector: DiagnosticCollector) {
    for (index, use) in uses.enumerated() {
      if uses[..<index].contains(where: { $0.name == use.name }) { continue }
      let others = uses[(index + 1)...].filter { $0.name == use.name }
        .map { "\($0.position.line):\($0.position.column)" }
      let also = others.isEmpty ? "" : " (also at \(others.joined(separator: ", ")))"
      let near = Suggestion.nearest(to: use.name, among: candidates)
      let list = candidates.prefix(12).joined(separator: ", ")
      let expected = candidates.isEmpty ? "a \(noun), but there is none" : "one of \(list)"
      collector.error(
        at: use.position, use.path, "no \(noun) is named '\(JSONValue.shortened(use.name))'\(also)",
        expected: near == nil ? expected : nil, suggestion: near)
    }
  }
}

internal import Diagnostics

/// Decodes an object by a list of declared keys: unknown keys, repeated keys, missing keys and
/// wrong values each give one message, and a mistake is never reported a second time as a
/// consequence.
struct SectionDecoder<Owner: Originated> {
  let fields: [Field<Owner>]
  let shorthand: String?
  let collector: DiagnosticCollector

  func decode(_ member: JSONMember, into owner: inout Owner) {
    var origin = Origin(path: member.node.path, position: member.keyPosition)
    for field in fields { field.applyDefault(&owner) }
    if let members = member.node.members {
      decode(members, of: member, into: &owner, &origin)
    } else if let field = fields.first(where: { $0.declaration.name == shorthand }) {
      decode(field, member, into: &owner, &origin)
    } else {
      collector.mismatch(member.node, expected: "an object")
      origin.markFaultyThroughout()
    }
    owner.origin = origin
  }

  private func decode(
    _ members: [JSONMember], of section: JSONMember, into owner: inout Owner,
    _ origin: inout Origin
  ) {
    var given: [String: JSONMember] = [:]
    var unknown: [JSONMember] = []
    var repeated: Set<String> = []
    for member in members {
      guard let field = fields.first(where: { $0.declaration.accepts(member.key) }) else {
        if member.key != "$schema" || !section.node.path.isEmpty { unknown.append(member) }
        continue
      }
      let name = field.declaration.name
      if let earlier = given[name] {
        let place = "\(earlier.keyPosition.line):\(earlier.keyPosition.column)"
        collector.error(
          at: member.keyPosition, member.node.path,
          "the same as '\(earlier.key)', which is given at \(place)")
        repeated.insert(name)
      } else {
        given[name] = member
      }
    }
    if isSomethingElse(unknown, of: members) {
      let shown = unknown.prefix(4).map { "'\(JSONValue.shortened($0.key))'" }
      let keys = shown.joined(separator: ", ")
      collector.error(
        at: origin.position, origin.path,
        "is something else: it has the keys \(keys)\(unknown.count > 4 ? ", …" : "")",
        expected: "keys among " + fields.map(\.declaration.name).joined(separator: ", "))
      origin.markFaultyThroughout()
      return
    }
    let muted = report(unknown, &given, origin).union(repeated)
    // Which of the two values is meant is not known.
    for name in repeated { origin.markFault(name) }
    for field in fields {
      let name = field.declaration.name
      if let member = given[name] {
        if muted.contains(name) {
          collector.muted { decode(field, member, into: &owner, &origin) }
        } else {
          decode(field, member, into: &owner, &origin)
        }
      } else if field.declaration.isRequired {
        collector.error(
          at: origin.position, origin.path(of: name), "missing",
          expected: field.declaration.shape.expectation)
        origin.markFault(name)
      }
    }
  }

  /// Whether most keys are unknown and near to no key: then one mistake put a whole object here.
  private func isSomethingElse(_ unknown: [JSONMember], of members: [JSONMember]) -> Bool {
    guard unknown.count >= 3, unknown.count * 2 > members.count else { return false }
    let names = fields.map(\.declaration.name)
    let strangers = unknown.count { Suggestion.nearest(to: $0.key, among: names) == nil }
    return strangers >= 3 && strangers * 2 > members.count
  }

  /// Reports unknown keys and reads a misspelt key as the one that was meant, so that its absence
  /// has no consequences. Gives the names of keys whose value must not be reported any more.
  private func report(
    _ unknown: [JSONMember], _ given: inout [String: JSONMember], _ origin: Origin
  ) -> Set<String> {
    var muted: Set<String> = []
    let names = fields.map(\.declaration.name)
    for member in unknown {
      let absent = names.filter { given[$0] == nil }
      let missing = fields.filter {
        $0.declaration.isRequired && given[$0.declaration.name] == nil
      }
      var near =
        Suggestion.nearest(to: member.key, among: absent)
        ?? Suggestion.nearest(to: member.key, among: names)
      if near == nil, unknown.count == 1, missing.count == 1 {
        // One key too many and one too few: most likely another name for the same thing.
        near = missing[0].declaration.name
      }
      let list = (names.count == 1 ? "" : "one of ") + names.joined(separator: ", ")
      collector.error(
        at: member.keyPosition, member.node.path, "unknown key",
        expected: near == nil ? list : nil, suggestion: near)
      if let near, given[near] == nil {
        given[near] = member
        if member.node.members == nil { muted.insert(near) }
      }
    }
    return muted
  }

  private func decode(
    _ field: Field<Owner>, _ member: JSONMember, into owner: inout Owner, _ origin: inout Origin
  ) {
    let name = field.declaration.name
    origin.place(name, at: member.node.position)
    for (index, element) in (member.node.elements ?? []).enumerated() {
      origin.place("\(name)[\(index)]", at: element.position)
    }
    if !field.decode(member, &owner, collector) { origin.markFault(name) }
  }
}

extension DiagnosticCollector {
  /// Reports a value of the wrong kind or out of range; silent if its mistake is known already.
  func mismatch(_ node: JSONNode, expected: String, suggestion: String? = nil) {
    if case .malformed = node.value { return }
    error(
      at: node.position, node.path, "found \(node.value.summary)", expected: expected,
      suggestion: suggestion)
  }
}

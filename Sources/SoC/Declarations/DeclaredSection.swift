/// A typed value that remembers where it was read.
protocol Originated: Sendable {
  var origin: Origin { get set }
}

/// A section of the SoC file, described once by the list of its keys.
protocol DeclaredSection: Originated, Equatable {
  /// Values before decoding; the declared defaults come from `fields`.
  init()
  /// Singular and plural names for messages and headings.
  static var noun: String { get }
  static var pluralNoun: String { get }
  /// One sentence for the schema and the table of keys.
  static var help: String { get }
  static var fields: [Field<Self>] { get }
  /// The key that a plain value stands for (`"core": "100 MHz"`); nil when only an object will do.
  static var shorthand: String? { get }
}

/// A section that occurs any number of times under names of the user's choice.
protocol NamedSection: DeclaredSection {
  var name: String { get set }
}

extension DeclaredSection {
  static var pluralNoun: String { noun + "s" }
  static var shorthand: String? { nil }
  static var declarations: [FieldDeclaration] { fields.map(\.declaration) }

  /// The value with every declared default.
  static func withDefaults() -> Self {
    var section = Self()
    for field in fields { field.applyDefault(&section) }
    return section
  }

  /// Decodes a section; mistakes are reported and marked in its origin.
  static func decode(_ member: JSONMember, _ collector: DiagnosticCollector) -> Self {
    var section = Self()
    SectionDecoder(fields: fields, shorthand: shorthand, collector: collector)
      .decode(member, into: &section)
    return section
  }

  /// The section with every default written out, keys in declared order.
  var effective: JSONLiteral { Self.fields.encode(self) }
}

extension Array {
  func encode<Owner>(_ owner: Owner) -> JSONLiteral where Element == Field<Owner> {
    .object(
      compactMap { field in
        field.encode(owner).map { JSONLiteral.Member(field.declaration.name, $0) }
      })
  }
}

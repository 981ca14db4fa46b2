/// What is known of a key besides how to decode it.
struct FieldDeclaration: Sendable {
  let name: String
  /// Other spellings that are accepted, such as those of the original's listings.
  let aliases: [String]
  let shape: ValueShape
  let presence: Presence
  /// One sentence for the schema and the table of keys.
  let help: String

  enum Presence: Sendable {
    case required
    case optional
    case defaulted(JSONLiteral)
    /// The default follows from other values; the text says how.
    case derived(String)
  }

  func accepts(_ key: String) -> Bool { key == name || aliases.contains(key) }

  var isRequired: Bool {
    if case .required = presence { true } else { false }
  }
}

/// A key of a section: its declaration, and how it moves between JSON and the typed value.
struct Field<Owner>: Sendable {
  let declaration: FieldDeclaration
  /// Decodes into the owner; false when a mistake was reported.
  let decode: @Sendable (JSONMember, inout Owner, DiagnosticCollector) -> Bool
  let applyDefault: @Sendable (inout Owner) -> Void
  /// The value for the effective configuration; nil when there is none.
  let encode: @Sendable (Owner) -> JSONLiteral?
}

extension Field {
  /// A key that must be given.
  static func required<Value>(
    _ name: String, _ keyPath: any WritableKeyPath<Owner, Value> & Sendable,
    _ codec: ValueCodec<Value>, aliases: [String] = [], _ help: String
  ) -> Field {
    plain(name, keyPath, codec, aliases, .required, help)
  }

  /// A key with a fixed default. The effective configuration leaves it out where it does not
  /// apply.
  static func defaulted<Value: Sendable>(
    _ name: String, _ keyPath: any WritableKeyPath<Owner, Value> & Sendable,
    _ codec: ValueCodec<Value>, default value: Value, aliases: [String] = [],
    onlyIf applies: @escaping @Sendable (Owner) -> Bool = { _ in true }, _ help: String
  ) -> Field {
    Field(
      declaration: FieldDeclaration(
        name: name, aliases: aliases, shape: codec.shape,
        presence: .defaulted(codec.encode(value)), help: help),
      decode: { decode($0, into: &$1, keyPath, codec, $2) },
      applyDefault: { $0[keyPath: keyPath] = value },
      encode: { applies($0) ? codec.encode($0[keyPath: keyPath]) : nil })
  }

  /// A key whose default follows from other values; `DefaultResolution` fills it in.
  static func derived<Value>(
    _ name: String, _ keyPath: any WritableKeyPath<Owner, Value> & Sendable,
    _ codec: ValueCodec<Value>, default text: String, aliases: [String] = [], _ help: String
  ) -> Field {
    plain(name, keyPath, codec, aliases, .derived(text), help)
  }

  /// A key whose absence is a value of its own.
  static func optional<Value>(
    _ name: String, _ keyPath: any WritableKeyPath<Owner, Value?> & Sendable,
    _ codec: ValueCodec<Value>, default text: String? = nil, aliases: [String] = [],
    _ help: String
  ) -> Field {
    Field(
      declaration: FieldDeclaration(
        name: name, aliases: aliases, shape: codec.shape,
        presence: text.map { .derived($0) } ?? .optional, help: help),
      decode: { member, owner, collector in
        guard let value = codec.decode(member, collector) else { return false }
        owner[keyPath: keyPath] = value
        return true
      },
      applyDefault: { _ in },
      encode: { owner in owner[keyPath: keyPath].map(codec.encode) })
  }

  private static func plain<Value>(
    _ name: String, _ keyPath: any WritableKeyPath<Owner, Value> & Sendable,
    _ codec: ValueCodec<Value>, _ aliases: [String], _ presence: FieldDeclaration.Presence,
    _ help: String
  ) -> Field {
    Field(
      declaration: FieldDeclaration(
        name: name, aliases: aliases, shape: codec.shape, presence: presence, help: help),
      decode: { decode($0, into: &$1, keyPath, codec, $2) },
      applyDefault: { _ in },
      encode: { codec.encode($0[keyPath: keyPath]) })
  }

  private static func decode<Value>(
    _ member: JSONMember, into owner: inout Owner, _ keyPath: WritableKeyPath<Owner, Value>,
    _ codec: ValueCodec<Value>, _ collector: DiagnosticCollector
  ) -> Bool {
    guard let value = codec.decode(member, collector) else { return false }
    owner[keyPath: keyPath] = value
    return true
  }
}

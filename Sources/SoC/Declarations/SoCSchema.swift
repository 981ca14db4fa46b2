/// The JSON Schema (draft 2020-12) of the SoC file, made from the same declarations that decode it.
public enum SoCSchema {
  /// The schema as text; the same for every call.
  public static func json() -> String {
    let entries = SectionCatalog().entries
    var members: [JSONLiteral.Member] = [
      .init("$schema", .string("https://json-schema.org/draft/2020-12/schema")),
      .init("title", .string("FLECSim SoC description")),
      .init("$ref", .string("#/$defs/\(SoCDescription.noun)")),
    ]
    members.append(
      .init("$defs", .object(entries.map { .init($0.name, definition($0)) })))
    return JSONLiteral.object(members).prettyText() + "\n"
  }

  private static func definition(_ entry: SectionCatalog.Entry) -> JSONLiteral {
    var properties: [JSONLiteral.Member] = []
    if entry.name == SoCDescription.noun {
      properties.append(
        .init("$schema", .object([.init("type", .string("string"))])))
    }
    for declaration in entry.declarations {
      properties.append(.init(declaration.name, property(declaration)))
      for alias in declaration.aliases {
        let note = JSONLiteral.string("Same as \(declaration.name).")
        properties.append(
          .init(
            alias,
            .object(
              [.init("description", note), .init("deprecated", .bool(true))]
                + schema(declaration.shape))))
      }
    }
    var members: [JSONLiteral.Member] = [
      .init("description", .string(entry.help)), .init("type", .string("object")),
      .init("properties", .object(properties)), .init("additionalProperties", .bool(false)),
    ]
    let required = entry.declarations.filter { $0.isRequired && $0.aliases.isEmpty }
    if !required.isEmpty {
      members.append(.init("required", .array(required.map { .string($0.name) })))
    }
    var conditions: [JSONLiteral] = entry.declarations
      .filter { $0.isRequired && !$0.aliases.isEmpty }
      .map { declaration in
        .object([
          .init(
            "anyOf",
            .array(
              ([declaration.name] + declaration.aliases).map {
                .object([.init("required", .array([.string($0)]))])
              }))
        ])
      }
    for declaration in entry.declarations {
      if case .acceleratorArguments = declaration.shape {
        conditions += AcceleratorCatalog.kinds.map { argumentCondition($0, declaration) }
      }
    }
    if !conditions.isEmpty { members.append(.init("allOf", .array(conditions))) }
    return .object(members)
  }

  /// The kind of an accelerator decides what its arguments are.
  private static func argumentCondition(
    _ kind: AcceleratorKind, _ declaration: FieldDeclaration
  ) -> JSONLiteral {
    let reference = JSONLiteral.object([.init("$ref", .string("#/$defs/\(kind.name)"))])
    let names = [declaration.name] + declaration.aliases
    let isKind = JSONLiteral.object([.init("const", .string(kind.name))])
    return .object([
      .init("if", .object([.init("properties", .object([.init("accelerator", isKind)]))])),
      .init("then", .object([.init("properties", .object(names.map { .init($0, reference) }))])),
    ])
  }

  private static func property(_ declaration: FieldDeclaration) -> JSONLiteral {
    var description = declaration.help
    if let unit = declaration.shape.unit { description += " Unit: \(unit)." }
    if case .derived(let text) = declaration.presence { description += " Default: \(text)." }
    var members: [JSONLiteral.Member] = [.init("description", .string(description))]
    if case .defaulted(let value) = declaration.presence, !isObject(value) {
      members.append(.init("default", value))
    }
    return .object(members + schema(declaration.shape))
  }

  private static func isObject(_ value: JSONLiteral) -> Bool {
    if case .object = value { true } else { false }
  }

  private static func schema(_ shape: ValueShape) -> [JSONLiteral.Member] {
    switch shape {
    case .integer(let integer):
      return schema(integer)
    case .number(let minimum, let maximum, let isMinimumExcluded, _):
      return [
        .init("type", .string("number")),
        .init(isMinimumExcluded ? "exclusiveMinimum" : "minimum", .number(minimum)),
        .init("maximum", .number(maximum)),
      ]
    case .boolean:
      return [.init("type", .string("boolean"))]
    case .text(_, let pattern):
      return [.init("type", .string("string"))]
        + (pattern.map { [.init("pattern", .string($0))] } ?? [])
    case .choice(let values):
      return [.init("enum", .array(values.map { .string($0) }))]
    case .list(let element, let minimumCount):
      return [
        .init("type", .string("array")), .init("items", .object(schema(element))),
        .init("minItems", .integer(Int128(minimumCount))),
      ]
    case .section(let section):
      return [.init("$ref", .string("#/$defs/\(section.noun)"))]
    case .instances(let section):
      return instances(of: section)
    case .dictionary(let element, _):
      return [
        .init("type", .string("object")),
        .init("additionalProperties", .object(schema(element))),
      ]
    case .acceleratorArguments:
      return [.init("type", .string("object"))]
    case .either(let first, let second):
      return [.init("anyOf", .array([.object(schema(first)), .object(schema(second))]))]
    }
  }

  private static func instances(of section: any DeclaredSection.Type) -> [JSONLiteral.Member] {
    var value = JSONLiteral.object([.init("$ref", .string("#/$defs/\(section.noun)"))])
    if let shorthand = section.declarations.first(where: { $0.name == section.shorthand }) {
      value = .object([.init("anyOf", .array([value, .object(schema(shorthand.shape))]))])
    }
    let names = JSONLiteral.object([.init("pattern", .string("^[A-Za-z_][A-Za-z0-9_]*$"))])
    return [
      .init("type", .string("object")), .init("propertyNames", names),
      .init("additionalProperties", value),
    ]
  }

  private static func schema(_ shape: ValueShape.IntegerShape) -> [JSONLiteral.Member] {
    if shape.isPowerOfTwo {
      var values: [JSONLiteral] = []
      var value = Int128(1)
      while value <= shape.maximum {
        if value >= shape.minimum { values.append(.integer(value)) }
        value *= 2
      }
      return [.init("enum", .array(values))]
    }
    var members: [JSONLiteral.Member] = [
      .init("type", .string("integer")), .init("minimum", .integer(shape.minimum)),
      .init("maximum", .integer(shape.maximum)),
    ]
    if shape.multipleOf > 1 { members.append(.init("multipleOf", .integer(shape.multipleOf))) }
    guard shape.isHexadecimal else { return members }
    let text = JSONLiteral.object([
      .init("type", .string("string")), .init("pattern", .string("^0x[0-9A-Fa-f]{1,16}$")),
    ])
    return [.init("anyOf", .array([.object(members), text]))]
  }
}

internal import Diagnostics

/// Moves one kind of value between JSON and Swift, and knows its shape.
struct ValueCodec<Value>: Sendable {
  let shape: ValueShape
  /// The value, or nil after reporting why there is none.
  let decode: @Sendable (JSONMember, DiagnosticCollector) -> Value?
  let encode: @Sendable (Value) -> JSONLiteral

  /// A codec whose decoding fails only because the node has the wrong kind or range.
  static func simple(
    _ shape: ValueShape, encode: @escaping @Sendable (Value) -> JSONLiteral,
    _ read: @escaping @Sendable (JSONNode) -> Value?
  ) -> ValueCodec {
    ValueCodec(
      shape: shape,
      decode: { member, collector in
        if let value = read(member.node) { return value }
        collector.mismatch(
          member.node, expected: shape.expectation,
          suggestion: shape.suggestion(for: member.node))
        return nil
      },
      encode: encode)
  }
}

extension JSONNode {
  /// The value as an integer; a number such as 1e6 without a fraction counts as one.
  var integer: Int128? {
    switch value {
    case .int64(let value): Int128(value)
    case .uint64(let value): Int128(value)
    case .double(let value): abs(value) < 9e15 ? Int128(exactly: value) : nil
    default: nil
    }
  }

  /// The value as a number.
  var number: Double? {
    switch value {
    case .int64(let value): Double(value)
    case .uint64(let value): Double(value)
    case .double(let value): value
    default: nil
    }
  }

  /// The value as text.
  var text: String? {
    if case .string(let text) = value { text } else { nil }
  }
}

extension ValueShape {
  /// What was probably meant by a value of the wrong kind.
  func suggestion(for node: JSONNode) -> String? {
    switch (self, node.value) {
    case (.choice(let values), .string(let text)):
      return Suggestion.nearest(to: text, among: values)
    case (.integer(let shape), .string(let text)) where shape.isHexadecimal:
      let isDigits = !text.isEmpty && text.allSatisfy { $0.isASCII && $0.isHexDigit }
      return isDigits && text.utf8.count <= 16 ? "0x" + text : nil
    case (.integer, .string(let text)), (.number, .string(let text)):
      if case .strict = NumberText(text) { return text }
      return nil
    case (.boolean, .int64(let value)) where value == 0 || value == 1:
      return value == 1 ? "true" : "false"
    case (.boolean, .string(let text)):
      return Suggestion.nearest(to: text, among: ["true", "false"])
        ?? ["true", "false"].first { $0 == text }
    case (.list, .string(let text)) where !text.isEmpty:
      return "[\"\(JSONValue.shortened(text))\"]"
    default:
      return nil
    }
  }
}

extension ValueCodec where Value: FixedWidthInteger & Sendable {
  /// An integer in a range.
  static func integer(
    _ range: ClosedRange<Value>, unit: String? = nil, multipleOf: Value = 1,
    isPowerOfTwo: Bool = false
  ) -> ValueCodec {
    let shape = ValueShape.IntegerShape(
      minimum: Int128(range.lowerBound), maximum: Int128(range.upperBound), unit: unit,
      multipleOf: Int128(multipleOf), isPowerOfTwo: isPowerOfTwo)
    return simple(.integer(shape), encode: { .integer(Int128($0)) }) { node in
      guard let value = node.integer, shape.accepts(value) else { return nil }
      return Value(exactly: value)
    }
  }
}

extension ValueCodec<Double> {
  /// A number in a range.
  static func number(
    _ range: ClosedRange<Double>, isMinimumExcluded: Bool = false, unit: String? = nil
  ) -> ValueCodec {
    let shape = ValueShape.number(
      minimum: range.lowerBound, maximum: range.upperBound,
      isMinimumExcluded: isMinimumExcluded, unit: unit)
    return simple(shape, encode: { .number($0) }) { node in
      guard let value = node.number, range.contains(value) else { return nil }
      return isMinimumExcluded && value == range.lowerBound ? nil : value
    }
  }
}

extension ValueCodec<Bool> {
  /// `true` or `false`.
  static var boolean: ValueCodec {
    simple(.boolean, encode: { .bool($0) }) { node in
      if case .bool(let value) = node.value { value } else { nil }
    }
  }
}

extension ValueCodec<String> {
  /// Text that is not empty; `noun` says what it is.
  static func text(_ noun: String) -> ValueCodec {
    simple(.text(noun: noun, pattern: nil), encode: { .string($0) }) { node in
      guard let text = node.text, !text.isEmpty, !text.utf8.contains(0) else { return nil }
      return text
    }
  }

  /// Any text, also empty.
  static func anyText(_ noun: String) -> ValueCodec {
    simple(.text(noun: noun, pattern: nil), encode: { .string($0) }) { node in
      node.text.flatMap { $0.utf8.contains(0) ? nil : $0 }
    }
  }

  /// One of a list of names.
  static func name(among names: [String]) -> ValueCodec {
    simple(.choice(names), encode: { .string($0) }) { node in
      node.text.flatMap { names.contains($0) ? $0 : nil }
    }
  }
}

extension ValueCodec
where Value: RawRepresentable & CaseIterable & Sendable, Value.RawValue == String {
  /// One of the cases of an enumeration.
  static var choice: ValueCodec {
    simple(.choice(Value.allCases.map(\.rawValue)), encode: { .string($0.rawValue) }) { node in
      node.text.flatMap(Value.init(rawValue:))
    }
  }
}

extension ValueCodec {
  /// An array; every wrong element is reported.
  static func list<Element>(
    of element: ValueCodec<Element>, minimumCount: Int = 0
  ) -> ValueCodec where Value == [Element] {
    let shape = ValueShape.list(element.shape, minimumCount: minimumCount)
    return ValueCodec(
      shape: shape,
      decode: { member, collector in
        guard let nodes = member.node.elements, nodes.count >= minimumCount else {
          collector.mismatch(
            member.node, expected: shape.expectation,
            suggestion: shape.suggestion(for: member.node))
          return nil
        }
        let values = nodes.map { node in
          element.decode(
            JSONMember(key: member.key, keyPosition: node.position, node: node), collector)
        }
        let sound = values.compactMap { $0 }
        return sound.count == values.count ? sound : nil
      },
      encode: { .array($0.map(element.encode)) })
  }

  /// A section of its own.
  static func section(_: Value.Type) -> ValueCodec where Value: DeclaredSection {
    ValueCodec(
      shape: .section(Value.self), decode: { Value.decode($0, $1) }, encode: { $0.effective })
  }

  /// Named instances, in the order of the file.
  static func instances<Section>(_: Section.Type) -> ValueCodec
  where Section: NamedSection, Value == [Section] {
    let shape = ValueShape.instances(Section.self)
    return ValueCodec(
      shape: shape,
      decode: { member, collector in
        guard let members = member.node.members else {
          collector.mismatch(member.node, expected: shape.expectation)
          return nil
        }
        return members.map { member in
          var section = Section.decode(member, collector)
          section.name = member.key
          return section
        }
      },
      encode: { sections in
        .object(sections.map { JSONLiteral.Member($0.name, $0.effective) })
      })
  }

  /// An object with free keys, in the order of the file.
  static func dictionary<Element>(
    _ noun: String, of element: ValueCodec<Element>
  ) -> ValueCodec where Value == [DictionaryEntry<Element>] {
    let shape = ValueShape.dictionary(element.shape, noun: noun)
    return ValueCodec(
      shape: shape,
      decode: { member, collector in
        guard let members = member.node.members else {
          collector.mismatch(member.node, expected: shape.expectation)
          return nil
        }
        return members.compactMap { member in
          element.decode(member, collector).map { value in
            DictionaryEntry(
              key: member.key, value: value,
              origin: Origin(path: member.node.path, position: member.keyPosition))
          }
        }
      },
      encode: { entries in
        .object(entries.map { JSONLiteral.Member($0.key, element.encode($0.value)) })
      })
  }
}

/// A key of the user's choice with its value, as in `registers`, `defines` and `interrupts`.
public struct DictionaryEntry<Value: Sendable & Equatable>: Sendable, Equatable {
  /// The key.
  public let key: String
  /// The value.
  public let value: Value
  /// Where the key stands.
  public let origin: Origin

  /// Creates an entry.
  public init(key: String, value: Value, origin: Origin = Origin()) {
    self.key = key
    self.value = value
    self.origin = origin
  }
}

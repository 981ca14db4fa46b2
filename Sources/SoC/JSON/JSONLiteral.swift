/// JSON to be written: values without positions, members in the order they are to appear.
public indirect enum JSONLiteral: Sendable, Equatable {
  /// `null`
  case null
  /// `true` or `false`
  case bool(Bool)
  /// An integer of 64 bits, signed or unsigned.
  case integer(Int128)
  /// A number; whole numbers are written without a fraction.
  case number(Double)
  /// Text.
  case string(String)
  /// Elements in order.
  case array([JSONLiteral])
  /// Members in order.
  case object([Member])

  /// A key with its value.
  public struct Member: Sendable, Equatable {
    /// The key.
    public let key: String
    /// The value.
    public let value: JSONLiteral

    /// Creates a member.
    public init(_ key: String, _ value: JSONLiteral) {
      self.key = key
      self.value = value
    }
  }

  /// The values of a parsed node, without its positions.
  public init(_ node: JSONNode) {
    switch node.value {
    case .null, .malformed: self = .null
    case .bool(let value): self = .bool(value)
    case .int64(let value): self = .integer(Int128(value))
    case .uint64(let value): self = .integer(Int128(value))
    case .double(let value): self = .number(value)
    case .string(let value): self = .string(value)
    case .array(let elements): self = .array(elements.map(JSONLiteral.init))
    case .object(let members):
      self = .object(members.map { Member($0.key, JSONLiteral($0.node)) })
    }
  }

  /// The text on one line.
  public var compactText: String {
    switch self {
    case .null: return "null"
    case .bool(let value): return value ? "true" : "false"
    case .integer(let value): return "\(value)"
    case .number(let value):
      guard value.isFinite else { return "null" }
      if value == value.rounded(), abs(value) < 9e15 { return "\(Int64(value))" }
      return "\(value)"
    case .string(let value): return Self.quoted(value)
    case .array(let elements):
      return "[" + elements.map(\.compactText).joined(separator: ", ") + "]"
    case .object(let members):
      let parts = members.map { "\(Self.quoted($0.key)): \($0.value.compactText)" }
      return parts.isEmpty ? "{}" : "{ " + parts.joined(separator: ", ") + " }"
    }
  }

  /// The text with one member per line, indented by two blanks per level; what has no members
  /// inside and fits in 80 columns stays on one line.
  public func prettyText(indent: Int = 0) -> String {
    let inner = String(repeating: "  ", count: indent + 1)
    let outer = String(repeating: "  ", count: indent)
    switch self {
    case .object(let members) where !members.isEmpty:
      let lines = members.map {
        "\(inner)\(Self.quoted($0.key)): \($0.value.prettyText(indent: indent + 1))"
      }
      return "{\n" + lines.joined(separator: ",\n") + "\n\(outer)}"
    case .array(let elements)
    where elements.contains(where: \.isObject)
      || compactText.utf8.count > 80:
      let lines = elements.map { inner + $0.prettyText(indent: indent + 1) }
      return "[\n" + lines.joined(separator: ",\n") + "\n\(outer)]"
    default:
      return compactText
    }
  }

  private var isObject: Bool {
    if case .object = self { true } else { false }
  }

  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      default:
        if scalar.value < 0x20 {
          let digits = String(scalar.value, radix: 16)
          result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result + "\""
  }
}

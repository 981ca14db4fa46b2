/// A value of a JSON document, with the kinds of numbers kept apart.
public enum JSONValue: Sendable {
  /// `null`
  case null
  /// `true` or `false`
  case bool(Bool)
  /// An integer that fits 64 bits with a sign.
  case int64(Int64)
  /// An integer above `Int64.max` that fits 64 bits without a sign.
  case uint64(UInt64)
  /// A number with a fraction or an exponent.
  case double(Double)
  /// Text.
  case string(String)
  /// Elements in order.
  case array([JSONNode])
  /// Members in the order of the file; no key occurs twice.
  case object([JSONMember])
  /// A value whose mistake (such as a number out of range) has been reported already; whoever
  /// decodes it stays silent.
  case malformed

  /// How a message names the value, such as `the text "abc"` or `an object`.
  public var summary: String {
    switch self {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .int64(let value): "\(value)"
    case .uint64(let value): "\(value)"
    case .double(let value): JSONLiteral.number(value).compactText
    case .string(let value): "the text \"\(Self.shortened(value))\""
    case .array(let elements): elements.isEmpty ? "an empty array" : "an array"
    case .object: "an object"
    case .malformed: "a malformed value"
    }
  }

  /// At most 60 characters of `text`, control characters made visible.
  static func shortened(_ text: String) -> String {
    let scalars = text.unicodeScalars
    return visible(String(scalars.prefix(60))) + (scalars.count > 60 ? "…" : "")
  }

  /// `text` with control characters made visible, so that a message stays one line.
  static func visible(_ text: String) -> String {
    text.unicodeScalars.map { scalar in
      scalar.value < 0x20 || scalar.value == 0x7F
        ? scalar.escaped(asASCII: false) : String(scalar)
    }.joined()
  }
}

/// A value with its place in the file and its path from the root.
public struct JSONNode: Sendable {
  /// The value.
  public let value: JSONValue
  /// Where the value starts.
  public let position: SourcePosition
  /// Path from the root, such as `dmas.dma_x.port_size` or `cpu.cpu_firmware_args[0]`; empty
  /// for the root.
  public let path: String

  /// Creates a node.
  public init(value: JSONValue, position: SourcePosition, path: String) {
    self.value = value
    self.position = position
    self.path = path
  }

  /// The members of an object; nil for every other kind of value.
  public var members: [JSONMember]? {
    if case .object(let members) = value { members } else { nil }
  }

  /// The elements of an array; nil for every other kind of value.
  public var elements: [JSONNode]? {
    if case .array(let elements) = value { elements } else { nil }
  }

  /// The value of `key`; nil when this is no object or has no such member.
  public subscript(key: String) -> JSONNode? {
    members?.first { $0.key == key }?.node
  }

  /// The path of this node's member `key`.
  public func path(of key: String) -> String {
    path.isEmpty ? key : "\(path).\(key)"
  }
}

/// A key of an object with its value.
public struct JSONMember: Sendable {
  /// The key.
  public let key: String
  /// Where the key starts (at its opening quote).
  public let keyPosition: SourcePosition
  /// The value.
  public let node: JSONNode

  /// Creates a member.
  public init(key: String, keyPosition: SourcePosition, node: JSONNode) {
    self.key = key
    self.keyPosition = keyPosition
    self.node = node
  }
}

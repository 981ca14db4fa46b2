/// A parsed data file, as the table loader reads it: a value and, when the parser knows it, where
/// it stands.
///
/// The loader takes this tree instead of a file so that any reader can feed it: the one of this
/// module (`EnergyTable.parseJSON`), which knows no positions, or a caller's own.
public struct TableNode: Sendable, Equatable {
  /// What stands at this place.
  public indirect enum Value: Sendable, Equatable {
    /// The literal `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// Any number.
    case number(Double)
    /// A string.
    case string(String)
    /// A list.
    case array([TableNode])
    /// An object's members, in the order in which the parser gives them.
    case object([Member])
  }

  /// One `key: value` pair of an object.
  public struct Member: Sendable, Equatable {
    /// The key.
    public var key: String
    /// The value.
    public var node: TableNode
    /// Line of the key's first character, counted from 1; nil when unknown.
    public var line: Int?
    /// Column of the key's first character, counted from 1; nil when unknown.
    public var column: Int?

    /// Creates a member from its parts.
    public init(key: String, node: TableNode, line: Int? = nil, column: Int? = nil) {
      self.key = key
      self.node = node
      self.line = line
      self.column = column
    }
  }

  /// The value.
  public var value: Value
  /// Line of the value's first character, counted from 1; nil when unknown.
  public var line: Int?
  /// Column of the value's first character, counted from 1; nil when unknown.
  public var column: Int?

  /// Creates a node from its parts.
  public init(_ value: Value, line: Int? = nil, column: Int? = nil) {
    self.value = value
    self.line = line
    self.column = column
  }

  /// The member of an object with this key; nil when this is no object or has no such key.
  public subscript(key: String) -> TableNode? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.node
  }

  /// What the value is, in words, for messages.
  var kindName: String {
    switch value {
    case .null: "null"
    case .bool: "true or false"
    case .number: "a number"
    case .string: "a string"
    case .array: "a list"
    case .object: "an object"
    }
  }
}

extension TableNode: Decodable {
  private struct AnyKey: CodingKey {
    var stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  /// Decodes any document; members of objects come sorted by key, since decoders give no order.
  public init(from decoder: any Decoder) throws {
    if let container = try? decoder.container(keyedBy: AnyKey.self) {
      let keys = container.allKeys.sorted { $0.stringValue < $1.stringValue }
      self.init(
        .object(
          try keys.map {
            Member(key: $0.stringValue, node: try container.decode(TableNode.self, forKey: $0))
          }))
      return
    }
    if var container = try? decoder.unkeyedContainer() {
      var elements: [TableNode] = []
      while !container.isAtEnd { elements.append(try container.decode(TableNode.self)) }
      self.init(.array(elements))
      return
    }
    let container = try decoder.singleValueContainer()
    if container.decodeNil() {
      self.init(.null)
    } else if let flag = try? container.decode(Bool.self) {
      self.init(.bool(flag))
    } else if let number = try? container.decode(Double.self) {
      self.init(.number(number))
    } else {
      self.init(.string(try container.decode(String.self)))
    }
  }
}

/// The outline of a relaxed JSON text: where every value starts, without the values themselves
/// (those come from json-c).
struct ScannedNode {
  enum Content {
    case scalar
    /// A value with a reported mistake; a harmless stand-in was handed to json-c.
    case malformed
    case array([ScannedNode])
    case object([ScannedMember])
  }

  /// Byte offset of the value's first character.
  let offset: Int
  let content: Content
}

struct ScannedMember {
  let key: String
  /// Byte offset of the key's first character.
  let offset: Int
  let node: ScannedNode
}

/// A mistake against the grammar, at a byte offset.
struct SyntaxFinding: Error {
  let offset: Int
  let path: String
  let message: String
  let expected: String?
  let suggestion: String?
}

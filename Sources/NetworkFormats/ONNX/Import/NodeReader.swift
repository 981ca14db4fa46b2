internal import Networks

/// A node of the file while it is turned into an operator: its operands and its attributes.
///
/// Attributes that nobody asked for are an error: they could change what the node means.
final class NodeReader {
  /// The node's name; made up when the file has none.
  let name: String
  /// The operator, for example `Conv`.
  let type: String
  /// The version of the operator's domain.
  let version: Int
  /// The operands; "" for an absent one.
  let inputs: [String]
  /// The results; "" for one that nobody takes.
  private(set) var outputs: [String]
  private var attributes: [String: ONNXAttribute] = [:]
  private var unread: Set<String> = []

  /// Creates a reader.
  ///
  /// - Throws: `NetworkError` when an attribute is given twice.
  init(_ node: ONNXNode, name: String, version: Int) throws(NetworkError) {
    self.name = name
    self.type = node.opType
    self.version = version
    // Absent operands at the end need no name.
    self.inputs = Array(node.input.trimmed())
    self.outputs = Array(node.output.trimmed())
    for attribute in node.attribute {
      guard attributes.updateValue(attribute, forKey: attribute.name) == nil else {
        throw NetworkError("attribute '\(attribute.name)' is given twice")
      }
    }
    unread = Set(attributes.keys)
  }

  // Operands and results.

  /// The operand at an index, nil when absent.
  func input(_ index: Int) -> String? {
    index < inputs.count && !inputs[index].isEmpty ? inputs[index] : nil
  }

  /// The operand at an index.
  ///
  /// - Throws: `NetworkError` when it is absent.
  func operand(_ index: Int, _ what: String) throws(NetworkError) -> String {
    guard let operand = input(index) else {
      throw NetworkError("operand \(index) (\(what)) is missing")
    }
    return operand
  }

  /// The only result.
  ///
  /// - Throws: `NetworkError` when there is none.
  func result() throws(NetworkError) -> String {
    guard let first = outputs.first, !first.isEmpty else { throw NetworkError("it has no result") }
    return first
  }

  /// Forgets the results from an index on.
  func dropOutputs(from index: Int) { outputs = Array(outputs.prefix(index)) }

  // Attributes.

  /// Whether an attribute is given.
  func has(_ key: String) -> Bool { attributes[key] != nil }

  /// Marks attributes as read that do not matter here.
  func ignore(_ keys: String...) { unread.subtract(keys) }

  /// An integer, nil when not given.
  func integer(_ key: String) throws(NetworkError) -> Int? {
    try attribute(key, .int).map { Int($0.i) }
  }

  /// An integer with a default.
  func integer(_ key: String, default value: Int) throws(NetworkError) -> Int {
    try integer(key) ?? value
  }

  /// An integer that must be given.
  func requiredInteger(_ key: String) throws(NetworkError) -> Int {
    guard let value = try integer(key) else { throw NetworkError("attribute '\(key)' is missing") }
    return value
  }

  /// 0 or 1.
  func flag(_ key: String, default value: Bool = false) throws(NetworkError) -> Bool {
    try integer(key).map { $0 != 0 } ?? value
  }

  /// A number with a default.
  func number(_ key: String, default value: Float) throws(NetworkError) -> Float {
    try attribute(key, .float)?.f ?? value
  }

  /// Integers, nil when not given.
  func integers(_ key: String) throws(NetworkError) -> [Int]? {
    try attribute(key, .ints)?.ints.map { Int($0) }
  }

  /// Numbers, nil when not given.
  func numbers(_ key: String) throws(NetworkError) -> [Float]? {
    try attribute(key, .floats)?.floats
  }

  /// A text, nil when not given.
  func text(_ key: String) throws(NetworkError) -> String? {
    try attribute(key, .string).map { String(decoding: $0.s, as: UTF8.self) }
  }

  /// Texts, nil when not given.
  func texts(_ key: String) throws(NetworkError) -> [String]? {
    try attribute(key, .strings)?.strings.map { String(decoding: $0, as: UTF8.self) }
  }

  /// A tensor as the file has it, nil when not given.
  func tensor(_ key: String) throws(NetworkError) -> ONNXTensor? {
    try attribute(key, .tensor)?.t
  }

  /// One of several words.
  func choice<Choice: RawRepresentable<String>>(
    _ key: String, default value: Choice
  ) throws(NetworkError) -> Choice {
    guard let text = try text(key) else { return value }
    guard let choice = Choice(rawValue: text) else {
      throw NetworkError("attribute '\(key)' is '\(text)', which is not supported")
    }
    return choice
  }

  /// An element type, nil when not given or 0.
  func element(_ key: String) throws(NetworkError) -> ElementType? {
    guard let number = try integer(key), number != 0 else { return nil }
    return try ONNXElementTypes.supported(Int32(exactly: number) ?? -1)
  }

  /// Refuses any other value of an integer attribute than its default.
  func require(
    _ key: String, _ value: Int, suggestion: String? = nil
  ) throws(NetworkError) {
    let given = try integer(key, default: value)
    guard given == value else {
      throw NetworkError(
        "attribute '\(key)' is \(given), only \(value) is supported", suggestion: suggestion)
    }
  }

  /// Checks that every attribute was asked for.
  func finish() throws(NetworkError) {
    if let key = unread.min() {
      throw NetworkError("\(type) of version \(version) has no attribute '\(key)'")
    }
  }

  private func attribute(
    _ key: String, _ kind: ONNXAttribute.Kind
  ) throws(NetworkError) -> ONNXAttribute? {
    guard let attribute = attributes[key] else { return nil }
    unread.remove(key)
    guard attribute.kind == kind else {
      throw NetworkError(
        "attribute '\(key)' is of kind \(attribute.kind), where \(kind) is needed")
    }
    return attribute
  }
}

extension ONNXAttribute {
  /// Which field holds the value; the first versions of the format do not say it.
  fileprivate var kind: Kind {
    if type != .undefined { return type }
    if hasF { return .float }
    if hasI { return .int }
    if hasS { return .string }
    if hasT { return .tensor }
    if !floats.isEmpty { return .floats }
    return strings.isEmpty ? .ints : .strings
  }
}

extension [String] {
  /// Without the empty names at the end.
  fileprivate func trimmed() -> ArraySlice<String> {
    var end = endIndex
    while end > startIndex, self[end - 1].isEmpty { end -= 1 }
    return self[..<end]
  }
}

import Foundation

/// A protocol buffer message written field by field, so that tests can write what no library would.
struct WireMessage {
  /// The message so far.
  private(set) var bytes: [UInt8] = []

  /// Appends an integer.
  func integer(_ field: Int, _ value: Int) -> WireMessage {
    var copy = self
    copy.append(field << 3)
    copy.append(value)
    return copy
  }

  /// Appends bytes.
  func data(_ field: Int, _ value: [UInt8]) -> WireMessage {
    var copy = self
    copy.append(field << 3 | 2)
    copy.append(value.count)
    copy.bytes += value
    return copy
  }

  /// Appends a text.
  func text(_ field: Int, _ value: String) -> WireMessage { data(field, Array(value.utf8)) }

  /// Appends a message.
  func message(_ field: Int, _ value: WireMessage) -> WireMessage { data(field, value.bytes) }

  private mutating func append(_ number: Int) {
    var rest = UInt64(bitPattern: Int64(number))
    while rest >= 0x80 {
      bytes.append(UInt8(rest & 0x7f) | 0x80)
      rest >>= 7
    }
    bytes.append(UInt8(rest))
  }

  /// A file with a graph for a version of the standard operators.
  static func file(_ graph: WireMessage, opset: Int = 13) -> [UInt8] {
    WireMessage().integer(1, 8).message(7, graph)
      .message(8, WireMessage().text(1, "").integer(2, opset)).bytes
  }

  /// A graph that adds a tensor to its input `x` of 32-bit floating point, with the result `y`.
  static func sum(_ tensor: WireMessage) -> WireMessage {
    graph(node("Add", ["x", "c"], ["y"])).message(5, tensor)
  }

  /// A graph with the input `x`, the output `y` and some nodes.
  static func graph(_ nodes: WireMessage...) -> WireMessage {
    var graph = WireMessage().text(2, "g").message(11, value("x")).message(12, value("y"))
    for node in nodes { graph = graph.message(1, node) }
    return graph
  }

  /// A node.
  static func node(
    _ type: String, _ inputs: [String], _ outputs: [String], domain: String = ""
  ) -> WireMessage {
    var node = WireMessage()
    for input in inputs { node = node.text(1, input) }
    for output in outputs { node = node.text(2, output) }
    return node.text(4, type).text(7, domain)
  }

  /// A value of 32-bit floating point with two sides: a named one and 3.
  static func value(_ name: String) -> WireMessage {
    let shape = WireMessage().message(1, WireMessage().text(2, "batch"))
      .message(1, WireMessage().integer(1, 3))
    let type = WireMessage().message(1, WireMessage().integer(1, 1).message(2, shape))
    return WireMessage().text(1, name).message(2, type)
  }

  /// The tensor `c`.
  static func tensor(_ sides: [Int], type: Int = 1, raw: [UInt8]? = nil) -> WireMessage {
    var tensor = WireMessage().text(8, "c").integer(2, type)
    for side in sides { tensor = tensor.integer(1, side) }
    return raw.map { tensor.data(9, $0) } ?? tensor
  }
}

internal import Networks

/// A node of the file, outside of all functions, with what is needed to understand it.
struct SourceNode {
  /// The node as the file has it.
  var node: ONNXNode
  /// Its name; made up when the file has none.
  var name: String
  /// The version of each domain's operators.
  var versions: [String: Int]

  /// The domain of its operator; empty for the standard.
  var domain: String { node.domain == "ai.onnx" ? "" : node.domain }

  /// How messages call it.
  var place: String { "node '\(name)' (\(node.opType))" }
}

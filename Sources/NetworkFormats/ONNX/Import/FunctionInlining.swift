internal import Networks

/// Replaces nodes that stand for functions of the file by the functions' nodes.
struct FunctionInlining {
  private struct Key: Hashable {
    let domain: String
    let name: String
    let overload: String
  }

  /// Most nodes that functions may become, and longest names in them: both bound memory.
  private static let greatestCount = 1 << 16
  private static let longestName = 1 << 10
  private static let greatestDepth = 16

  private let functions: [Key: ONNXFunction]
  private var result: [SourceNode] = []
  private var inlinedCount = 0
  /// What names inside of a function begin with; no two nodes that stand for one have the same.
  private var prefixes = UniqueNames()

  /// Takes the functions of a file.
  init(_ functions: [ONNXFunction]) {
    var table: [Key: ONNXFunction] = [:]
    for function in functions {
      let key = Key(
        domain: Self.standard(function.domain), name: function.name, overload: function.overload)
      table[key] = function
    }
    self.functions = table
  }

  /// The nodes in order, none of which stands for a function.
  ///
  /// - Throws: `NetworkError` when a function contains itself, or all of them become too many
  ///   nodes.
  mutating func inlined(
    _ nodes: [ONNXNode], versions: [String: Int]
  ) throws(NetworkError) -> [SourceNode] {
    for (index, node) in nodes.enumerated() {
      let name = node.name.isEmpty ? "\(node.opType)_\(index)" : node.name
      try add(SourceNode(node: node, name: name, versions: versions), depth: 0)
    }
    return result
  }

  private mutating func add(_ source: SourceNode, depth: Int) throws(NetworkError) {
    let key = Key(
      domain: source.domain, name: source.node.opType, overload: source.node.overload)
    guard let function = functions[key] else {
      result.append(source)
      return
    }
    do throws(NetworkError) {
      guard depth < Self.greatestDepth else {
        throw NetworkError("functions contain each other more than \(Self.greatestDepth) deep")
      }
      try expand(function, source, depth)
    } catch {
      throw error.at(source.place)
    }
  }

  private mutating func expand(
    _ function: ONNXFunction, _ source: SourceNode, _ depth: Int
  ) throws(NetworkError) {
    let call = source.node
    guard call.input.count <= function.input.count, call.output.count <= function.output.count
    else { throw NetworkError("it has more operands or results than the function") }
    let prefix = prefixes.claim(source.name) + "."
    var names: [String: String] = ["": ""]
    for (index, parameter) in function.input.enumerated() {
      names[parameter] = index < call.input.count ? call.input[index] : ""
    }
    for (index, result) in function.output.enumerated() {
      if index < call.output.count, !call.output[index].isEmpty {
        names[result] = call.output[index]
      }
    }
    var attributes: [String: ONNXAttribute] = [:]
    for attribute in function.attributeProto + call.attribute {
      attributes[attribute.name] = attribute
    }
    let versions = try OperatorVersions.table(function.opsetImport)
    for (index, node) in function.node.enumerated() {
      inlinedCount += 1
      guard inlinedCount <= Self.greatestCount else {
        throw NetworkError("functions become more than \(Self.greatestCount) nodes")
      }
      var copy = node
      copy.input = try inner(node.input, prefix, names)
      copy.output = try inner(node.output, prefix, names)
      copy.attribute = node.attribute.compactMap { Self.resolved($0, attributes) }
      let name = node.name.isEmpty ? "\(node.opType)_\(index)" : node.name
      let inlined = SourceNode(node: copy, name: try inner(name, prefix, [:]), versions: versions)
      try add(inlined, depth: depth + 1)
    }
    // A result that is one of the parameters has no node that gives it its name.
    for (index, result) in function.output.enumerated() where function.input.contains(result) {
      guard index < call.output.count, !call.output[index].isEmpty else { continue }
      var identity = ONNXNode()
      identity.opType = "Identity"
      identity.input = [function.input.firstIndex(of: result).map { call.input[$0] } ?? ""]
      identity.output = [call.output[index]]
      self.result.append(
        SourceNode(node: identity, name: "\(prefix)result_\(index)", versions: source.versions))
    }
  }

  /// A value's name outside of the function.
  private func inner(
    _ name: String, _ prefix: String, _ names: [String: String]
  ) throws(NetworkError) -> String {
    if let outer = names[name] { return outer }
    guard prefix.utf8.count + name.utf8.count <= Self.longestName else {
      throw NetworkError("names in functions are longer than \(Self.longestName) bytes")
    }
    return prefix + name
  }

  private func inner(
    _ list: [String], _ prefix: String, _ names: [String: String]
  ) throws(NetworkError) -> [String] {
    var result: [String] = []
    for name in list { result.append(try inner(name, prefix, names)) }
    return result
  }

  /// An attribute whose value can be that of the function's attribute; nil when that is not given.
  private static func resolved(
    _ attribute: ONNXAttribute, _ given: [String: ONNXAttribute]
  ) -> ONNXAttribute? {
    guard !attribute.refAttrName.isEmpty else { return attribute }
    guard var value = given[attribute.refAttrName] else { return nil }
    value.name = attribute.name
    return value
  }

  private static func standard(_ domain: String) -> String { domain == "ai.onnx" ? "" : domain }
}

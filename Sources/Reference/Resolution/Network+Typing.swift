internal import Diagnostics
public import Networks

extension Network {
  /// Gives every value its type and computes what does not depend on the inputs.
  ///
  /// Nodes are put in order, those that no output needs are left out, identities too. Nodes whose operands are all
  /// constants become constants, as the shape arithmetic of exporters does. Kept as they are: products, and
  /// quantisation of constants, which says how a weight is stored. What is computed here is bounded by
  /// ``Networks/Limits/foldedElements`` for each value and ``foldedElementsInAll`` together; anything larger is left to
  /// the executor.
  ///
  /// - Parameter binding: sizes of the dimensions that the file leaves open.
  /// - Throws: `NetworkError` naming the node whose operands do not fit, or the input whose shape is open.
  public func typed(_ binding: ShapeBinding = ShapeBinding()) throws(NetworkError) -> TypedNetwork {
    try checkNames(of: binding)
    var typing = Typing(network: try sorted().pruned())
    for input in typing.network.inputs { typing.types[input.name] = try binding.type(of: input) }
    return try typing.finished()
  }

  /// Most elements that ``typed(_:)`` computes in all.
  public static let foldedElementsInAll = 1 << 26

  private func checkNames(of binding: ShapeBinding) throws(NetworkError) {
    var names: Set<String> = []
    for input in inputs {
      for case .named(let name) in input.dimensions ?? [] { names.insert(name) }
    }
    for name in binding.dimensions.keys.sorted() where !names.contains(name) {
      throw NetworkError(
        "no input has an open dimension named '\(name)'",
        suggestion: hint(name, names.sorted(), "open dimensions"))
    }
    let inputNames = inputs.map(\.name)
    for name in binding.shapes.keys.sorted() where !inputNames.contains(name) {
      throw NetworkError(
        "the network has no input '\(name)'", suggestion: hint(name, inputNames, "its inputs"))
    }
  }

  private func hint(_ name: String, _ names: [String], _ what: String) -> String {
    if let near = Suggestion.nearest(to: name, among: names) { return "did you mean '\(near)'?" }
    return names.isEmpty ? "there are none" : "\(what): \(names.joined(separator: ", "))"
  }
}

/// The work of ``Networks/Network/typed(_:)``: one pass over the sorted nodes.
private struct Typing {
  var network: Network
  var types: [String: TensorType] = [:]
  private var nodes: [Node] = []
  /// Names that identities gave to other values.
  private var aliases: [String: String] = [:]
  private var folded = 0
  private let outputs: Set<String>

  init(network: Network) {
    self.network = network
    outputs = Set(network.outputs)
    for (name, tensor) in network.constants { types[name] = tensor.type }
  }

  mutating func finished() throws(NetworkError) -> TypedNetwork {
    nodes.reserveCapacity(network.nodes.count)
    for node in network.nodes {
      var node = node
      node.inputs = node.inputs.map { aliases[$0] ?? $0 }
      if node.operator == .identity, let source = node.input(0), let result = node.outputs.first,
        !outputs.contains(result)
      {
        aliases[result] = source
        continue
      }
      do {
        try take(node)
      } catch {
        throw error.at(node.place)
      }
    }
    network.nodes = nodes
    // Folding leaves operands behind that nobody takes any more.
    let result = network.pruned()
    let used = Set(result.nodes.flatMap { $0.inputs + $0.outputs })
      .union(result.inputs.map(\.name)).union(result.outputs)
    return TypedNetwork(network: result, types: types.filter { used.contains($0.key) })
  }

  private mutating func take(_ node: Node) throws(NetworkError) {
    var operands: [Operand?] = []
    for name in node.inputs {
      guard !name.isEmpty else {
        operands.append(nil)
        continue
      }
      guard let type = types[name] else {
        throw NetworkError("its operand '\(name)' does not exist")
      }
      operands.append(Operand(type, constant: network.constants[name]))
    }
    let results = try node.operator.resultTypes(operands, results: node.outputs.count)
    guard results.count == node.outputs.count else {
      throw NetworkError("it has \(node.outputs.count) results instead of \(results.count)")
    }
    for (name, type) in zip(node.outputs, results) where !name.isEmpty { types[name] = type }
    if let values = try folded(node, operands, results) {
      for (name, value) in zip(node.outputs, values) where !name.isEmpty {
        network.constants[name] = value
      }
    } else {
      nodes.append(node)
    }
  }

  /// The values of a node that needs no input, or nil when it is left to the executor.
  private mutating func folded(
    _ node: Node, _ operands: [Operand?], _ results: [TensorType]
  ) throws(NetworkError) -> [Tensor]? {
    switch node.operator {
    case .shape(let start, let end):
      guard let rank = operands.first??.type.shape.count, let operand = operands.first else {
        return nil
      }
      let bounds = Operator.shapeBounds(start: start, end: end, rank: rank)
      let sides = (operand?.type.shape ?? [])[bounds].map { Int64($0) }
      return [Tensor([sides.count], sides)]
    case .size:
      return [Tensor(scalar: Int64(operands.first??.type.elementCount ?? 0))]
    default: break
    }
    guard node.operator.isFoldable, operands.allSatisfy({ $0 == nil || $0?.constant != nil }),
      let needed = size(operands, results)
    else { return nil }
    folded += needed
    return try node.operator.evaluate(operands.map { $0?.constant }, results: results)
  }

  /// Elements that folding reads and writes, or nil when that is too much.
  private func size(_ operands: [Operand?], _ results: [TensorType]) -> Int? {
    let sizes = operands.compactMap { $0?.type.elementCount } + results.map(\.elementCount)
    guard sizes.allSatisfy({ $0 <= Limits.foldedElements }) else { return nil }
    let sum = sizes.reduce(0, +)
    return folded + sum <= Network.foldedElementsInAll ? sum : nil
  }
}

extension Operator {
  /// Whether the operator may be computed while a network is read: its cost is that of its operands and results,
  /// and its result is not better kept as it is written.
  fileprivate var isFoldable: Bool {
    switch self {
    case .convolution, .transposedConvolution, .gemm, .matMul, .qLinearConvolution, .qLinearMatMul,
      .qGemm, .convolutionInteger, .matMulInteger, .maxPool, .averagePool, .qLinearAveragePool,
      .localResponseNormalization, .resize, .quantizeLinear, .dequantizeLinear:
      false
    default: true
    }
  }

  /// The axes that Shape tells, clamped as ONNX says.
  fileprivate static func shapeBounds(start: Int, end: Int?, rank: Int) -> Range<Int> {
    func clamped(_ axis: Int) -> Int { min(max(axis < 0 ? axis + rank : axis, 0), rank) }
    let lower = clamped(start)
    return lower..<max(lower, clamped(end ?? rank))
  }
}

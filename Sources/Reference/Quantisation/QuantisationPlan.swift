internal import Diagnostics
internal import Networks

/// Which values of a network are quantised, and which share their parameters.
struct QuantisationPlan {
  let network: TypedNetwork
  let options: Quantiser.Options
  /// Nodes that compute with integers.
  private(set) var computing: Set<Int> = []
  /// Values that are quantised, in the order of the network.
  private(set) var values: [String] = []
  /// Values whose own range does not count: their only use is a Relu or Clip, whose range is theirs.
  private(set) var clipped: Set<String> = []
  /// Uses of each value by nodes.
  private(set) var uses: [String: [Int]] = [:]
  /// The node that gives a value.
  private(set) var producers: [String: Int] = [:]
  private var parents: [String: String] = [:]
  private let outputs: Set<String>

  init(_ network: TypedNetwork, options: Quantiser.Options) throws(NetworkError) {
    self.network = network
    self.options = options
    outputs = Set(network.network.outputs)
    let nodes = network.network.nodes
    let names = nodes.map(\.name)
    for name in options.excluded.sorted() where !names.contains(name) {
      let near = Suggestion.nearest(to: name, among: names)
      throw NetworkError(
        "the network has no node '\(name)' to exclude",
        suggestion: near.map { "did you mean '\($0)'?" })
    }
    for (index, node) in nodes.enumerated() {
      for name in node.outputs where !name.isEmpty { producers[name] = index }
      for name in node.inputs where !name.isEmpty { uses[name, default: []].append(index) }
    }
    choose(nodes)
  }

  /// The representative of the values that share their parameters with a value.
  func root(_ value: String) -> String {
    var value = value
    while let parent = parents[value] { value = parent }
    return value
  }

  /// Whether a value is quantised.
  func isQuantised(_ value: String) -> Bool { chosen.contains(value) }

  private var chosen: Set<String> = []

  /// Walks along the network, which is in order.
  private mutating func choose(_ nodes: [Node]) {
    for (index, node) in nodes.enumerated() where isComputing(node) {
      computing.insert(index)
      for name in activations(of: node) where isActivation(name) { chosen.insert(name) }
      chosen.formUnion(node.outputs.filter { !$0.isEmpty })
    }
    for (index, node) in nodes.enumerated() where !options.excluded.contains(node.name) {
      guard let operand = node.input(0), chosen.contains(operand), isActivation(operand) else {
        continue
      }
      let results = node.outputs.filter { !$0.isEmpty }
      switch node.operator.quantisedRole {
      case .moving:
        guard results.allSatisfy(isActivation) else { continue }
        computing.insert(index)
        chosen.formUnion(results)
        for result in results { unite(operand, result) }
      case .clipping:
        guard clips(node) else { continue }
        computing.insert(index)
        chosen.formUnion(results)
        if isOwned(operand, by: index) { clipped.insert(operand) }
        for result in results { unite(operand, result) }
      case .joining:
        guard computing.contains(index) else { continue }
        for name in activations(of: node) + results { unite(name, results[0]) }
      case .computing, .floating: break
      }
    }
    dropDirectlyClipped(nodes)
    var seen: Set<String> = []
    let all = network.network.inputs.map(\.name) + nodes.flatMap(\.outputs)
    values = all.filter { chosen.contains($0) && seen.insert($0).inserted }
  }

  /// With zero points that fit, the quantisation behind a Relu does the Relu's work; the product before it is then not
  /// quantised on its own, and both become one node.
  private mutating func dropDirectlyClipped(_ nodes: [Node]) {
    guard options.activations != .symmetric else { return }
    for name in clipped {
      guard let index = uses[name]?.first, nodes[index].operator == .unary(.relu) else { continue }
      chosen.remove(name)
    }
  }

  /// Whether a value comes from a computing node and goes only to this one.
  private func isOwned(_ value: String, by index: Int) -> Bool {
    guard let producer = producers[value], computing.contains(producer), uses[value] == [index],
      !outputs.contains(value)
    else { return false }
    return network.network.nodes[producer].operator.quantisedRole == .computing
  }

  private func isComputing(_ node: Node) -> Bool {
    guard !options.excluded.contains(node.name) else { return false }
    let role = node.operator.quantisedRole
    guard role == .computing || role == .joining, node.outputs.count == 1,
      let result = node.outputs.first, isActivation(result),
      node.inputs.allSatisfy({ $0.isEmpty || isActivation($0) })
    else { return false }
    switch node.operator {
    case .convolution: return isConstant(node.input(1)) && isConstantOrAbsent(node.input(2))
    case .gemm(let attributes):
      return isConstant(node.input(1)) && isConstantOrAbsent(node.input(2))
        && !attributes.transposesA && isRow(node.input(2), of: result)
    case .matMul, .binary, .concat:
      return node.inputs.contains { !isConstant($0) }
    case .averagePool(let attributes):
      return attributes.window.dilations?.allSatisfy { $0 == 1 } ?? true
    default: return true
    }
  }

  /// Operands that are quantised as activations, constant or not. Constant weights are none.
  func activations(of node: Node) -> [String] {
    switch node.operator {
    case .convolution, .gemm: Array(node.inputs.prefix(1))
    case .matMul: isConstant(node.input(1)) ? Array(node.inputs.prefix(1)) : node.inputs
    default: node.inputs.filter { !$0.isEmpty }
    }
  }

  /// Whether bounds of a Clip are constants; a Relu always is one.
  private func clips(_ node: Node) -> Bool {
    node.inputs.dropFirst().allSatisfy { $0.isEmpty || isConstant($0) }
  }

  /// Whether an addend of Gemm is one number per column.
  private func isRow(_ name: String?, of result: String) -> Bool {
    guard let name, let tensor = network.network.constants[name] else { return true }
    let columns = network.types[result]?.shape.last ?? 0
    return tensor.count == columns && tensor.shape.last == columns
  }

  private func isActivation(_ name: String) -> Bool { network.types[name]?.element == .float32 }

  func isConstant(_ name: String?) -> Bool {
    name.map { network.network.constants[$0] != nil } ?? false
  }

  private func isConstantOrAbsent(_ name: String?) -> Bool { name == nil || isConstant(name) }

  private mutating func unite(_ first: String, _ second: String) {
    let (a, b) = (root(first), root(second))
    if a != b { parents[a] = b }
  }
}

/// What an operator means for the quantisation around it.
enum QuantisedRole {
  /// Has an integer form with parameters of its own.
  case computing
  /// As `computing`, with the same parameters for all operands and the result.
  case joining
  /// Leaves elements as they are.
  case moving
  /// Bounds elements.
  case clipping
  /// Has no integer form.
  case floating
}

extension Operator {
  /// What the operator means for the quantisation around it.
  var quantisedRole: QuantisedRole {
    switch self {
    case .convolution, .gemm, .matMul, .binary(.add), .binary(.multiply), .averagePool,
      .globalAveragePool, .unary(.sigmoid), .unary(.leakyRelu):
      .computing
    case .concat: .joining
    case .maxPool, .reshape, .flatten, .transpose, .squeeze, .unsqueeze, .slice, .split, .expand,
      .tile, .gather, .depthToSpace, .spaceToDepth, .identity:
      .moving
    case .resize(let attributes): attributes.mode == .nearest ? .moving : .floating
    case .unary(.relu), .clip: .clipping
    case .transposedConvolution, .quantizeLinear, .dequantizeLinear, .dynamicQuantizeLinear,
      .qLinearConvolution, .qLinearMatMul, .qGemm, .convolutionInteger, .matMulInteger,
      .qLinearBinary, .qLinearUnary, .qLinearAveragePool, .qLinearGlobalAveragePool,
      .qLinearSoftmax, .qLinearConcat, .unary, .binary, .variadic, .where, .pRelu, .cast, .softmax,
      .logSoftmax, .reduce, .argument, .batchNormalization, .layerNormalization,
      .instanceNormalization, .groupNormalization, .localResponseNormalization, .globalMaxPool,
      .pad, .gatherElements, .gatherND, .scatterElements, .scatterND, .oneHot, .triangle,
      .cumulativeSum, .topK, .shape, .size, .constantOfShape, .range:
      .floating
    }
  }
}

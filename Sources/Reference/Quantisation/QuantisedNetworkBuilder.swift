internal import Networks

/// Writes a network with quantisation around its operators, as a plan says.
struct QuantisedNetworkBuilder {
  private let plan: QuantisationPlan
  private let ranges: [String: CalibratedRange]
  private var network: Network
  private var values: [QuantisedValue] = []
  private var taken: Set<String>
  /// What consumers of a quantised value take.
  private var dequantised: [String: String] = [:]
  /// The names of scale and zero point, by representative.
  private var parameterNames: [String: [String]] = [:]

  init(_ plan: QuantisationPlan, ranges: [String: CalibratedRange]) {
    self.plan = plan
    self.ranges = ranges
    network = plan.network.network
    network.nodes = []
    taken = Set(plan.network.types.keys).union(network.constants.keys)
  }

  /// The quantised network and its values.
  func built() throws(NetworkError) -> (Network, [QuantisedValue]) {
    var builder = self
    try builder.build()
    return (builder.network.pruned(), builder.values)
  }

  private mutating func build() throws(NetworkError) {
    let outputs = Set(network.outputs)
    for input in network.inputs where plan.isQuantised(input.name) {
      let result = unused("\(input.name).dequantised")
      quantise(input.name, as: input.name, node: nil, result: result)
      dequantised[input.name] = result
    }
    for (index, original) in plan.network.network.nodes.enumerated() {
      var node = original
      node.inputs = node.inputs.map { operand($0) }
      if plan.computing.contains(index) { quantiseWeights(of: &node, original) }
      var endings: [(value: String, real: String, result: String)] = []
      for (place, name) in original.outputs.enumerated() where plan.isQuantised(name) {
        if outputs.contains(name) {
          node.outputs[place] = unused("\(name).real")
          endings.append((name, node.outputs[place], name))
        } else {
          endings.append((name, name, unused("\(name).dequantised")))
        }
      }
      network.nodes.append(node)
      for ending in endings {
        quantise(ending.real, as: ending.value, node: original, result: ending.result)
        dequantised[ending.value] = ending.result
      }
    }
  }

  /// The name under which consumers take a value; constants are quantised at their first use.
  private mutating func operand(_ name: String) -> String {
    if let known = dequantised[name] { return known }
    guard plan.isQuantised(name), let tensor = network.constants[name],
      let numbers = tensor.array(of: Float.self)
    else { return name }
    let parameters = parameters(name)
    let range = parameters.element.quantisedRange ?? 0...0
    let integers = numbers.map {
      QuantiseLinear.quantised(
        $0, scale: parameters.scale, zeroPoint: parameters.zeroPoint, range: range)
    }
    let value = unused("\(name).integers")
    network.constants[value] = Tensor(
      bytePatterns: integers.map { UInt8(truncatingIfNeeded: $0) },
      type: TensorType(parameters.element, tensor.shape))
    let result = unused("\(name).dequantised")
    network.nodes.append(
      Node(result, .dequantizeLinear(axis: 0), [value] + names(of: name), [result]))
    dequantised[name] = result
    return result
  }

  private func parameters(_ value: String) -> QuantisationParameters {
    QuantisationParameters(ranges[plan.root(value)]?.covered ?? 0...0, options: plan.options)
  }

  /// The names of a value's scale and zero point.
  private mutating func names(of value: String) -> [String] {
    let root = plan.root(value)
    if let names = parameterNames[root] { return names }
    let parameters = parameters(value)
    let names = [
      add(Tensor(scalar: parameters.scale), "\(root).scale"),
      add(parameters.zeroTensor, "\(root).zero"),
    ]
    parameterNames[root] = names
    return names
  }

  /// Adds quantisation and dequantisation of a value.
  private mutating func quantise(_ real: String, as value: String, node: Node?, result: String) {
    let parameters = parameters(value)
    let integers = unused("\(value).integers")
    let names = names(of: value)
    network.nodes.append(
      Node(
        "\(value).quantise", .quantizeLinear(axis: 0, element: parameters.element), [real] + names,
        [integers]))
    network.nodes.append(
      Node("\(value).dequantise", .dequantizeLinear(axis: 0), [integers] + names, [result]))
    guard !plan.clipped.contains(value) else { return }
    let observed = ranges[plan.root(value)]?.observed ?? 0...0
    values.append(
      QuantisedValue(
        name: value, node: node, integers: integers, parameters: parameters, observed: observed))
  }

  // Weights.

  /// Gives a product integers for its constant weights and addend.
  private mutating func quantiseWeights(of node: inout Node, _ original: Node) {
    guard let weightName = original.input(1), let x = original.inputs.first else { return }
    var (factor, addendFactor) = (Float(1), Float(1))
    let axis: Int
    switch node.operator {
    case .convolution: axis = 0
    case .gemm(var attributes):
      axis = attributes.transposesB ? 0 : 1
      (factor, addendFactor) = (attributes.alpha, attributes.beta)
      attributes.alpha = 1
      attributes.beta = 1
      node.operator = .gemm(attributes)
    case .matMul:
      guard plan.isConstant(weightName) else { return }
      axis = 1
    default: return
    }
    guard let weights = network.constants[weightName], let numbers = weights.array(of: Float.self)
    else { return }
    let channels = weights.shape.count > axis ? weights.shape[axis] : 1
    var bias = network.constants[original.input(2) ?? ""]?.array(of: Float.self)
    bias = bias.map { $0.map { $0 * addendFactor } }
    let quantised = QuantisedWeights(
      numbers.map { $0 * factor }, shape: weights.shape, axis: axis, bias: bias,
      xScale: parameters(x).scale, options: plan.options,
      hasManyScales: plan.options.weights == .perChannel
        && (node.operator != .matMul || weights.shape.count == 2))
    let scales = quantised.scales
    let scale = add(Self.scalarOrVector(scales), "\(original.name).weights.scale")
    let zero = add(
      scales.count == 1 ? Tensor(scalar: Int8(0)) : Tensor(zeros: Int8(0), scales.count),
      "\(original.name).weights.zero")
    let value = add(Tensor(weights.shape, quantised.integers), "\(original.name).weights.integers")
    let result = unused("\(original.name).weights.dequantised")
    network.nodes.append(
      Node(result, .dequantizeLinear(axis: axis), [value, scale, zero], [result]))
    node.inputs[1] = result
    guard let integers = quantised.biasIntegers else { return }
    let biasScale = add(Self.scalarOrVector(quantised.biasScales), "\(original.name).bias.scale")
    let biasZero = add(
      scales.count == 1 ? Tensor(scalar: Int32(0)) : Tensor(zeros: Int32(0), channels),
      "\(original.name).bias.zero")
    let biasValue = add(Tensor([channels], integers), "\(original.name).bias.integers")
    let biasResult = unused("\(original.name).bias.dequantised")
    network.nodes.append(
      Node(biasResult, .dequantizeLinear(axis: 0), [biasValue, biasScale, biasZero], [biasResult]))
    node.inputs[2] = biasResult
  }

  private static func scalarOrVector(_ numbers: [Float]) -> Tensor {
    numbers.count == 1 ? Tensor([], numbers) : Tensor([numbers.count], numbers)
  }

  // Names.

  private mutating func add(_ tensor: Tensor, _ wish: String) -> String {
    let name = unused(wish)
    network.constants[name] = tensor
    return name
  }

  private mutating func unused(_ wish: String) -> String {
    var name = wish
    var number = 2
    while !taken.insert(name).inserted {
      name = "\(wish)_\(number)"
      number += 1
    }
    return name
  }
}

extension Tensor {
  /// A vector of one element repeated.
  fileprivate init<Element: TensorElement>(zeros element: Element, _ count: Int) {
    self.init([count], [Element](repeating: element, count: count))
  }
}

internal import Networks

extension OperatorTable {
  /// Operators that onnxruntime's optimiser makes of several.
  static func addMicrosoftFused(to table: inout NodeImports) {
    table.define("FusedConv") { node, graph throws(NetworkError) in
      let convolution = Operator.convolution(try node.convolution())
      let activation = try Activation(node)
      let operands = Array(node.inputs.prefix(3))
      let addend = node.input(3)
      var steps: [FusedStep] = [.init("conv", convolution, operands)]
      if let addend { steps.append(.init("sum", .binary(.add), ["", addend])) }
      try graph.emit(node, steps, activation)
    }
    table.define("FusedGemm") { node, graph throws(NetworkError) in
      let gemm = Operator.gemm(try node.gemm())
      try graph.emit(node, [.init("gemm", gemm, node.inputs)], try Activation(node))
    }
    table.define("FusedMatMul", fusedMatMul)
    table.define("TransposeMatMul", fusedMatMul)
    table.define("Gelu") { node, graph throws(NetworkError) in
      graph.emit(node, .unary(.gelu(approximatesByTanh: false)))
    }
    table.define("FastGelu") { node, graph throws(NetworkError) in
      try biasGelu(node, &graph, tanh: true)
    }
    table.define("BiasGelu") { node, graph throws(NetworkError) in
      try biasGelu(node, &graph, tanh: false)
    }
    table.define("QuickGelu") { node, graph throws(NetworkError) in
      graph.emit(node, .unary(.swish(alpha: try node.number("alpha", default: 1.702))))
    }
    table.define("SimplifiedLayerNormalization", rmsNormalization)
    table.define("SkipLayerNormalization") { node, graph throws(NetworkError) in
      let sum = try skip(node, bias: 4, &graph)
      let epsilon = try node.number("epsilon", default: 1e-12)
      var operands = [sum, try node.operand(2, "gamma")]
      if let beta = node.input(3) { operands.append(beta) }
      graph.emit(node, .layerNormalization(axis: -1, epsilon: epsilon), operands)
    }
    table.define("SkipSimplifiedLayerNormalization") { node, graph throws(NetworkError) in
      let result = try node.result()
      let sum = try skip(node, bias: 3, &graph)
      try graph.rootMeanSquare(
        node, x: sum, scale: try node.operand(2, "gamma"), axis: -1,
        epsilon: try node.number("epsilon", default: 1e-12), result: result)
    }
  }

  /// The sum that a Skip… operator normalises; its results 1 and 2 are not supported, 3 is the sum.
  private static func skip(
    _ node: NodeReader, bias: Int, _ graph: inout GraphImport
  ) throws(NetworkError) -> String {
    let sumResult = node.outputs.count > 3 ? node.outputs[3] : ""
    var operands = [try node.operand(0, "x"), try node.operand(1, "skip")]
    if let bias = node.input(bias) {
      operands = [graph.part(node, "skip", .binary(.add), operands), bias]
    }
    try graph.keepFirst(1, of: node, except: 3)
    if sumResult.isEmpty { return graph.part(node, "sum", .binary(.add), operands) }
    graph.part(node, "sum", .binary(.add), operands, result: sumResult)
    return sumResult
  }

  /// alpha·a'·b' where the last two axes of an operand can be exchanged.
  private static func fusedMatMul(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let alpha = try node.number("alpha", default: 1)
    let suggestion = "optimise the model less (ORT_ENABLE_BASIC)"
    try node.require("transBatchA", 0, suggestion: suggestion)
    try node.require("transBatchB", 0, suggestion: suggestion)
    var operands: [String] = []
    for (index, key) in ["transA", "transB"].enumerated() {
      var operand = try node.operand(index, index == 0 ? "a" : "b")
      if try node.flag(key) {
        let rank = try graph.knownRank(operand)
        if rank >= 2, rank <= Limits.rank {
          let order = Array(0..<(rank - 2)) + [rank - 1, rank - 2]
          operand = graph.part(node, key, .transpose(permutation: order), [operand])
        }
      }
      operands.append(operand)
    }
    if alpha == 1 {
      graph.emit(node, .matMul, operands)
      return
    }
    let factor = try graph.number(Double(alpha), like: operands[0], node, "alpha")
    let result = try node.result()
    let product = graph.part(node, "product", .matMul, operands)
    graph.part(node, "scaled", .binary(.multiply), [product, factor], result: result)
  }

  /// gelu(x + bias); the bias is optional.
  private static func biasGelu(
    _ node: NodeReader, _ graph: inout GraphImport, tanh: Bool
  ) throws(NetworkError) {
    var x = try node.operand(0, "x")
    if let bias = node.input(1) { x = graph.part(node, "bias", .binary(.add), [x, bias]) }
    graph.emit(node, .unary(.gelu(approximatesByTanh: tanh)), [x])
  }
}

/// The function that a fused operator applies at its end.
private struct Activation {
  /// What is applied; nil for nothing.
  var kind: Operator?
  /// Further operands: the bounds of Clip.
  var bounds: [Float] = []

  init(_ node: NodeReader) throws(NetworkError) {
    let name = try node.text("activation") ?? ""
    var parameters = try node.numbers("activation_params") ?? []
    for key in ["activation_alpha", "activation_beta", "activation_gamma"] where node.has(key) {
      parameters.append(try node.number(key, default: 0))
    }
    func parameter(_ index: Int, _ value: Float) -> Float {
      index < parameters.count ? parameters[index] : value
    }
    switch name {
    case "": kind = nil
    case "Relu": kind = .unary(.relu)
    case "Sigmoid": kind = .unary(.sigmoid)
    case "Tanh": kind = .unary(.tanh)
    case "LeakyRelu": kind = .unary(.leakyRelu(alpha: parameter(0, 0.01)))
    case "HardSigmoid":
      kind = .unary(.hardSigmoid(alpha: parameter(0, 0.2), beta: parameter(1, 0.5)))
    case "HardSwish": kind = .unary(.hardSwish)
    case "Clip":
      kind = .clip
      bounds = [parameter(0, -.greatestFiniteMagnitude), parameter(1, .greatestFiniteMagnitude)]
    default: throw NetworkError("activation '\(name)' is not supported")
    }
  }
}

/// One of the steps of a fused operator; an operand "" is the result of the step before.
private struct FusedStep {
  var suffix: String
  var kind: Operator
  var operands: [String]

  init(_ suffix: String, _ kind: Operator, _ operands: [String]) {
    self.suffix = suffix
    self.kind = kind
    self.operands = operands
  }
}

extension GraphImport {
  /// Adds a chain of nodes; the last one has the result and the name of the node.
  fileprivate mutating func emit(
    _ node: NodeReader, _ steps: [FusedStep], _ activation: Activation
  ) throws(NetworkError) {
    var steps = steps
    if let kind = activation.kind {
      let bounds = activation.bounds.enumerated().map { index, bound in
        constant(Tensor(scalar: bound), node, index == 0 ? "least" : "greatest")
      }
      steps.append(FusedStep("activation", kind, [""] + bounds))
    }
    var previous = ""
    for (index, step) in steps.enumerated() {
      var operands = step.operands
      if index > 0 { operands[0] = previous }
      if index == steps.count - 1 {
        emit(node, step.kind, operands)
      } else {
        previous = part(node, step.suffix, step.kind, operands)
      }
    }
  }
}

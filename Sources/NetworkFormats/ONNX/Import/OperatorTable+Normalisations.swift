internal import Networks

extension OperatorTable {
  /// Softmax and normalisations.
  static func addNormalisations(to table: inout NodeImports) {
    table.define("Softmax") { node, graph throws(NetworkError) in
      try softmax(node, &graph) { .softmax(axis: $0) }
    }
    table.define("LogSoftmax") { node, graph throws(NetworkError) in
      try softmax(node, &graph) { .logSoftmax(axis: $0) }
    }
    table.define("BatchNormalization", batchNormalization)
    table.define("InstanceNormalization") { node, graph throws(NetworkError) in
      graph.emit(node, .instanceNormalization(epsilon: try node.number("epsilon", default: 1e-5)))
    }
    table.define("GroupNormalization", groupNormalization)
    table.define("LayerNormalization") { node, graph throws(NetworkError) in
      node.ignore("stash_type")
      graph.dropUnusedOutputs(of: node)
      let axis = try node.integer("axis", default: -1)
      let epsilon = try node.number("epsilon", default: 1e-5)
      graph.emit(node, .layerNormalization(axis: axis, epsilon: epsilon))
    }
    table.define("RMSNormalization", rmsNormalization)
    table.define("SimplifiedLayerNormalization", rmsNormalization)
    table.define("LRN") { node, graph throws(NetworkError) in
      graph.emit(
        node,
        .localResponseNormalization(
          size: try node.requiredInteger("size"), alpha: try node.number("alpha", default: 1e-4),
          beta: try node.number("beta", default: 0.75), bias: try node.number("bias", default: 1)))
    }
    table.define("MeanVarianceNormalization", meanVarianceNormalization)
    table.define("LpNormalization", lpNormalization)
  }

  /// Below version 13, all axes from the given one on count as one.
  private static func softmax(
    _ node: NodeReader, _ graph: inout GraphImport, _ kind: (Int) -> Operator
  ) throws(NetworkError) {
    let axis = try node.integer("axis", default: node.version < 13 ? 1 : -1)
    let x = try node.operand(0, "x")
    if node.version >= 13 || axis == -1 || graph.rank(x).map({ $0 - 1 == axis }) == true {
      graph.emit(node, kind(axis))
      return
    }
    let result = try node.result()
    let shape = graph.part(node, "shape", .shape(start: 0, end: nil), [x])
    let flat = graph.part(node, "flat", .flatten(axis: axis), [x])
    let value = graph.part(node, "softmax", kind(1), [flat])
    graph.part(
      node, "reshape", .reshape(zeroMeansZero: false), [value, shape], result: result)
  }

  private static func batchNormalization(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let suggestion = "export the model for inference (model.eval() in PyTorch)"
    try node.require("training_mode", 0, suggestion: suggestion)
    if node.version < 9 { try node.require("spatial", 1) }
    node.ignore("momentum")
    do throws(NetworkError) {
      try graph.keepFirst(1, of: node)
    } catch {
      throw NetworkError("its training form is not supported", suggestion: suggestion)
    }
    graph.emit(node, .batchNormalization(epsilon: try node.number("epsilon", default: 1e-5)))
  }

  /// Before version 21, scale and bias have one element per group, as instance normalisation of the
  /// groups has.
  private static func groupNormalization(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let groups = try node.requiredInteger("num_groups")
    let epsilon = try node.number("epsilon", default: 1e-5)
    node.ignore("stash_type")
    guard node.version < 21 else {
      graph.emit(node, .groupNormalization(groups: groups, epsilon: epsilon))
      return
    }
    let (x, result) = (try node.operand(0, "x"), try node.result())
    let parameters = [try node.operand(1, "scale"), try node.operand(2, "bias")]
    let grouped = graph.integers([0, groups, -1], node, "groups")
    let shape = graph.part(node, "shape", .shape(start: 0, end: nil), [x])
    let value = graph.part(node, "split", .reshape(zeroMeansZero: false), [x, grouped])
    let normal = graph.part(
      node, "normal", .instanceNormalization(epsilon: epsilon), [value] + parameters)
    graph.part(node, "join", .reshape(zeroMeansZero: false), [normal, shape], result: result)
  }

  static func rmsNormalization(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    node.ignore("stash_type")
    try graph.keepFirst(1, of: node)
    let axis = try node.integer("axis", default: -1)
    let epsilon = try node.number("epsilon", default: 1e-5)
    try graph.rootMeanSquare(
      node, x: try node.operand(0, "x"), scale: try node.operand(1, "scale"), axis: axis,
      epsilon: epsilon, result: try node.result())
  }

  /// (x − mean) / (√variance + 10⁻⁹) over the given axes.
  private static func meanVarianceNormalization(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let (x, result) = (try node.operand(0, "x"), try node.result())
    let axes = graph.integers(try node.integers("axes") ?? [0, 2, 3], node, "axes")
    let mean = Operator.reduce(.mean, keepsAxes: true, emptyAxesMeanNone: false)
    let epsilon = try graph.number(1e-9, like: x, node, "epsilon")
    let average = graph.part(node, "mean", mean, [x, axes])
    let centred = graph.part(node, "centred", .binary(.subtract), [x, average])
    let square = graph.part(node, "square", .binary(.multiply), [centred, centred])
    let variance = graph.part(node, "variance", mean, [square, axes])
    let deviation = graph.part(node, "deviation", .unary(.squareRoot), [variance])
    let divisor = graph.part(node, "divisor", .binary(.add), [deviation, epsilon])
    graph.part(node, "result", .binary(.divide), [centred, divisor], result: result)
  }

  /// x divided by its norm; 0 where that is 0.
  private static func lpNormalization(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let (x, result) = (try node.operand(0, "x"), try node.result())
    let power = try node.integer("p", default: 2)
    guard power == 1 || power == 2 else {
      throw NetworkError("attribute 'p' is \(power), only 1 and 2 are possible")
    }
    let axes = graph.integers([try node.integer("axis", default: -1)], node, "axis")
    let reduction = Operator.reduce(
      power == 1 ? .l1 : .l2, keepsAxes: true, emptyAxesMeanNone: false)
    let zero = try graph.number(0, like: x, node, "zero")
    let norm = graph.part(node, "norm", reduction, [x, axes])
    let isZero = graph.part(node, "empty", .binary(.equal), [norm, zero])
    let quotient = graph.part(node, "quotient", .binary(.divide), [x, norm])
    graph.part(node, "result", .where, [isZero, zero, quotient], result: result)
  }
}

extension GraphImport {
  /// Adds nodes for x / √(mean(x²) + epsilon) · scale, the mean over the axes from `axis` on.
  mutating func rootMeanSquare(
    _ node: NodeReader, x: String, scale: String, axis: Int, epsilon: Float, result: String
  ) throws(NetworkError) {
    let first = axis < 0 ? axis : axis - (try knownRank(x))
    guard first < 0, first >= -Limits.rank else {
      throw NetworkError("axis \(axis) does not exist")
    }
    let axes = integers(Array(first..<0), node, "axes")
    let mean = Operator.reduce(.mean, keepsAxes: true, emptyAxesMeanNone: false)
    let offset = try number(Double(epsilon), like: x, node, "epsilon")
    let square = part(node, "square", .binary(.multiply), [x, x])
    let average = part(node, "mean", mean, [square, axes])
    let sum = part(node, "sum", .binary(.add), [average, offset])
    let root = part(node, "root", .unary(.squareRoot), [sum])
    let normal = part(node, "normal", .binary(.divide), [x, root])
    part(node, "result", .binary(.multiply), [normal, scale], result: result)
  }
}

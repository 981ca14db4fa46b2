internal import Networks

extension OperatorTable {
  /// Functions of single elements.
  static func addElementwise(to table: inout NodeImports) {
    for function in plainFunctions {
      table.define(function.name) { node, graph throws(NetworkError) in
        graph.emit(node, .unary(function))
      }
    }
    for function in BinaryFunction.allCases where function != .remainder {
      table.define(function.rawValue) { node, graph throws(NetworkError) in
        graph.emit(node, .binary(function))
      }
    }
    for function in VariadicFunction.allCases {
      table.define(function.rawValue) { node, graph throws(NetworkError) in
        graph.emit(node, .variadic(function))
      }
    }
    table.define("Mod") { node, graph throws(NetworkError) in
      graph.emit(node, .binary(try node.flag("fmod") ? .remainder : .modulo))
    }
    table.define("Where") { node, graph throws(NetworkError) in graph.emit(node, .where) }
    table.define("PRelu") { node, graph throws(NetworkError) in graph.emit(node, .pRelu) }
    table.define("Clip", clip)
    addParameterised(to: &table)
    addComposed(to: &table)
    addCasts(to: &table)
  }

  private static let plainFunctions: [UnaryFunction] = [
    .relu, .hardSwish, .sigmoid, .tanh, .erf, .softplus, .softsign, .mish, .absolute, .negate,
    .exponential, .logarithm, .squareRoot, .reciprocal, .floor, .ceiling, .round, .sign, .sine,
    .cosine, .not, .isNaN,
  ]

  private static func addParameterised(to table: inout NodeImports) {
    table.define("LeakyRelu") { node, graph throws(NetworkError) in
      graph.emit(node, .unary(.leakyRelu(alpha: try node.number("alpha", default: 0.01))))
    }
    table.define("Elu") { node, graph throws(NetworkError) in
      graph.emit(node, .unary(.elu(alpha: try node.number("alpha", default: 1))))
    }
    table.define("Selu") { node, graph throws(NetworkError) in
      let alpha = try node.number("alpha", default: 1.673_263_2)
      let gamma = try node.number("gamma", default: 1.050_701)
      graph.emit(node, .unary(.selu(alpha: alpha, gamma: gamma)))
    }
    table.define("HardSigmoid") { node, graph throws(NetworkError) in
      let alpha = try node.number("alpha", default: 0.2)
      let beta = try node.number("beta", default: 0.5)
      graph.emit(node, .unary(.hardSigmoid(alpha: alpha, beta: beta)))
    }
    table.define("Swish") { node, graph throws(NetworkError) in
      graph.emit(node, .unary(.swish(alpha: try node.number("alpha", default: 1))))
    }
    table.define("Gelu") { node, graph throws(NetworkError) in
      let approximation = try node.text("approximate") ?? "none"
      guard approximation == "none" || approximation == "tanh" else {
        throw NetworkError("attribute 'approximate' is '\(approximation)', which is not supported")
      }
      graph.emit(node, .unary(.gelu(approximatesByTanh: approximation == "tanh")))
    }
  }

  /// Functions that are computed by several of ours.
  private static func addComposed(to table: inout NodeImports) {
    // celu(x) = alpha·elu(x / alpha)
    table.define("Celu") { node, graph throws(NetworkError) in
      let alpha = try node.number("alpha", default: 1)
      let (x, y) = (try node.operand(0, "x"), try node.result())
      if alpha == 1 {
        graph.emit(node, .unary(.elu(alpha: 1)))
        return
      }
      let factor = try graph.number(Double(alpha), like: x, node, "alpha")
      let scaled = graph.part(node, "scaled", .binary(.divide), [x, factor])
      let elu = graph.part(node, "elu", .unary(.elu(alpha: 1)), [scaled])
      graph.part(node, "result", .binary(.multiply), [elu, factor], result: y)
    }
    table.define("ThresholdedRelu") { node, graph throws(NetworkError) in
      let (x, y) = (try node.operand(0, "x"), try node.result())
      let alpha = Double(try node.number("alpha", default: 1))
      let threshold = try graph.number(alpha, like: x, node, "alpha")
      let zero = try graph.number(0, like: x, node, "zero")
      let isAbove = graph.part(node, "above", .binary(.greater), [x, threshold])
      graph.part(node, "result", .where, [isAbove, x, zero], result: y)
    }
    table.define("Shrink") { node, graph throws(NetworkError) in
      let (x, y) = (try node.operand(0, "x"), try node.result())
      let limit = Double(try node.number("lambd", default: 0.5))
      let bias = Double(try node.number("bias", default: 0))
      let upper = try graph.number(limit, like: x, node, "upper")
      let lower = try graph.number(-limit, like: x, node, "lower")
      let offset = try graph.number(bias, like: x, node, "bias")
      let zero = try graph.number(0, like: x, node, "zero")
      let isAbove = graph.part(node, "above", .binary(.greater), [x, upper])
      let isBelow = graph.part(node, "below", .binary(.less), [x, lower])
      let less = graph.part(node, "less", .binary(.subtract), [x, offset])
      let more = graph.part(node, "more", .binary(.add), [x, offset])
      let rest = graph.part(node, "rest", .where, [isAbove, less, zero])
      graph.part(node, "result", .where, [isBelow, more, rest], result: y)
    }
    table.define("Tan") { node, graph throws(NetworkError) in
      let (x, y) = (try node.operand(0, "x"), try node.result())
      let sine = graph.part(node, "sine", .unary(.sine), [x])
      let cosine = graph.part(node, "cosine", .unary(.cosine), [x])
      graph.part(node, "result", .binary(.divide), [sine, cosine], result: y)
    }
  }

  private static func addCasts(to table: inout NodeImports) {
    table.define("Cast") { node, graph throws(NetworkError) in
      node.ignore("saturate", "round_mode")  // of 8-bit floating point only
      guard let element = try node.element("to") else {
        throw NetworkError("attribute 'to' is missing")
      }
      graph.emit(node, .cast(to: element))
    }
    table.define("CastLike") { node, graph throws(NetworkError) in
      node.ignore("saturate", "round_mode")
      let element = try graph.knownElement(try node.operand(1, "target type"))
      graph.emit(node, .cast(to: element), [try node.operand(0, "x")])
    }
  }

  /// Bounds are operands since version 11.
  private static func clip(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    guard node.version < 11 else {
      graph.emit(node, .clip)
      return
    }
    let x = try node.operand(0, "x")
    var inputs = [x, "", ""]
    for (index, key) in ["min", "max"].enumerated() where node.has(key) {
      let bound = Double(try node.number(key, default: 0))
      inputs[index + 1] = try graph.number(bound, like: x, node, key)
    }
    while inputs.last == "" { inputs.removeLast() }
    graph.emit(node, .clip, inputs)
  }
}

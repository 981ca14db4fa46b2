internal import Networks

extension OperatorTable {
  /// 8-bit forms of the standard.
  static func addQuantised(to table: inout NodeImports) {
    table.define("QuantizeLinear", quantizeLinear)
    table.define("DequantizeLinear", dequantizeLinear)
    table.define("DynamicQuantizeLinear") { node, graph throws(NetworkError) in
      graph.emit(node, .dynamicQuantizeLinear)
    }
    table.define("QLinearConv") { node, graph throws(NetworkError) in
      graph.emit(node, .qLinearConvolution(try node.convolution()))
    }
    table.define("QLinearMatMul") { node, graph throws(NetworkError) in
      graph.emit(node, .qLinearMatMul)
    }
    table.define("ConvInteger") { node, graph throws(NetworkError) in
      graph.emit(node, .convolutionInteger(try node.convolution()))
    }
    table.define("MatMulInteger") { node, graph throws(NetworkError) in
      graph.emit(node, .matMulInteger)
    }
  }

  /// 8-bit forms of onnxruntime.
  static func addMicrosoftQuantised(to table: inout NodeImports) {
    table.define("QuantizeLinear", quantizeLinear)
    table.define("DequantizeLinear", dequantizeLinear)
    table.define("QLinearConv") { node, graph throws(NetworkError) in
      try node.require("channels_last", 0)
      graph.emit(node, .qLinearConvolution(try node.convolution()))
    }
    table.define("QLinearAdd") { node, graph throws(NetworkError) in
      graph.emit(node, .qLinearBinary(.add))
    }
    table.define("QLinearMul") { node, graph throws(NetworkError) in
      graph.emit(node, .qLinearBinary(.multiply))
    }
    table.define("QLinearSigmoid") { node, graph throws(NetworkError) in
      graph.emit(node, .qLinearUnary(.sigmoid))
    }
    table.define("QLinearLeakyRelu") { node, graph throws(NetworkError) in
      graph.emit(node, .qLinearUnary(.leakyRelu(alpha: try node.number("alpha", default: 0.01))))
    }
    table.define("QLinearAveragePool") { node, graph throws(NetworkError) in
      let channelsLast = try node.flag("channels_last")
      graph.emit(node, .qLinearAveragePool(try node.pooling(), channelsLast: channelsLast))
    }
    table.define("QLinearGlobalAveragePool") { node, graph throws(NetworkError) in
      graph.emit(node, .qLinearGlobalAveragePool(channelsLast: try node.flag("channels_last")))
    }
    table.define("QLinearSoftmax") { node, graph throws(NetworkError) in
      let opset = try node.requiredInteger("opset")
      let axis = try node.integer("axis", default: -1)
      // Below 13, all axes from the given one on are one; that is the same for the last axis only.
      let rank = graph.rank(node.input(0))
      guard opset >= 13 || axis == -1 || rank.map({ $0 - 1 == axis }) == true else {
        throw NetworkError("softmax of several axes at once is not supported here")
      }
      graph.emit(node, .qLinearSoftmax(axis: axis))
    }
    table.define("QLinearConcat") { node, graph throws(NetworkError) in
      graph.emit(node, .qLinearConcat(axis: try node.requiredInteger("axis")))
    }
    table.define("QGemm") { node, graph throws(NetworkError) in
      graph.emit(node, .qGemm(try node.gemm()))
    }
    table.define("MatMulIntegerToFloat", matMulIntegerToFloat)
    table.define("DynamicQuantizeMatMul", dynamicQuantizeMatMul)
  }

  private static let noBlocks = "quantise per tensor or per channel"

  private static func quantizeLinear(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let axis = try node.integer("axis", default: 1)
    try node.require("block_size", 0, suggestion: noBlocks)
    node.ignore("saturate")  // of 8-bit floating point only
    try node.require("precision", 0)
    let declared = try node.element("output_dtype")
    let element: ElementType
    if let zeroPoint = node.input(2) {
      element = try graph.knownElement(zeroPoint)
      guard declared == nil || declared == element else {
        throw NetworkError("attribute 'output_dtype' differs from the zero point's type")
      }
    } else {
      element = declared ?? .uint8
    }
    graph.emit(node, .quantizeLinear(axis: axis, element: element))
  }

  private static func dequantizeLinear(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let axis = try node.integer("axis", default: 1)
    try node.require("block_size", 0, suggestion: noBlocks)
    let element = try node.element("output_dtype")
    guard let element, element != graph.element(node.input(1)) else {
      graph.emit(node, .dequantizeLinear(axis: axis))
      return
    }
    let result = try node.result()
    let value = graph.part(node, "dequantize", .dequantizeLinear(axis: axis), node.inputs)
    graph.part(node, "cast", .cast(to: element), [value], result: result)
  }

  /// a, b, a scale, b scale, a zero point?, b zero point?, bias?.
  private static func matMulIntegerToFloat(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let a = IntegerOperand(
      value: try node.operand(0, "a"), scale: try node.operand(2, "a scale"),
      zeroPoint: node.input(4))
    let b = IntegerOperand(
      value: try node.operand(1, "b"), scale: try node.operand(3, "b scale"),
      zeroPoint: node.input(5))
    try scaledProduct(a, b, bias: node.input(6), node, &graph)
  }

  /// a, b, b scale, b zero point?, bias?; a is quantised on the way.
  private static func dynamicQuantizeMatMul(
    _ node: NodeReader, _ graph: inout GraphImport
  ) throws(NetworkError) {
    let b = IntegerOperand(
      value: try node.operand(1, "b"), scale: try node.operand(2, "b scale"),
      zeroPoint: node.input(3))
    let quantised = graph.parts(
      node, "quantize", .dynamicQuantizeLinear, [try node.operand(0, "a")], results: 3)
    let a = IntegerOperand(value: quantised[0], scale: quantised[1], zeroPoint: quantised[2])
    try scaledProduct(a, b, bias: node.input(4), node, &graph)
  }

  private struct IntegerOperand {
    var value: String
    var scale: String
    var zeroPoint: String?
  }

  private static func scaledProduct(
    _ a: IntegerOperand, _ b: IntegerOperand, bias: String?, _ node: NodeReader,
    _ graph: inout GraphImport
  ) throws(NetworkError) {
    let result = try node.result()
    let zeroPoints = [a.zeroPoint ?? "", b.zeroPoint ?? ""]
    let sum = graph.part(node, "product", .matMulInteger, [a.value, b.value] + zeroPoints)
    let float = graph.part(node, "cast", .cast(to: .float32), [sum])
    let scale = graph.part(node, "scale", .binary(.multiply), [a.scale, b.scale])
    guard let bias else {
      graph.part(node, "scaled", .binary(.multiply), [float, scale], result: result)
      return
    }
    let scaled = graph.part(node, "scaled", .binary(.multiply), [float, scale])
    graph.part(node, "bias", .binary(.add), [scaled, bias], result: result)
  }
}

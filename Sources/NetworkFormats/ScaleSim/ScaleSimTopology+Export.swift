public import Networks

extension ScaleSimTopology {
  /// Which of the two forms is written.
  public enum Form: Sendable {
    /// Convolutions as they are; products of matrices as 1×1 convolutions over M×1 elements of K channels.
    case convolutions
    /// Everything as products of matrices: a convolution is one of its unrolled operand.
    case products
  }

  /// The layers with multiply-accumulates as a topology, and what was changed to fit the format.
  ///
  /// The operand's size is written such that the output has the right one without padding, so the number of
  /// multiply-accumulates is that of the network. What the format cannot say becomes several lines (groups other than
  /// depthwise, batches) or the product of the unrolled operand (dilation, different strides, other than two spatial
  /// axes).
  ///
  /// - Throws: `NetworkError` when there is no layer to write, or there are too many lines.
  public static func export(
    _ network: TypedNetwork, form: Form = .convolutions
  ) throws(NetworkError) -> (text: String, warnings: [String]) {
    var writer = ScaleSimWriter(form: form)
    for node in network.network.nodes { try writer.add(node, network.types) }
    guard !writer.lines.isEmpty else {
      throw NetworkError("the network has no convolution and no product of matrices to write")
    }
    return (writer.text, writer.warnings)
  }
}

private struct ScaleSimWriter {
  let form: ScaleSimTopology.Form
  var lines: [String] = []
  var warnings: [String] = []

  var text: String {
    let header =
      switch form {
      case .convolutions:
        "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, "
          + "Strides,"
      case .products: "Layer, M, N, K,"
      }
    return header + "\n" + lines.map { $0 + "\n" }.joined()
  }

  mutating func add(_ node: Node, _ types: [String: TensorType]) throws(NetworkError) {
    func shape(_ index: Int) -> [Int] { node.input(index).flatMap { types[$0]?.shape } ?? [] }
    guard let result = node.outputs.first.flatMap({ types[$0]?.shape }), !result.contains(0) else {
      return
    }
    let name = String(node.name.map { $0 == "," || $0.isNewline ? "_" : $0 })
    switch node.operator {
    case .convolution(let attributes), .convolutionInteger(let attributes):
      try convolution(name, attributes, x: shape(0), weights: shape(1), result)
    case .qLinearConvolution(let attributes):
      try convolution(name, attributes, x: shape(0), weights: shape(3), result)
    case .gemm(let attributes), .qGemm(let attributes):
      guard let depth = shape(0).dropFirst(attributes.transposesA ? 0 : 1).first else { return }
      try product(name, rows: result[0], columns: result[1], depth: depth)
    case .matMul, .matMulInteger: try matMul(name, shape(0), shape(1), result)
    case .qLinearMatMul: try matMul(name, shape(0), shape(3), result)
    case .transposedConvolution:
      warnings.append("\(name) (ConvTranspose) has no equivalent and is left out")
    case .quantizeLinear, .dequantizeLinear, .dynamicQuantizeLinear, .qLinearBinary, .qLinearUnary,
      .qLinearAveragePool, .qLinearGlobalAveragePool, .qLinearSoftmax, .qLinearConcat, .unary,
      .binary, .variadic, .clip, .where, .pRelu, .cast, .softmax, .logSoftmax, .reduce, .argument,
      .batchNormalization, .layerNormalization, .instanceNormalization, .groupNormalization,
      .localResponseNormalization, .maxPool, .averagePool, .globalMaxPool, .globalAveragePool,
      .resize, .identity, .concat, .reshape, .flatten, .transpose, .squeeze, .unsqueeze, .slice,
      .split, .pad, .expand, .tile, .gather, .gatherElements, .gatherND, .scatterElements,
      .scatterND, .oneHot, .triangle, .cumulativeSum, .topK, .depthToSpace, .spaceToDepth, .shape,
      .size, .constantOfShape, .range:
      break
    }
  }

  private mutating func convolution(
    _ name: String, _ attributes: Convolution, x: [Int], weights: [Int], _ result: [Int]
  ) throws(NetworkError) {
    guard x.count > 2, weights.count == x.count else { return }
    let window = try attributes.window.resolved(
      input: Array(x[2...]), kernel: Array(weights[2...]))
    let groups = attributes.groups
    let perGroup = weights[0] / groups
    let isSquare = Set(window.strides).count == 1 && window.dilations.allSatisfy { $0 == 1 }
    guard form == .convolutions, isSquare, window.kernel.count == 2 else {
      if form == .convolutions {
        warnings.append("\(name) has a window the format does not know; it is written unrolled")
      }
      let rows = window.output.reduce(x[0], *)
      let depth = weights.dropFirst().reduce(1, *)
      for group in 0..<groups {
        try product(
          groups == 1 ? name : "\(name)_g\(group)", rows: rows, columns: perGroup, depth: depth)
      }
      return
    }
    // Sides that give the output without padding.
    let sides = (0..<2).map {
      (window.output[$0] - 1) * window.strides[$0] + window.kernel[$0]
    }
    let isDepthwise = groups > 1 && weights[1] == 1
    // SCALE-Sim takes names with DP for depthwise layers.
    var safe = name
    if isDepthwise {
      safe += "_DP"
    } else if name.contains("DP") {
      safe = name.replacing("DP", with: "Dp")
      warnings.append("\(name) is written as \(safe), because DP means depthwise")
    }
    for image in 0..<x[0] {
      for group in 0..<(isDepthwise ? 1 : groups) {
        var line = safe
        if x[0] > 1 { line += "_n\(image)" }
        if !isDepthwise, groups > 1 { line += "_g\(group)" }
        try append(
          line,
          sides + window.kernel + [isDepthwise ? groups : weights[1], perGroup, window.strides[0]])
      }
    }
  }

  private mutating func matMul(
    _ name: String, _ a: [Int], _ b: [Int], _ result: [Int]
  ) throws(NetworkError) {
    guard let depth = a.last, depth > 0, !b.isEmpty else { return }
    let columns = b.count > 1 ? b[b.count - 1] : 1
    let rows = a.count > 1 ? a[a.count - 2] : 1
    let batch = result.reduce(1, *) / (rows * columns)
    // With one right operand for the whole batch, the left ones are one matrix.
    if b.dropLast(2).allSatisfy({ $0 == 1 }) {
      try product(name, rows: batch * rows, columns: columns, depth: depth)
    } else {
      for index in 0..<batch {
        try product("\(name)_\(index)", rows: rows, columns: columns, depth: depth)
      }
    }
  }

  private mutating func product(
    _ name: String, rows: Int, columns: Int, depth: Int
  ) throws(NetworkError) {
    switch form {
    case .convolutions:
      try append(name.replacing("DP", with: "Dp"), [rows, 1, 1, 1, depth, columns, 1])
    case .products: try append(name, [rows, columns, depth])
    }
  }

  private mutating func append(_ name: String, _ numbers: [Int]) throws(NetworkError) {
    guard lines.count < 1 << 16 else {
      throw NetworkError("the topology would have more than \(1 << 16) lines")
    }
    lines.append(name + ", " + numbers.map { "\($0)," }.joined(separator: " "))
  }
}

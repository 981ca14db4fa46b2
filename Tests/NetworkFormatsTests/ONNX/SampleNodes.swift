import Networks

/// A node of every operator with every attribute away from its default at least once.
enum SampleNodes {
  static let window = Window(
    kernel: [3, 2], strides: [2, 1], dilations: [1, 2], pads: [0, 1, 2, 3])
  static let automatic = Window(kernel: [3, 3], automaticPadding: .sameLower)
  static let resize = Resize(
    mode: .cubic, coordinates: .alignCorners, rounding: .ceiling, axes: [2, 3],
    aspectRatio: .notLarger, cubicCoefficient: -0.5, excludesOutside: true)

  static let products: [(Operator, Int)] = [
    (.convolution(Convolution(window, groups: 2)), 3), (.convolution(Convolution()), 2),
    (.convolution(Convolution(automatic)), 2),
    (.transposedConvolution(Convolution(window, groups: 3), outputPadding: [1, 0]), 3),
    (.transposedConvolution(Convolution(), outputPadding: []), 2),
    (.gemm(GEMM(alpha: 0.5, beta: 2, transposesA: true, transposesB: true)), 3),
    (.gemm(GEMM()), 2), (.matMul, 2),
  ]

  static let quantised: [(Operator, Int)] = [
    (.quantizeLinear(axis: 0, element: .int8), 2), (.quantizeLinear(axis: 1, element: .uint8), 3),
    (.dequantizeLinear(axis: 2), 3), (.qLinearConvolution(Convolution(window, groups: 2)), 9),
    (.qLinearMatMul, 8), (.qGemm(GEMM(alpha: 0.5, transposesA: true)), 9),
    (.convolutionInteger(Convolution(automatic)), 4), (.matMulInteger, 4),
    (.qLinearBinary(.add), 8), (.qLinearBinary(.multiply), 8), (.qLinearUnary(.sigmoid), 5),
    (.qLinearUnary(.leakyRelu(alpha: 0.3)), 5),
    (.qLinearAveragePool(Pooling(window, roundsUp: true), channelsLast: true), 5),
    (.qLinearGlobalAveragePool(channelsLast: true), 5),
    (.qLinearGlobalAveragePool(channelsLast: false), 5), (.qLinearSoftmax(axis: 1), 5),
    (.qLinearConcat(axis: 1), 8),
  ]

  static let unary: [UnaryFunction] = [
    .relu, .leakyRelu(alpha: 0.2), .elu(alpha: 0.7), .selu(alpha: 1.2, gamma: 1.1),
    .hardSigmoid(alpha: 0.3, beta: 0.4), .hardSwish, .sigmoid, .swish(alpha: 1),
    .swish(alpha: 1.702), .tanh, .erf, .gelu(approximatesByTanh: true),
    .gelu(approximatesByTanh: false), .softplus, .softsign, .mish, .absolute, .negate,
    .exponential, .logarithm, .squareRoot, .reciprocal, .floor, .ceiling, .round, .sign, .sine,
    .cosine, .not, .isNaN,
  ]

  static let axes: [(Operator, Int)] = [
    (.clip, 3), (.where, 3), (.pRelu, 2), (.softmax(axis: 1), 1), (.logSoftmax(axis: -2), 1),
    (.argument(greatest: true, axis: 2, keepsAxis: false, lastIndex: true), 1),
    (.argument(greatest: false, axis: 0, keepsAxis: true, lastIndex: false), 1),
    (.batchNormalization(epsilon: 0.01), 5), (.layerNormalization(axis: -2, epsilon: 0.01), 3),
    (.instanceNormalization(epsilon: 0.01), 3), (.groupNormalization(groups: 4, epsilon: 0.01), 3),
    (.localResponseNormalization(size: 5, alpha: 0.1, beta: 0.5, bias: 2), 1),
    (.maxPool(Pooling(window, roundsUp: true)), 1), (.averagePool(Pooling(automatic)), 1),
    (.averagePool(Pooling(window, roundsUp: true, countsPadding: true)), 1),
    (.globalMaxPool, 1), (.globalAveragePool, 1), (.resize(resize), 4), (.resize(Resize()), 3),
  ]

  static let shapes: [(Operator, Int)] = [
    (.identity, 1), (.concat(axis: -1), 3), (.reshape(zeroMeansZero: true), 2),
    (.reshape(zeroMeansZero: false), 2), (.flatten(axis: 2), 1), (.transpose(permutation: nil), 1),
    (.transpose(permutation: [1, 0, 2]), 1), (.squeeze, 2), (.unsqueeze, 2), (.slice, 5),
    (.split(axis: 1), 1), (.split(axis: 0), 2), (.pad(.constant), 3), (.pad(.reflect), 2),
    (.pad(.edge), 4), (.pad(.wrap), 2), (.expand, 2), (.tile, 2), (.gather(axis: 1), 2),
    (.gatherElements(axis: 1), 2), (.depthToSpace(block: 2, columnsFirst: true), 1),
    (.depthToSpace(block: 3, columnsFirst: false), 1), (.spaceToDepth(block: 2), 1),
    (.shape(start: 1, end: 3), 1), (.shape(start: 0, end: nil), 1), (.size, 1),
    (.constantOfShape(value: Tensor([1], [Int32(7)])), 1), (.range, 3),
  ]

  static let indices: [(Operator, Int)] = [
    (.gatherND(batchAxes: 1), 2), (.gatherND(batchAxes: 0), 2), (.oneHot(axis: 1), 3),
    (.triangle(upper: true), 1), (.triangle(upper: false), 2),
    (.cumulativeSum(exclusive: true, reverse: false), 2),
    (.cumulativeSum(exclusive: false, reverse: true), 2),
    (.topK(axis: 1, greatest: false, sorted: true), 2),
    (.topK(axis: -1, greatest: true, sorted: false), 2),
  ]

  static var others: [(Operator, Int)] {
    unary.map { (.unary($0), 1) } + BinaryFunction.allCases.map { (.binary($0), 2) }
      + VariadicFunction.allCases.map { (.variadic($0), 3) }
      + ReduceFunction.allCases.map {
        (.reduce($0, keepsAxes: $0 == .sum, emptyAxesMeanNone: $0 == .mean), 2)
      } + ElementType.allCases.map { (.cast(to: $0), 1) }
      + ScatterReduction.allCases.flatMap {
        [(.scatterND($0), 3), (.scatterElements(axis: 1, $0), 3)]
      }
  }

  /// One network with all of them side by side; its values fit no operator.
  static var network: TypedNetwork {
    var network = Network(name: "all")
    var types: [String: TensorType] = [:]
    let all =
      products + quantised + others + axes + shapes + indices + [(.dynamicQuantizeLinear, 1)]
    for (index, (kind, operands)) in all.enumerated() {
      var inputs: [String] = []
      for operand in 0..<operands {
        // Resize's region is of a mode that is not supported.
        if kind.name == "Resize", operand == 1 {
          inputs.append("")
          continue
        }
        let name = "x\(index).\(operand)"
        inputs.append(name)
        // The zero point says which element type QuantizeLinear makes.
        types[name] = TensorType(operand == 2 ? .uint8 : .float32, [2, 3])
        network.inputs.append(Declaration(name, types[name] ?? TensorType(.bool, [])))
      }
      let results =
        ["Split", "TopK"].contains(kind.name) ? 2 : kind.name == "DynamicQuantizeLinear" ? 3 : 1
      let outputs = (0..<results).map { "y\(index).\($0)" }
      for output in outputs { types[output] = TensorType(.float32, [2, 3]) }
      network.outputs += outputs
      network.nodes.append(Node("node\(index)", kind, inputs, outputs))
    }
    return TypedNetwork(network: network, types: types)
  }
}

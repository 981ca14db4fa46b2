internal import Networks

extension NodeWriter {
  /// Makes the node of the file for a node of a network.
  ///
  /// - Throws: `NetworkError` when the format cannot say what the operator does.
  static func node(_ source: Node) throws(NetworkError) -> ONNXNode {
    var writer = NodeWriter(source)
    switch source.operator {
    case .convolution(let convolution), .qLinearConvolution(let convolution),
      .convolutionInteger(let convolution):
      writer.set(convolution)
    case .transposedConvolution(let convolution, let outputPadding):
      writer.set(convolution)
      writer.set("output_padding", outputPadding.isEmpty ? nil : outputPadding)
    case .gemm(let gemm):
      writer.set(gemm)
      writer.set("beta", gemm.beta)
    case .qGemm(let gemm):
      guard gemm.beta == 1 else {
        throw NetworkError(
          "QGemm cannot be written with a factor of its addend", place: source.place)
      }
      writer.useMicrosoft()
      writer.set(gemm)
    case .quantizeLinear(let axis, let element):
      writer.set("axis", axis)
      if source.input(2) == nil { writer.set("output_dtype", element) }
    case .dequantizeLinear(let axis), .concat(let axis), .softmax(let axis), .logSoftmax(let axis),
      .flatten(let axis), .gather(let axis), .gatherElements(let axis), .oneHot(let axis):
      writer.set("axis", axis)
    case .qLinearBinary: writer.useMicrosoft()
    case .qLinearUnary(let function):
      writer.useMicrosoft()
      if case .leakyRelu(let alpha) = function { writer.set("alpha", alpha) }
    case .qLinearAveragePool(let pooling, let channelsLast):
      writer.useMicrosoft()
      writer.set(pooling)
      writer.set("channels_last", channelsLast)
    case .qLinearGlobalAveragePool(let channelsLast):
      writer.useMicrosoft()
      writer.set("channels_last", channelsLast)
    case .qLinearSoftmax(let axis):
      writer.useMicrosoft()
      writer.set("axis", axis)
      writer.set("opset", ONNXWriter.version)
    case .qLinearConcat(let axis):
      writer.useMicrosoft()
      writer.set("axis", axis)
    case .unary(let function): writer.set(function)
    case .binary(let function): writer.set("fmod", function == .remainder)
    case .cast(let element): writer.set("to", element)
    case .reduce(_, let keepsAxes, let emptyAxesMeanNone):
      writer.set("keepdims", keepsAxes ? 1 : 0)
      writer.set("noop_with_empty_axes", emptyAxesMeanNone)
    case .argument(_, let axis, let keepsAxis, let lastIndex):
      writer.set("axis", axis)
      writer.set("keepdims", keepsAxis ? 1 : 0)
      writer.set("select_last_index", lastIndex)
    case .cumulativeSum(let exclusive, let reverse):
      writer.set("exclusive", exclusive)
      writer.set("reverse", reverse)
    case .topK(let axis, let greatest, let sorted):
      writer.set("axis", axis)
      writer.set("largest", greatest ? 1 : 0)
      writer.set("sorted", sorted ? 1 : 0)
    case .gatherND(let batchAxes): writer.set("batch_dims", batchAxes)
    case .scatterElements(let axis, let reduction):
      writer.set("axis", axis)
      writer.set("reduction", reduction.rawValue)
    case .scatterND(let reduction): writer.set("reduction", reduction.rawValue)
    case .triangle(let upper): writer.set("upper", upper ? 1 : 0)
    case .batchNormalization(let epsilon), .instanceNormalization(let epsilon):
      writer.set("epsilon", epsilon)
    case .layerNormalization(let axis, let epsilon):
      writer.set("axis", axis)
      writer.set("epsilon", epsilon)
    case .groupNormalization(let groups, let epsilon):
      writer.set("num_groups", groups)
      writer.set("epsilon", epsilon)
    case .localResponseNormalization(let size, let alpha, let beta, let bias):
      writer.set("size", size)
      writer.set("alpha", alpha)
      writer.set("beta", beta)
      writer.set("bias", bias)
    case .maxPool(let pooling), .averagePool(let pooling): writer.set(pooling)
    case .resize(let resize): writer.set(resize)
    case .reshape(let zeroMeansZero): writer.set("allowzero", zeroMeansZero)
    case .transpose(let permutation): writer.set("perm", permutation)
    case .split(let axis):
      writer.set("axis", axis)
      if source.input(1) == nil { writer.set("num_outputs", source.outputs.count) }
    case .pad(let mode): writer.set("mode", mode.rawValue)
    case .depthToSpace(let block, let columnsFirst):
      writer.set("blocksize", block)
      writer.set("mode", columnsFirst ? "CRD" : "DCR")
    case .spaceToDepth(let block): writer.set("blocksize", block)
    case .shape(let start, let end):
      if start != 0 { writer.set("start", start) }
      if let end { writer.set("end", end) }
    case .constantOfShape(let value): writer.set("value", value.reshaped([1]))
    case .matMul, .dynamicQuantizeLinear, .qLinearMatMul, .matMulInteger, .variadic, .clip, .where,
      .pRelu, .globalMaxPool, .globalAveragePool, .identity, .squeeze, .unsqueeze, .slice, .expand,
      .tile, .size, .range:
      break
    }
    return writer.node
  }

  private mutating func set(_ window: Window) {
    set("kernel_shape", window.kernel)
    set("strides", window.strides)
    set("dilations", window.dilations)
    set("pads", window.pads)
    if let padding = window.automaticPadding { set("auto_pad", padding.rawValue) }
  }

  private mutating func set(_ convolution: Convolution) {
    set(convolution.window)
    set("group", convolution.groups)
  }

  private mutating func set(_ pooling: Pooling) {
    set(pooling.window)
    set("ceil_mode", pooling.roundsUp)
    set("count_include_pad", pooling.countsPadding)
  }

  private mutating func set(_ gemm: GEMM) {
    set("alpha", gemm.alpha)
    set("transA", gemm.transposesA)
    set("transB", gemm.transposesB)
  }

  private mutating func set(_ resize: Resize) {
    set("mode", resize.mode.rawValue)
    set("coordinate_transformation_mode", resize.coordinates.rawValue)
    set("nearest_mode", resize.rounding.rawValue)
    set("axes", resize.axes)
    set("keep_aspect_ratio_policy", resize.aspectRatio.rawValue)
    set("cubic_coeff_a", resize.cubicCoefficient)
    set("exclude_outside", resize.excludesOutside)
  }

  private mutating func set(_ function: UnaryFunction) {
    switch function {
    case .leakyRelu(let alpha), .elu(let alpha): set("alpha", alpha)
    case .selu(let alpha, let gamma):
      set("alpha", alpha)
      set("gamma", gamma)
    case .hardSigmoid(let alpha, let beta):
      set("alpha", alpha)
      set("beta", beta)
    // The standard has it since version 24; onnxruntime had it before.
    case .swish(let alpha):
      useMicrosoft("QuickGelu")
      set("alpha", alpha)
    case .gelu(let approximatesByTanh):
      set("approximate", approximatesByTanh ? "tanh" : "none")
    case .relu, .hardSwish, .sigmoid, .tanh, .erf, .softplus, .softsign, .mish, .absolute, .negate,
      .exponential, .logarithm, .squareRoot, .reciprocal, .floor, .ceiling, .round, .sign, .sine,
      .cosine, .not, .isNaN:
      break
    }
  }
}

public import Networks

extension Operator {
  /// Evaluates a quantised operator, with the bits of onnxruntime's CPU kernels on x86 processors.
  ///
  /// - Parameters:
  ///   - operands: one per input of the node; nil for an absent one.
  ///   - results: the inferred types of the results.
  ///   - requantisation: how the accumulators of products become bytes: `.float32` as onnxruntime, `.fixedPoint` as
  ///     the systolic arrays. Operators without products do not depend on it.
  /// - Throws: `NetworkError` when operands do not fit, or when the operator is no quantised one.
  public func evaluateQuantised(
    _ operands: [Tensor?], results: [TensorType],
    requantisation: RequantisationArithmetic = .float32
  ) throws(NetworkError) -> [Tensor] {
    let operands = QuantisedOperands(tensors: operands)
    guard let result = results.first else { return [] }
    switch self {
    case .quantizeLinear(let axis, _):
      return [try QuantiseLinear.quantise(axis: axis, operands, result)]
    case .dequantizeLinear(let axis):
      return [try QuantiseLinear.dequantise(axis: axis, operands, result)]
    case .dynamicQuantizeLinear:
      return try QuantiseLinear.dynamic(operands, results)
    case .qLinearConvolution(let attributes):
      return [try Self.qLinearConvolution(attributes, operands, result, requantisation)]
    case .qLinearMatMul:
      return [try Self.qLinearMatMul(operands, result, requantisation)]
    case .qGemm(let attributes):
      return [try Self.qGemm(attributes, operands, result, requantisation)]
    case .convolutionInteger(let attributes):
      return [try Self.convolutionInteger(attributes, operands, result)]
    case .matMulInteger:
      return [try Self.matMulInteger(operands, result)]
    case .qLinearBinary(let function):
      return [try function.evaluate(operands, result)]
    case .qLinearUnary(let function):
      return [try QLinearTable.unary(function, operands, result)]
    case .qLinearAveragePool(let attributes, let channelsLast):
      return [
        try QLinearPooling.average(attributes, channelsLast: channelsLast, operands, result)
      ]
    case .qLinearGlobalAveragePool(let channelsLast):
      return [try QLinearPooling.globalAverage(channelsLast: channelsLast, operands, result)]
    case .qLinearSoftmax(let axis):
      return [try QLinearTable.softmax(axis: axis, operands, result)]
    case .qLinearConcat(let axis):
      return [try QLinearTable.concat(axis: axis, operands, result)]
    case .convolution, .transposedConvolution, .gemm, .matMul, .unary, .binary, .variadic, .clip,
      .where, .pRelu, .cast, .softmax, .logSoftmax, .reduce, .argument, .batchNormalization,
      .layerNormalization, .instanceNormalization, .groupNormalization,
      .localResponseNormalization, .maxPool, .averagePool, .globalMaxPool, .globalAveragePool,
      .resize, .identity, .concat, .reshape, .flatten, .transpose, .squeeze, .unsqueeze, .slice,
      .split, .pad, .expand, .tile, .gather, .gatherElements, .gatherND, .scatterElements,
      .scatterND, .oneHot, .triangle, .cumulativeSum, .topK, .depthToSpace, .spaceToDepth, .shape,
      .size, .constantOfShape, .range:
      throw NetworkError("\(name) is no quantised operator")
    }
  }
}

/// What an operand of an operator is, when it is a constant.
enum OperandRole {
  /// Data that flows through the network; a constant there is one of the network's parameters.
  case data
  /// Factors of products: kernels, matrices, tables of embeddings.
  case weight
  /// What is added to a product.
  case bias
  /// Other learnt or calibrated numbers: scales, zero points, statistics, bounds.
  case parameter
  /// Shapes, axes and the like, which are no numbers of the network.
  case structure
}

extension Operator {
  /// What the operand at an index is.
  func role(ofOperand index: Int) -> OperandRole {
    switch self {
    case .convolution, .transposedConvolution, .gemm:
      index == 0 ? .data : index == 1 ? .weight : .bias
    case .matMul: .weight
    case .convolutionInteger, .matMulInteger:
      index == 0 ? .data : index == 1 ? .weight : .parameter
    case .qLinearConvolution: Self.quantisedRole(index, bias: 8)
    case .qGemm: Self.quantisedRole(index, bias: 6)
    case .qLinearMatMul: Self.quantisedRole(index, bias: nil)
    case .binary(.add), .binary(.subtract): .bias
    case .qLinearBinary(.add): index == 0 || index == 3 ? .bias : .parameter
    case .gather, .gatherElements, .gatherND: index == 0 ? .weight : .structure
    case .quantizeLinear, .dequantizeLinear, .dynamicQuantizeLinear, .qLinearBinary(.multiply),
      .qLinearUnary, .qLinearAveragePool, .qLinearGlobalAveragePool, .qLinearSoftmax,
      .qLinearConcat, .unary, .binary, .variadic, .clip, .where, .pRelu, .cast, .softmax,
      .logSoftmax, .batchNormalization, .layerNormalization, .instanceNormalization,
      .groupNormalization, .concat, .identity, .transpose, .flatten, .depthToSpace, .spaceToDepth,
      .localResponseNormalization, .maxPool, .averagePool, .globalMaxPool, .globalAveragePool,
      .argument:
      .parameter
    case .reduce, .resize, .reshape, .squeeze, .unsqueeze, .slice, .split, .pad, .expand, .tile,
      .triangle, .cumulativeSum, .topK:
      index == 0 ? .parameter : .structure
    case .scatterElements, .scatterND: index == 1 ? .structure : .parameter
    case .oneHot: index == 2 ? .parameter : .structure
    case .shape, .size, .constantOfShape, .range: .structure
    }
  }

  private static func quantisedRole(_ index: Int, bias: Int?) -> OperandRole {
    index == 0 ? .data : index == 3 ? .weight : index == bias ? .bias : .parameter
  }

  /// Whether the operator only copies or rearranges elements, or computes shapes.
  public var movesDataOnly: Bool {
    switch self {
    case .scatterElements(_, let reduction), .scatterND(let reduction): reduction == .replace
    case .identity, .concat, .reshape, .flatten, .transpose, .squeeze, .unsqueeze, .slice, .split,
      .pad, .expand, .tile, .gather, .gatherElements, .gatherND, .oneHot, .triangle, .depthToSpace,
      .spaceToDepth, .shape, .size, .constantOfShape, .range:
      true
    case .convolution, .transposedConvolution, .gemm, .matMul, .quantizeLinear, .dequantizeLinear,
      .dynamicQuantizeLinear, .qLinearConvolution, .qLinearMatMul, .qGemm, .convolutionInteger,
      .matMulInteger, .qLinearBinary, .qLinearUnary, .qLinearAveragePool,
      .qLinearGlobalAveragePool, .qLinearSoftmax, .qLinearConcat, .unary, .binary, .variadic, .clip,
      .where, .pRelu, .cast, .softmax, .logSoftmax, .reduce, .argument, .cumulativeSum, .topK,
      .batchNormalization, .layerNormalization, .instanceNormalization, .groupNormalization,
      .localResponseNormalization, .maxPool, .averagePool, .globalMaxPool, .globalAveragePool,
      .resize:
      false
    }
  }

  /// Whether a constant that passes through the operator stays the same constant in another form.
  var carriesConstants: Bool {
    switch self {
    case .dequantizeLinear, .quantizeLinear, .identity, .transpose, .reshape, .flatten, .squeeze,
      .unsqueeze, .cast:
      true
    case .convolution, .transposedConvolution, .gemm, .matMul, .dynamicQuantizeLinear,
      .qLinearConvolution, .qLinearMatMul, .qGemm, .convolutionInteger, .matMulInteger,
      .qLinearBinary, .qLinearUnary, .qLinearAveragePool, .qLinearGlobalAveragePool,
      .qLinearSoftmax, .qLinearConcat, .unary, .binary, .variadic, .clip, .where, .pRelu, .softmax,
      .logSoftmax, .reduce, .argument, .batchNormalization, .layerNormalization,
      .instanceNormalization, .groupNormalization, .localResponseNormalization, .maxPool,
      .averagePool, .globalMaxPool, .globalAveragePool, .resize, .concat, .slice, .split, .pad,
      .expand, .tile, .gather, .gatherElements, .gatherND, .scatterElements, .scatterND, .oneHot,
      .triangle, .cumulativeSum, .topK, .depthToSpace, .spaceToDepth, .shape, .size,
      .constantOfShape, .range:
      false
    }
  }
}

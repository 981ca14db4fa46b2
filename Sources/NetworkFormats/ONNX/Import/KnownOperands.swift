internal import Networks

/// What is known of a node's operands before any shape is: lists by operand index.
struct KnownOperands {
  /// Element types.
  let elements: [ElementType?]
  /// Numbers of axes.
  let ranks: [Int?]
  /// Values.
  let constants: [Tensor?]

  /// The element type of an operand, nil when absent or not known.
  func element(_ index: Int) -> ElementType? { index < elements.count ? elements[index] : nil }

  /// The number of axes of an operand, nil when absent or not known.
  func rank(_ index: Int) -> Int? { index < ranks.count ? ranks[index] : nil }

  /// The length of an operand that is a known vector, nil when absent or not known.
  func length(_ index: Int) -> Int? {
    index < constants.count ? constants[index]?.count : nil
  }

  /// The greatest number of axes of all operands from an index on, nil when one is not known.
  func broadcastRank(from index: Int = 0) -> Int? {
    var result = 0
    for rank in ranks.dropFirst(index) {
      guard let rank else { return nil }
      result = max(result, rank)
    }
    return result
  }
}

extension Operator {
  /// The element types of results, as far as they follow from those of operands.
  func resultElements(_ known: KnownOperands, count: Int) -> [ElementType?] {
    let element: ElementType? =
      switch self {
      case .convolution, .transposedConvolution, .gemm, .matMul, .variadic, .clip, .pRelu,
        .softmax, .logSoftmax, .reduce, .batchNormalization, .layerNormalization,
        .instanceNormalization, .groupNormalization, .localResponseNormalization, .maxPool,
        .averagePool, .globalMaxPool, .globalAveragePool, .resize, .identity, .concat, .reshape,
        .flatten, .transpose, .squeeze, .unsqueeze, .slice, .split, .pad, .expand, .tile, .gather,
        .gatherElements, .gatherND, .scatterElements, .scatterND, .triangle, .cumulativeSum, .topK,
        .depthToSpace, .spaceToDepth, .range, .qLinearBinary, .qLinearUnary, .qLinearAveragePool,
        .qLinearGlobalAveragePool, .qLinearSoftmax:
        known.element(0)
      case .unary(.not), .unary(.isNaN): .bool
      case .unary: known.element(0)
      case .binary(let function): function.isPredicate ? .bool : known.element(0)
      case .where: known.element(1)
      case .quantizeLinear(_, let element): element
      case .dequantizeLinear: known.element(1)
      case .dynamicQuantizeLinear: .uint8
      case .qLinearConvolution, .qLinearMatMul: known.element(7)
      case .qGemm: known.element(8) ?? .float32
      case .convolutionInteger, .matMulInteger: .int32
      case .qLinearConcat, .oneHot: known.element(2)
      case .cast(let element): element
      case .argument, .shape, .size: .int64
      case .constantOfShape(let value): value.type.element
      }
    if case .topK = self { return Array([element, .int64].prefix(count)) }
    if case .dynamicQuantizeLinear = self {
      return Array([.uint8, .float32, .uint8].prefix(count))
        + Array(repeating: nil, count: max(0, count - 3))
    }
    return Array(repeating: element, count: count)
  }

  /// The number of axes of every result, as far as it follows from what is known.
  func resultRank(_ known: KnownOperands) -> Int? {
    switch self {
    case .convolution, .transposedConvolution, .quantizeLinear, .dequantizeLinear,
      .qLinearConvolution, .convolutionInteger, .qLinearUnary, .qLinearAveragePool,
      .qLinearGlobalAveragePool, .qLinearSoftmax, .unary, .clip, .cast, .softmax, .logSoftmax,
      .batchNormalization, .layerNormalization, .instanceNormalization, .groupNormalization,
      .localResponseNormalization, .maxPool, .averagePool, .globalMaxPool, .globalAveragePool,
      .resize, .identity, .concat, .transpose, .slice, .split, .pad, .tile, .depthToSpace,
      .spaceToDepth, .pRelu, .scatterElements, .scatterND, .triangle, .cumulativeSum, .topK:
      return known.rank(0)
    case .gemm, .qGemm, .flatten: return 2
    case .matMul, .matMulInteger: return Self.productRank(known.rank(0), known.rank(1))
    case .qLinearMatMul: return Self.productRank(known.rank(0), known.rank(3))
    // Its results differ in rank; scale and zero point are of no further interest.
    case .dynamicQuantizeLinear: return nil
    case .qLinearBinary:
      guard let a = known.rank(0), let b = known.rank(3) else { return nil }
      return max(a, b)
    case .qLinearConcat: return known.rank(2)
    case .binary, .variadic, .where: return known.broadcastRank()
    case .reduce(_, let keepsAxes, let emptyAxesMeanNone):
      if keepsAxes { return known.rank(0) }
      guard known.ranks.count > 1 else { return emptyAxesMeanNone ? known.rank(0) : 0 }
      return Self.difference(known.rank(0), known.length(1))
    case .argument(_, _, let keepsAxis, _):
      return keepsAxis ? known.rank(0) : Self.difference(known.rank(0), 1)
    case .reshape, .expand:
      guard let length = known.length(1) else { return nil }
      if case .reshape = self { return length }
      return known.rank(0).map { max($0, length) }
    case .squeeze: return Self.difference(known.rank(0), known.length(1))
    case .unsqueeze:
      guard let rank = known.rank(0), let added = known.length(1) else { return nil }
      return rank + added
    case .gather:
      guard let data = known.rank(0), let indices = known.rank(1) else { return nil }
      return max(0, data + indices - 1)
    case .gatherElements: return known.rank(1)
    // It follows from the length of the index tuples.
    case .gatherND: return nil
    case .oneHot: return known.rank(0).map { $0 + 1 }
    case .shape, .range: return 1
    case .size: return 0
    case .constantOfShape: return known.length(0)
    }
  }

  private static func productRank(_ a: Int?, _ b: Int?) -> Int? {
    guard let a, let b else { return nil }
    if a >= 2 && b >= 2 { return max(a, b) }
    return max(0, a + b - 2)
  }

  private static func difference(_ rank: Int?, _ removed: Int?) -> Int? {
    guard let rank, let removed else { return nil }
    return max(0, rank - removed)
  }
}

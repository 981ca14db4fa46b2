/// What a node has to compute.
struct LayerWork: Equatable {
  /// Multiply-accumulates of products.
  var macs = 0
  /// Operations on single elements, as ``LayerTable/Row/elementOperations`` defines them.
  var elementOperations = 0
  /// Sizes of the window, for convolutions and pooling.
  var window: ResolvedWindow?
  /// Groups of a convolution.
  var groups: Int?
}

extension Operator {
  /// The work of a node.
  ///
  /// - Parameters:
  ///   - operands: types of its operands.
  ///   - result: type of its first result.
  func work(_ operands: [TensorType?], result: TensorType) -> LayerWork {
    var work = LayerWork()
    let x = operands.first ?? nil
    let elements = x?.elementCount ?? 0
    func operand(_ index: Int) -> TensorType? { index < operands.count ? operands[index] : nil }

    switch self {
    case .convolution(let attributes), .convolutionInteger(let attributes):
      work = Self.convolution(attributes, x, weights: operand(1), result)
    case .qLinearConvolution(let attributes):
      work = Self.convolution(attributes, x, weights: operand(3), result)
    case .transposedConvolution(let attributes, let outputPadding):
      guard let x, let weights = operand(1), x.shape.count > 2, x.shape[1] > 0 else { break }
      work.macs = elements * (weights.elementCount / x.shape[1])
      work.groups = attributes.groups
      work.window = try? attributes.window.resolvedTransposed(
        input: Array(x.shape[2...]), kernel: Array(weights.shape.dropFirst(2)),
        outputPadding: outputPadding)
    case .gemm(let attributes), .qGemm(let attributes):
      guard let x, x.shape.count == 2 else { break }
      work.macs = result.elementCount * x.shape[attributes.transposesA ? 0 : 1]
    case .matMul, .matMulInteger, .qLinearMatMul:
      work.macs = result.elementCount * (x?.shape.last ?? 0)
    case .maxPool(let attributes), .averagePool(let attributes):
      guard let x, x.shape.count > 2 else { break }
      work.window = try? attributes.window.resolved(
        input: Array(x.shape[2...]), roundsUp: attributes.roundsUp)
      work.elementOperations = Self.saturatingProduct(result.elementCount, work.window)
    case .qLinearAveragePool(let attributes, let channelsLast):
      guard let x, x.shape.count > 2 else { break }
      let sides = channelsLast ? x.shape[1..<(x.shape.count - 1)] : x.shape[2...]
      work.window = try? attributes.window.resolved(
        input: Array(sides), roundsUp: attributes.roundsUp)
      work.elementOperations = Self.saturatingProduct(result.elementCount, work.window)
    case .localResponseNormalization(let size, _, _, _):
      work.elementOperations = elements.multipliedSaturating(by: size)
    case .variadic:
      work.elementOperations = result.elementCount.multipliedSaturating(
        by: max(1, operands.count - 1))
    case .scatterElements(_, let reduction), .scatterND(let reduction):
      work.elementOperations = reduction == .replace ? 0 : operand(2)?.elementCount ?? 0
    case .cumulativeSum, .topK, .reduce, .argument, .globalMaxPool, .globalAveragePool,
      .qLinearGlobalAveragePool, .softmax, .logSoftmax, .qLinearSoftmax, .batchNormalization,
      .layerNormalization, .instanceNormalization, .groupNormalization:
      work.elementOperations = elements
    case .quantizeLinear, .dequantizeLinear, .dynamicQuantizeLinear, .qLinearBinary, .qLinearUnary,
      .qLinearConcat, .unary, .binary, .clip, .where, .pRelu, .cast, .resize:
      work.elementOperations = result.elementCount
    case .identity, .concat, .reshape, .flatten, .transpose, .squeeze, .unsqueeze, .slice, .split,
      .pad, .expand, .tile, .gather, .gatherElements, .gatherND, .oneHot, .triangle, .depthToSpace,
      .spaceToDepth, .shape, .size, .constantOfShape, .range:
      break
    }
    return work
  }

  private static func convolution(
    _ attributes: Convolution, _ x: TensorType?, weights: TensorType?, _ result: TensorType
  ) -> LayerWork {
    var work = LayerWork()
    guard let x, let weights, x.shape.count > 2, let kernels = weights.shape.first, kernels > 0
    else { return work }
    // Both factors are within the limits of a tensor, below 2³¹.
    work.macs = result.elementCount * (weights.elementCount / kernels)
    work.groups = attributes.groups
    work.window = try? attributes.window.resolved(
      input: Array(x.shape[2...]), kernel: Array(weights.shape.dropFirst(2)))
    return work
  }

  private static func saturatingProduct(_ count: Int, _ window: ResolvedWindow?) -> Int {
    (window?.kernel ?? []).reduce(count) { $0.multipliedSaturating(by: $1) }
  }
}

extension Int {
  /// The sum, or the greatest number where that is too large; neither operand is negative.
  func addedSaturating(_ other: Int) -> Int {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }

  /// The product, or the greatest number where that is too large; neither operand is negative.
  func multipliedSaturating(by other: Int) -> Int {
    let (product, overflow) = multipliedReportingOverflow(by: other)
    return overflow ? .max : product
  }
}

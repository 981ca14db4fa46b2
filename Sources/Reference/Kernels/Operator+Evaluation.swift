public import Networks

extension Operator {
  /// Computes the results of a node.
  ///
  /// 16-bit floating-point numbers are computed in fp32 and each result is rounded.
  ///
  /// - Parameters:
  ///   - operands: One per input of the node; nil for an absent one.
  ///   - results: The types that ``Networks/Operator/resultTypes(_:results:)`` gives for these operands.
  ///   - requantisation: The arithmetic of quantised operators.
  /// - Returns: One tensor per result.
  /// - Throws: `NetworkError` (without place) when operands are missing or do not fit, or when there is no kernel for
  ///   their types.
  public func evaluate(
    _ operands: [Tensor?], results: [TensorType],
    requantisation: RequantisationArithmetic = .float32
  ) throws(NetworkError) -> [Tensor] {
    guard let first = results.first else { return [] }
    // Kernels write through pointers: what they are told to write must be what they compute.
    let inferred = try resultTypes(
      operands.map { tensor in tensor.map { Operand($0.type, constant: $0) } },
      results: results.count)
    guard inferred == results else {
      throw NetworkError("the results are \(Self.list(inferred)), not \(Self.list(results))")
    }
    if computesReals, operands.contains(where: { $0?.type.element.isHalf == true }) {
      return try evaluateWidened(operands, results, requantisation)
    }
    let given = Operands(operands)
    let computed = try evaluate(given, first, results, requantisation)
    guard computed.map(\.type) == results else {
      throw NetworkError(
        "computed \(Self.list(computed.map(\.type))) instead of \(Self.list(results))")
    }
    return computed
  }

  private static func list(_ types: [TensorType]) -> String {
    types.map(\.description).joined(separator: ", ")
  }

  private func evaluate(
    _ operands: Operands, _ result: TensorType, _ results: [TensorType],
    _ requantisation: RequantisationArithmetic
  ) throws(NetworkError) -> [Tensor] {
    switch self {
    case .convolution(let attributes):
      [try FloatConvolution.evaluate(attributes, operands, result)]
    case .transposedConvolution(let attributes, let outputPadding):
      [
        try TransposedConvolution.evaluate(
          attributes, outputPadding: outputPadding, operands, result)
      ]
    case .gemm(let attributes): [try MatrixProduct.gemm(attributes, operands, result)]
    case .matMul: [try MatrixProduct.matMul(operands, result)]

    case .quantizeLinear, .dequantizeLinear, .dynamicQuantizeLinear, .qLinearConvolution,
      .qLinearMatMul, .qGemm, .convolutionInteger, .matMulInteger, .qLinearBinary, .qLinearUnary,
      .qLinearAveragePool, .qLinearGlobalAveragePool, .qLinearSoftmax, .qLinearConcat:
      try evaluateQuantised(operands.tensors, results: results, requantisation: requantisation)

    case .unary(let function): [try UnaryKernel.evaluate(function, operands.required(0))]
    case .binary(let function):
      [try BinaryKernel.evaluate(function, operands.required(0), operands.required(1), result)]
    case .variadic(let function): [try VariadicKernel.evaluate(function, operands, result)]
    case .clip: [try SelectionKernel.clip(operands, result)]
    case .where: [try SelectionKernel.choose(operands, result)]
    case .pRelu: [try SelectionKernel.pRelu(operands, result)]
    case .cast(let type): [try Cast.convert(operands.required(0), to: type)]

    case .softmax(let axis):
      [try SoftmaxKernel.evaluate(operands.required(0), axis: axis, isLogarithm: false)]
    case .logSoftmax(let axis):
      [try SoftmaxKernel.evaluate(operands.required(0), axis: axis, isLogarithm: true)]
    case .reduce(let function, _, let emptyAxesMeanNone):
      [
        try ReduceKernel.evaluate(
          function, emptyAxesMeanNone: emptyAxesMeanNone, operands, result)
      ]
    case .argument(let greatest, let axis, _, let lastIndex):
      [
        try ArgumentKernel.evaluate(
          operands.required(0), greatest: greatest, axis: axis, lastIndex: lastIndex, result)
      ]
    case .cumulativeSum(let exclusive, let reverse):
      [try CumulativeSumKernel.evaluate(operands, exclusive: exclusive, reverse: reverse)]
    case .topK(let axis, let greatest, _):
      try TopKKernel.evaluate(operands.required(0), axis: axis, greatest: greatest, results)
    case .batchNormalization(let epsilon):
      [try NormalizationKernel.batch(operands, epsilon: epsilon, result)]
    case .layerNormalization(let axis, let epsilon):
      try NormalizationKernel.layer(operands, axis: axis, epsilon: epsilon, results)
    case .instanceNormalization(let epsilon):
      [try NormalizationKernel.instance(operands, epsilon: epsilon, result)]
    case .groupNormalization(let groups, let epsilon):
      [try NormalizationKernel.grouped(operands, groups: groups, epsilon: epsilon, result)]
    case .localResponseNormalization(let size, let alpha, let beta, let bias):
      [
        try NormalizationKernel.localResponse(
          operands, size: size, alpha: alpha, beta: beta, bias: bias, result)
      ]

    case .maxPool(let attributes):
      try PoolingKernel.maximum(attributes, operands.required(0), results)
    case .averagePool(let attributes):
      [try PoolingKernel.average(attributes, operands.required(0), results)]
    case .globalMaxPool: [try reduceSpatialAxes(.maximum, operands, result)]
    case .globalAveragePool: [try reduceSpatialAxes(.mean, operands, result)]
    case .resize(let attributes): [try ResizeKernel.evaluate(attributes, operands, result)]

    case .identity: [try operands.required(0)]
    case .concat(let axis): [try Rearrangement.concat(operands, axis: axis, result)]
    case .reshape, .flatten, .squeeze, .unsqueeze:
      [try reshaped(operands.required(0), result)]
    case .transpose(let permutation):
      [try transposed(operands.required(0), permutation)]
    case .slice: [try Rearrangement.slice(operands, result)]
    case .split(let axis): try Rearrangement.split(operands.required(0), axis: axis, results)
    case .pad(let mode): [try Rearrangement.pad(mode, operands, result)]
    case .expand: [Rearrangement.expand(try operands.required(0), result.shape)]
    case .tile: [Rearrangement.tile(try operands.required(0), result.shape)]
    case .gather(let axis): [try Gathering.gather(operands, axis: axis, result)]
    case .gatherElements(let axis): [try Gathering.gatherElements(operands, axis: axis, result)]
    case .gatherND(let batchAxes):
      [try Gathering.gatherND(operands, batchAxes: batchAxes, result)]
    case .scatterElements(let axis, let reduction):
      [try Scattering.elements(operands, axis: axis, reduction)]
    case .scatterND(let reduction): [try Scattering.slices(operands, reduction)]
    case .oneHot(let axis): [try OneHotKernel.evaluate(operands, axis: axis, result)]
    case .triangle(let upper): [try TriangleKernel.evaluate(operands, upper: upper)]
    case .depthToSpace(let block, let columnsFirst):
      [
        Rearrangement.depthToSpace(
          try operands.required(0), block: block, columnsFirst: columnsFirst, result)
      ]
    case .spaceToDepth(let block):
      [Rearrangement.spaceToDepth(try operands.required(0), block: block, result)]
    case .shape(let start, let end):
      [sides(try operands.required(0).shape, start, end)]
    case .size: [Tensor(scalar: Int64(try operands.required(0).count))]
    case .constantOfShape(let value):
      [Rearrangement.expand(value.reshaped([]), result.shape)]
    case .range: [try RangeKernel.evaluate(operands, result)]
    }
  }
}

extension Operator {
  private func reduceSpatialAxes(
    _ function: ReduceFunction, _ operands: Operands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    let axes = (2..<max(2, x.shape.count)).map { Int64($0) }
    return try ReduceKernel.evaluate(
      function, emptyAxesMeanNone: true, Operands([x, Tensor([axes.count], axes)]), result)
  }

  private func reshaped(_ x: Tensor, _ result: TensorType) throws(NetworkError) -> Tensor {
    guard x.count == result.elementCount else {
      throw NetworkError("\(x.type) has not as many elements as \(result)")
    }
    return x.reshaped(result.shape)
  }

  private func transposed(_ x: Tensor, _ permutation: [Int]?) throws(NetworkError) -> Tensor {
    let permutation = permutation ?? Array(x.shape.indices.reversed())
    guard permutation.sorted() == Array(x.shape.indices) else {
      throw NetworkError("\(permutation) is no permutation of \(x.shape.count) axes")
    }
    return Rearrangement.transpose(x, permutation)
  }

  private func sides(_ shape: [Int], _ start: Int, _ end: Int?) -> Tensor {
    func clamped(_ axis: Int) -> Int {
      min(max(axis < 0 ? axis + shape.count : axis, 0), shape.count)
    }
    let first = clamped(start)
    let sides = shape[first..<max(first, clamped(end ?? shape.count))].map { Int64($0) }
    return Tensor([sides.count], sides)
  }
}

extension Operator {
  /// Whether elements are computed as real numbers, not only moved or looked at.
  private var computesReals: Bool {
    switch self {
    case .convolution, .transposedConvolution, .gemm, .matMul, .unary, .binary, .variadic, .clip,
      .pRelu, .softmax, .logSoftmax, .reduce, .batchNormalization, .layerNormalization,
      .instanceNormalization, .groupNormalization, .localResponseNormalization, .maxPool,
      .averagePool, .globalMaxPool, .globalAveragePool, .range, .cumulativeSum:
      true
    case .scatterElements(_, let reduction), .scatterND(let reduction): reduction != .replace
    case .resize(let attributes): attributes.mode != .nearest
    case .quantizeLinear, .dequantizeLinear, .dynamicQuantizeLinear, .qLinearConvolution,
      .qLinearMatMul, .qGemm, .convolutionInteger, .matMulInteger, .qLinearBinary, .qLinearUnary,
      .qLinearAveragePool, .qLinearGlobalAveragePool, .qLinearSoftmax, .qLinearConcat, .where,
      .cast, .argument, .identity, .concat, .reshape, .flatten, .squeeze, .unsqueeze, .transpose,
      .slice, .split, .pad, .expand, .tile, .gather, .gatherElements, .gatherND, .oneHot, .triangle,
      .topK, .depthToSpace,
      .spaceToDepth, .shape, .size, .constantOfShape:
      false
    }
  }

  /// Evaluates with 16-bit operands as fp32 and rounds the results.
  private func evaluateWidened(
    _ operands: [Tensor?], _ results: [TensorType], _ requantisation: RequantisationArithmetic
  ) throws(NetworkError) -> [Tensor] {
    var wide: [Tensor?] = []
    for operand in operands {
      if let operand, operand.type.element.isHalf {
        wide.append(try Cast.convert(operand, to: .float32))
      } else {
        wide.append(operand)
      }
    }
    let computed = try evaluate(
      wide,
      results: results.map { TensorType($0.element.isHalf ? .float32 : $0.element, $0.shape) },
      requantisation: requantisation)
    var rounded: [Tensor] = []
    for (tensor, type) in zip(computed, results) {
      rounded.append(try Cast.convert(tensor, to: type.element))
    }
    return rounded
  }
}

extension ElementType {
  /// Whether elements are 16-bit floating-point numbers.
  fileprivate var isHalf: Bool { self == .float16 || self == .bfloat16 }
}

extension Operator {
  /// The types of a node's results.
  ///
  /// - Parameters:
  ///   - operands: one per input of the node; nil for an absent one.
  ///   - results: how many outputs the node has.
  /// - Returns: one type per output.
  /// - Throws: `NetworkError` (without place and file) when operands are missing, have types the operator does not
  ///   take or shapes that do not fit, when a shape depends on data, or when a result exceeds ``Limits``.
  public func resultTypes(
    _ operands: [Operand?], results: Int
  ) throws(NetworkError) -> [TensorType] {
    let inference = try TypeInference(operands, results: results)
    let types = try resultTypes(inference)
    guard results <= types.count else {
      throw NetworkError(
        "has \(results) outputs, but the operator gives \(types.count)",
        suggestion: "outputs of training are not supported")
    }
    for type in types.prefix(max(0, results)) where Limits.elementCount(of: type.shape) == nil {
      throw NetworkError(
        "the result \(type) is too large: at most \(Limits.elements) elements and "
          + "\(Limits.rank) axes")
    }
    return Array(types.prefix(max(0, results)))
  }

  private func resultTypes(_ inference: TypeInference) throws(NetworkError) -> [TensorType] {
    switch self {
    case .convolution(let attributes): [try inference.convolution(attributes)]
    case .transposedConvolution(let attributes, let outputPadding):
      [try inference.transposedConvolution(attributes, outputPadding: outputPadding)]
    case .gemm(let attributes): [try inference.gemm(attributes)]
    case .matMul: [try inference.matMul()]

    case .quantizeLinear(let axis, let element):
      [try inference.quantizeLinear(axis: axis, element: element)]
    case .dequantizeLinear(let axis): [try inference.dequantizeLinear(axis: axis)]
    case .dynamicQuantizeLinear: try inference.dynamicQuantizeLinear()
    case .qLinearConvolution(let attributes): [try inference.qLinearConvolution(attributes)]
    case .qLinearMatMul: [try inference.qLinearMatMul()]
    case .qGemm(let attributes): [try inference.qGemm(attributes)]
    case .convolutionInteger(let attributes): [try inference.convolutionInteger(attributes)]
    case .matMulInteger: [try inference.matMulInteger()]
    case .qLinearBinary: [try inference.qLinearBinary()]
    case .qLinearUnary: [try inference.qLinearUnary()]
    case .qLinearAveragePool(let attributes, let channelsLast):
      [try inference.qLinearAveragePool(attributes, channelsLast: channelsLast)]
    case .qLinearGlobalAveragePool(let channelsLast):
      [try inference.qLinearGlobalAveragePool(channelsLast: channelsLast)]
    case .qLinearSoftmax(let axis): [try inference.qLinearSoftmax(axis: axis)]
    case .qLinearConcat(let axis): [try inference.qLinearConcat(axis: axis)]

    case .unary(let function): [try inference.unary(function)]
    case .binary(let function): [try inference.binary(function)]
    case .variadic(let function): [try inference.variadic(function)]
    case .clip: [try inference.clip()]
    case .where: [try inference.choice()]
    case .pRelu: [try inference.pRelu()]
    case .cast(let element): [try inference.cast(to: element)]

    case .softmax(let axis), .logSoftmax(let axis): [try inference.softmax(axis: axis)]
    case .reduce(let function, let keepsAxes, let emptyAxesMeanNone):
      [
        try inference.reduce(
          function, keepsAxes: keepsAxes, emptyAxesMeanNone: emptyAxesMeanNone)
      ]
    case .argument(_, let axis, let keepsAxis, _):
      [try inference.argument(axis: axis, keepsAxis: keepsAxis)]
    case .cumulativeSum: [try inference.cumulativeSum()]
    case .topK(let axis, _, _): try inference.topK(axis: axis)
    case .batchNormalization: [try inference.batchNormalization()]
    case .layerNormalization(let axis, _): try inference.layerNormalization(axis: axis)
    case .instanceNormalization: [try inference.instanceNormalization()]
    case .groupNormalization(let groups, _): [try inference.groupNormalization(groups: groups)]
    case .localResponseNormalization(let size, _, _, _):
      [try inference.localResponseNormalization(size: size)]

    case .maxPool(let attributes): try inference.maxPool(attributes)
    case .averagePool(let attributes): [try inference.averagePool(attributes)]
    case .globalMaxPool, .globalAveragePool: [try inference.globalPool()]
    case .resize(let attributes): [try inference.resize(attributes)]

    case .identity: [try inference.identity()]
    case .concat(let axis): [try inference.concat(axis: axis)]
    case .reshape(let zeroMeansZero): [try inference.reshape(zeroMeansZero: zeroMeansZero)]
    case .flatten(let axis): [try inference.flatten(axis: axis)]
    case .transpose(let permutation): [try inference.transpose(permutation)]
    case .squeeze: [try inference.squeeze()]
    case .unsqueeze: [try inference.unsqueeze()]
    case .slice: [try inference.slice()]
    case .split(let axis): try inference.split(axis: axis)
    case .pad(let mode): [try inference.pad(mode)]
    case .expand: [try inference.expand()]
    case .tile: [try inference.tile()]
    case .gather(let axis): [try inference.gather(axis: axis)]
    case .gatherElements(let axis): [try inference.gatherElements(axis: axis)]
    case .gatherND(let batchAxes): [try inference.gatherND(batchAxes: batchAxes)]
    case .scatterElements(let axis, let reduction):
      [try inference.scatterElements(axis: axis, reduction)]
    case .scatterND(let reduction): [try inference.scatterND(reduction)]
    case .oneHot(let axis): [try inference.oneHot(axis: axis)]
    case .triangle: [try inference.triangle()]
    case .depthToSpace(let block, _): [try inference.depthToSpace(block: block)]
    case .spaceToDepth(let block): [try inference.spaceToDepth(block: block)]
    case .shape(let start, let end): [try inference.shape(start: start, end: end)]
    case .size: [try inference.size()]
    case .constantOfShape(let value): [try inference.constantOfShape(value)]
    case .range: [try inference.range()]
    }
  }
}

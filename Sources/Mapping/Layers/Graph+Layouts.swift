internal import Networks

extension Graph {
  /// The values of four axes that lie channels last: what windows move over, and what is made of it element by element.
  var channelsLast: Set<String> {
    var result: Set<String> = []
    for node in nodes where node.operator.movesWindows {
      for value in node.inputs.prefix(1) + node.outputs.prefix(1)
      where type(value).shape.count == 4 && constant(value) == nil {
        result.insert(value)
      }
    }
    // Element-wise neighbours follow, until nothing changes.
    var changed = true
    while changed {
      changed = false
      for node in nodes where node.operator.keepsLayout {
        let values = (node.inputs + node.outputs).filter {
          !$0.isEmpty && constant($0) == nil && type($0).shape.count == 4
        }
        guard values.contains(where: result.contains) else { continue }
        for value in values where result.insert(value).inserted { changed = true }
      }
    }
    return result
  }
}

extension Operator {
  /// Whether the first operand and the result are feature maps, if they have four axes.
  fileprivate var movesWindows: Bool {
    switch self {
    case .convolution, .transposedConvolution, .qLinearConvolution, .convolutionInteger, .maxPool,
      .averagePool, .globalMaxPool, .globalAveragePool, .qLinearAveragePool,
      .qLinearGlobalAveragePool, .resize, .batchNormalization, .instanceNormalization,
      .localResponseNormalization:
      true
    default: false
    }
  }

  /// Whether operands and results have the same layout for free.
  fileprivate var keepsLayout: Bool {
    switch self {
    case .unary, .binary, .variadic, .clip, .quantizeLinear, .dequantizeLinear, .qLinearBinary,
      .qLinearUnary, .qLinearConcat, .concat, .cast, .pRelu, .identity, .where, .pad:
      true
    default: false
    }
  }
}

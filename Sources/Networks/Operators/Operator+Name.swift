extension Operator {
  /// The ONNX operator, for example `Conv`.
  public var name: String {
    switch self {
    case .convolution: "Conv"
    case .transposedConvolution: "ConvTranspose"
    case .gemm: "Gemm"
    case .matMul: "MatMul"
    case .quantizeLinear: "QuantizeLinear"
    case .dequantizeLinear: "DequantizeLinear"
    case .dynamicQuantizeLinear: "DynamicQuantizeLinear"
    case .qLinearConvolution: "QLinearConv"
    case .qLinearMatMul: "QLinearMatMul"
    case .qGemm: "QGemm"
    case .convolutionInteger: "ConvInteger"
    case .matMulInteger: "MatMulInteger"
    case .qLinearBinary(let function): function.rawValue
    case .qLinearUnary(.sigmoid): "QLinearSigmoid"
    case .qLinearUnary(.leakyRelu): "QLinearLeakyRelu"
    case .qLinearAveragePool: "QLinearAveragePool"
    case .qLinearGlobalAveragePool: "QLinearGlobalAveragePool"
    case .qLinearSoftmax: "QLinearSoftmax"
    case .qLinearConcat: "QLinearConcat"
    case .unary(let function): function.name
    case .binary(.remainder): "Mod"
    case .binary(let function): function.rawValue
    case .variadic(let function): function.rawValue
    case .clip: "Clip"
    case .where: "Where"
    case .pRelu: "PRelu"
    case .cast: "Cast"
    case .softmax: "Softmax"
    case .logSoftmax: "LogSoftmax"
    case .reduce(let function, _, _): function.rawValue
    case .argument(let greatest, _, _, _): greatest ? "ArgMax" : "ArgMin"
    case .batchNormalization: "BatchNormalization"
    case .layerNormalization: "LayerNormalization"
    case .instanceNormalization: "InstanceNormalization"
    case .groupNormalization: "GroupNormalization"
    case .localResponseNormalization: "LRN"
    case .maxPool: "MaxPool"
    case .averagePool: "AveragePool"
    case .globalMaxPool: "GlobalMaxPool"
    case .globalAveragePool: "GlobalAveragePool"
    case .resize: "Resize"
    case .identity: "Identity"
    case .concat: "Concat"
    case .reshape: "Reshape"
    case .flatten: "Flatten"
    case .transpose: "Transpose"
    case .squeeze: "Squeeze"
    case .unsqueeze: "Unsqueeze"
    case .slice: "Slice"
    case .split: "Split"
    case .pad: "Pad"
    case .expand: "Expand"
    case .tile: "Tile"
    case .gather: "Gather"
    case .gatherElements: "GatherElements"
    case .depthToSpace: "DepthToSpace"
    case .spaceToDepth: "SpaceToDepth"
    case .shape: "Shape"
    case .size: "Size"
    case .constantOfShape: "ConstantOfShape"
    case .range: "Range"
    }
  }
}

extension UnaryFunction {
  /// The ONNX operator, for example `Relu`.
  public var name: String {
    switch self {
    case .relu: "Relu"
    case .leakyRelu: "LeakyRelu"
    case .elu: "Elu"
    case .selu: "Selu"
    case .hardSigmoid: "HardSigmoid"
    case .hardSwish: "HardSwish"
    case .sigmoid: "Sigmoid"
    case .swish: "Swish"
    case .tanh: "Tanh"
    case .erf: "Erf"
    case .gelu: "Gelu"
    case .softplus: "Softplus"
    case .softsign: "Softsign"
    case .mish: "Mish"
    case .absolute: "Abs"
    case .negate: "Neg"
    case .exponential: "Exp"
    case .logarithm: "Log"
    case .squareRoot: "Sqrt"
    case .reciprocal: "Reciprocal"
    case .floor: "Floor"
    case .ceiling: "Ceil"
    case .round: "Round"
    case .sign: "Sign"
    case .sine: "Sin"
    case .cosine: "Cos"
    case .not: "Not"
    case .isNaN: "IsNaN"
    }
  }
}

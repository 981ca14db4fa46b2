internal import Diagnostics
internal import Networks

/// Says what is wrong when a network has operators that cannot be read.
enum UnsupportedOperators {
  /// Checks that every node's operator can be read.
  ///
  /// - Throws: `NetworkError` at the first node, with the number of all such nodes, their
  ///   operators, and what could replace the first.
  static func check(_ nodes: [SourceNode]) throws(NetworkError) {
    let unsupported = nodes.filter { OperatorTable.find($0.domain, $0.node.opType) == nil }
    guard let first = unsupported.first else { return }
    var kinds: [String] = []
    for node in unsupported {
      let kind = description(node)
      if !kinds.contains(kind) { kinds.append(kind) }
      if kinds.count > 12 { break }
    }
    var message = "operator \(description(first)) is not supported"
    if unsupported.count > 1 {
      let list = kinds.prefix(12).joined(separator: ", ") + (kinds.count > 12 ? ", …" : "")
      message += " (\(unsupported.count) nodes are not: \(list))"
    }
    throw NetworkError(
      message, place: first.place, suggestion: suggestion(first.domain, first.node.opType))
  }

  private static func description(_ source: SourceNode) -> String {
    source.domain.isEmpty ? source.node.opType : "\(source.domain).\(source.node.opType)"
  }

  private static func suggestion(_ domain: String, _ type: String) -> String? {
    switch domain {
    case "":
      return standard[type] ?? nearest(type, among: OperatorTable.standard)
        ?? (OperatorTable.microsoft[type] == nil ? nil : "it is one of the domain com.microsoft")
    case "com.microsoft":
      return standard[type] ?? nearest(type, among: OperatorTable.microsoft)
        ?? "export the model without onnxruntime's optimisations"
    case "com.microsoft.nchwc", "com.ms.internal.nhwc":
      return "this model is optimised for one machine; use the one it was made of, or optimise "
        + "it less (ORT_ENABLE_EXTENDED)"
    case "ai.onnx.ml": return "only neural networks are supported, no trees, vectors or encoders"
    case "ai.onnx.training", "ai.onnx.preview.training":
      return "export the model for inference"
    case "org.pytorch.aten":
      return "export the model with ONNX operators only (operator_export_type=ONNX)"
    default:
      return
        "only operators of ONNX and of com.microsoft are supported, and functions the file defines"
    }
  }

  private static func nearest(_ type: String, among table: NodeImports) -> String? {
    Suggestion.nearest(to: type, among: table.types).map { "did you mean \($0)?" }
  }

  private static let unroll = "unroll it before export, or use MatMul, Sigmoid and Tanh"
  private static let branches =
    "export the model without control flow (torch.jit.trace, or constant shapes)"
  private static let sequences = "use Concat, Split and Gather on tensors"
  private static let attention = "write it as MatMul, Softmax and MatMul (no fusion at export)"
  private static let after = "leave it out of the network and do it after the network's outputs"
  private static let random =
    "networks that draw random numbers have no reference; make them an input"

  private static let losses = "export the model for inference"
  private static let others = "write it with supported operators, or leave it out of the network"
  private static let constants = "make it a constant"

  private static let standard: [String: String] = [
    "LSTM": unroll, "GRU": unroll, "RNN": unroll, "DynamicQuantizeLSTM": unroll,
    "If": branches, "Loop": branches, "Scan": branches,
    "SequenceAt": sequences, "SequenceConstruct": sequences, "SequenceEmpty": sequences,
    "SequenceErase": sequences, "SequenceInsert": sequences, "SequenceLength": sequences,
    "SequenceMap": sequences, "SplitToSequence": sequences, "ConcatFromSequence": sequences,
    "Optional": sequences, "OptionalGetElement": sequences, "OptionalHasElement": sequences,
    "Attention": attention, "MultiHeadAttention": attention, "GroupQueryAttention": attention,
    "LinearAttention": attention, "QAttention": attention, "RotaryEmbedding": attention,
    "NonMaxSuppression": after, "NonZero": after, "Unique": after,
    "Hardmax": "use ArgMax", "Multinomial": random, "Bernoulli": random, "RandomNormal": random,
    "RandomNormalLike": random, "RandomUniform": random, "RandomUniformLike": random,
    "EyeLike": constants,
    "LpPool": "use Pow, AveragePool and Pow", "GlobalLpPool": "use ReduceL2",
    "MaxUnpool": "use Resize", "MaxRoiPool": after, "RoiAlign": after,
    "GridSample": "use Resize, if the grid is regular", "AffineGrid": "make the grid a constant",
    "DeformConv": "use Conv", "CenterCropPad": "use Slice or Pad", "Compress": "use Gather",
    "BitShift": "use Mul or Div", "IsInf": "use Abs and Equal", "Sinh": "use Exp",
    "Cosh": "use Exp", "ReverseSequence": "use Slice with a negative step",
    "EmbedLayerNormalization": "export the model without onnxruntime's optimisations",
    "StringNormalizer": "texts are not supported", "TfIdfVectorizer": "texts are not supported",
    "StringConcat": "texts are not supported", "StringSplit": "texts are not supported",
    "RegexFullMatch": "texts are not supported", "ImageDecoder": "give the decoded image",
    "ATen": "export the model with ONNX operators only (operator_export_type=ONNX)",
    "NegativeLogLikelihoodLoss": losses, "SoftmaxCrossEntropyLoss": losses,
    "Acos": others, "Acosh": others, "Asin": others, "Asinh": others, "Atan": others,
    "Atanh": others, "BitCast": others, "BitwiseAnd": others, "BitwiseNot": others,
    "BitwiseOr": others, "BitwiseXor": others, "BlackmanWindow": constants,
    "CausalConvWithState": "use Concat and Conv", "Col2Im": "use ConvTranspose",
    "CumProd": others, "DFT": others, "Det": others, "HammingWindow": constants,
    "HannWindow": constants, "MelWeightMatrix": constants, "STFT": others,
    "SwiGLU": "use Split, Swish and Mul", "TensorScatter": "use Concat or Where",
    "MatMulNBits": "4-bit weights are not supported; quantise to 8 bits",
  ]
}

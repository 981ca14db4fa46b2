/// What a node does, with its attributes; operands are the node's inputs.
///
/// Names, operands and meaning are those of the ONNX operators in their latest version; operands that older opsets
/// write as attributes are operands here. Operands are listed as x, y, …; `?` marks an optional one.
public enum Operator: Sendable, Equatable {
  // Products.

  /// Conv: x[N×C×…], w[M×C/groups×…], bias[M]?.
  case convolution(Convolution)
  /// ConvTranspose: x[N×C×…], w[C×M/groups×…], bias[M]?.
  case transposedConvolution(Convolution, outputPadding: [Int])
  /// Gemm: a, b, c?: alpha·a'·b' + beta·c.
  case gemm(GEMM)
  /// MatMul: a, b, batched and broadcast as NumPy's matmul.
  case matMul

  // Quantised forms.

  /// QuantizeLinear: x, scale, zero point?.
  case quantizeLinear(axis: Int, element: ElementType)
  /// DequantizeLinear: x, scale, zero point?.
  case dequantizeLinear(axis: Int)
  /// DynamicQuantizeLinear: x to y, scale, zero point.
  case dynamicQuantizeLinear
  /// QLinearConv: x, x scale, x zero point, w, w scale, w zero point, y scale, y zero point, bias?.
  case qLinearConvolution(Convolution)
  /// QLinearMatMul: a, a scale, a zero point, b, b scale, b zero point, y scale, y zero point.
  case qLinearMatMul
  /// QGemm of com.microsoft: a, a scale, a zero point, b, b scale, b zero point, c?, y scale?, y zero point?.
  case qGemm(GEMM)
  /// ConvInteger: x, w, x zero point?, w zero point?.
  case convolutionInteger(Convolution)
  /// MatMulInteger: a, b, a zero point?, b zero point?.
  case matMulInteger
  /// QLinearAdd, QLinearMul of com.microsoft: a, a scale, a zero point, b, b scale, b zero point, y scale,
  /// y zero point.
  case qLinearBinary(QLinearBinary)
  /// QLinearSigmoid, QLinearLeakyRelu of com.microsoft: x, x scale, x zero point, y scale, y zero point.
  case qLinearUnary(QLinearUnary)
  /// QLinearAveragePool of com.microsoft: operands as `qLinearUnary`.
  case qLinearAveragePool(Pooling, channelsLast: Bool)
  /// QLinearGlobalAveragePool of com.microsoft: operands as `qLinearUnary`.
  case qLinearGlobalAveragePool(channelsLast: Bool)
  /// QLinearSoftmax of com.microsoft: operands as `qLinearUnary`.
  case qLinearSoftmax(axis: Int)
  /// QLinearConcat of com.microsoft: y scale, y zero point, then x, scale, zero point for each operand.
  case qLinearConcat(axis: Int)

  // Element by element.

  /// One operand.
  case unary(UnaryFunction)
  /// Two operands, broadcast.
  case binary(BinaryFunction)
  /// Min, Max, Sum, Mean: any number of operands, broadcast.
  case variadic(VariadicFunction)
  /// Clip: x, least?, greatest?.
  case clip
  /// Where: condition, x, y, broadcast.
  case `where`
  /// PRelu: x, slope.
  case pRelu
  /// Cast: x.
  case cast(to: ElementType)

  // Along axes.

  /// Softmax: x.
  case softmax(axis: Int)
  /// LogSoftmax: x.
  case logSoftmax(axis: Int)
  /// Reduce…: x, axes?.
  case reduce(ReduceFunction, keepsAxes: Bool, emptyAxesMeanNone: Bool)
  /// ArgMax, ArgMin: x.
  case argument(greatest: Bool, axis: Int, keepsAxis: Bool, lastIndex: Bool)
  /// CumSum: x, axis.
  case cumulativeSum(exclusive: Bool, reverse: Bool)
  /// TopK: x, k; values and their indices.
  case topK(axis: Int, greatest: Bool, sorted: Bool)
  /// BatchNormalization in inference: x, scale, bias, mean, variance.
  case batchNormalization(epsilon: Float)
  /// LayerNormalization: x, scale, bias?.
  case layerNormalization(axis: Int, epsilon: Float)
  /// InstanceNormalization: x, scale, bias.
  case instanceNormalization(epsilon: Float)
  /// GroupNormalization of opset 21: x, scale[C], bias[C].
  case groupNormalization(groups: Int, epsilon: Float)
  /// LRN: x.
  case localResponseNormalization(size: Int, alpha: Float, beta: Float, bias: Float)

  // Windows.

  /// MaxPool: x.
  case maxPool(Pooling)
  /// AveragePool: x.
  case averagePool(Pooling)
  /// GlobalMaxPool: x.
  case globalMaxPool
  /// GlobalAveragePool: x.
  case globalAveragePool
  /// Resize: x, region?, scales?, sizes?.
  case resize(Resize)

  // Shape.

  /// Identity; Dropout in inference: x.
  case identity
  /// Concat: one or more operands.
  case concat(axis: Int)
  /// Reshape: x, shape.
  case reshape(zeroMeansZero: Bool)
  /// Flatten: x.
  case flatten(axis: Int)
  /// Transpose: x; nil reverses the axes.
  case transpose(permutation: [Int]?)
  /// Squeeze: x, axes?.
  case squeeze
  /// Unsqueeze: x, axes.
  case unsqueeze
  /// Slice: x, starts, ends, axes?, steps?.
  case slice
  /// Split: x, sizes?; as many results as the node has outputs.
  case split(axis: Int)
  /// Pad: x, pads, value?, axes?.
  case pad(PadMode)
  /// Expand: x, shape.
  case expand
  /// Tile: x, repeats.
  case tile
  /// Gather: x, indices.
  case gather(axis: Int)
  /// GatherElements: x, indices.
  case gatherElements(axis: Int)
  /// GatherND: x, indices[…×k]: slices at index tuples; the first axes of both are batches.
  case gatherND(batchAxes: Int)
  /// ScatterElements: x, indices, updates.
  case scatterElements(axis: Int, ScatterReduction)
  /// ScatterND: x, indices[…×k], updates: slices at index tuples.
  case scatterND(ScatterReduction)
  /// OneHot: indices, depth, values[off, on].
  case oneHot(axis: Int)
  /// Trilu: x, diagonal?.
  case triangle(upper: Bool)
  /// DepthToSpace: x.
  case depthToSpace(block: Int, columnsFirst: Bool)
  /// SpaceToDepth: x.
  case spaceToDepth(block: Int)
  /// Shape: x; sides from `start` to `end` (negative from the back; nil is the rank).
  case shape(start: Int, end: Int?)
  /// Size: x.
  case size
  /// ConstantOfShape: shape; `value` has one element.
  case constantOfShape(value: Tensor)
  /// Range: start, limit, delta.
  case range
}

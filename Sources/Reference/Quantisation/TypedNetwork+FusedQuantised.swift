public import Networks

/// Which kind of bytes activations become when quantised operators are fused.
public enum QuantisedBytes: String, Sendable, CaseIterable {
  /// As onnxruntime decides on x86 processors: a quantisation to int8 that one operator takes becomes one to uint8, with
  /// the zero point 128 higher. Convolutions and matrix products of activations that stay int8, because several
  /// operators take them, are not fused: they run in floating point.
  case unsigned
  /// As the network says: int8 stays int8, and its products are fused as those of uint8. This is what the arrays
  /// compute, and onnxruntime with `session.qdqisint8allowed` set to 1.
  case asWritten
}

extension TypedNetwork {
  /// The network with its QuantizeLinear and DequantizeLinear nodes merged into integer operators, where onnxruntime's default
  /// optimisation does so.
  ///
  /// Dequantisation, operator and quantisation become one node: Conv (also with a Relu or Clip that the
  /// quantisation makes superfluous), MatMul, Gemm, Add, Mul, AveragePool, GlobalAveragePool, Sigmoid,
  /// LeakyRelu, Softmax and Concat. A Gemm and a MatMul need no quantisation behind them. Operators that only
  /// move elements, MaxPool, ReduceMax and ReduceMin run on the integers when scale and zero point are the same
  /// on both sides, Relu and Clip too; quantisation is first moved across those. Binary32 biases of products are
  /// rounded to the scale of the accumulators. Everything else stays in floating point.
  ///
  /// - Parameter bytes: which kind of bytes activations become.
  /// - Throws: `NetworkError` when the network cannot be typed again, which is an error of the network's.
  public func fusedQuantised(
    _ bytes: QuantisedBytes = .unsigned
  ) throws(NetworkError) -> TypedNetwork {
    var graph = EditableGraph(self)
    graph.moveDequantisationForward()
    graph.moveQuantisationBackward()
    graph.quantiseBiases()
    graph.removeSuperfluousClips()
    if bytes == .unsigned { graph.makeBytesUnsigned() }
    for index in graph.indices { graph.fuse(index, allowsSigned: bytes == .asWritten) }
    return try graph.typed()
  }
}

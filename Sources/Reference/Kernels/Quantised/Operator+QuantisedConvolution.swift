internal import Networks

extension Operator {
  /// QLinearConv.
  ///
  /// Accumulators are exact, wrapping in 32 bits, the bias included. They are scaled by (x scale · w scale) / y scale in
  /// binary32, as ``Requantiser`` does it.
  static func qLinearConvolution(
    _ attributes: Convolution, _ operands: QuantisedOperands, _ result: TensorType,
    _ arithmetic: RequantisationArithmetic
  ) throws(NetworkError) -> Tensor {
    let x = try operands.tensor(0)
    let weights = try operands.tensor(3)
    let xScale = try operands.scale(1)
    let yScale = try operands.scale(6)
    let requantiser = try Requantiser(
      scales: try operands.scales(4).map { xScale * $0 / yScale },
      zeroPoint: try operands.zeroPoint(7), element: result.element, arithmetic: arithmetic)
    let bias = try operands.integers(8)
    let convolution = try IntegerConvolution(
      attributes, input: x.shape, weights: weights.shape)
    let channels = weights.shape[0]
    guard requantiser.scales.count == 1 || requantiser.scales.count == channels,
      bias == nil || bias?.count == channels
    else { throw NetworkError("scales or biases are not one per output channel") }
    var bytes = [UInt8](repeating: 0, count: result.elementCount)
    let input = try x.widened(less: try operands.zeroPoint(2))
    let kernel = try weights.widened(lessAlongFirstAxis: try operands.zeroPoints(5))
    let columns = convolution.columns
    bytes.withUnsafeMutableBufferPointer { bytes in
      guard let target = bytes.baseAddress else { return }
      convolution.run(input: input, weights: kernel) { image, channel, column, sums in
        guard let source = sums.baseAddress else { return }
        requantiser.row(
          source, count: sums.count, channel: channel, bias: bias?[channel] ?? 0,
          into: target + (image * channels + channel) * columns + column)
      }
    }
    return Tensor(bytePatterns: bytes, type: result)
  }

  /// ConvInteger: the accumulators themselves.
  static func convolutionInteger(
    _ attributes: Convolution, _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.tensor(0)
    let weights = try operands.tensor(1)
    let convolution = try IntegerConvolution(
      attributes, input: x.shape, weights: weights.shape)
    let channels = weights.shape[0]
    let input = try x.widened(less: try operands.zeroPoint(2))
    let kernel = try weights.widened(lessAlongFirstAxis: try operands.zeroPoints(3))
    var accumulators = [Int32](repeating: 0, count: result.elementCount)
    let columns = convolution.columns
    accumulators.withUnsafeMutableBufferPointer { accumulators in
      guard let target = accumulators.baseAddress else { return }
      convolution.run(input: input, weights: kernel) { image, channel, column, sums in
        guard let source = sums.baseAddress else { return }
        (target + (image * channels + channel) * columns + column)
          .update(from: source, count: sums.count)
      }
    }
    return Tensor(result.shape, accumulators)
  }
}

extension Tensor {
  /// The bytes as 16-bit integers, less one zero point, or one for each index of the first axis.
  fileprivate func widened(lessAlongFirstAxis zeroPoints: [Int32]) throws(NetworkError) -> [Int16] {
    guard let first = zeroPoints.first, zeroPoints.contains(where: { $0 != first }) else {
      return try widened(less: zeroPoints.first ?? 0)
    }
    guard zeroPoints.count == shape.first else {
      throw NetworkError("zero points are not one per output channel")
    }
    var values = try widened(less: 0)
    let size = values.count / zeroPoints.count
    for (row, zeroPoint) in zeroPoints.enumerated() {
      for i in row * size..<(row + 1) * size {
        values[i] &-= Int16(truncatingIfNeeded: zeroPoint)
      }
    }
    return values
  }
}

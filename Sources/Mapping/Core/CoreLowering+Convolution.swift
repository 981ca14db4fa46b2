internal import Networks
internal import Reference

extension CoreLowering {
  /// The sizes of a convolution.
  private struct Sizes {
    let words: WindowWords
    let groups: Int
    /// Input and output channels of a group.
    let channels: Int
    let outputs: Int

    /// Elements of a row: a window of a group.
    var depth: Int { words.area * channels }
    var macs: Int { words.pixels * groups * outputs * depth }
    var isDepthwise: Bool { channels == 1 && outputs == 1 && words.area <= 256 }
    var parameters: [UInt32] { words.words(groups: groups, channels: channels, outputs: outputs) }

    /// Places of a channel's weights in the order (ky, kx, c).
    var order: [Int] {
      (0..<words.area).flatMap { place in (0..<channels).map { $0 * words.area + place } }
    }

    /// Bytes for two rows of elements, or for the places of a window.
    func scratch(bytes: Int) -> Int { 2 * (depth * bytes).roundedTo16 }
    var placesScratch: Int { (6 * words.area).roundedTo16 + 4 * groups }
  }

  private func sizes(
    _ attributes: Convolution, _ x: TensorView, weights: [Int]
  ) throws(NetworkError) -> Sizes {
    guard x.shape.count >= 3, weights.count == x.shape.count, attributes.groups > 0,
      x.shape[1] == weights[1] * attributes.groups, weights[0] % attributes.groups == 0
    else { throw NetworkError("weights \(weights) do not fit the operand \(x.type)") }
    let window = try attributes.window.resolved(
      input: Array(x.shape[2...]), kernel: Array(weights[2...]))
    return Sizes(
      words: try WindowWords(window, x, result), groups: attributes.groups, channels: weights[1],
      outputs: weights[0] / attributes.groups)
  }

  /// Conv.
  func convolution(
    _ attributes: Convolution, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    let weights = try known(1, "the weights")
    guard x.element == .float32, let values = weights.floats else {
      throw unsupported("of \(x.element.rawValue)")
    }
    let sizes = try sizes(attributes, x, weights: weights.shape)
    var bias: UInt32 = 0
    if has(2) { bias = try view(2, &pool).address }
    let head = [result.address, x.address]
    if sizes.isDepthwise {
      let packed = pool.add(words: values.map(\.bitPattern))
      return [
        CoreKernel(
          .depthwiseFloat, head + [packed, bias] + sizes.parameters, macs: sizes.macs,
          scratchBytes: sizes.placesScratch)
      ]
    }
    let size = weights.shape[1...].reduce(1, *)
    let packed = ProductWeights.packed(
      values.map(\.bitPattern), groups: sizes.groups, outputs: sizes.outputs, order: sizes.order,
      zero: 0
    ) { $0 * size }
    return [
      CoreKernel(
        .convolutionFloat, head + [pool.add(words: packed), bias] + sizes.parameters,
        macs: sizes.macs, scratchBytes: sizes.scratch(bytes: 4))
    ]
  }

  /// QLinearConv.
  func quantisedConvolution(
    _ attributes: Convolution, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let (xScale, yScale) = (try scale(1), try scale(6))
    var bias: [Int32]?
    if has(8) {
      bias = try known(8, "the bias").array(of: Int32.self)
    }
    return try convolution(
      attributes, weights: 3, xZero: try zeroPoint(2), weightZeros: try zeroPoints(5), bias: bias,
      kind: .bytes(
        try scales(4).map { xScale * $0 / yScale }, zeroPoint: try zeroPoint(7), result.element),
      &pool)
  }

  /// ConvInteger.
  func integerConvolution(
    _ attributes: Convolution, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    try convolution(
      attributes, weights: 1, xZero: try zeroPoint(2), weightZeros: try zeroPoints(3), bias: nil,
      kind: .sums, &pool)
  }

  private func convolution(
    _ attributes: Convolution, weights index: Int, xZero: Int32, weightZeros: [Int32],
    bias: [Int32]?, kind: IntegerFinish.Kind, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    let weights = try known(index, "the weights")
    guard x.element.isByte, let (values, shift) = ProductWeights.signed(weights) else {
      throw unsupported("of \(x.element.rawValue)")
    }
    let sizes = try sizes(attributes, x, weights: weights.shape)
    let channels = weights.shape[0]
    let size = weights.shape[1...].reduce(1, *)
    var zeros = weightZeros.map { $0 - shift }
    if zeros.count == 1 { zeros = [Int32](repeating: zeros[0], count: channels) }
    guard zeros.count == channels, bias == nil || bias?.count == channels else {
      throw NetworkError("zero points or biases are not one per output channel")
    }
    // Σ(x − z)·w = Σx·w − z·Σw; padding counts as x = z.
    var folded = bias ?? [Int32](repeating: 0, count: channels)
    if xZero != 0 {
      for channel in 0..<channels {
        let sum = values[channel * size..<(channel + 1) * size].reduce(Int32(0)) {
          $0 &+ Int32($1)
        }
        folded[channel] &-= xZero &* sum
      }
    }
    let hasZeros = zeros.contains { $0 != 0 }
    let finish = IntegerFinish(
      kind: kind, bias: folded, weightZeros: hasZeros ? zeros : [], operandZero: xZero)
    let isDepthwise = sizes.isDepthwise && !hasZeros
    let packed =
      isDepthwise
      ? values
      : ProductWeights.packed(
        values, groups: sizes.groups, outputs: sizes.outputs, order: sizes.order, zero: 0
      ) { $0 * size }
    let head = [
      result.address, x.address, pool.add(packed.map { UInt8(bitPattern: $0) }),
      x.element == .int8 ? 1 : 0, xZero.word,
    ]
    return [
      CoreKernel(
        isDepthwise ? .depthwiseInteger : .convolutionInteger,
        head + (try finish.words(&pool)) + sizes.parameters, macs: sizes.macs,
        scratchBytes: isDepthwise ? sizes.placesScratch : sizes.scratch(bytes: 1))
    ]
  }
}

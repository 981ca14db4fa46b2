extension TypeInference {
  func convolution(_ attributes: Convolution) throws(NetworkError) -> TensorType {
    try limit(3)
    let x = try floating(0, "x")
    let weights = try required(1, "the weights", like: x.element)
    let bias = try optional(2, "the bias", like: x.element)
    return TensorType(x.element, try convolved(attributes, x: x, weights: weights, bias: bias))
  }

  func convolutionInteger(_ attributes: Convolution) throws(NetworkError) -> TensorType {
    try limit(4)
    let x = try byte(0, "x")
    let weights = try byte(1, "the weights")
    let shape = try convolved(attributes, x: x, weights: weights, bias: nil)
    try zeroPoint(2, "the zero point of x", of: x, vector: nil)
    try zeroPoint(3, "the zero point of the weights", of: weights, vector: weights.shape[0])
    return TensorType(.int32, shape)
  }

  func qLinearConvolution(_ attributes: Convolution) throws(NetworkError) -> TensorType {
    try limit(9)
    let x = try byte(0, "x")
    try scale(1, "the scale of x", vector: nil)
    try zeroPoint(2, "the zero point of x", of: x, vector: nil)
    let weights = try byte(3, "the weights")
    let bias = try optional(8, "the bias", like: .int32)
    let shape = try convolved(attributes, x: x, weights: weights, bias: bias)
    try scale(4, "the scale of the weights", vector: weights.shape[0])
    try zeroPoint(5, "the zero point of the weights", of: weights, vector: weights.shape[0])
    try scale(6, "the scale of y", vector: nil)
    return TensorType(try resultElement(7, default: x.element), shape)
  }

  func transposedConvolution(
    _ attributes: Convolution, outputPadding: [Int]
  ) throws(NetworkError) -> TensorType {
    try limit(3)
    let x = try floating(0, "x")
    let weights = try required(1, "the weights", like: x.element)
    let groups = attributes.groups
    try rank(x, weights)
    try divides(groups, x.shape[1], "channels of x")
    guard weights.shape[0] == x.shape[1] else {
      throw NetworkError(
        "the weights \(shapeText(weights.shape)) are for \(weights.shape[0]) channels, but x has "
          + "\(x.shape[1])")
    }
    let (channels, overflow) = weights.shape[1].multipliedReportingOverflow(by: groups)
    guard !overflow else { throw NetworkError("\(groups) groups are too many") }
    if let bias = try optional(2, "the bias", like: x.element) {
      try channelVector(bias, "the bias", channels: channels)
    }
    let window = try attributes.window.resolvedTransposed(
      input: Array(x.shape[2...]), kernel: Array(weights.shape[2...]),
      outputPadding: outputPadding)
    return TensorType(x.element, [x.shape[0], channels] + window.output)
  }

  func gemm(_ attributes: GEMM) throws(NetworkError) -> TensorType {
    try limit(3)
    let a = try multiplicand()
    let b = try required(1, "b", like: a.element)
    let shape = try gemmShape(attributes, a: a, b: b)
    if let c = try optional(2, "c", like: a.element) { try addend(c, to: shape) }
    return TensorType(a.element, shape)
  }

  func qGemm(_ attributes: GEMM) throws(NetworkError) -> TensorType {
    try limit(9)
    let a = try byte(0, "a")
    try scale(1, "the scale of a", vector: nil)
    try zeroPoint(2, "the zero point of a", of: a, vector: nil)
    let b = try byte(3, "b")
    let shape = try gemmShape(attributes, a: a, b: b)
    try scale(4, "the scale of b", vector: shape[1])
    try zeroPoint(5, "the zero point of b", of: b, vector: shape[1])
    if let c = try optional(6, "c", like: .int32) { try addend(c, to: shape) }
    guard optional(7) != nil else { return TensorType(.float32, shape) }
    try scale(7, "the scale of y", vector: nil)
    return TensorType(try resultElement(8, default: a.element), shape)
  }

  func matMul() throws(NetworkError) -> TensorType {
    try limit(2)
    let a = try multiplicand()
    let b = try required(1, "b", like: a.element)
    return TensorType(a.element, try product(a.shape, b.shape))
  }

  func matMulInteger() throws(NetworkError) -> TensorType {
    try limit(4)
    let a = try byte(0, "a")
    let b = try byte(1, "b")
    let shape = try product(a.shape, b.shape)
    // One zero point per row of a and per column of b are possible.
    let rows = a.shape.count > 1 ? a.shape[a.shape.count - 2] : nil
    let columns = b.shape.count > 1 ? b.shape[b.shape.count - 1] : nil
    try zeroPoint(2, "the zero point of a", of: a, vector: rows)
    try zeroPoint(3, "the zero point of b", of: b, vector: columns)
    return TensorType(.int32, shape)
  }

  func qLinearMatMul() throws(NetworkError) -> TensorType {
    try limit(8)
    let a = try byte(0, "a")
    try scale(1, "the scale of a", vector: nil)
    try zeroPoint(2, "the zero point of a", of: a, vector: nil)
    let b = try byte(3, "b")
    let shape = try product(a.shape, b.shape)
    let columns = b.shape.count > 1 ? b.shape[b.shape.count - 1] : nil
    try scale(4, "the scale of b", vector: columns)
    try zeroPoint(5, "the zero point of b", of: b, vector: columns)
    try scale(6, "the scale of y", vector: nil)
    return TensorType(try resultElement(7, default: a.element), shape)
  }

  /// The first operand of a product.
  private func multiplicand() throws(NetworkError) -> TensorType {
    try required(0, "a", "floating-point or an integer of 32 or 64 bits") {
      $0.isFloatingPoint || ($0.isInteger && $0.byteCount >= 4)
    }
  }

  /// The result's shape of NumPy's matmul: vectors become matrices and lose the added axis again.
  private func product(_ a: [Int], _ b: [Int]) throws(NetworkError) -> [Int] {
    guard let depth = a.last, !b.isEmpty else {
      throw NetworkError("a scalar cannot be multiplied as a matrix")
    }
    let otherDepth = b.count == 1 ? b[0] : b[b.count - 2]
    guard depth == otherDepth else {
      throw NetworkError(
        "\(TensorType.text(a)) and \(TensorType.text(b)) cannot be multiplied: \(depth) columns, "
          + "but \(otherDepth) rows")
    }
    var shape = try TensorType.broadcast([Array(a.dropLast(2)), Array(b.dropLast(2))])
    if a.count > 1 { shape.append(a[a.count - 2]) }
    if b.count > 1 { shape.append(b[b.count - 1]) }
    return shape
  }

  private func gemmShape(
    _ attributes: GEMM, a: TensorType, b: TensorType
  ) throws(NetworkError) -> [Int] {
    guard a.shape.count == 2, b.shape.count == 2 else {
      throw NetworkError(
        "a \(shapeText(a.shape)) and b \(shapeText(b.shape)) must be matrices",
        suggestion: "put a Flatten before it")
    }
    let (rows, depth) = attributes.transposesA ? (a.shape[1], a.shape[0]) : (a.shape[0], a.shape[1])
    let (otherDepth, columns) =
      attributes.transposesB ? (b.shape[1], b.shape[0]) : (b.shape[0], b.shape[1])
    guard depth == otherDepth else {
      throw NetworkError(
        "a is \(rows)×\(depth) and b \(otherDepth)×\(columns) after transposition: they cannot be "
          + "multiplied")
    }
    return [rows, columns]
  }

  private func addend(_ c: TensorType, to shape: [Int]) throws(NetworkError) {
    guard TensorType.isBroadcastable(c.shape, to: shape) else {
      throw NetworkError(
        "c has shape \(shapeText(c.shape)), which cannot be broadcast to \(shapeText(shape))")
    }
  }

  /// The result's shape of a convolution.
  private func convolved(
    _ attributes: Convolution, x: TensorType, weights: TensorType, bias: TensorType?
  ) throws(NetworkError) -> [Int] {
    try rank(x, weights)
    let channels = weights.shape[0]
    try divides(attributes.groups, x.shape[1], "channels of x")
    try divides(attributes.groups, channels, "kernels")
    guard weights.shape[1] == x.shape[1] / attributes.groups else {
      throw NetworkError(
        "the weights \(shapeText(weights.shape)) are for \(weights.shape[1]) channels per group, "
          + "but x has \(x.shape[1]) in \(attributes.groups) "
          + (attributes.groups == 1 ? "group" : "groups"))
    }
    if let bias { try channelVector(bias, "the bias", channels: channels) }
    let window = try attributes.window.resolved(
      input: Array(x.shape[2...]), kernel: Array(weights.shape[2...]))
    return [x.shape[0], channels] + window.output
  }

  private func rank(_ x: TensorType, _ weights: TensorType) throws(NetworkError) {
    guard x.shape.count >= 3, weights.shape.count == x.shape.count else {
      throw NetworkError(
        "x \(shapeText(x.shape)) and the weights \(shapeText(weights.shape)) must have the same "
          + "number of axes, at least 3: N×C×…")
    }
  }

  private func divides(_ groups: Int, _ count: Int, _ name: String) throws(NetworkError) {
    guard groups >= 1, count % groups == 0 else {
      throw NetworkError("\(count) \(name) cannot be split into \(groups) groups")
    }
  }
}

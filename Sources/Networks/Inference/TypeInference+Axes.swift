extension TypeInference {
  func softmax(axis: Int) throws(NetworkError) -> TensorType {
    try limit(1)
    let x = try floating(0, "x")
    _ = try normalised(axis: axis, rank: x.shape.count)
    return x
  }

  func reduce(
    _ function: ReduceFunction, keepsAxes: Bool, emptyAxesMeanNone: Bool
  ) throws(NetworkError) -> TensorType {
    try limit(2)
    let x: TensorType
    switch function {
    case .maximum, .minimum: x = try required(0, "x").type
    case .sum, .mean, .product, .l1, .l2, .sumOfSquares, .logSum, .logSumExp:
      x = try numeric(0, "x")
    }
    var axes = try normalised(
      axes: try optionalIntegers(1, "axes") ?? [], rank: x.shape.count)
    if axes.isEmpty, !emptyAxesMeanNone { axes = Array(x.shape.indices) }
    return TensorType(x.element, Self.reduced(x.shape, axes: axes, keepsAxes: keepsAxes))
  }

  func argument(axis: Int, keepsAxis: Bool) throws(NetworkError) -> TensorType {
    try limit(1)
    let x = try numeric(0, "x")
    let axis = try normalised(axis: axis, rank: x.shape.count)
    guard x.shape[axis] > 0 else { throw NetworkError("axis \(axis) has no elements") }
    return TensorType(.int64, Self.reduced(x.shape, axes: [axis], keepsAxes: keepsAxis))
  }

  func batchNormalization() throws(NetworkError) -> TensorType {
    try limit(5)
    let x = try floating(0, "x")
    guard !x.shape.isEmpty else { throw NetworkError("x is a scalar, but must be N×C×…") }
    let channels = x.shape.count > 1 ? x.shape[1] : 1
    for (index, name) in [(1, "the scale"), (2, "the bias"), (3, "the mean"), (4, "the variance")] {
      try channelVector(try floating(index, name), name, channels: channels)
    }
    return x
  }

  func layerNormalization(axis: Int) throws(NetworkError) -> [TensorType] {
    try limit(3)
    let x = try floating(0, "x")
    let axis = try normalised(axis: axis, rank: x.shape.count)
    for (index, name) in [(1, "the scale"), (2, "the bias")] where index == 1 || optional(2) != nil
    {
      let shape = try floating(index, name).shape
      guard TensorType.isBroadcastable(shape, to: x.shape) else {
        throw NetworkError(
          "\(name) has shape \(shapeText(shape)), which cannot be broadcast to "
            + shapeText(x.shape))
      }
    }
    // Mean and reciprocal deviation are computed in single precision.
    let statistics = TensorType(
      x.element == .float64 ? .float64 : .float32,
      Self.reduced(x.shape, axes: Array(axis..<x.shape.count), keepsAxes: true))
    return [x, statistics, statistics]
  }

  func instanceNormalization() throws(NetworkError) -> TensorType {
    try limit(3)
    return try perChannel()
  }

  func groupNormalization(groups: Int) throws(NetworkError) -> TensorType {
    try limit(3)
    let x = try perChannel()
    guard groups >= 1, x.shape[1] % groups == 0 else {
      throw NetworkError("\(x.shape[1]) channels cannot be split into \(groups) groups")
    }
    return x
  }

  func localResponseNormalization(size: Int) throws(NetworkError) -> TensorType {
    try limit(1)
    let x = try floating(0, "x")
    guard x.shape.count >= 2 else {
      throw NetworkError("x has shape \(shapeText(x.shape)), but must be N×C×…")
    }
    guard size >= 1, size <= Limits.elements else {
      throw NetworkError("a size of \(size) channels is not possible")
    }
    return x
  }

  /// x with a scale and a bias per channel.
  private func perChannel() throws(NetworkError) -> TensorType {
    let x = try floating(0, "x")
    guard x.shape.count >= 2 else {
      throw NetworkError("x has shape \(shapeText(x.shape)), but must be N×C×…")
    }
    for (index, name) in [(1, "the scale"), (2, "the bias")] {
      let vector = try required(index, name, like: x.element)
      try channelVector(vector, name, channels: x.shape[1])
    }
    return x
  }

  private static func reduced(_ shape: [Int], axes: [Int], keepsAxes: Bool) -> [Int] {
    var result: [Int] = []
    for (axis, side) in shape.enumerated() {
      if !axes.contains(axis) {
        result.append(side)
      } else if keepsAxes {
        result.append(1)
      }
    }
    return result
  }
}

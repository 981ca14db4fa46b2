extension TypeInference {
  func maxPool(_ attributes: Pooling) throws(NetworkError) -> [TensorType] {
    try limit(1)
    let x = try numeric(0, "x")
    let shape = try pooled(attributes, x)
    return [TensorType(x.element, shape), TensorType(.int64, shape)]
  }

  func averagePool(_ attributes: Pooling) throws(NetworkError) -> TensorType {
    try limit(1)
    let x = try floating(0, "x")
    return TensorType(x.element, try pooled(attributes, x))
  }

  func globalPool() throws(NetworkError) -> TensorType {
    try limit(1)
    let x = try floating(0, "x")
    var shape = x.shape
    for axis in try spatialAxes(x, channelsLast: false) { shape[axis] = 1 }
    return TensorType(x.element, shape)
  }

  func resize(_ attributes: Resize) throws(NetworkError) -> TensorType {
    try limit(4)
    let x = try numeric(0, "x")
    let scales = try resizeScales()
    var sizes = try optionalIntegers(3, "sizes")
    // Exporters write an operand without elements for "absent".
    if sizes?.isEmpty == true, scales != nil { sizes = nil }
    let resolved = try attributes.resolved(input: x.shape, scales: scales, sizes: sizes)
    return TensorType(x.element, resolved.output)
  }

  private func resizeScales() throws(NetworkError) -> [Float]? {
    guard let operand = optional(2) else { return nil }
    guard operand.type.element == .float32, operand.type.shape.count == 1,
      operand.type.elementCount <= Limits.rank
    else { throw NetworkError("scales is \(operand.type), but must be a vector of fp32") }
    if operand.type.elementCount == 0 { return nil }
    guard let scales = operand.constant?.array(of: Float.self) else {
      throw dependsOnData("scales")
    }
    return scales
  }

  private func pooled(_ attributes: Pooling, _ x: TensorType) throws(NetworkError) -> [Int] {
    let spatial = try spatialAxes(x, channelsLast: false)
    let window = try attributes.window.resolved(
      input: Array(x.shape[spatial]), roundsUp: attributes.roundsUp)
    return Array(x.shape[..<2]) + window.output
  }

  /// The axes that are neither batch nor channels.
  func spatialAxes(_ x: TensorType, channelsLast: Bool) throws(NetworkError) -> Range<Int> {
    guard x.shape.count >= 3 else {
      throw NetworkError(
        "x has shape \(shapeText(x.shape)), but needs at least 3 axes: "
          + (channelsLast ? "N×…×C" : "N×C×…"))
    }
    return channelsLast ? 1..<(x.shape.count - 1) : 2..<x.shape.count
  }
}

extension TypeInference {
  func quantizeLinear(axis: Int, element: ElementType) throws(NetworkError) -> TensorType {
    try limit(3)
    let x = try required(0, "x", "floating-point or int32") {
      $0.isFloatingPoint || $0 == .int32
    }
    guard element.isInteger, element.byteCount <= 2 else {
      throw NetworkError(
        "cannot quantise to \(element.rawValue)", suggestion: "int8, uint8, int16 and uint16 work")
    }
    let result = TensorType(element, x.shape)
    let side = try quantisedSide(axis: axis, shape: x.shape)
    try scale(1, "the scale", vector: side)
    try zeroPoint(2, "the zero point", of: result, vector: side)
    return result
  }

  func dequantizeLinear(axis: Int) throws(NetworkError) -> TensorType {
    try limit(3)
    let x = try required(0, "x", "an integer of at most 32 bits") {
      $0.isInteger && $0.byteCount <= 4 && $0 != .uint32
    }
    let side = try quantisedSide(axis: axis, shape: x.shape)
    try scale(1, "the scale", vector: side)
    try zeroPoint(2, "the zero point", of: x, vector: side)
    return TensorType(try floating(1, "the scale").element, x.shape)
  }

  func dynamicQuantizeLinear() throws(NetworkError) -> [TensorType] {
    try limit(1)
    let x = try required(0, "x", like: .float32)
    return [TensorType(.uint8, x.shape), TensorType(.float32, []), TensorType(.uint8, [])]
  }

  func qLinearBinary() throws(NetworkError) -> TensorType {
    try limit(8)
    let a = try quantised(0, "a")
    let b = try quantised(3, "b")
    try scale(6, "the scale of y", vector: nil)
    return TensorType(
      try resultElement(7, default: a.element), try TensorType.broadcast([a.shape, b.shape]))
  }

  func qLinearUnary() throws(NetworkError) -> TensorType {
    let x = try quantisedFirst()
    return TensorType(try resultElement(4, default: x.element), x.shape)
  }

  func qLinearSoftmax(axis: Int) throws(NetworkError) -> TensorType {
    let x = try quantisedFirst()
    _ = try normalised(axis: axis, rank: x.shape.count)
    return TensorType(try resultElement(4, default: x.element), x.shape)
  }

  func qLinearAveragePool(
    _ attributes: Pooling, channelsLast: Bool
  ) throws(NetworkError) -> TensorType {
    let x = try quantisedFirst()
    let spatial = try spatialAxes(x, channelsLast: channelsLast)
    let window = try attributes.window.resolved(
      input: Array(x.shape[spatial]), roundsUp: attributes.roundsUp)
    var shape = x.shape
    shape.replaceSubrange(spatial, with: window.output)
    return TensorType(try resultElement(4, default: x.element), shape)
  }

  func qLinearGlobalAveragePool(channelsLast: Bool) throws(NetworkError) -> TensorType {
    let x = try quantisedFirst()
    let spatial = try spatialAxes(x, channelsLast: channelsLast)
    var shape = x.shape
    for axis in spatial { shape[axis] = 1 }
    return TensorType(try resultElement(4, default: x.element), shape)
  }

  func qLinearConcat(axis: Int) throws(NetworkError) -> TensorType {
    try scale(0, "the scale of y", vector: nil)
    let element = try byte(1, "the zero point of y").element
    try scalar(1, "the zero point of y", vector: nil)
    guard operands.count >= 5, operands.count % 3 == 2 else {
      throw NetworkError(
        "has \(operands.count) operands, but takes the scale and zero point of y and three for "
          + "each operand")
    }
    var types: [TensorType] = []
    for index in stride(from: 2, to: operands.count, by: 3) {
      types.append(try quantised(index, "operand \((index + 1) / 3)"))
    }
    return TensorType(element, try concatenated(types, axis: axis))
  }

  /// A quantised operand followed by its scale and zero point, each one number.
  private func quantised(_ index: Int, _ name: String) throws(NetworkError) -> TensorType {
    let type = try byte(index, name)
    try scale(index + 1, "the scale of \(name)", vector: nil)
    try zeroPoint(index + 2, "the zero point of \(name)", of: type, vector: nil)
    return type
  }

  /// Operands x, scale, zero point, scale of y, zero point of y.
  private func quantisedFirst() throws(NetworkError) -> TensorType {
    try limit(5)
    let x = try quantised(0, "x")
    try scale(3, "the scale of y", vector: nil)
    return x
  }

  /// The side along which there can be a scale each; nil when there is no such axis.
  private func quantisedSide(axis: Int, shape: [Int]) throws(NetworkError) -> Int? {
    // With a single scale the axis has no meaning, and its default need not exist.
    guard let scale = optional(1), scale.type.elementCount != 1 else { return nil }
    return shape[try normalised(axis: axis, rank: shape.count)]
  }

  /// Checks a scale: one number, or one for each of `vector`.
  func scale(_ index: Int, _ name: String, vector: Int?) throws(NetworkError) {
    _ = try floating(index, name)
    try scalar(index, name, vector: vector)
  }

  /// Checks a zero point, which may be absent: one number, or one for each of `vector`.
  func zeroPoint(
    _ index: Int, _ name: String, of type: TensorType, vector: Int?
  ) throws(NetworkError) {
    guard try optional(index, name, like: type.element) != nil else { return }
    try scalar(index, name, vector: vector)
  }

  /// The element type of the result: that of its zero point.
  func resultElement(
    _ index: Int, default element: ElementType
  ) throws(NetworkError) -> ElementType {
    guard optional(index) != nil else { return element }
    let type = try byte(index, "the zero point of y")
    try scalar(index, "the zero point of y", vector: nil)
    return type.element
  }

  private func scalar(_ index: Int, _ name: String, vector: Int?) throws(NetworkError) {
    let shape = try required(index, name).type.shape
    if shape.allSatisfy({ $0 == 1 }) { return }
    // A vector can have further sides of 1: one row of zero points per matrix of a batch of one.
    if let vector, shape.reduce(1, *) == vector, shape.contains(vector) { return }
    let expected = vector.map { "one number or \($0)" } ?? "one number"
    throw NetworkError("\(name) has shape \(shapeText(shape)), but must be \(expected)")
  }
}

extension TypeInference {
  func range() throws(NetworkError) -> TensorType {
    try limit(3)
    let start = try number(0, "the start")
    let element = start.elements.type
    let limit = try number(1, "the limit")
    let delta = try number(2, "the step")
    for (tensor, name) in [(limit, "the limit"), (delta, "the step")]
    where tensor.elements.type != element {
      throw NetworkError("\(name) is \(tensor.type), but must be \(element.rawValue)")
    }
    guard let count = try Self.count(start, limit, delta) else {
      throw NetworkError(
        "a range of \(element.rawValue) is not possible",
        suggestion: "use int64, int32, int16 or a floating-point type")
    }
    return TensorType(element, [count])
  }

  private func number(_ index: Int, _ name: String) throws(NetworkError) -> Tensor {
    let operand = try required(index, name)
    guard operand.type.elementCount == 1 else {
      throw NetworkError(
        "\(name) has shape \(shapeText(operand.type.shape)), but must be one number")
    }
    guard let constant = operand.constant else { throw dependsOnData(name) }
    return constant
  }

  /// ⌈(limit − start) / step⌉, or 0 when that is negative; nil for other element types.
  private static func count(
    _ start: Tensor, _ limit: Tensor, _ delta: Tensor
  ) throws(NetworkError) -> Int? {
    switch (start.elements, limit.elements, delta.elements) {
    case (.float32(let start), .float32(let limit), .float32(let delta)):
      return try count(Double(start[0]), Double(limit[0]), Double(delta[0]))
    case (.float64(let start), .float64(let limit), .float64(let delta)):
      return try count(start[0], limit[0], delta[0])
    case (.float16(let start), .float16(let limit), .float16(let delta)):
      return try count(Double(start[0].float), Double(limit[0].float), Double(delta[0].float))
    case (.bfloat16(let start), .bfloat16(let limit), .bfloat16(let delta)):
      return try count(Double(start[0].float), Double(limit[0].float), Double(delta[0].float))
    case (.int16(let start), .int16(let limit), .int16(let delta)):
      return try count(Int(start[0]), Int(limit[0]), Int(delta[0]))
    case (.int32(let start), .int32(let limit), .int32(let delta)):
      return try count(Int(start[0]), Int(limit[0]), Int(delta[0]))
    case (.int64(let start), .int64(let limit), .int64(let delta)):
      return try count(Int(start[0]), Int(limit[0]), Int(delta[0]))
    case (_, _, _): return nil
    }
  }

  private static func count(
    _ start: Double, _ limit: Double, _ delta: Double
  ) throws(NetworkError) -> Int {
    let count = ((limit - start) / delta).rounded(.up)
    guard delta != 0, count.isFinite, count <= Double(Limits.elements) else {
      throw NetworkError("a range from \(start) to \(limit) in steps of \(delta) is not possible")
    }
    return max(0, Int(max(count, 0)))
  }

  private static func count(_ start: Int, _ limit: Int, _ delta: Int) throws(NetworkError) -> Int {
    guard delta != 0 else { throw NetworkError("the step is 0") }
    guard delta > 0 ? start < limit : start > limit else { return 0 }
    // The distance of two 64-bit integers fits 64 bits without a sign.
    let distance = UInt(bitPattern: delta > 0 ? limit &- start : start &- limit)
    let count = (distance - 1) / delta.magnitude + 1
    guard count <= UInt(Limits.elements) else {
      throw NetworkError("a range from \(start) to \(limit) in steps of \(delta) is too long")
    }
    return Int(count)
  }
}

internal import Networks

/// The operands of a quantised operator, read as what they must be.
struct QuantisedOperands {
  /// One per input of the node, nil for an absent one.
  let tensors: [Tensor?]

  /// The operand, or nil when absent.
  func optional(_ index: Int) -> Tensor? { index < tensors.count ? tensors[index] : nil }

  /// The operand.
  func tensor(_ index: Int) throws(NetworkError) -> Tensor {
    guard let tensor = optional(index) else {
      throw NetworkError("operand \(index + 1) is missing")
    }
    return tensor
  }

  /// Scales, widened to binary32.
  func scales(_ index: Int) throws(NetworkError) -> [Float] {
    let tensor = try tensor(index)
    if let values = tensor.array(of: Float.self) { return values }
    if let values = tensor.array(of: Half.self) { return values.map(\.float) }
    if let values = tensor.array(of: BFloat16.self) { return values.map(\.float) }
    throw NetworkError(
      "scale (operand \(index + 1)) has type \(tensor.type), not a floating-point one")
  }

  /// The only scale.
  func scale(_ index: Int) throws(NetworkError) -> Float {
    let values = try scales(index)
    guard let value = values.first, values.count == 1 else {
      throw NetworkError("scale (operand \(index + 1)) has \(values.count) elements instead of one")
    }
    return value
  }

  /// Zero points; one 0 when the operand is absent.
  func zeroPoints(_ index: Int) throws(NetworkError) -> [Int32] {
    guard let tensor = optional(index) else { return [0] }
    switch tensor.elements {
    case .int8(let values): return values.map(Int32.init)
    case .uint8(let values): return values.map(Int32.init)
    case .int16(let values): return values.map(Int32.init)
    case .uint16(let values): return values.map(Int32.init)
    case .int32(let values): return values
    case .float32, .float64, .float16, .bfloat16, .uint32, .int64, .uint64, .bool:
      throw NetworkError("zero point (operand \(index + 1)) has type \(tensor.type)")
    }
  }

  /// The only zero point; 0 when the operand is absent.
  func zeroPoint(_ index: Int) throws(NetworkError) -> Int32 {
    let values = try zeroPoints(index)
    guard let value = values.first, values.count == 1 else {
      throw NetworkError(
        "zero point (operand \(index + 1)) has \(values.count) elements instead of one")
    }
    return value
  }

  /// 32-bit integers, or nil when the operand is absent.
  func integers(_ index: Int) throws(NetworkError) -> [Int32]? {
    guard let tensor = optional(index) else { return nil }
    guard let values = tensor.array(of: Int32.self) else {
      throw NetworkError("operand \(index + 1) has type \(tensor.type), not int32")
    }
    return values
  }
}

internal import Networks

/// Range: start, start + delta, … before limit.
enum RangeKernel {
  static func evaluate(_ operands: Operands, _ result: TensorType) throws(NetworkError) -> Tensor {
    let start = try operands.required(0)
    let delta = try operands.required(2)
    switch (start.elements, delta.elements) {
    case (.float32(let s), .float32(let d)):
      let (s, d) = (s.first ?? 0, d.first ?? 0)
      return Tensor(result.shape, (0..<result.elementCount).map { s + Float($0) * d })
    case (.float64(let s), .float64(let d)):
      let (s, d) = (s.first ?? 0, d.first ?? 0)
      return Tensor(result.shape, (0..<result.elementCount).map { s + Double($0) * d })
    default:
      let s = try Cast.convert(start, to: .int64).array(of: Int64.self)?.first ?? 0
      let d = try Cast.convert(delta, to: .int64).array(of: Int64.self)?.first ?? 0
      let values = (0..<result.elementCount).map { s &+ Int64($0) &* d }
      return try Cast.convert(Tensor(result.shape, values), to: result.element)
    }
  }
}

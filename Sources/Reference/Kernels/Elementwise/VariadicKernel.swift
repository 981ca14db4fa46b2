internal import Networks

/// Min, Max, Sum and Mean of any number of broadcast operands.
enum VariadicKernel {
  static func evaluate(
    _ function: VariadicFunction, _ operands: Operands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    var sum = try operands.required(0)
    for index in operands.tensors.indices.dropFirst() {
      let next = try operands.required(index)
      let shape = try TensorType.broadcast([sum.shape, next.shape])
      let type = TensorType(result.element, shape)
      switch function {
      case .sum, .mean: sum = try BinaryKernel.evaluate(.add, sum, next, type)
      case .minimum: sum = try chosen(sum, next, type, isMinimum: true)
      case .maximum: sum = try chosen(sum, next, type, isMinimum: false)
      }
    }
    guard function == .mean else { return sum }
    let count = try Cast.convert(
      Tensor(scalar: Float(operands.tensors.count)), to: result.element)
    return try BinaryKernel.evaluate(.divide, sum, count, result)
  }

  /// The lesser or greater of two; NaN if one is.
  static func chosen(
    _ a: Tensor, _ b: Tensor, _ result: TensorType, isMinimum: Bool
  ) throws(NetworkError) -> Tensor {
    let plan = BroadcastPlan(result.shape, [a.shape, b.shape])
    switch (a.elements, b.elements) {
    case (.float32(let x), .float32(let y)):
      return Tensor(result.shape, real(plan, x, y, isMinimum))
    case (.float64(let x), .float64(let y)):
      return Tensor(result.shape, real(plan, x, y, isMinimum))
    case (.uint64(let x), .uint64(let y)):
      return Tensor(
        result.shape,
        isMinimum ? plan.combine(x, y) { min($0, $1) } : plan.combine(x, y) { max($0, $1) })
    default:
      guard a.type.element == b.type.element, a.type.element.isInteger else {
        throw NetworkError(
          "operands are \(a.type.element.rawValue) and \(b.type.element.rawValue)")
      }
      let x: [Int64] = try Operands([Cast.convert(a, to: .int64)]).array(0)
      let y: [Int64] = try Operands([Cast.convert(b, to: .int64)]).array(0)
      let wide = isMinimum ? plan.combine(x, y) { min($0, $1) } : plan.combine(x, y) { max($0, $1) }
      return try Cast.convert(Tensor(result.shape, wide), to: result.element)
    }
  }

  private static func real<R: RealElement>(
    _ plan: BroadcastPlan, _ a: [R], _ b: [R], _ isMinimum: Bool
  ) -> [R] {
    isMinimum
      ? plan.combine(a, b) { x, y in x < y || x.isNaN ? x : y }
      : plan.combine(a, b) { x, y in x > y || x.isNaN ? x : y }
  }
}

internal import Networks

/// Clip, Where and PRelu.
enum SelectionKernel {
  /// Clip: x between two bounds; where the bounds cross, the upper one counts.
  static func clip(_ operands: Operands, _ result: TensorType) throws(NetworkError) -> Tensor {
    var value = try operands.required(0)
    if case .float32(let x) = value.elements {
      let least = try bound(operands, 1) ?? -Float.infinity
      let greatest = try bound(operands, 2) ?? Float.infinity
      return Tensor(
        result.shape,
        Cast.map(x) { x in
          let raised = x < least ? least : x
          return raised > greatest ? greatest : raised
        })
    }
    if let least = operands.optional(1) {
      value = try VariadicKernel.chosen(value, least, result, isMinimum: false)
    }
    if let greatest = operands.optional(2) {
      value = try VariadicKernel.chosen(value, greatest, result, isMinimum: true)
    }
    return value
  }

  private static func bound(_ operands: Operands, _ index: Int) throws(NetworkError) -> Float? {
    guard operands.optional(index) != nil else { return nil }
    let array: [Float] = try operands.array(index)
    guard array.count == 1 else { throw NetworkError("a bound must be one number") }
    return array[0]
  }

  /// Where: x or y by a condition.
  static func choose(_ operands: Operands, _ result: TensorType) throws(NetworkError) -> Tensor {
    let condition = try operands.required(0)
    let x = try operands.required(1)
    let y = try operands.required(2)
    let truth: [Bool] = try operands.array(0)
    guard x.type.element == y.type.element else {
      throw NetworkError("operands have different types")
    }
    let plan = BroadcastPlan(result.shape, [condition.shape, x.shape, y.shape])
    let elements = Tensor.Elements.filled(result.element, result.elementCount) { out in
      x.elements.readingBytes { x in
        y.elements.readingBytes { y in
          switch result.element.byteCount {
          case 1: choose(plan, truth, x, y, out, as: UInt8.self)
          case 2: choose(plan, truth, x, y, out, as: UInt16.self)
          case 4: choose(plan, truth, x, y, out, as: UInt32.self)
          default: choose(plan, truth, x, y, out, as: UInt64.self)
          }
        }
      }
    }
    return Tensor(shape: result.shape, elements: elements)
  }

  private static func choose<Unit: BitwiseCopyable>(
    _ plan: BroadcastPlan, _ condition: [Bool], _ x: UnsafeRawPointer, _ y: UnsafeRawPointer,
    _ out: UnsafeMutableRawPointer, as type: Unit.Type
  ) {
    let x = x.assumingMemoryBound(to: Unit.self)
    let y = y.assumingMemoryBound(to: Unit.self)
    let out = out.assumingMemoryBound(to: Unit.self)
    let (stepC, stepX, stepY) = (plan.step(0), plan.step(1), plan.step(2))
    condition.reading { condition in
      plan.forEachRun { start, offsets in
        for i in 0..<plan.run {
          out[start + i] =
            condition[offsets[0] + i * stepC]
            ? x[offsets[1] + i * stepX] : y[offsets[2] + i * stepY]
        }
      }
    }
  }

  /// PRelu: x, or slope·x where x < 0.
  static func pRelu(_ operands: Operands, _ result: TensorType) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    let slope = try operands.required(1)
    let plan = BroadcastPlan(result.shape, [x.shape, slope.shape])
    if let x = x.array(of: Float.self), let slope = slope.array(of: Float.self) {
      return Tensor(result.shape, plan.combine(x, slope) { $0 < 0 ? $0 * $1 : $0 })
    }
    if let x = x.array(of: Double.self), let slope = slope.array(of: Double.self) {
      return Tensor(result.shape, plan.combine(x, slope) { $0 < 0 ? $0 * $1 : $0 })
    }
    let wide = try Cast.convert(x, to: .int64).array(of: Int64.self) ?? []
    let factors = try Cast.convert(slope, to: .int64).array(of: Int64.self) ?? []
    return try Cast.convert(
      Tensor(result.shape, plan.combine(wide, factors) { $0 < 0 ? $0 &* $1 : $0 }),
      to: result.element)
  }
}

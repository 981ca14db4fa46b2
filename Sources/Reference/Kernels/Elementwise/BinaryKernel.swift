internal import Networks

/// Functions of two numbers, element by element, with broadcast operands.
enum BinaryKernel {
  /// Applies a function.
  static func evaluate(
    _ function: BinaryFunction, _ a: Tensor, _ b: Tensor, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let plan = BroadcastPlan(result.shape, [a.shape, b.shape])
    if function == .power { return try power(a, b, plan, result) }
    guard a.type.element == b.type.element else {
      throw NetworkError(
        "operands have different types, \(a.type.element.rawValue) and \(b.type.element.rawValue)")
    }
    let elements: Tensor.Elements
    switch (a.elements, b.elements) {
    case (.float32(let x), .float32(let y)): elements = try real(function, plan, x, y)
    case (.float64(let x), .float64(let y)): elements = try real(function, plan, x, y)
    case (.int32(let x), .int32(let y)): elements = try integer(function, plan, x, y)
    case (.int64(let x), .int64(let y)): elements = try integer(function, plan, x, y)
    case (.uint64(let x), .uint64(let y)): elements = try integer(function, plan, x, y)
    case (.bool(let x), .bool(let y)): elements = try logical(function, plan, x, y)
    default:
      // Narrower integers are exact as Int64; the result keeps the low bits.
      let x: [Int64] = try Operands([Cast.convert(a, to: .int64)]).array(0)
      let y: [Int64] = try Operands([Cast.convert(b, to: .int64)]).array(0)
      let wide = Tensor(shape: result.shape, elements: try integer(function, plan, x, y))
      return function.isPredicate ? wide : try Cast.convert(wide, to: result.element)
    }
    return Tensor(shape: result.shape, elements: elements)
  }

  private static func real<R: RealElement>(
    _ function: BinaryFunction, _ plan: BroadcastPlan, _ a: [R], _ b: [R]
  ) throws(NetworkError) -> Tensor.Elements {
    switch function {
    case .add: R.elements(plan.combine(a, b) { $0 + $1 })
    case .subtract: R.elements(plan.combine(a, b) { $0 - $1 })
    case .multiply: R.elements(plan.combine(a, b) { $0 * $1 })
    case .divide: R.elements(plan.combine(a, b) { $0 / $1 })
    case .power: R.elements(plan.combine(a, b) { R.pow($0, $1) })
    case .modulo:
      R.elements(
        plan.combine(a, b) { x, y in
          let rest = R.fmod(x, y)
          return rest != 0 && (rest < 0) != (y < 0) ? rest + y : rest
        })
    case .remainder: R.elements(plan.combine(a, b) { R.fmod($0, $1) })
    case .equal: .bool(plan.combine(a, b) { $0 == $1 })
    case .less: .bool(plan.combine(a, b) { $0 < $1 })
    case .lessOrEqual: .bool(plan.combine(a, b) { $0 <= $1 })
    case .greater: .bool(plan.combine(a, b) { $0 > $1 })
    case .greaterOrEqual: .bool(plan.combine(a, b) { $0 >= $1 })
    case .and, .or, .xor:
      throw NetworkError("\(function.rawValue) of floating-point numbers is not supported")
    }
  }

  private static func integer<I: FixedWidthInteger & TensorElement>(
    _ function: BinaryFunction, _ plan: BroadcastPlan, _ a: [I], _ b: [I]
  ) throws(NetworkError) -> Tensor.Elements {
    switch function {
    case .divide, .modulo, .remainder:
      guard plan.count == 0 || !b.contains(0) else { throw NetworkError("division by zero") }
    case .add, .subtract, .multiply, .power, .equal, .less, .lessOrEqual, .greater,
      .greaterOrEqual, .and, .or, .xor:
      break
    }
    return switch function {
    case .add: I.elements(plan.combine(a, b) { $0 &+ $1 })
    case .subtract: I.elements(plan.combine(a, b) { $0 &- $1 })
    case .multiply: I.elements(plan.combine(a, b) { $0 &* $1 })
    case .divide:
      I.elements(plan.combine(a, b) { $0.dividedReportingOverflow(by: $1).partialValue })
    case .power: throw NetworkError("power is computed elsewhere")
    case .modulo:
      I.elements(
        plan.combine(a, b) { x, y in
          let rest = x.remainderReportingOverflow(dividingBy: y).partialValue
          return rest != 0 && (rest < 0) != (y < 0) ? rest &+ y : rest
        })
    case .remainder:
      I.elements(plan.combine(a, b) { $0.remainderReportingOverflow(dividingBy: $1).partialValue })
    case .equal: .bool(plan.combine(a, b) { $0 == $1 })
    case .less: .bool(plan.combine(a, b) { $0 < $1 })
    case .lessOrEqual: .bool(plan.combine(a, b) { $0 <= $1 })
    case .greater: .bool(plan.combine(a, b) { $0 > $1 })
    case .greaterOrEqual: .bool(plan.combine(a, b) { $0 >= $1 })
    case .and, .or, .xor:
      throw NetworkError("\(function.rawValue) of integers is not supported")
    }
  }

  private static func logical(
    _ function: BinaryFunction, _ plan: BroadcastPlan, _ a: [Bool], _ b: [Bool]
  ) throws(NetworkError) -> Tensor.Elements {
    switch function {
    case .and: .bool(plan.combine(a, b) { $0 && $1 })
    case .or: .bool(plan.combine(a, b) { $0 || $1 })
    case .xor: .bool(plan.combine(a, b) { $0 != $1 })
    case .equal: .bool(plan.combine(a, b) { $0 == $1 })
    case .add, .subtract, .multiply, .divide, .power, .modulo, .remainder, .less, .lessOrEqual,
      .greater, .greaterOrEqual:
      throw NetworkError("\(function.rawValue) of truth values is not supported")
    }
  }

  /// Powers: in fp32 when both operands are, of integers by repeated squaring, else in fp64.
  private static func power(
    _ a: Tensor, _ b: Tensor, _ plan: BroadcastPlan, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    if let x = a.array(of: Float.self), let y = b.array(of: Float.self) {
      if y.count == 1, y[0] == 2, plan.count == x.count {
        return Tensor(result.shape, Cast.map(x) { $0 * $0 })
      }
      return Tensor(shape: result.shape, elements: try real(.power, plan, x, y))
    }
    if a.type.element.isInteger, b.type.element.isInteger {
      let x: [Int64] = try Operands([Cast.convert(a, to: .int64)]).array(0)
      let y: [Int64] = try Operands([Cast.convert(b, to: .int64)]).array(0)
      return try Cast.convert(
        Tensor(result.shape, plan.combine(x, y, integerPower)), to: result.element)
    }
    let x: [Double] = try Operands([Cast.convert(a, to: .float64)]).array(0)
    let y: [Double] = try Operands([Cast.convert(b, to: .float64)]).array(0)
    let wide = Tensor(shape: result.shape, elements: try real(.power, plan, x, y))
    return try Cast.convert(wide, to: result.element)
  }

  private static func integerPower(_ base: Int64, _ exponent: Int64) -> Int64 {
    if exponent < 0 {
      return base == 1 ? 1 : base == -1 ? (exponent & 1 == 0 ? 1 : -1) : 0
    }
    var result: Int64 = 1
    var factor = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result = result &* factor }
      factor = factor &* factor
      rest >>= 1
    }
    return result
  }
}

internal import Networks
internal import Reference

extension CoreLowering {
  /// Numbers of functions of two numbers in the runtime firmware (elements.h).
  private enum Pair: UInt32 {
    case add, subtract, multiply, divide, power, modulo, remainder, minimum, maximum, pRelu
    case equal, less, lessOrEqual, greater, greaterOrEqual, and, or, xor

    init(_ function: BinaryFunction) {
      self =
        switch function {
        case .add: .add
        case .subtract: .subtract
        case .multiply: .multiply
        case .divide: .divide
        case .power: .power
        case .modulo: .modulo
        case .remainder: .remainder
        case .equal: .equal
        case .less: .less
        case .lessOrEqual: .lessOrEqual
        case .greater: .greater
        case .greaterOrEqual: .greaterOrEqual
        case .and: .and
        case .or: .or
        case .xor: .xor
        }
    }
  }

  /// A function of one number of the runtime firmware (elements.h) with its numbers.
  private static func code(_ function: UnaryFunction) -> (UInt32, Float, Float)? {
    switch function {
    case .relu: (0, 0, 0)
    case .leakyRelu(let alpha): (1, alpha, 0)
    case .negate: (3, 0, 0)
    case .absolute: (4, 0, 0)
    case .elu(let alpha): (5, alpha, 0)
    case .selu(let alpha, let gamma): (6, alpha, gamma)
    case .hardSigmoid(let alpha, let beta): (7, alpha, beta)
    case .hardSwish: (8, 0, 0)
    case .sigmoid: (9, 0, 0)
    case .swish(let alpha): (10, alpha, 0)
    case .tanh: (11, 0, 0)
    case .erf: (12, 0, 0)
    case .gelu(let approximates): (approximates ? 14 : 13, 0, 0)
    case .softplus: (15, 0, 0)
    case .softsign: (16, 0, 0)
    case .mish: (17, 0, 0)
    case .exponential: (18, 0, 0)
    case .logarithm: (19, 0, 0)
    case .squareRoot: (20, 0, 0)
    case .reciprocal: (21, 0, 0)
    case .floor: (22, 0, 0)
    case .ceiling: (23, 0, 0)
    case .round: (24, 0, 0)
    case .sign: (25, 0, 0)
    case .sine: (26, 0, 0)
    case .cosine: (27, 0, 0)
    case .not, .isNaN: nil
    }
  }
  private static let clipCode: UInt32 = 2

  private func unary(
    _ code: (UInt32, Float, Float), _ x: TensorView
  ) throws(NetworkError) -> CoreKernel {
    CoreKernel(
      .unary,
      [code.0, code.1.bitPattern, code.2.bitPattern]
        + (try Walk.words(result.shape, [WalkOperand(result), WalkOperand(x)])))
  }

  /// Functions of one number.
  func unary(
    _ function: UnaryFunction, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    switch (function, x.element) {
    case (.not, .bool):
      return [try pair(.xor, x, Self.view(Tensor(scalar: true), &pool))]
    case (.isNaN, .float32):
      return [
        try pair(.equal, x, x),
        try pair(.xor, result, Self.view(Tensor(scalar: true), &pool)),
      ]
    case (_, .float32):
      guard let code = Self.code(function) else { throw unsupported() }
      return [try unary(code, x)]
    case (_, .int8), (_, .uint8): return try lookup(&pool)
    case (.floor, _), (.ceiling, _), (.round, _): return [try copy(x, to: result)]
    case (.relu, _): return [try pair(.maximum, x, zero(x.element, &pool))]
    case (.negate, _): return [try pair(.subtract, zero(x.element, &pool), x)]
    default: throw unsupported("of \(x.element.rawValue)")
    }
  }

  private func zero(
    _ element: ElementType, _ pool: inout ConstantPool
  ) -> TensorView {
    TensorView(
      address: pool.add([UInt8](repeating: 0, count: 8)), element: element, shape: [], strides: [])
  }

  /// An operator on bytes as a table.
  func lookup(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    guard x.element.isByte, result.element.isByte else {
      throw unsupported("of \(x.element.rawValue)")
    }
    for index in node.inputs.indices.dropFirst() where has(index) {
      _ = try known(index, "operand \(index + 1)")
    }
    let table = try ByteTable.values(node.operator, constants, x.element, result.element)
    return [try lookup(table, x, result, &pool)]
  }

  /// Bytes by a table.
  func lookup(
    _ table: [UInt8], _ x: TensorView, _ y: TensorView, _ pool: inout ConstantPool
  ) throws(NetworkError) -> CoreKernel {
    CoreKernel(
      .lookup, [pool.add(table)] + (try Walk.words(y.shape, [WalkOperand(y), WalkOperand(x)])))
  }

  /// A function of two tensors, broadcast to the result.
  private func pair(
    _ function: Pair, _ a: TensorView, _ b: TensorView
  ) throws(NetworkError) -> CoreKernel {
    guard a.element == b.element else {
      throw unsupported("of \(a.element.rawValue) and \(b.element.rawValue)")
    }
    let walk = try Walk.words(
      result.shape,
      [
        WalkOperand(result), WalkOperand(a, broadcastTo: result.shape),
        WalkOperand(b, broadcastTo: result.shape),
      ])
    if a.element == .float32 { return CoreKernel(.binary, [function.rawValue] + walk) }
    return CoreKernel(
      .integerBinary,
      [function.rawValue, try result.element.code(), try a.element.code()] + walk)
  }

  /// Functions of two numbers.
  func binary(
    _ function: BinaryFunction, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    [try pair(Pair(function), try view(0, &pool), try view(1, &pool))]
  }

  /// PRelu.
  func pRelu(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    [try pair(.pRelu, try view(0, &pool), try view(1, &pool))]
  }

  /// Min, Max, Sum, Mean: two operands after each other.
  func variadic(
    _ function: VariadicFunction, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let step: Pair =
      switch function {
      case .minimum: .minimum
      case .maximum: .maximum
      case .sum, .mean: .add
      }
    let first = try view(0, &pool)
    guard node.inputs.count > 1 else { return [try copy(first, to: result)] }
    var kernels = [try pair(step, first, try view(1, &pool))]
    for index in node.inputs.indices.dropFirst(2) {
      kernels.append(try pair(step, result, try view(index, &pool)))
    }
    if function == .mean {
      guard result.element == .float32 else { throw unsupported("of integers") }
      let count = Self.view(Tensor(scalar: Float(node.inputs.count)), &pool)
      kernels.append(try pair(.divide, result, count))
    }
    return kernels
  }

  /// Clip.
  func clip(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    let isKnown = (1...2).allSatisfy { !has($0) || constant($0) != nil }
    if x.element.isByte, isKnown { return try lookup(&pool) }
    if x.element == .float32, isKnown {
      let least = constant(1)?.floats?.first ?? -.infinity
      let greatest = constant(2)?.floats?.first ?? .infinity
      return [try unary((Self.clipCode, least, greatest), x)]
    }
    var kernels: [CoreKernel] = []
    var source = x
    for (index, step) in [(1, Pair.maximum), (2, .minimum)] where has(index) {
      kernels.append(try pair(step, source, try view(index, &pool)))
      source = result
    }
    return kernels.isEmpty ? [try copy(x, to: result)] : kernels
  }

  /// Cast.
  func cast(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    let x = try view(0, &pool)
    if x.element == result.element { return [try copy(x, to: result)] }
    return [
      CoreKernel(
        .cast,
        [try result.element.code(), try x.element.code()]
          + (try Walk.words(result.shape, [WalkOperand(result), WalkOperand(x)])))
    ]
  }
}

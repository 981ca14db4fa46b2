extension TypeInference {
  func unary(_ function: UnaryFunction) throws(NetworkError) -> TensorType {
    try limit(1)
    switch function {
    case .leakyRelu, .elu, .selu, .hardSigmoid, .hardSwish, .sigmoid, .swish, .tanh, .erf, .gelu,
      .softplus, .softsign, .mish, .exponential, .logarithm, .squareRoot, .reciprocal, .floor,
      .ceiling, .round, .sine, .cosine:
      return try floating(0, "x")
    case .relu, .negate:
      return try required(0, "x", "floating-point or a signed integer", where: \.isSigned)
    case .absolute, .sign: return try numeric(0, "x")
    case .not: return try required(0, "x", like: .bool)
    case .isNaN: return TensorType(.bool, try floating(0, "x").shape)
    }
  }

  func binary(_ function: BinaryFunction) throws(NetworkError) -> TensorType {
    try limit(2)
    let a = try firstOperand(of: function)
    let b: TensorType
    switch function {
    case .power: b = try numeric(1, "the exponent")
    case .add, .subtract, .multiply, .divide, .modulo, .remainder, .equal, .less, .lessOrEqual,
      .greater, .greaterOrEqual, .and, .or, .xor:
      b = try required(1, "b", like: a.element)
    }
    return TensorType(
      function.isPredicate ? .bool : a.element, try TensorType.broadcast([a.shape, b.shape]))
  }

  private func firstOperand(of function: BinaryFunction) throws(NetworkError) -> TensorType {
    switch function {
    case .add, .subtract, .multiply, .divide, .power, .modulo, .remainder, .less, .lessOrEqual,
      .greater, .greaterOrEqual:
      return try numeric(0, "a")
    case .equal: return try required(0, "a").type
    case .and, .or, .xor: return try required(0, "a", like: .bool)
    }
  }

  func variadic(_ function: VariadicFunction) throws(NetworkError) -> TensorType {
    let first: TensorType
    switch function {
    case .minimum, .maximum: first = try numeric(0, "operand 1")
    case .sum, .mean: first = try floating(0, "operand 1")
    }
    var shapes = [first.shape]
    for index in operands.indices.dropFirst() {
      shapes.append(try required(index, "operand \(index + 1)", like: first.element).shape)
    }
    return TensorType(first.element, try TensorType.broadcast(shapes))
  }

  func clip() throws(NetworkError) -> TensorType {
    try limit(3)
    let x = try numeric(0, "x")
    for (index, name) in [(1, "the least value"), (2, "the greatest value")] {
      if let bound = try optional(index, name, like: x.element), bound.elementCount != 1 {
        throw NetworkError("\(name) has shape \(shapeText(bound.shape)), but must be one number")
      }
    }
    return x
  }

  /// Where: the element type is that of x and y.
  func choice() throws(NetworkError) -> TensorType {
    try limit(3)
    let condition = try required(0, "the condition", like: .bool)
    let x = try required(1, "x").type
    let y = try required(2, "y", like: x.element)
    return TensorType(x.element, try TensorType.broadcast([condition.shape, x.shape, y.shape]))
  }

  func pRelu() throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try floating(0, "x")
    let slope = try required(1, "the slope", like: x.element)
    guard TensorType.isBroadcastable(slope.shape, to: x.shape) else {
      throw NetworkError(
        "the slope has shape \(shapeText(slope.shape)), which cannot be broadcast to "
          + shapeText(x.shape))
    }
    return x
  }

  func cast(to element: ElementType) throws(NetworkError) -> TensorType {
    try limit(1)
    return TensorType(element, try required(0, "x").type.shape)
  }
}

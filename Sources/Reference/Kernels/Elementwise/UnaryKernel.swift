internal import Networks

/// Functions of one number, element by element.
enum UnaryKernel {
  /// Applies a function to every element.
  static func evaluate(
    _ function: UnaryFunction, _ x: Tensor
  ) throws(NetworkError) -> Tensor {
    switch x.elements {
    case .float32(let array): try real(function, array, x.shape)
    case .float64(let array): try real(function, array, x.shape)
    case .float16, .bfloat16:
      throw NetworkError("16-bit floating point must be widened first")
    case .int8, .int16, .int32, .int64:
      try integer(function, x, sign: { $0.signum() }, absolute: { $0 < 0 ? 0 &- $0 : $0 })
    case .uint8, .uint16, .uint32, .uint64:
      try integer(function, x, sign: { $0 == 0 ? 0 : 1 }, absolute: { $0 })
    case .bool(let array):
      if function == .not {
        Tensor(x.shape, array.map { !$0 })
      } else {
        throw unsupported(function, x)
      }
    }
  }

  private static func unsupported(_ function: UnaryFunction, _ x: Tensor) -> NetworkError {
    NetworkError("\(function.name) of \(x.type.element.rawValue) is not supported")
  }

  /// Integers as 64-bit patterns; the result keeps the low bits.
  private static func integer(
    _ function: UnaryFunction, _ x: Tensor, sign: (Int64) -> Int64, absolute: (Int64) -> Int64
  ) throws(NetworkError) -> Tensor {
    let wide: [Int64] = try Operands([Cast.convert(x, to: .int64)]).array(0)
    let result: [Int64]
    switch function {
    case .absolute: result = wide.map(absolute)
    case .negate: result = wide.map { 0 &- $0 }
    case .sign: result = wide.map(sign)
    case .relu: result = wide.map { sign($0) < 0 ? 0 : $0 }
    case .floor, .ceiling, .round: result = wide
    case .leakyRelu, .elu, .selu, .hardSigmoid, .hardSwish, .sigmoid, .swish, .tanh, .erf, .gelu,
      .softplus, .softsign, .mish, .exponential, .logarithm, .squareRoot, .reciprocal, .sine,
      .cosine, .not, .isNaN:
      throw unsupported(function, x)
    }
    return try Cast.convert(Tensor(x.shape, result), to: x.type.element)
  }

  private static func real<R: RealElement>(
    _ function: UnaryFunction, _ x: [R], _ shape: [Int]
  ) throws(NetworkError) -> Tensor {
    let result: [R]
    switch function {
    case .relu: result = Cast.map(x) { $0 < 0 ? 0 : $0 }
    case .leakyRelu(let alpha):
      let alpha = R(alpha)
      result = Cast.map(x) { $0 < 0 ? alpha * $0 : $0 }
    case .elu(let alpha):
      let alpha = R(alpha)
      result = Cast.map(x) { $0 < 0 ? alpha * R.expm1($0) : $0 }
    case .selu(let alpha, let gamma):
      let (alpha, gamma) = (R(alpha), R(gamma))
      result = Cast.map(x) { $0 > 0 ? gamma * $0 : gamma * (alpha * R.expm1($0)) }
    case .hardSigmoid(let alpha, let beta):
      let (alpha, beta) = (R(alpha), R(beta))
      result = Cast.map(x) { clamped(alpha * $0 + beta) }
    case .hardSwish: result = Cast.map(x) { $0 * clamped($0 * (1 / 6) + 0.5) }
    case .sigmoid: result = Cast.map(x) { sigmoid($0) }
    case .swish(let alpha):
      let alpha = R(alpha)
      result = Cast.map(x) { $0 * sigmoid(alpha * $0) }
    case .tanh: result = Cast.map(x) { R.tanh($0) }
    case .erf: result = Cast.map(x) { R.erf($0) }
    case .gelu(let approximates):
      if approximates {
        let factor = R(0.7978845608028654)  // √(2/π)
        result = Cast.map(x) { x in
          0.5 * x * (1 + R.tanh(factor * (x + 0.044715 * x * x * x)))
        }
      } else {
        let factor = R(0.7071067811865476)  // √½
        result = Cast.map(x) { 0.5 * $0 * (1 + R.erf($0 * factor)) }
      }
    case .softplus: result = Cast.map(x) { softplus($0) }
    case .softsign: result = Cast.map(x) { $0 / (1 + abs($0)) }
    case .mish: result = Cast.map(x) { $0 * R.tanh(softplus($0)) }
    case .absolute: result = Cast.map(x) { abs($0) }
    case .negate: result = Cast.map(x) { -$0 }
    case .exponential: result = Cast.map(x) { R.exp($0) }
    case .logarithm: result = Cast.map(x) { R.log($0) }
    case .squareRoot: result = Cast.map(x) { $0.squareRoot() }
    case .reciprocal: result = Cast.map(x) { 1 / $0 }
    case .floor: result = Cast.map(x) { $0.rounded(.down) }
    case .ceiling: result = Cast.map(x) { $0.rounded(.up) }
    case .round: result = Cast.map(x) { $0.rounded(.toNearestOrEven) }
    case .sign: result = Cast.map(x) { $0 > 0 ? 1 : $0 < 0 ? -1 : $0 }
    case .sine: result = Cast.map(x) { R.sin($0) }
    case .cosine: result = Cast.map(x) { R.cos($0) }
    case .isNaN: return Tensor(shape, Cast.map(x) { $0.isNaN })
    case .not: throw NetworkError("Not of floating-point numbers is not supported")
    }
    return Tensor(shape, result)
  }

  @inline(__always)
  private static func clamped<R: RealElement>(_ x: R) -> R { x < 0 ? 0 : x > 1 ? 1 : x }

  /// Without overflow on either side.
  @inline(__always)
  private static func sigmoid<R: RealElement>(_ x: R) -> R {
    let e = R.exp(-abs(x))
    return x < 0 ? e / (1 + e) : 1 / (1 + e)
  }

  @inline(__always)
  private static func softplus<R: RealElement>(_ x: R) -> R {
    (x > 0 ? x : 0) + R.log1p(R.exp(-abs(x)))
  }
}

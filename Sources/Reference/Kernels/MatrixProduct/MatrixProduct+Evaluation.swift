internal import Networks

extension MatrixProduct {
  /// Gemm: a, b, c?: alpha·a'·b' + beta·c.
  static func gemm(
    _ attributes: GEMM, _ operands: Operands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let a = try operands.required(0)
    let b = try operands.required(1)
    guard a.shape.count == 2, b.shape.count == 2, result.shape.count == 2 else {
      throw NetworkError("operands must be matrices")
    }
    let (m, n) = (result.shape[0], result.shape[1])
    let k = a.shape[attributes.transposesA ? 0 : 1]
    guard a.shape[attributes.transposesA ? 1 : 0] == m,
      b.shape[attributes.transposesB ? 0 : 1] == n, b.shape[attributes.transposesB ? 1 : 0] == k
    else { throw NetworkError("the sides of the matrices do not fit each other") }
    // The strides of a row and a column of each operand.
    let stridesA = attributes.transposesA ? (1, m) : (k, 1)
    let stridesB = attributes.transposesB ? (1, k) : (n, 1)
    let product = try multiply(
      a, b, stridesA: stridesA, stridesB: stridesB, offsets: [(0, 0)], m: m, n: n, k: k)
    var value = Tensor(shape: result.shape, elements: product)
    if attributes.alpha != 1 {
      value = try scaled(value, attributes.alpha)
    }
    guard var c = operands.optional(2), attributes.beta != 0 else { return value }
    if attributes.beta != 1 { c = try scaled(c, attributes.beta) }
    return try BinaryKernel.evaluate(.add, value, c, result)
  }

  /// MatMul: a, b, batched and broadcast as NumPy's matmul.
  static func matMul(_ operands: Operands, _ result: TensorType) throws(NetworkError) -> Tensor {
    let a = try operands.required(0)
    let b = try operands.required(1)
    let shapeA = a.shape.count == 1 ? [1] + a.shape : a.shape
    let shapeB = b.shape.count == 1 ? b.shape + [1] : b.shape
    guard let k = shapeA.last, shapeA.count >= 2, shapeB.count >= 2, let n = shapeB.last,
      shapeB[shapeB.count - 2] == k
    else { throw NetworkError("the sides of the matrices do not fit each other") }
    var m = shapeA[shapeA.count - 2]
    var offsets: [(Int, Int)] = [(0, 0)]
    if shapeB.count == 2 {
      // One right operand for all: the matrices of a are one high matrix.
      m = shapeA.dropLast().reduce(1, *)
    } else {
      var batch = result.shape
      if b.shape.count > 1 { batch.removeLast() }
      if a.shape.count > 1 { batch.removeLast() }
      let plan = BroadcastPlan(batch, [Array(shapeA.dropLast(2)), Array(shapeB.dropLast(2))])
      let (rows, columns) = (m, n)
      offsets = plan.offsets().map { ($0[0] * rows * k, $0[1] * k * columns) }
    }
    guard result.elementCount == offsets.count * m * n else {
      throw NetworkError("the batches of the matrices do not fit each other")
    }
    let product = try multiply(
      a, b, stridesA: (k, 1), stridesB: (n, 1), offsets: offsets, m: m, n: n, k: k)
    return Tensor(shape: result.shape, elements: product)
  }

  /// Products of matrices at the given offsets, one after the other.
  private static func multiply(
    _ a: Tensor, _ b: Tensor, stridesA: (Int, Int), stridesB: (Int, Int), offsets: [(Int, Int)],
    m: Int, n: Int, k: Int
  ) throws(NetworkError) -> Tensor.Elements {
    if let a = a.array(of: Float.self), let b = b.array(of: Float.self) {
      return .float32(
        .filled(offsets.count * m * n) { c in
          a.reading { a in
            b.reading { b in
              for (index, offset) in offsets.enumerated() {
                multiply(
                  StridedMatrix(
                    base: a + offset.0, laneStride: stridesA.0, depthStride: stridesA.1),
                  StridedMatrix(
                    base: b + offset.1, laneStride: stridesB.1, depthStride: stridesB.0),
                  into: c + index * m * n, ldc: n, m: m, n: n, k: k)
              }
            }
          }
        })
    }
    let plan = PlainProduct(
      stridesA: stridesA, stridesB: stridesB, offsets: offsets, m: m, n: n, k: k)
    if let a = a.array(of: Double.self), let b = b.array(of: Double.self) {
      return .float64(plan.run(a, b) { $0 + $1 * $2 })
    }
    if let a = a.array(of: Int32.self), let b = b.array(of: Int32.self) {
      return .int32(plan.run(a, b) { $0 &+ $1 &* $2 })
    }
    if let a = a.array(of: UInt32.self), let b = b.array(of: UInt32.self) {
      return .uint32(plan.run(a, b) { $0 &+ $1 &* $2 })
    }
    if let a = a.array(of: Int64.self), let b = b.array(of: Int64.self) {
      return .int64(plan.run(a, b) { $0 &+ $1 &* $2 })
    }
    if let a = a.array(of: UInt64.self), let b = b.array(of: UInt64.self) {
      return .uint64(plan.run(a, b) { $0 &+ $1 &* $2 })
    }
    throw NetworkError(
      "products of \(a.type.element.rawValue) and \(b.type.element.rawValue) are not supported")
  }
}

/// Matrix products of other types than fp32, term by term.
private struct PlainProduct {
  var stridesA: (Int, Int)
  var stridesB: (Int, Int)
  var offsets: [(Int, Int)]
  var m: Int
  var n: Int
  var k: Int

  func run<Element: TensorElement & ExpressibleByIntegerLiteral>(
    _ a: [Element], _ b: [Element], _ add: (Element, Element, Element) -> Element
  ) -> [Element] {
    .filled(offsets.count * m * n) { c in
      a.reading { a in
        b.reading { b in
          for (index, offset) in offsets.enumerated() {
            for i in 0..<m {
              for j in 0..<n {
                var sum: Element = 0
                for t in 0..<k {
                  sum = add(
                    sum, a[offset.0 + i * stridesA.0 + t * stridesA.1],
                    b[offset.1 + t * stridesB.0 + j * stridesB.1])
                }
                c[(index * m + i) * n + j] = sum
              }
            }
          }
        }
      }
    }
  }
}

extension MatrixProduct {
  /// A tensor times a factor that is first rounded to the tensor's element type.
  private static func scaled(_ tensor: Tensor, _ factor: Float) throws(NetworkError) -> Tensor {
    let scalar = try Cast.convert(Tensor(scalar: factor), to: tensor.type.element)
    return try BinaryKernel.evaluate(.multiply, tensor, scalar, tensor.type)
  }
}

internal import Networks

extension Operator {
  /// QLinearMatMul: accumulators scaled by (a scale · b scale) / y scale.
  static func qLinearMatMul(
    _ operands: QuantisedOperands, _ result: TensorType, _ arithmetic: RequantisationArithmetic
  ) throws(NetworkError) -> Tensor {
    let aScale = try operands.scale(1)
    let yScale = try operands.scale(6)
    let requantiser = try Requantiser(
      scales: try operands.scales(4).map { aScale * $0 / yScale },
      zeroPoint: try operands.zeroPoint(7), element: result.element, arithmetic: arithmetic)
    let product = IntegerMatMul(
      try operands.tensor(0), try operands.tensor(3), result: result.shape,
      aZeroPoints: try operands.zeroPoints(2), bZeroPoints: try operands.zeroPoints(5))
    return try requantised(try product.accumulators(), requantiser, product.columns, nil, result)
  }

  /// MatMulInteger: the accumulators themselves.
  static func matMulInteger(
    _ operands: QuantisedOperands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let product = IntegerMatMul(
      try operands.tensor(0), try operands.tensor(1), result: result.shape,
      aZeroPoints: try operands.zeroPoints(2), bZeroPoints: try operands.zeroPoints(3))
    return Tensor(result.shape, try product.accumulators())
  }

  /// QGemm: the addend is added to the accumulators; they are scaled by alpha · a scale · b scale, and divided by y scale
  /// when there is one. Without it the result is binary32.
  static func qGemm(
    _ attributes: GEMM, _ operands: QuantisedOperands, _ result: TensorType,
    _ arithmetic: RequantisationArithmetic
  ) throws(NetworkError) -> Tensor {
    let a = try operands.tensor(0).matrix(transposed: attributes.transposesA)
    let b = try operands.tensor(3).matrix(transposed: attributes.transposesB)
    let aScale = try operands.scale(1)
    var scales = try operands.scales(4).map { attributes.alpha * aScale * $0 }
    let product = IntegerMatMul(
      a, b, result: result.shape, aZeroPoints: [try operands.zeroPoint(2)],
      bZeroPoints: try operands.zeroPoints(5))
    var accumulators = try product.accumulators()
    if let addend = try operands.integers(6), let shape = operands.optional(6)?.shape {
      try add(addend, shape, to: &accumulators, columns: product.columns)
    }
    let columns = product.columns
    guard scales.count == 1 || scales.count == columns else {
      throw NetworkError("the scales of b are not one per column")
    }
    guard operands.optional(7) != nil else {
      return Tensor(
        result.shape,
        accumulators.indices.map { i in
          Float(accumulators[i]) * scales[scales.count == 1 ? 0 : i % columns]
        })
    }
    let yScale = try operands.scale(7)
    scales = scales.map { $0 / yScale }
    let requantiser = try Requantiser(
      scales: scales, zeroPoint: try operands.zeroPoint(8), element: result.element,
      arithmetic: arithmetic)
    return try requantised(accumulators, requantiser, columns, nil, result)
  }

  private static func requantised(
    _ accumulators: [Int32], _ requantiser: Requantiser, _ columns: Int, _ bias: [Int32]?,
    _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    guard requantiser.scales.count == 1 || requantiser.scales.count == columns else {
      throw NetworkError("the scales of b are not one per column")
    }
    var bytes = [UInt8](repeating: 0, count: accumulators.count)
    bytes.withUnsafeMutableBufferPointer { bytes in
      accumulators.withUnsafeBufferPointer { accumulators in
        guard let target = bytes.baseAddress, let source = accumulators.baseAddress else { return }
        for row in stride(from: 0, to: accumulators.count, by: max(columns, 1)) {
          requantiser.columns(
            source + row, count: columns, firstColumn: 0, bias: bias, into: target + row)
        }
      }
    }
    return Tensor(bytePatterns: bytes, type: result)
  }

  /// Adds an operand that is broadcast to the rows and columns.
  private static func add(
    _ addend: [Int32], _ shape: [Int], to sums: inout [Int32], columns: Int
  ) throws(NetworkError) {
    guard columns > 0 else { return }
    let rows = sums.count / columns
    let width = shape.last ?? 1
    let height = shape.count > 1 ? shape[shape.count - 2] : 1
    guard width == 1 || width == columns, height == 1 || height == rows,
      addend.count == width * height
    else {
      throw NetworkError("an addend \(TensorType.text(shape)) does not fit \(rows)×\(columns)")
    }
    for row in 0..<rows {
      for column in 0..<columns {
        let place = (height == 1 ? 0 : row) * width + (width == 1 ? 0 : column)
        sums[row * columns + column] &+= addend[place]
      }
    }
  }
}

extension Tensor {
  /// A matrix of bytes, transposed if wanted.
  fileprivate func matrix(transposed: Bool) throws(NetworkError) -> Tensor {
    guard shape.count == 2 else {
      throw NetworkError("operand of shape \(TensorType.text(shape)) where a matrix is needed")
    }
    guard transposed else { return self }
    let (rows, columns) = (shape[0], shape[1])
    let bytes = try bytePatterns()
    var turned = [UInt8](repeating: 0, count: bytes.count)
    for row in 0..<rows {
      for column in 0..<columns { turned[column * rows + row] = bytes[row * columns + column] }
    }
    return Tensor(bytePatterns: turned, type: TensorType(type.element, [columns, rows]))
  }
}

internal import Networks
internal import Reference

/// Matrices of a product, batched: y[…×M×N] = a[…×M×K]·b[…×K×N]. Distances in bytes.
private struct Matrices {
  var rows: Int
  var columns: Int
  var depth: Int
  var y: (row: Int, column: Int)
  var a: (row: Int, depth: Int)
  var b: (depth: Int, column: Int)
  /// Matrices that are multiplied one after the other: result, a, b.
  var batch: [Int]
  var operands: [WalkOperand]

  /// As numpy's matmul: operands of one axis are a row and a column.
  init(_ a: TensorView, _ b: TensorView, _ y: TensorView) throws(NetworkError) {
    guard let aStride = WalkOperand(a).strides.last, let bStride = WalkOperand(b).strides.last,
      let depth = a.shape.last
    else { throw NetworkError("operands without axes") }
    let (aStrides, bStrides) = (WalkOperand(a).strides, WalkOperand(b).strides)
    let yStrides = WalkOperand(y).strides
    self.depth = depth
    let (hasRows, hasColumns) = (a.shape.count > 1, b.shape.count > 1)
    rows = hasRows ? a.shape[a.shape.count - 2] : 1
    columns = hasColumns ? b.shape[b.shape.count - 1] : 1
    self.a = (hasRows ? aStrides[aStrides.count - 2] : 0, aStride)
    self.b = hasColumns ? (bStrides[bStrides.count - 2], bStride) : (bStride, 0)
    let matrixAxes = (hasRows ? 1 : 0) + (hasColumns ? 1 : 0)
    self.y = (
      hasRows ? yStrides[yStrides.count - matrixAxes] : 0,
      hasColumns ? yStrides[yStrides.count - 1] : 0
    )
    let batch = Array(y.shape.dropLast(matrixAxes))
    self.batch = batch
    func leading(_ view: TensorView, _ count: Int) -> WalkOperand {
      var outer = view
      outer.shape = Array(view.shape.dropLast(count))
      outer.strides = Array(view.strides.dropLast(count))
      return WalkOperand(outer, broadcastTo: batch)
    }
    operands = [
      leading(y, matrixAxes), leading(a, min(2, a.shape.count)), leading(b, min(2, b.shape.count)),
    ]
    mergeRows()
  }

  /// Two matrices.
  init(_ a: TensorView, transposesA: Bool, _ b: TensorView, transposesB: Bool, _ y: TensorView)
    throws(NetworkError)
  {
    func turned(_ view: TensorView, _ isTurned: Bool) -> TensorView {
      guard isTurned else { return view }
      var view = view
      view.shape.reverse()
      view.strides.reverse()
      return view
    }
    guard a.shape.count == 2, b.shape.count == 2 else {
      throw NetworkError("operands that are no matrices")
    }
    try self.init(turned(a, transposesA), turned(b, transposesB), y)
  }

  /// Makes rows of batches that share b, as far as they lie at equal distances.
  private mutating func mergeRows() {
    while let count = batch.last, operands[2].strides.last == 0 || count == 1 {
      let (yStep, aStep) = (operands[0].strides.last ?? 0, operands[1].strides.last ?? 0)
      if count > 1 {
        if rows == 1 {
          (y.row, a.row) = (yStep, aStep)
        } else if yStep != rows * y.row || aStep != rows * a.row {
          return
        }
        rows *= count
      }
      batch.removeLast()
      for index in operands.indices { operands[index].strides.removeLast() }
    }
  }

  var count: Int { batch.reduce(1, *) }
  var macs: Int { count * rows * columns * depth }

  func words(isPacked: Bool) -> [UInt32] {
    [
      rows.word, columns.word, depth.word, y.row.word, y.column.word, a.row.word, a.depth.word,
      isPacked ? 1 : 0, b.depth.word, b.column.word,
    ]
  }

  func walk() throws(NetworkError) -> [UInt32] { try Walk.words(batch, operands) }

  /// Bytes for two rows, packed weights where they are computed, and some numbers per column.
  func scratch(bytes: Int, isPacked: Bool, perColumn: Int) -> Int {
    2 * (depth * bytes).roundedTo16
      + (isPacked ? 0 : (ProductWeights.count(outputs: columns, depth: depth) * bytes).roundedTo16)
      + perColumn * columns
  }
}

extension CoreLowering {
  /// The place of each element of a constant matrix b[K×N], or b[N×K] transposed, in the order of a column.
  private func packed<Element>(
    _ values: [Element], _ m: Matrices, transposed: Bool, zero: Element
  ) -> [Element] {
    let (columnStep, depthStep) = transposed ? (m.depth, 1) : (1, m.columns)
    return ProductWeights.packed(
      values, groups: 1, outputs: m.columns, order: (0..<m.depth).map { $0 * depthStep }, zero: zero
    ) { $0 * columnStep }
  }

  /// The right operand; the value, too, when it is a constant that all matrices share: its view is then not in memory.
  private func matrix(
    _ index: Int, _ pool: inout ConstantPool
  ) throws(NetworkError) -> (TensorView, Tensor?) {
    guard let tensor = constant(index), tensor.shape.count <= 2 else {
      return (try view(index, &pool), nil)
    }
    let view = TensorView(
      address: 0, element: tensor.type.element, shape: tensor.shape,
      strides: TensorView.rowMajor(tensor.shape))
    return (view, tensor)
  }

  // MARK: binary32

  private func product(
    _ matrices: Matrices, constant b: Tensor?, transposesB: Bool, alpha: Float = 1,
    beta: Float = 1, addend: TensorView? = nil, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    var m = matrices
    if let b {
      guard let values = b.floats else { throw unsupported("of \(b.type.element.rawValue)") }
      m.operands[2].address = pool.add(
        words: packed(values.map(\.bitPattern), m, transposed: transposesB, zero: 0))
    }
    var c: [UInt32] = [0, 0, 0]
    if let addend {
      let operand = WalkOperand(addend, broadcastTo: [m.rows, m.columns])
      c = [operand.address, operand.strides[0].word, operand.strides[1].word]
    }
    return [
      CoreKernel(
        .productFloat,
        [alpha.bitPattern, beta.bitPattern] + c + m.words(isPacked: b != nil) + (try m.walk()),
        macs: m.macs, scratchBytes: m.scratch(bytes: 4, isPacked: b != nil, perColumn: 4))
    ]
  }

  /// Gemm.
  func gemm(_ attributes: GEMM, _ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    let a = try view(0, &pool)
    guard a.element == .float32 else { throw unsupported("of \(a.element.rawValue)") }
    let (right, b) = try matrix(1, &pool)
    let matrices = try Matrices(
      a, transposesA: attributes.transposesA, right, transposesB: attributes.transposesB, result)
    let addend = has(2) ? try view(2, &pool) : nil
    return try product(
      matrices, constant: b, transposesB: attributes.transposesB, alpha: attributes.alpha,
      beta: attributes.beta, addend: addend, &pool)
  }

  /// MatMul.
  func matMul(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    let a = try view(0, &pool)
    guard a.element == .float32 else { throw unsupported("of \(a.element.rawValue)") }
    let (right, b) = try matrix(1, &pool)
    return try product(Matrices(a, right, result), constant: b, transposesB: false, &pool)
  }

  // MARK: Bytes

  private func product(
    _ matrices: Matrices, _ a: TensorView, b: Int, isConstant: Bool, transposesB: Bool,
    aZero: Int32, bZeros: [Int32], kind: IntegerFinish.Kind, bias: [Int32]? = nil,
    addend: TensorView? = nil, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    var m = matrices
    let bType = try type(b).element
    guard a.element.isByte, bType.isByte else { throw unsupported("of \(a.element.rawValue)") }
    // Bytes of b become signed; so do its zero points.
    let shift: Int32 = bType == .uint8 ? 128 : 0
    var zeros = bZeros.map { $0 - shift }
    if zeros.count == 1 { zeros = [Int32](repeating: zeros[0], count: m.columns) }
    guard zeros.count == m.columns else {
      throw NetworkError("zero points are not one per column")
    }
    var folded = bias ?? [Int32](repeating: 0, count: m.columns)
    if isConstant {
      guard let (values, _) = ProductWeights.signed(try known(b, "b")) else { throw unsupported() }
      let (columnStep, depthStep) = transposesB ? (m.depth, 1) : (1, m.columns)
      if aZero != 0 {
        for column in 0..<m.columns {
          var sum: Int32 = 0
          for k in 0..<m.depth { sum &+= Int32(values[column * columnStep + k * depthStep]) }
          folded[column] &-= aZero &* sum
        }
      }
      let bytes = packed(values, m, transposed: transposesB, zero: 0)
      m.operands[2].address = pool.add(bytes.map { UInt8(bitPattern: $0) })
    }
    var c: [UInt32] = [0, 0]
    if let addend {
      let operand = WalkOperand(addend, broadcastTo: [m.rows, m.columns])
      guard addend.element == .int32, operand.strides[1] == 4 || m.columns == 1, m.count == 1
      else { throw unsupported("with such an addend") }
      c = [operand.address, operand.strides[0].word]
    }
    let finish = IntegerFinish(
      kind: kind, bias: folded, weightZeros: zeros.contains { $0 != 0 } ? zeros : [],
      operandZero: aZero)
    return [
      CoreKernel(
        .productInteger,
        [a.element == .int8 ? 1 : 0, bType == .uint8 ? 0x80 : 0] + c + (try finish.words(&pool))
          + m.words(isPacked: isConstant) + (try m.walk()), macs: m.macs,
        scratchBytes: m.scratch(bytes: 1, isPacked: isConstant, perColumn: 8))
    ]
  }

  private func product(
    b index: Int, aZero: Int, bZeros: Int, kind: IntegerFinish.Kind, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let a = try view(0, &pool)
    let (right, b) = try matrix(index, &pool)
    return try product(
      Matrices(a, right, result), a, b: index, isConstant: b != nil, transposesB: false,
      aZero: try zeroPoint(aZero), bZeros: try zeroPoints(bZeros), kind: kind, &pool)
  }

  /// QLinearMatMul.
  func quantisedMatMul(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    let (aScale, yScale) = (try scale(1), try scale(6))
    return try product(
      b: 3, aZero: 2, bZeros: 5,
      kind: .bytes(
        try scales(4).map { aScale * $0 / yScale }, zeroPoint: try zeroPoint(7), result.element),
      &pool)
  }

  /// MatMulInteger.
  func integerMatMul(_ pool: inout ConstantPool) throws(NetworkError) -> [CoreKernel] {
    try product(b: 1, aZero: 2, bZeros: 3, kind: .sums, &pool)
  }

  /// QGemm.
  func quantisedGEMM(
    _ attributes: GEMM, _ pool: inout ConstantPool
  ) throws(NetworkError) -> [CoreKernel] {
    let a = try view(0, &pool)
    let (right, b) = try matrix(3, &pool)
    let matrices = try Matrices(
      a, transposesA: attributes.transposesA, right, transposesB: attributes.transposesB, result)
    let aScale = try scale(1)
    var scales = try scales(4).map { attributes.alpha * aScale * $0 }
    let kind: IntegerFinish.Kind
    if has(7) {
      let yScale = try scale(7)
      scales = scales.map { $0 / yScale }
      kind = .bytes(scales, zeroPoint: try zeroPoint(8), result.element)
    } else {
      kind = .reals(scales)
    }
    var bias: [Int32]?
    var addend: TensorView?
    if let c = constant(6) {
      guard let values = c.array(of: Int32.self) else { throw unsupported("with such an addend") }
      let (rows, columns) = (result.shape[0], result.shape[1])
      let width = c.shape.last ?? 1
      if c.count == 1 || (c.count == width && width == columns) {
        bias = c.count == 1 ? [Int32](repeating: values[0], count: columns) : values
      } else {
        // Broadcast here: a constant needs no kernel for it.
        let full = (0..<rows * columns).map {
          values[($0 / columns) * (width == 1 ? 1 : columns) + (width == 1 ? 0 : $0 % columns)]
        }
        addend = Self.view(Tensor([rows, columns], full), &pool)
      }
    } else if has(6) {
      addend = try view(6, &pool)
    }
    return try product(
      matrices, a, b: 3, isConstant: b != nil, transposesB: attributes.transposesB,
      aZero: try zeroPoint(2), bZeros: try zeroPoints(5), kind: kind, bias: bias, addend: addend,
      &pool)
  }
}

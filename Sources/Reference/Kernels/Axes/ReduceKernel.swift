internal import Networks

/// Reduce… over axes. Sums of floating-point numbers are built in fp64.
enum ReduceKernel {
  /// Reduces the operand over the axes of its second operand; without one over all, or over none:
  /// then each element is a row of its own.
  static func evaluate(
    _ function: ReduceFunction, emptyAxesMeanNone: Bool, _ operands: Operands,
    _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    var axes = try operands.optionalIntegers(1) ?? []
    if axes.isEmpty, !emptyAxesMeanNone { axes = Array(x.shape.indices) }
    let rows = Rows(x, axes: try Axis.resolved(axes, rank: x.shape.count))
    let elements: Tensor.Elements
    switch rows.tensor.elements {
    case .float32(let array): elements = .float32(real(function, rows, array))
    case .float64(let array): elements = .float64(real(function, rows, array))
    case .int32(let array): elements = .int32(integer(function, rows, array))
    case .int64(let array): elements = .int64(integer(function, rows, array))
    case .uint32(let array): elements = .uint32(integer(function, rows, array))
    case .uint64(let array): elements = .uint64(integer(function, rows, array))
    case .int8(let array): elements = .int8(integer(function, rows, array))
    case .uint8(let array): elements = .uint8(integer(function, rows, array))
    case .int16(let array): elements = .int16(integer(function, rows, array))
    case .uint16(let array): elements = .uint16(integer(function, rows, array))
    case .bool(let array) where function == .maximum || function == .minimum:
      let numbers = array.map { $0 ? UInt8(1) : 0 }
      elements = .bool(integer(function, rows, numbers).map { $0 != 0 })
    case .bool, .float16, .bfloat16:
      throw NetworkError("\(function.rawValue) of \(x.type.element.rawValue) is not supported")
    }
    return Tensor(shape: result.shape, elements: elements)
  }

  private static func real<R: RealElement>(
    _ function: ReduceFunction, _ rows: Rows, _ array: [R]
  ) -> [R] {
    switch function {
    case .sum: rows.reduced(array) { R(sum($0, $1) { $0 }) }
    case .mean: rows.reduced(array) { R(sum($0, $1) { $0 } / Double($1)) }
    case .l1: rows.reduced(array) { R(sum($0, $1) { abs($0) }) }
    case .l2: rows.reduced(array) { R(sum($0, $1) { $0 * $0 }.squareRoot()) }
    case .sumOfSquares: rows.reduced(array) { R(sum($0, $1) { $0 * $0 }) }
    case .logSum: rows.reduced(array) { R(Double.log(sum($0, $1) { $0 })) }
    case .logSumExp:
      rows.reduced(array) { x, count in
        let greatest = greatest(x, count)
        guard greatest.isFinite else { return greatest }
        let offset = Double(greatest)
        return R(offset + Double.log(sum(x, count) { Double.exp($0 - offset) }))
      }
    case .product:
      rows.reduced(array) { x, count in
        var product = 1.0
        for i in 0..<count { product *= Double(x[i]) }
        return R(product)
      }
    case .maximum: rows.reduced(array) { greatest($0, $1) }
    case .minimum:
      rows.reduced(array) { x, count in
        var least = R.infinity
        for i in 0..<count where x[i] < least || x[i].isNaN { least = x[i] }
        return least
      }
    }
  }

  @inline(__always)
  private static func greatest<R: RealElement>(_ x: UnsafePointer<R>, _ count: Int) -> R {
    var greatest = -R.infinity
    for i in 0..<count where x[i] > greatest || x[i].isNaN { greatest = x[i] }
    return greatest
  }

  /// A sum of terms, as four interleaved ones.
  @inline(__always)
  private static func sum<R: RealElement>(
    _ x: UnsafePointer<R>, _ count: Int, _ term: (Double) -> Double
  ) -> Double {
    var sums = SIMD4<Double>()
    var i = 0
    while i + 4 <= count {
      sums += SIMD4(
        term(Double(x[i])), term(Double(x[i + 1])), term(Double(x[i + 2])), term(Double(x[i + 3])))
      i += 4
    }
    var sum = sums.sum()
    while i < count {
      sum += term(Double(x[i]))
      i += 1
    }
    return sum
  }

  private static func integer<I: FixedWidthInteger & BitwiseCopyable>(
    _ function: ReduceFunction, _ rows: Rows, _ array: [I]
  ) -> [I] {
    switch function {
    case .sum: rows.reduced(array) { wrapped($0, $1) { $0 } }
    case .mean:
      rows.reduced(array) { x, count in
        var sum: Int64 = 0
        for i in 0..<count { sum = sum &+ Int64(truncatingIfNeeded: x[i]) }
        return count == 0 ? 0 : I(truncatingIfNeeded: sum / Int64(count))
      }
    case .l1: rows.reduced(array) { wrapped($0, $1) { $0 < 0 ? 0 &- $0 : $0 } }
    case .sumOfSquares: rows.reduced(array) { wrapped($0, $1) { $0 &* $0 } }
    case .product:
      rows.reduced(array) { x, count in
        var product: I = 1
        for i in 0..<count { product = product &* x[i] }
        return product
      }
    case .maximum:
      rows.reduced(array) { x, count in
        var greatest = I.min
        for i in 0..<count { greatest = max(greatest, x[i]) }
        return greatest
      }
    case .minimum:
      rows.reduced(array) { x, count in
        var least = I.max
        for i in 0..<count { least = min(least, x[i]) }
        return least
      }
    case .l2: throughReals(rows, array, { $0.squareRoot() }, ofSumOf: { $0 * $0 })
    case .logSum: throughReals(rows, array, Double.log, ofSumOf: { $0 })
    case .logSumExp: throughReals(rows, array, Double.log, ofSumOf: Double.exp)
    }
  }

  @inline(__always)
  private static func wrapped<I: FixedWidthInteger>(
    _ x: UnsafePointer<I>, _ count: Int, _ term: (I) -> I
  ) -> I {
    var sum: I = 0
    for i in 0..<count { sum = sum &+ term(x[i]) }
    return sum
  }

  /// A function of a sum in fp64, cut off.
  private static func throughReals<I: FixedWidthInteger & BitwiseCopyable>(
    _ rows: Rows, _ array: [I], _ function: (Double) -> Double,
    ofSumOf term: (Double) -> Double
  ) -> [I] {
    rows.reduced(array) { x, count in
      var sum = 0.0
      for i in 0..<count { sum += term(Double(x[i])) }
      return I(truncatingIfNeeded: Cast.wide(function(sum)))
    }
  }
}

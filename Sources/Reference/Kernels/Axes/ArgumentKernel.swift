internal import Networks

/// ArgMax and ArgMin: where the greatest or least element along an axis is.
enum ArgumentKernel {
  static func evaluate(
    _ x: Tensor, greatest: Bool, axis: Int, lastIndex: Bool, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let rows = Rows(x, axes: [try Axis.resolved(axis, rank: x.shape.count)])
    guard rows.length > 0 else { throw NetworkError("the axis has no elements") }
    let indices: [Int64] =
      switch rows.tensor.elements {
      case .float32(let array): run(rows, array, greatest, lastIndex)
      case .float64(let array): run(rows, array, greatest, lastIndex)
      case .float16(let array): run(rows, array.map(\.float), greatest, lastIndex)
      case .bfloat16(let array): run(rows, array.map(\.float), greatest, lastIndex)
      case .int8(let array): run(rows, array, greatest, lastIndex)
      case .uint8(let array): run(rows, array, greatest, lastIndex)
      case .int16(let array): run(rows, array, greatest, lastIndex)
      case .uint16(let array): run(rows, array, greatest, lastIndex)
      case .int32(let array): run(rows, array, greatest, lastIndex)
      case .uint32(let array): run(rows, array, greatest, lastIndex)
      case .int64(let array): run(rows, array, greatest, lastIndex)
      case .uint64(let array): run(rows, array, greatest, lastIndex)
      case .bool(let array): run(rows, array.map { $0 ? UInt8(1) : 0 }, greatest, lastIndex)
      }
    return Tensor(result.shape, indices)
  }

  private static func run<Element: Comparable & BitwiseCopyable>(
    _ rows: Rows, _ array: [Element], _ greatest: Bool, _ lastIndex: Bool
  ) -> [Int64] {
    rows.reduced(array) { x, count in
      var best = 0
      for i in 1..<max(1, count) {
        let isBetter = greatest ? x[i] > x[best] : x[i] < x[best]
        if isBetter || (lastIndex && x[i] == x[best]) { best = i }
      }
      return Int64(best)
    }
  }
}

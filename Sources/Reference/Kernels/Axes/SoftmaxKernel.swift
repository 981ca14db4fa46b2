internal import Networks

/// Softmax and its logarithm, with the greatest element subtracted first.
enum SoftmaxKernel {
  /// Softmax along an axis.
  static func evaluate(
    _ x: Tensor, axis: Int, isLogarithm: Bool
  ) throws(NetworkError) -> Tensor {
    let axis = try Axis.resolved(axis, rank: x.shape.count)
    let rows = Rows(x, axes: [axis])
    switch rows.tensor.elements {
    case .float32(let array): return rows.restored(.float32(run(rows, array, isLogarithm)))
    case .float64(let array): return rows.restored(.float64(run(rows, array, isLogarithm)))
    case .float16, .bfloat16, .int8, .uint8, .int16, .uint16, .int32, .uint32, .int64, .uint64,
      .bool:
      throw NetworkError("softmax of \(x.type.element.rawValue) is not supported")
    }
  }

  private static func run<R: RealElement>(_ rows: Rows, _ array: [R], _ isLogarithm: Bool) -> [R] {
    rows.mapped(array) { x, y, count in
      var greatest = -R.infinity
      for i in 0..<count where x[i] > greatest { greatest = x[i] }
      var sum = 0.0
      for i in 0..<count {
        let e = R.exp(x[i] - greatest)
        y[i] = e
        sum += Double(e)
      }
      if isLogarithm {
        let logarithm = R(Double.log(sum))
        for i in 0..<count { y[i] = x[i] - greatest - logarithm }
      } else {
        let factor = R(1 / sum)
        for i in 0..<count { y[i] *= factor }
      }
    }
  }
}

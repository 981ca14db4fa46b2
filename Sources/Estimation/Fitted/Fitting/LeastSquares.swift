/// Least squares with at most four coefficients, none of them negative.
struct LeastSquares {
  /// Σ of weighted products of features, of features and target, and of the target with itself.
  private var matrix = [SIMD4<Double>](repeating: .zero, count: 4)
  private var right = SIMD4<Double>.zero
  private var total = 0.0

  /// Adds an equation features · coefficients = target.
  mutating func add(_ features: SIMD4<Double>, _ target: Double, weight: Double = 1) {
    for row in 0..<4 { matrix[row] += weight * features[row] * features }
    right += weight * target * features
    total += weight * target * target
  }

  /// The best coefficients and their weighted squared error: the best of all choices of coefficients
  /// that are 0 among which the others come out positive.
  func solve() -> (coefficients: SIMD4<Double>, error: Double) {
    var best = (coefficients: SIMD4<Double>.zero, error: total)
    for choice in 1..<16 {
      guard let coefficients = solve(choice) else { continue }
      // total − 2 b·x + x·A·x, and A·x = b on the chosen ones.
      let error = max(0, total - (right * coefficients).sum())
      if error < best.error { best = (coefficients, error) }
    }
    return best
  }

  /// Gaussian elimination over the coefficients whose bit is set; nil when singular or negative.
  private func solve(_ choice: Int) -> SIMD4<Double>? {
    let chosen = (0..<4).filter { choice >> $0 & 1 == 1 }
    if chosen.contains(where: { matrix[$0][$0] <= 0 }) { return nil }
    // Columns are scaled to one, so that pivots compare.
    let scales = chosen.map { 1 / matrix[$0][$0].squareRoot() }
    let size = chosen.count
    var rows = (0..<size).map { row in
      (0..<size).map { matrix[chosen[row]][chosen[$0]] * scales[row] * scales[$0] }
        + [right[chosen[row]] * scales[row]]
    }
    for pivot in 0..<size {
      let largest = (pivot..<size).max { abs(rows[$0][pivot]) < abs(rows[$1][pivot]) } ?? pivot
      rows.swapAt(pivot, largest)
      guard abs(rows[pivot][pivot]) > 1e-10 else { return nil }
      for row in 0..<size where row != pivot {
        let factor = rows[row][pivot] / rows[pivot][pivot]
        for column in pivot...size { rows[row][column] -= factor * rows[pivot][column] }
      }
    }
    var result = SIMD4<Double>.zero
    for (row, index) in chosen.enumerated() {
      let value = rows[row][size] / rows[row][row] * scales[row]
      guard value > 0 else { return nil }
      result[index] = value
    }
    return result
  }
}

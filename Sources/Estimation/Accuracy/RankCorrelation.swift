/// Whether two lists order the same things alike.
public enum RankCorrelation {
  /// Ranks 1...n of `values`; equal values share the average of their ranks.
  public static func ranks(_ values: [Double]) -> [Double] {
    let order = values.indices.sorted { values[$0] < values[$1] }
    var ranks = [Double](repeating: 0, count: values.count)
    var first = 0
    while first < order.count {
      var last = first
      while last + 1 < order.count, values[order[last + 1]] == values[order[first]] { last += 1 }
      for position in first...last { ranks[order[position]] = Double(first + last) / 2 + 1 }
      first = last + 1
    }
    return ranks
  }

  /// Spearman's ρ: Pearson's correlation of the ranks; nil when it is not defined because one list
  /// has a single value.
  public static func spearman(_ left: [Double], _ right: [Double]) -> Double? {
    pearson(ranks(left), ranks(right))
  }

  /// Pearson's correlation; nil when one list has no variance.
  public static func pearson(_ left: [Double], _ right: [Double]) -> Double? {
    let number = Double(left.count)
    guard left.count == right.count, left.count > 1 else { return nil }
    let (meanLeft, meanRight) = (left.reduce(0, +) / number, right.reduce(0, +) / number)
    var (covariance, varianceLeft, varianceRight) = (0.0, 0.0, 0.0)
    for (one, other) in zip(left, right) {
      covariance += (one - meanLeft) * (other - meanRight)
      varianceLeft += (one - meanLeft) * (one - meanLeft)
      varianceRight += (other - meanRight) * (other - meanRight)
    }
    guard varianceLeft > 0, varianceRight > 0 else { return nil }
    return covariance / (varianceLeft * varianceRight).squareRoot()
  }
}

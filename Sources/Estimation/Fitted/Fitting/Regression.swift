/// The straight line with the least squared error.
struct Regression {
  let slope: Double
  let offset: Double

  /// Fits y = slope · x + offset; nil when all x are equal.
  init?(_ points: some Sequence<(Double, Double)>) {
    var (count, sumX, sumY) = (0.0, 0.0, 0.0)
    for (x, y) in points {
      count += 1
      sumX += x
      sumY += y
    }
    guard count > 0 else { return nil }
    let (meanX, meanY) = (sumX / count, sumY / count)
    var (covariance, variance) = (0.0, 0.0)
    for (x, y) in points {
      covariance += (x - meanX) * (y - meanY)
      variance += (x - meanX) * (x - meanX)
    }
    guard variance > 0 else { return nil }
    slope = covariance / variance
    offset = meanY - slope * meanX
  }
}

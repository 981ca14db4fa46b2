/// The spatial dimension that a sweep over one extent shows: ANNETTE's fit of s and α.
///
/// s is the period of the steps (``StepPeriod``; the published fit tries every s by least squares,
/// which needs an exact staircase). With it time = offset + speed · x · (α + ⌈x/s⌉ / (x/s) · (1 − α))
/// is linear in x and ⌈x/s⌉, and α comes from linear least squares. A memory-bound beginning, where x
/// does not show, is left out if that explains the rest better.
public struct StaircaseFit: Sendable, Hashable {
  /// s and α.
  public let dimension: SpatialDimension
  /// Rise per extent were nothing padded, in units of the values.
  public let speed: Double
  /// The value at extent 0.
  public let offset: Double
  /// The share of what a straight line cannot explain that the steps explain, 0...1.
  public let gain: Double

  /// Fits `values[i]`, measured at extent i + 1.
  ///
  /// - Parameters:
  ///   - values: at least 12, at extents 1, 2, 3, ....
  ///   - largest: the largest s looked for; at most a third of the values is possible.
  ///   - isLongest: whether no longer sweep will be made, so that fainter steps have to do.
  /// - Returns: nil when there are no regular steps.
  public init?(values: [Double], largest: Int, isLongest: Bool = false) {
    guard let size = StepPeriod(values, largest: largest, isLongest: isLongest)?.size else {
      return nil
    }
    var best: StaircaseFit?
    for begin in [0, values.count / 4, values.count / 2] {
      // A later window has to be better by more than rounding.
      guard let fit = Window(values, from: begin)?.fit(size: size),
        fit.gain > (best?.gain ?? 0) + 1e-9
      else { continue }
      best = fit
    }
    self =
      best
      ?? StaircaseFit(
        dimension: SpatialDimension(size: size), speed: 0, offset: values.first ?? 0, gain: 0)
  }

  private init(dimension: SpatialDimension, speed: Double, offset: Double, gain: Double) {
    self.dimension = dimension
    self.speed = speed
    self.offset = offset
    self.gain = gain
  }

  /// The values from one extent on, with the sums that all sizes share.
  private struct Window {
    let values: ArraySlice<Double>
    let meanX: Double
    let meanY: Double
    let varianceX: Double
    let covariance: Double
    /// The squared error of the straight line.
    let lineError: Double
    var count: Int { values.count }

    /// nil when a straight line explains everything.
    init?(_ all: [Double], from begin: Int) {
      values = all[begin...]
      guard values.count >= 12 else { return nil }
      let number = Double(values.count)
      let middle = Double(begin) + 1 + (number - 1) / 2
      let mean = values.reduce(0, +) / number
      var (xx, xy, yy) = (0.0, 0.0, 0.0)
      for index in values.indices {
        let x = Double(index + 1) - middle
        let y = values[index] - mean
        xx += x * x
        xy += x * y
        yy += y * y
      }
      meanX = middle
      meanY = mean
      varianceX = xx
      covariance = xy
      lineError = max(0, yy - xy * xy / xx)
      let scale = mean * mean * number
      guard lineError > 1e-14 * scale else { return nil }
    }

    func fit(size: Int) -> StaircaseFit? {
      let number = Double(values.count)
      var tiles = 0
      for index in values.indices {
        tiles += index / size + 1
      }
      let meanTiles = Double(tiles) / number
      var (kk, kx, ky) = (0.0, 0.0, 0.0)
      for index in values.indices {
        let k = Double(index / size + 1) - meanTiles
        kk += k * k
        kx += k * (Double(index + 1) - meanX)
        ky += k * (values[index] - meanY)
      }
      let determinant = varianceX * kk - kx * kx
      guard determinant > 1e-12 * varianceX * kk else { return nil }
      var slope = (covariance * kk - ky * kx) / determinant
      var rise = (ky * varianceX - covariance * kx) / determinant
      // A fraction of the work cannot be negative: then all of it is padded.
      if slope < 0 {
        slope = 0
        rise = ky / kk
      }
      guard rise > 0 else { return nil }
      var error = 0.0
      for index in values.indices {
        let k = Double(index / size + 1) - meanTiles
        let difference =
          values[index] - meanY - slope * (Double(index + 1) - meanX) - rise * k
        error += difference * difference
      }
      let speed = slope + rise / Double(size)
      return StaircaseFit(
        dimension: SpatialDimension(size: size, alpha: slope / speed), speed: speed,
        offset: meanY - slope * meanX - rise * meanTiles, gain: 1 - error / lineError)
    }
  }
}

internal import Foundation

/// Finds the curve of one extent in few measurements: an ensemble of staircases and a line, where the
/// next point is the one that tells most candidates apart (Blackthorn: Lechner, Jantsch, IEEE Access
/// 9, 2021).
///
/// 1. Two points fix offset and height for every candidate width, and the line.
/// 2. The next point has the highest score: for the staircases the weighted sum of how many levels
///    they predict, how far their predictions spread and how far measured points are; for the line the
///    distance alone.
/// 3. Candidates with a large error (threshold, or ratio to the best) are dropped; from the second
///    iteration offset and height are fitted to all points by least squares, at the candidate's width.
/// 4. It ends when one candidate is left and six iterations are done, or after 48.
///
/// The published code lets the width move during the fit and then drops what is no integer; a
/// staircase's error has no slope in its width, so that widths stay where they are here.
public struct AdaptiveSampler {
  /// What sampling found.
  public struct Result: Sendable, Hashable {
    /// The curve.
    public let curve: StepwiseCurve
    /// The points measured, in their order.
    public let points: [CurvePoint]
    /// Iterations after the two start points.
    public let iterations: Int
    /// Whether a single candidate was left, rather than the best of several taken.
    public let isDecided: Bool
  }

  private struct Candidate {
    let width: Int
    var offset: Double
    var height: Double
    var error = 0.0

    func value(at extent: Int) -> Double { offset + Double((extent - 1) / width) * height }
  }

  /// Into how many levels the highest prediction is divided to count distinct ones.
  private static let levels = 1000

  private let settings: SamplerSettings
  private var points: [CurvePoint]
  private var steps: [Candidate]
  private var line: (slope: Double, offset: Double)?
  private var isOutlier: [Bool] = []
  private let scale: Double

  /// Samples `measure` until its curve is known.
  ///
  /// - Parameters:
  ///   - settings: range and constants.
  ///   - measure: gives the value at an extent; called once per point.
  /// - Throws: what `measure` throws.
  public static func run(
    _ settings: SamplerSettings, measure: (Int) throws -> Double
  ) rethrows -> Result {
    let first = CurvePoint(extent: settings.startLow, value: try measure(settings.startLow))
    let second = CurvePoint(extent: settings.startHigh, value: try measure(settings.startHigh))
    var sampler = AdaptiveSampler(settings, first, second)
    var iteration = 1
    while let extent = sampler.nextExtent() {
      sampler.points.append(CurvePoint(extent: extent, value: try measure(extent)))
      sampler.eliminate(iteration: iteration)
      let isDecided = sampler.steps.count + (sampler.line == nil ? 0 : 1) == 1
      if isDecided && iteration >= settings.fewestIterations
        || iteration == settings.mostIterations
      {
        return sampler.result(iterations: iteration, isDecided: isDecided)
      }
      iteration += 1
    }
    return sampler.result(iterations: iteration - 1, isDecided: false)
  }

  private init(_ settings: SamplerSettings, _ first: CurvePoint, _ second: CurvePoint) {
    self.settings = settings
    points = [first, second]
    steps = []
    for width in stride(from: settings.narrowest, through: settings.widest, by: settings.interval) {
      if case .step(let offset, let width, let height)? = StepwiseCurve.staircase(
        width: width, through: first, second)
      {
        steps.append(Candidate(width: width, offset: offset, height: height))
      }
    }
    if case .linear(let slope, let offset) = StepwiseCurve.line(through: first, second) {
      line = (slope, offset)
    }
    let half = (second.value - first.value) / 2
    let level = second.value / 2
    // Equal start points: errors are scaled by the level instead of the rise.
    scale = half != 0 ? half * half : (level != 0 ? level * level : 1)
  }

  // MARK: The next point

  /// The extent with the highest score that was not measured; nil when all were.
  private func nextExtent() -> Int? {
    let distances = distanceScores()
    var scores = line == nil ? [] : distances.map { $0 + settings.linePriority }
    if !steps.isEmpty {
      let (levels, spreads) = disagreement()
      let sums = zip(zip(levels, spreads), distances).map {
        settings.levelWeight * $0.0 + settings.spreadWeight * $0.1 + settings.distanceWeight * $1
      }
      let stepScores = Self.normalised(sums).map { $0 + settings.stepPriority }
      scores = scores.isEmpty ? stepScores : zip(scores, stepScores).map { max($0, $1) }
    }
    for point in points { scores[point.extent - 1] = 0 }
    guard let best = scores.max(), best > 0, let index = scores.firstIndex(of: best) else {
      return nil
    }
    return index + 1
  }

  /// For every extent how many distinct levels (to a thousandth of the highest) the staircases
  /// predict and how far their predictions spread, both 0...1.
  private func disagreement() -> (levels: [Double], spreads: [Double]) {
    var levels = [Double](repeating: 0, count: settings.limit)
    var spreads = levels
    var values = [Double](repeating: 0, count: steps.count)
    // The extent at which a level was seen last; levels below minus the highest count as one.
    var seen = [Int](repeating: -1, count: 2 * Self.levels + 1)
    for index in 0..<settings.limit {
      var (lowest, highest) = (Double.infinity, -Double.infinity)
      for position in steps.indices {
        let value = steps[position].value(at: index + 1)
        values[position] = value
        if value < lowest { lowest = value }
        if value > highest { highest = value }
      }
      spreads[index] = highest - lowest
      let scale = highest > 0 ? Double(Self.levels) / highest : 0
      for position in values.indices {
        let level = Self.levels + Int(max(values[position] * scale, -Double(Self.levels)).rounded())
        if seen[level] != index {
          seen[level] = index
          levels[index] += 1
        }
      }
    }
    return (Self.normalised(levels), Self.normalised(spreads))
  }

  /// One minus the Gaussian-smoothed indicator of measured points, σ = largest gap / 8, cut off at
  /// four σ; 0...1.
  private func distanceScores() -> [Double] {
    let measured = points.map(\.extent).sorted()
    let gap = zip(measured, measured.dropFirst()).map { $1 - $0 }.max() ?? 1
    let sigma = max(Double(gap) / 8, 1e-3)
    let radius = Int(4 * sigma + 0.5)
    let kernel = (0...radius).map { exp(-Double($0 * $0) / (2 * sigma * sigma)) }
    var smooth = [Double](repeating: 0, count: settings.limit)
    for extent in measured {
      let centre = extent - 1
      for index in max(0, centre - radius)...min(settings.limit - 1, centre + radius) {
        smooth[index] += kernel[abs(index - centre)]
      }
    }
    return Self.normalised(smooth).map { 1 - $0 }
  }

  /// Values mapped linearly to 0...1; all 0 when they are equal.
  private static func normalised(_ values: [Double]) -> [Double] {
    guard let low = values.min(), let high = values.max(), high > low else {
      return [Double](repeating: 0, count: values.count)
    }
    return values.map { ($0 - low) / (high - low) }
  }

  // MARK: Elimination

  private mutating func eliminate(iteration: Int) {
    findOutliers(iteration: iteration)
    for index in steps.indices {
      var sum = 0.0
      for (point, isOut) in zip(points, isOutlier) where !isOut {
        let difference = steps[index].value(at: point.extent) - point.value
        sum += difference * difference
      }
      steps[index].error = sum / scale
    }
    var lineError = Double.infinity
    if let line {
      lineError =
        settings.linePenalty / scale
        * points.reduce(0) {
          let difference = line.slope * Double($1.extent) + line.offset - $1.value
          return $0 + difference * difference
        }
    }
    if steps.count > 1 {
      let best = steps.map(\.error).min() ?? 0
      let ratio = settings.candidateRatio(iteration: iteration) ?? .infinity
      // Neither an infinite ratio nor a best error of 0 may drop the best (∞ · 0 is no number).
      let limit = min(settings.errorThreshold, ratio.isFinite ? ratio * best : .infinity)
      steps.removeAll { $0.error != best && $0.error > limit }
    }
    let stepError = steps.map(\.error).min() ?? .infinity
    if iteration > 1 { refit() }
    if iteration == settings.mostIterations {
      if stepError <= lineError { line = nil } else { steps = [] }
    } else if let ratio = settings.kindRatio(iteration: iteration), !steps.isEmpty, line != nil {
      if stepError > ratio * lineError { steps = [] }
      if lineError > ratio * stepError { line = nil }
    }
  }

  /// Points that most staircases miss by more than ten times the median deviation.
  private mutating func findOutliers(iteration: Int) {
    isOutlier = [Bool](repeating: false, count: points.count)
    guard settings.rejectsOutliers, iteration > 1, !steps.isEmpty else { return }
    var votes = [Int](repeating: 0, count: points.count)
    for step in steps {
      let errors = points.map { point in
        let difference = step.value(at: point.extent) - point.value
        return difference * difference
      }
      let middle = Self.median(errors)
      let deviations = errors.map { abs($0 - middle) }
      // As published: a single deviation of exactly 0 anywhere means that nothing is an outlier.
      if deviations.contains(0) { return }
      let typical = Self.median(deviations)
      for index in votes.indices where deviations[index] > 10 * typical { votes[index] += 1 }
    }
    isOutlier = votes.map { 2 * $0 > steps.count }
  }

  private static func median(_ values: [Double]) -> Double {
    let sorted = values.sorted()
    let half = sorted.count / 2
    return sorted.count % 2 == 1 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2
  }

  /// Least squares for offset and height at every candidate's width, and for the line.
  private mutating func refit() {
    let kept = zip(points, isOutlier).filter { !$1 }.map(\.0)
    for index in steps.indices {
      let width = steps[index].width
      let fit = Regression(kept.lazy.map { (Double(($0.extent - 1) / width), $0.value) })
      guard let fit else { continue }
      steps[index].offset = fit.offset
      steps[index].height = fit.slope
    }
    // A staircase that does not rise is none; but something has to be left.
    let rising = steps.filter { $0.height > 1e-10 }
    if !rising.isEmpty || line != nil { steps = rising }
    if line != nil, let fit = Regression(points.lazy.map { (Double($0.extent), $0.value) }) {
      line = (fit.slope, fit.offset)
    }
  }

  private func result(iterations: Int, isDecided: Bool) -> Result {
    let curve: StepwiseCurve
    if let best = steps.min(by: { $0.error < $1.error }) {
      curve = .step(offset: best.offset, width: best.width, height: best.height)
    } else if let line {
      let rise = abs(line.slope) * Double(settings.limit)
      let level = abs(line.slope * Double(settings.limit) + line.offset)
      curve =
        rise <= 1e-9 * level
        ? .constant(line.offset) : .linear(slope: line.slope, offset: line.offset)
    } else {
      curve = .constant(points.reduce(0) { $0 + $1.value } / Double(points.count))
    }
    return Result(curve: curve, points: points, iterations: iterations, isDecided: isDecided)
  }
}

/// The constants of the adaptive sampler; ``published`` are those of Blackthorn's code
/// (embedded-machine-learning/blackthorn, `0f5c1a6`).
public struct SamplerSettings: Sendable, Hashable {
  /// The largest extent; the smallest is 1.
  public var limit: Int
  /// The lower of the two extents measured first.
  public var startLow: Int
  /// The higher of the two extents measured first.
  public var startHigh: Int
  /// Candidate widths of steps: the smallest, the largest and their distance.
  public var narrowest: Int
  /// The widest candidate.
  public var widest: Int
  /// The distance of candidates.
  public var interval: Int
  /// Weights of the three parts of a step's score: distinct levels, spread, distance.
  public var levelWeight = 1.0
  /// Weight of the spread of the candidates' predictions.
  public var spreadWeight = 1.0
  /// Weight of the distance from measured points.
  public var distanceWeight = 5.0
  /// What is added to the score of the staircases, and to that of the line.
  public var stepPriority = 5.0
  /// What is added to the score of the line.
  public var linePriority = 1.0
  /// Candidates with a larger scaled squared error than this are dropped.
  public var errorThreshold = 0.025
  /// By how much the line's error is multiplied.
  public var linePenalty = 10.0
  /// Sampling does not end before as many iterations.
  public var fewestIterations = 6
  /// Sampling ends after as many.
  public var mostIterations = 48
  /// Whether points that most candidates miss by far are left out; of use where measurements are
  /// noisy, harmful where they are exact.
  public var rejectsOutliers: Bool

  /// Settings for extents 1...limit and every width from `widths`; starts at 1/16 and 15/16.
  public init(
    limit: Int, widths: ClosedRange<Int>, interval: Int = 1, rejectsOutliers: Bool = false
  ) {
    self.limit = limit
    startLow = max(1, limit / 16)
    startHigh = max(2, limit - limit / 16)
    narrowest = widths.lowerBound
    widest = widths.upperBound
    self.interval = interval
    self.rejectsOutliers = rejectsOutliers
  }

  /// Extents 1...1024, start points 64 and 960, widths 8, 16, ..., 512, outliers rejected.
  public static let published = SamplerSettings(
    limit: 1024, widths: 8...512, interval: 8, rejectsOutliers: true)

  /// The largest ratio of a staircase's error to the best staircase's: none in the first two
  /// iterations, 20, then falling from 20 to 2 over ten, and 1.5, 1.25, 1.125 at last.
  func candidateRatio(iteration: Int) -> Double? {
    switch iteration {
    case ...2: nil
    case 3: 20
    case 4...13: 20 - 18 * Double(iteration - 4) / 9
    case 14: 1.5
    case 15: 1.25
    default: 1.125
    }
  }

  /// The largest ratio of the error of the staircases or the line to the better of them: none in the
  /// first five iterations, 5, then falling from 5 to 2 over nine.
  func kindRatio(iteration: Int) -> Double? {
    switch iteration {
    case ...5: nil
    case 6, 7: 5
    default: 5 - 3 * Double(min(iteration, 16) - 8) / 8
    }
  }
}

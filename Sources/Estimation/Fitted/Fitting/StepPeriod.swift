/// Finds how far apart the steps of a sweep are, where neither their heights are equal nor the
/// stretches between them flat.
///
/// A real machine's sweep is no exact staircase: extents that fill whole bus words are cheaper, a step
/// may come with the last element of a tile rather than the first of the next, and other buffers have
/// steps of their own. What remains is that changes gather at the multiples of the array's side:
///
/// 1. dips of a single extent are filled, which leaves steps but not cheap extents;
/// 2. of the squared differences of neighbours (less their median, the slope), the share E of the net
///    changes across multiples of s is compared with 2/s, the share that chance would put there;
/// 3. the s with the largest E − 2/s is taken. The largest change is left out on both sides, so that
///    one event is no period.
///
/// A divisor of the true period catches the same changes in more places, a multiple fewer changes. A
/// divisor is refused also where the true period is still too long for the sweep: nearly all of its
/// changes lie at every second, third, ... of its multiples. Refused are also periods with fewer than
/// three steps, with steps at less than a third of their multiples, and steps that hardly rise.
struct StepPeriod {
  /// The smallest period that can be told from chance.
  static let smallest = 3
  /// The share E, scaled so that chance is 0 and an exact staircase 1, from which a period is
  /// believed; less is enough for a sweep that will not be made longer.
  static let sufficientShare = 0.5
  static let sufficientShareAtLast = 0.4
  /// The share of changes at every p-th multiple from which p · s is the period, not s.
  private static let divisorShare = 0.95
  /// A multiple of a period is taken for it from this share of its excess: a beat of the true period
  /// with a shorter, fainter one looks like the shorter one.
  private static let multipleShare = 0.9
  /// A multiple counts as stepped from this share of the mean squared change at multiples.
  private static let steppedShare = 0.1
  /// The fewest steps, and the share of multiples that have to be stepped.
  private static let fewestSteps = 3
  private static let regularShare = 1.0 / 3
  /// The mean rise of a step in shares of the mean value, below which steps are of no account.
  private static let smallestRise = 0.015

  /// The period.
  let size: Int

  /// Looks for a period of at most a third of the sweep in `values`, measured at extents 1, 2, 3, ....
  init?(_ values: [Double], largest: Int, isLongest: Bool) {
    let changes = Self.changes(values)
    let total = changes.reduce(0) { $0 + $1 * $1 }
    let mean = values.reduce(0, +) / Double(max(1, values.count))
    var best: (size: Int, excess: Double, share: Double)?
    let bound = min(largest, values.count / 3)
    guard bound >= Self.smallest, total > 0 else { return nil }
    for size in Self.smallest...bound {
      guard let steps = Steps(of: size, changes), steps.rise >= Self.smallestRise * mean,
        total > steps.highest
      else { continue }
      let chance = 2 / Double(size)
      let excess = (steps.energy - steps.highest) / (total - steps.highest) - chance
      // Of an exact staircase a multiple of the period has half the excess of the period itself.
      let isMultiple = best.map { size % $0.size == 0 } ?? false
      if excess > (best?.excess ?? 0) * (isMultiple ? Self.multipleShare : 1) {
        best = (size, excess, excess / (1 - chance))
      }
    }
    guard let best, best.share >= (isLongest ? Self.sufficientShareAtLast : Self.sufficientShare)
    else { return nil }
    size = best.size
  }

  /// Changes from extent i + 1 to i + 2, less the median change.
  private static func changes(_ values: [Double]) -> [Double] {
    guard values.count > 3 else { return [] }
    var filled = values
    for index in 1..<values.count - 1 {
      filled[index] = max(values[index], min(values[index - 1], values[index + 1]))
    }
    // What follows the last one is not known: it may be a dip.
    filled[values.count - 1] = max(filled[values.count - 1], filled[values.count - 2])
    let changes = zip(filled, filled.dropFirst()).map { $1 - $0 }
    let median = changes.sorted()[changes.count / 2]
    // What rounding leaves of a straight line is no change.
    let floor = 1e-9 * (values.map(abs).max() ?? 0)
    return changes.map { abs($0 - median) > floor ? $0 - median : 0 }
  }

  /// The net changes across the multiples of a size: into the multiple and out of it.
  private struct Steps {
    /// The sum of their squares, and the largest square.
    private(set) var energy = 0.0
    private(set) var highest = 0.0
    /// Their mean.
    let rise: Double

    /// nil when they are not regular.
    init?(of size: Int, _ changes: [Double]) {
      func net(_ multiple: Int) -> Double {
        let before = changes[multiple * size - 2]
        return multiple * size - 1 < changes.count ? before + changes[multiple * size - 1] : before
      }
      let last = (changes.count + 1) / size
      var sum = 0.0
      for multiple in 1...last {
        let change = net(multiple)
        sum += change
        energy += change * change
        highest = max(highest, change * change)
      }
      rise = sum / Double(last)
      for factor in stride(from: 2, through: last, by: 1) {
        let share = stride(from: factor, through: last, by: factor).reduce(0) {
          $0 + net($1) * net($1)
        }
        if share >= divisorShare * energy { return nil }
      }
      let threshold = steppedShare * energy / Double(last)
      var (first, steps) = (0, 0)
      for multiple in 1...last where net(multiple) * net(multiple) > threshold {
        if steps == 0 { first = multiple }
        steps += 1
      }
      guard steps >= fewestSteps, Double(steps) >= regularShare * Double(last - first + 1) else {
        return nil
      }
    }
  }
}

/// Finds the point from which tiles repeat, and what one repetition costs.
///
/// Tiles of equal shape, place in their loops and alignment do the same. Once a period of them
/// has moved what the period before moved, in the same cycles within `tolerance`, the rest
/// follow.
struct TileHistory {
  /// Whole periods that need not be run.
  struct Repetition {
    var tiles: Int
    var cycles: Int
    var counts: GemminiActions
  }

  /// Two periods are alike when they differ by at most one cycle in this many.
  private static let tolerance = 500

  private let signatures: [Int]
  private let periods: [Int]
  /// The state repeats only after a multiple of this many tiles: both memories have two halves.
  private let unit: Int
  /// For each period, how many tiles in a row look like the ones a period earlier.
  private var alike: [Int]
  private var times: [Int] = []
  private var counts: [GemminiActions] = []

  init(signatures: [Int], periods: [Int], unit: Int) {
    self.signatures = signatures
    self.periods = periods
    self.unit = unit
    alike = Array(repeating: 0, count: periods.count)
    times.reserveCapacity(signatures.count)
    counts.reserveCapacity(signatures.count)
  }

  /// Notes the start of the next tile; gives what may be left out after it.
  mutating func begin(at time: Int, _ count: GemminiActions) -> Repetition? {
    times.append(time)
    counts.append(count)
    let tile = times.count - 1
    var found: Repetition?
    for (index, period) in periods.enumerated() {
      compare(tile, index)
      // A tile starts when the one two places before it has ended, so what was timed are earlier
      // tiles than the one that starts; the first ones began in an empty accelerator.
      guard found == nil, alike[index] >= period + 2, tile > 2 * period else { continue }
      let last = times[tile] - times[tile - period]
      let before = times[tile - period] - times[tile - 2 * period]
      let traffic = counts[tile] - counts[tile - period]
      let earlier = counts[tile - period] - counts[tile - 2 * period]
      if abs(last - before) * Self.tolerance <= last, traffic == earlier {
        found = repetition(after: tile, period)
      }
    }
    return found
  }

  private mutating func compare(_ tile: Int, _ index: Int) {
    let earlier = tile - periods[index]
    let isAlike = earlier >= 0 && signatures[tile] == signatures[earlier]
    alike[index] = isAlike ? alike[index] + 1 : 0
  }

  private mutating func repetition(after tile: Int, _ period: Int) -> Repetition? {
    var step = period
    while step % unit != 0 { step += period }
    var end = tile + 1
    while end < signatures.count, signatures[end] == signatures[end - period] { end += 1 }
    let skipped = (end - 1 - tile) / step * step
    guard skipped > 0 else { return nil }
    let cycles = times[tile] - times[tile - period]
    let change = counts[tile] - counts[tile - period]
    // Written down, so that longer periods can be found across the tiles left out.
    for index in (tile + 1)...(tile + skipped) {
      times.append(times[index - period] + cycles)
      counts.append(counts[index - period] + change)
      for place in periods.indices where periods[place] != period { compare(index, place) }
    }
    return Repetition(
      tiles: skipped, cycles: skipped / period * cycles, counts: change * (skipped / period))
  }
}

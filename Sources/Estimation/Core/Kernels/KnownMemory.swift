/// Which bytes of memory hold what they would hold in the SoC.
struct KnownMemory {
  /// Ranges that do not touch each other, in ascending order.
  private var ranges: [Range<UInt64>] = []

  /// Whether all of a range is known.
  func contains(_ range: Range<UInt64>) -> Bool {
    ranges.contains { $0.lowerBound <= range.lowerBound && range.upperBound <= $0.upperBound }
  }

  /// Notes that a range is known.
  mutating func insert(_ range: Range<UInt64>) {
    guard !range.isEmpty else { return }
    var joined = range
    ranges.removeAll { other in
      guard other.lowerBound <= joined.upperBound, joined.lowerBound <= other.upperBound else {
        return false
      }
      joined = min(joined.lowerBound, other.lowerBound)..<max(joined.upperBound, other.upperBound)
      return true
    }
    let place = ranges.firstIndex { $0.lowerBound > joined.lowerBound } ?? ranges.count
    ranges.insert(joined, at: place)
  }

  /// Notes that a range is not known any more.
  mutating func remove(_ range: Range<UInt64>) {
    guard ranges.contains(where: { $0.overlaps(range) }) else { return }
    ranges = ranges.flatMap { other -> [Range<UInt64>] in
      guard other.overlaps(range) else { return [other] }
      return [
        other.lowerBound..<max(other.lowerBound, range.lowerBound),
        min(other.upperBound, range.upperBound)..<other.upperBound,
      ].filter { !$0.isEmpty }
    }
  }
}

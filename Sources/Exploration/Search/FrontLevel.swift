/// The points of one front of a non-dominated sort, seen from points whose first coordinate is not
/// less than that of any of them: the rest of the coordinates decides.
protocol FrontLevel {
  /// An empty level of points with `dimensions` coordinates.
  init(dimensions: Int)

  /// The row of a point that is nowhere greater than `point`; nil if there is none.
  func dominator(of point: UnsafePointer<Double>) -> Int32?

  /// Adds a point, whose row number is `row`.
  mutating func insert(_ point: UnsafePointer<Double>, row: Int32)
}

/// Two coordinates (or one): the least second one.
struct LeastLevel: FrontLevel {
  private let isSingle: Bool
  private var least = Double.infinity
  private var row: Int32 = -1

  init(dimensions: Int) { isSingle = dimensions == 1 }

  func dominator(of point: UnsafePointer<Double>) -> Int32? {
    row >= 0 && (isSingle || least <= point[1]) ? row : nil
  }

  mutating func insert(_ point: UnsafePointer<Double>, row: Int32) {
    if isSingle ? self.row < 0 : self.row < 0 || point[1] < least {
      least = isSingle ? 0 : point[1]
      self.row = row
    }
  }
}

/// Three coordinates: the staircase of the second and third one (Kung, Luccio and Preparata, JACM
/// 22(4), 1975), ascending in one and descending in the other.
struct StaircaseLevel: FrontLevel {
  private struct Step {
    var second: Double
    var third: Double
    var row: Int32
  }

  private var steps: [Step] = []

  init(dimensions: Int) {}

  /// The first step whose second coordinate is greater than `second`.
  private func end(_ second: Double) -> Int {
    var low = 0
    var high = steps.count
    while low < high {
      let middle = (low + high) / 2
      if steps[middle].second <= second { low = middle + 1 } else { high = middle }
    }
    return low
  }

  func dominator(of point: UnsafePointer<Double>) -> Int32? {
    let end = end(point[1])
    guard end > 0, steps[end - 1].third <= point[2] else { return nil }
    return steps[end - 1].row
  }

  mutating func insert(_ point: UnsafePointer<Double>, row: Int32) {
    var start = end(point[1])
    // A step that the new one equals in both is no loss; a better one makes the new one needless.
    if start > 0, steps[start - 1].third <= point[2] { return }
    if start > 0, steps[start - 1].second == point[1] { start -= 1 }
    var last = start
    while last < steps.count, steps[last].third >= point[2] { last += 1 }
    steps.replaceSubrange(
      start..<last, with: CollectionOfOne(Step(second: point[1], third: point[2], row: row)))
  }
}

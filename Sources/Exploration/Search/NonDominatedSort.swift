/// Ranks designs by Pareto dominance: rank 0 is the front, rank 1 the front of the others, and so
/// on.
///
/// Points are taken in lexicographic order, so that each can be dominated only by earlier ones, and
/// put into the first front without a dominating point, found by bisection (Zhang et al., An
/// efficient approach to nondominated sorting, IEEE TEC 19(2), 2015). With up to three objectives a
/// front is asked in logarithmic time.
public enum NonDominatedSort {
  /// The rank of each row.
  public static func ranks(_ table: ObjectiveTable) -> [Int] {
    switch table.dimensions {
    case 1, 2: ranks(table, LeastLevel.self)
    case 3: ranks(table, StaircaseLevel.self)
    default: ranks(table, ForestLevel.self)
    }
  }

  private static func ranks<Level: FrontLevel>(
    _ table: ObjectiveTable, _: Level.Type
  ) -> [Int] {
    var ranks = [Int](repeating: 0, count: table.count)
    var levels: [Level] = []
    table.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return }
      let rows = PointRows(base, table.dimensions)
      var previous: Int32?
      for row in rows.sorted(0..<Int32(table.count)) {
        let point = rows[row]
        defer { previous = row }
        if let previous, rows.areEqual(previous, row) {
          ranks[Int(row)] = ranks[Int(previous)]
          continue
        }
        // Whoever is dominated by a point of a front is so by one of each front before it.
        var low = 0
        var high = levels.count
        while low < high {
          let middle = (low + high) / 2
          if levels[middle].dominator(of: point) != nil { low = middle + 1 } else { high = middle }
        }
        if low == levels.count { levels.append(Level(dimensions: table.dimensions)) }
        levels[low].insert(point, row: row)
        ranks[Int(row)] = low
      }
    }
    return ranks
  }
}

/// Rows of a table by their numbers.
struct PointRows {
  private let base: UnsafePointer<Double>
  let dimensions: Int

  init(_ base: UnsafePointer<Double>, _ dimensions: Int) {
    self.base = base
    self.dimensions = dimensions
  }

  subscript(row: Int32) -> UnsafePointer<Double> { base + Int(row) * dimensions }

  func areEqual(_ left: Int32, _ right: Int32) -> Bool {
    let (a, b) = (self[left], self[right])
    for coordinate in 0..<dimensions where a[coordinate] != b[coordinate] { return false }
    return true
  }

  func dominates(_ left: Int32, _ right: Int32) -> Bool {
    let (a, b) = (self[left], self[right])
    var isBetter = false
    for coordinate in 0..<dimensions {
      if a[coordinate] > b[coordinate] { return false }
      if a[coordinate] < b[coordinate] { isBetter = true }
    }
    return isBetter
  }

  /// Lexicographic order; equal points in the order of their numbers.
  func isBefore(_ left: Int32, _ right: Int32) -> Bool {
    let (a, b) = (self[left], self[right])
    for coordinate in 0..<dimensions where a[coordinate] != b[coordinate] {
      return a[coordinate] < b[coordinate]
    }
    return left < right
  }

  func sorted(_ rows: some Sequence<Int32>) -> [Int32] { rows.sorted(by: isBefore) }
}

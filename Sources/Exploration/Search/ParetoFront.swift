/// The designs that no other dominates.
public enum ParetoFront {
  /// The rows of the front, ascending; equal designs are all on it or none is.
  ///
  /// Takes O(n log n) for up to three objectives.
  public static func rows(of table: ObjectiveTable) -> [Int] {
    switch table.dimensions {
    case 1, 2: rows(of: table, LeastLevel.self)
    case 3: rows(of: table, StaircaseLevel.self)
    default: rows(of: table, ForestLevel.self)
    }
  }

  private static func rows<Level: FrontLevel>(
    of table: ObjectiveTable, _: Level.Type
  ) -> [Int] {
    table.values.withUnsafeBufferPointer { values in
      guard let base = values.baseAddress else { return [] }
      let rows = PointRows(base, table.dimensions)
      var level = Level(dimensions: table.dimensions)
      var front: [Int] = []
      var previous: Int32?
      for row in rows.sorted(candidates(table, rows)) {
        if let previous, rows.areEqual(previous, row) {
          front.append(Int(row))
          continue
        }
        if level.dominator(of: rows[row]) != nil { continue }
        level.insert(rows[row], row: row)
        front.append(Int(row))
        previous = row
      }
      return front.sorted()
    }
  }

  /// Rows without those that the design with the least sum of scaled objectives dominates: most of
  /// a large table, so that few remain to be sorted.
  private static func candidates(_ table: ObjectiveTable, _ rows: PointRows) -> [Int32] {
    let dimensions = table.dimensions
    var least = [Double](repeating: .infinity, count: dimensions)
    var most = [Double](repeating: -.infinity, count: dimensions)
    for row in 0..<Int32(table.count) {
      let point = rows[row]
      for coordinate in 0..<dimensions {
        least[coordinate] = min(least[coordinate], point[coordinate])
        most[coordinate] = max(most[coordinate], point[coordinate])
      }
    }
    let scale = zip(least, most).map { $1 > $0 && $1.isFinite && $0.isFinite ? 1 / ($1 - $0) : 0 }
    var pivot: Int32 = 0
    var best = Double.infinity
    for row in 0..<Int32(table.count) {
      let point = rows[row]
      var sum = 0.0
      for coordinate in 0..<dimensions where scale[coordinate] > 0 {
        sum += (point[coordinate] - least[coordinate]) * scale[coordinate]
      }
      if sum < best {
        best = sum
        pivot = row
      }
    }
    return (0..<Int32(table.count)).filter { !rows.dominates(pivot, $0) }
  }
}

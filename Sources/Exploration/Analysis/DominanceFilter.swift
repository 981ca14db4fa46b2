/// Which points of one set are dominated by a point of another.
enum DominanceFilter {
  /// For each row of `points` whether a row of `others` is nowhere greater and somewhere less.
  static func rows(
    of points: ObjectiveTable, dominatedBy others: ObjectiveTable
  ) -> [Bool] {
    switch points.dimensions {
    case 1, 2: rows(of: points, dominatedBy: others, LeastLevel.self)
    case 3: rows(of: points, dominatedBy: others, StaircaseLevel.self)
    default: rows(of: points, dominatedBy: others, ForestLevel.self)
    }
  }

  /// Sweeps over the first coordinate. Only the front of the others matters, and as its points do
  /// not dominate each other, one that equals a point shows that no other dominates that point.
  private static func rows<Level: FrontLevel>(
    of points: ObjectiveTable, dominatedBy others: ObjectiveTable, _: Level.Type
  ) -> [Bool] {
    var result = [Bool](repeating: false, count: points.count)
    let dimensions = points.dimensions
    let front = ParetoFront.rows(of: others).map(Int32.init)
    points.values.withUnsafeBufferPointer { pointValues in
      others.values.withUnsafeBufferPointer { otherValues in
        guard let pointBase = pointValues.baseAddress, let otherBase = otherValues.baseAddress
        else { return }
        let pointRows = PointRows(pointBase, dimensions)
        let otherRows = PointRows(otherBase, dimensions)
        let dominators = otherRows.sorted(front)
        var level = Level(dimensions: dimensions)
        var next = 0
        for row in pointRows.sortedByFirst(Int32(points.count)) {
          let point = pointRows[row]
          while next < dominators.count, otherRows[dominators[next]][0] <= point[0] {
            level.insert(otherRows[dominators[next]], row: dominators[next])
            next += 1
          }
          guard let dominator = level.dominator(of: point) else { continue }
          let other = otherRows[dominator]
          result[Int(row)] = (0..<dimensions).contains { other[$0] != point[$0] }
        }
      }
    }
    return result
  }
}

extension PointRows {
  /// 0 ..< count in the order of the first coordinate.
  func sortedByFirst(_ count: Int32) -> [Int32] {
    (0..<count).sorted { (self[$0][0], $0) < (self[$1][0], $1) }
  }
}

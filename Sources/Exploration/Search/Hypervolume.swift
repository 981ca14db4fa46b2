/// The part of the objective space that a set of points dominates: one number for how good a front
/// is (Zitzler and Thiele 1998).
public enum Hypervolume {
  /// The volume between the points of a table and a reference point.
  ///
  /// Exact, for one, two or three objectives; O(n log n) for up to two and O(n²) for three. Points
  /// that are not better than the reference point in all objectives do not count.
  ///
  /// - Returns: nil when there are more than three objectives.
  public static func volume(_ table: ObjectiveTable, reference: [Double]) -> Double? {
    guard table.dimensions <= 3, reference.count == table.dimensions else { return nil }
    var inside = ObjectiveTable(dimensions: table.dimensions)
    for row in 0..<table.count where zip(table[row], reference).allSatisfy({ $0 < $1 }) {
      inside.append(table[row])
    }
    let front = ParetoFront.rows(of: inside).map { Array(inside[$0]) }
    switch table.dimensions {
    case 1: return front.first.map { reference[0] - $0[0] } ?? 0
    case 2: return area(front, reference[0], reference[1])
    default: return volume(front, reference)
    }
  }

  /// Area of the staircase of points that dominate each other or not.
  private static func area(_ points: [[Double]], _ right: Double, _ top: Double) -> Double {
    var ceiling = top
    var sum = 0.0
    for point in points.sorted(by: { ($0[0], $0[1]) < ($1[0], $1[1]) }) where point[1] < ceiling {
      sum += (right - point[0]) * (ceiling - point[1])
      ceiling = point[1]
    }
    return sum
  }

  /// Slices between successive values of the third objective, each with the area of the points
  /// below it.
  private static func volume(_ points: [[Double]], _ reference: [Double]) -> Double {
    let sorted = points.sorted { $0[2] < $1[2] }
    var sum = 0.0
    for (position, point) in sorted.enumerated() {
      let above = position + 1 < sorted.count ? sorted[position + 1][2] : reference[2]
      if above > point[2] {
        sum += area(Array(sorted[...position]), reference[0], reference[1]) * (above - point[2])
      }
    }
    return sum
  }
}

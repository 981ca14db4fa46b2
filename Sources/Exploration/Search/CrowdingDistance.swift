/// How lonely each point of a front is (Deb et al., A fast and elitist multiobjective genetic
/// algorithm: NSGA-II, IEEE TEC 6(2), 2002, section III-B).
public enum CrowdingDistance {
  /// For each row the mean over the objectives of the distance between its two neighbours, as a
  /// share of the front's extent; infinite at the ends, and for fronts of one or two points.
  ///
  /// Equal values stay in the order of their rows.
  public static func distances(_ table: ObjectiveTable) -> [Double] {
    let count = table.count
    guard count > 2 else { return [Double](repeating: .infinity, count: count) }
    var sums = [Double](repeating: 0, count: count)
    for objective in 0..<table.dimensions {
      func value(_ row: Int) -> Double { table.values[row * table.dimensions + objective] }
      let order = (0..<count).sorted { (value($0), $0) < (value($1), $1) }
      let extent = value(order[count - 1]) - value(order[0])
      // An objective in which all are equal says nothing about distances.
      guard extent > 0 else { continue }
      sums[order[0]] = .infinity
      sums[order[count - 1]] = .infinity
      for position in 1..<count - 1 {
        let (before, here, after) = (
          value(order[position - 1]), value(order[position]), value(order[position + 1])
        )
        sums[order[position]] += (here - before) / extent + (after - here) / extent
      }
    }
    return sums.map { $0 / Double(table.dimensions) }
  }
}

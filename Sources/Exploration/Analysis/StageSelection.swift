/// Decides which designs of a cheap model's stage go on to the next model.
public enum StageSelection {
  /// Rows of the designs that could still be on the front, ascending.
  ///
  /// A design goes on unless another one dominates it even when all objectives of the one that goes
  /// are overestimated and all of the other underestimated by the model's errors: o − e|o| of this
  /// design against o + e|o| of the other. The other must fulfil the constraints whatever the
  /// errors are; this design need only be able to fulfil them.
  ///
  /// With the true values within the error bars no design of the true front is lost, as long as
  /// `keep` is not exceeded.
  ///
  /// - Parameters:
  ///   - errors: relative error of each metric, in the order of `Metric.allCases`; 0.05 is 5 %.
  ///   - keep: how many go on at most; when more could, those of the first fronts do, and of the
  ///     last front that is needed those with the largest crowding distance.
  public static func survivors(
    _ table: DesignTable, of space: DesignSpace, errors: [Double], keep: Int?
  ) -> [Int] {
    let objectives = space.study.objectives
    let bars = objectives.map { objective in
      let index = objective.metric.index
      return errors.indices.contains(index) ? errors[index] : 0
    }
    var judge = RowJudge(table, of: space, errors: errors)
    var rows: [Int32] = []
    var hopes = ObjectiveTable(dimensions: objectives.count)
    var fears = ObjectiveTable(dimensions: objectives.count)
    var point = [Double](repeating: 0, count: objectives.count)
    for row in 0..<table.count {
      let chance = judge.chance(row)
      if chance == .none { continue }
      for (position, objective) in objectives.enumerated() {
        point[position] = table.cost(objective, row)
      }
      if point.contains(where: \.isNaN) { continue }
      rows.append(Int32(row))
      hopes.append(zip(point, bars).map { $0 - $1 * abs($0) })
      if chance == .certain { fears.append(zip(point, bars).map { $0 + $1 * abs($0) }) }
    }
    let isDominated = DominanceFilter.rows(of: hopes, dominatedBy: fears)
    let survivors = rows.indices.filter { !isDominated[$0] }.map { Int(rows[$0]) }
    guard let keep, survivors.count > keep else { return survivors }
    return nearest(survivors, keep, table, objectives)
  }

  /// The `keep` rows nearest to the front.
  private static func nearest(
    _ rows: [Int], _ keep: Int, _ table: DesignTable, _ objectives: [Study.Objective]
  ) -> [Int] {
    var values = ObjectiveTable(dimensions: objectives.count)
    values.reserveCapacity(rows.count)
    for row in rows { values.append(objectives.map { table.cost($0, row) }) }
    let ranks = NonDominatedSort.ranks(values)
    var counts = [Int](repeating: 0, count: (ranks.max() ?? 0) + 1)
    for rank in ranks { counts[rank] += 1 }
    var last = 0
    var before = 0
    while before + counts[last] <= keep {
      before += counts[last]
      last += 1
    }
    let kept = rows.indices.filter { ranks[$0] < last }
    let rest = rows.indices.filter { ranks[$0] == last }
    var front = ObjectiveTable(dimensions: objectives.count)
    for row in rest { front.append(values[row]) }
    let distances = CrowdingDistance.distances(front)
    let loneliest = rest.indices.sorted { (-distances[$0], $0) < (-distances[$1], $1) }
    return (kept + loneliest.prefix(keep - before).map { rest[$0] }).sorted().map { rows[$0] }
  }
}

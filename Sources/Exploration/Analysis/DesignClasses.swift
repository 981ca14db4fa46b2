/// What each of many evaluated designs is among the others: on the front, feasible or rejected, and
/// the best of an objective (FLECSim dissertation, figures 4.14 and 4.15).
public struct DesignClasses: Sendable {
  /// How many designs fulfil all constraints, those on the front included.
  public let feasibleCount: Int
  /// Rows of the Pareto front of the feasible designs, ascending.
  public let front: [Int]
  /// For each objective of the study the row of the best feasible design; of equally good ones the
  /// one that is better in the other objectives, in their order.
  public let optima: [Int?]
  /// Row of the feasible design with the least weighted sum of objectives, each scaled to 0 for the
  /// best and 1 for the worst feasible design; nil without feasible designs.
  public let weightedBest: Int?
  private let classes: [DesignClass]
  private let objectives: [Metric]

  /// Classifies the rows of a table.
  public init(_ table: DesignTable, of space: DesignSpace) {
    let objectives = space.study.objectives
    var judge = RowJudge(table, of: space)
    var classes = [DesignClass](repeating: .rejected, count: table.count)
    var rows: [Int] = []
    var values = ObjectiveTable(dimensions: objectives.count)
    var point = [Double](repeating: 0, count: objectives.count)
    for row in 0..<table.count where judge.isFeasible(row) {
      for (position, objective) in objectives.enumerated() {
        point[position] = table.cost(objective, row)
      }
      if point.contains(where: \.isNaN) { continue }
      values.append(point)
      rows.append(row)
      classes[row] = .feasible
    }
    front = ParetoFront.rows(of: values).map { rows[$0] }
    for row in front { classes[row] = .best }
    feasibleCount = rows.count
    optima = objectives.indices.map { position in
      Self.optimum(values, first: position).map { rows[$0] }
    }
    weightedBest = Self.weightedBest(values, objectives.map(\.weight)).map { rows[$0] }
    self.classes = classes
    self.objectives = objectives.map(\.metric)
  }

  /// The class of a row.
  public func classification(_ row: Int) -> DesignClass { classes[row] }

  /// Whether a row is on the front.
  public func isOnFront(_ row: Int) -> Bool { classes[row] == .best }

  /// The objectives of which a row is the optimum.
  public func optimumOf(_ row: Int) -> [Metric] {
    zip(objectives, optima).filter { $1 == row }.map(\.0)
  }

  /// The row with the least value of an objective, then of the others in their order.
  private static func optimum(_ values: ObjectiveTable, first: Int) -> Int? {
    let order = [first] + (0..<values.dimensions).filter { $0 != first }
    var best: Int?
    for row in 0..<values.count {
      guard let current = best else {
        best = row
        continue
      }
      for position in order {
        let (mine, theirs) = (values.value(row, position), values.value(current, position))
        if mine == theirs { continue }
        if mine < theirs { best = row }
        break
      }
    }
    return best
  }

  private static func weightedBest(_ values: ObjectiveTable, _ weights: [Double]) -> Int? {
    var least = [Double](repeating: .infinity, count: values.dimensions)
    var most = [Double](repeating: -.infinity, count: values.dimensions)
    for row in 0..<values.count {
      for position in 0..<values.dimensions {
        least[position] = min(least[position], values.value(row, position))
        most[position] = max(most[position], values.value(row, position))
      }
    }
    var best: Int?
    var bestSum = Double.infinity
    for row in 0..<values.count {
      var sum = 0.0
      for position in 0..<values.dimensions where most[position] > least[position] {
        let share =
          (values.value(row, position) - least[position])
          / (most[position] - least[position])
        sum += weights[position] * share
      }
      if sum < bestSum {
        bestSum = sum
        best = row
      }
    }
    return best
  }
}

extension DesignTable {
  /// An objective of a row, to be minimised.
  func cost(_ objective: Study.Objective, _ row: Int) -> Double {
    let value = value(objective.metric, row)
    return objective.isMaximised ? -value : value
  }
}

extension ObjectiveTable {
  func value(_ row: Int, _ position: Int) -> Double { values[row * dimensions + position] }
}

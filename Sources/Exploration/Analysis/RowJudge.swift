/// Decides for the rows of a table whether they fulfil the constraints that are decided after
/// evaluation; those that are decided before it hold for every evaluated design.
struct RowJudge {
  private let table: DesignTable
  private let constraints: [Constraint]
  private let errors: [Double]
  private let isExact: Bool
  private var cursor: DesignCursor
  private var slots: [Double]

  private struct Constraint {
    let expression: Expression
    /// Largest relative error of the metrics that it names.
    let error: Double
  }

  /// What the constraints say of a design whose metrics may be off.
  enum Chance {
    /// It fulfils them however far its metrics are off.
    case certain
    /// It may fulfil them.
    case possible
    case none
  }

  /// - Parameter errors: relative error of each metric, in the order of `Metric.allCases`.
  init(_ table: DesignTable, of space: DesignSpace, errors: [Double] = []) {
    let parameters = space.radices.count
    let errors = Metric.allCases.indices.map { errors.indices.contains($0) ? errors[$0] : 0 }
    self.table = table
    self.errors = errors
    isExact = errors.allSatisfy { $0 == 0 }
    constraints = space.metricConstraints.map { constraint in
      let metrics = constraint.expression.slots.filter { $0 >= parameters }
      return Constraint(
        expression: constraint.expression,
        error: metrics.map { errors[$0 - parameters] }.max() ?? 0)
    }
    cursor = DesignCursor(space)
    slots = cursor.slots
  }

  /// Whether a row fulfils all constraints with its metrics as they are.
  mutating func isFeasible(_ row: Int) -> Bool {
    if constraints.isEmpty { return true }
    load(row, scale: 0)
    return constraints.allSatisfy { $0.expression.violation(slots) == 0 }
  }

  /// What the constraints say of a row, given the errors.
  ///
  /// The metrics are looked at as they are, and all raised and all lowered by their errors: exact
  /// for constraints that are monotone in metrics which err in the same direction. A constraint
  /// that is missed by no more than the error of its metrics may be fulfilled as well.
  mutating func chance(_ row: Int) -> Chance {
    if isExact { return isFeasible(row) ? .certain : .none }
    if constraints.isEmpty { return .certain }
    var chance = Chance.certain
    for constraint in constraints {
      var holds = 0
      for scale in [0.0, -1, 1] {
        load(row, scale: scale)
        let violation = constraint.expression.violation(slots)
        if violation == 0 {
          holds += 1
        } else if scale == 0, violation <= constraint.error {
          chance = .possible
          holds += 1
        }
      }
      if holds == 0 { return .none }
      if holds < 3 { chance = .possible }
    }
    return chance
  }

  /// Fills in a row's parameters and its metrics, raised by `scale` times their errors.
  private mutating func load(_ row: Int, scale: Double) {
    if cursor.index != table.indices[row] { cursor.move(to: table.indices[row]) }
    let parameters = cursor.genome.count
    for position in 0..<parameters { slots[position] = cursor.slots[position] }
    var offset = 0
    for metric in Self.metrics {
      slots[parameters + offset] = table.value(metric, row) * (1 + scale * errors[offset])
      offset += 1
    }
  }

  private static let metrics = Metric.allCases
}

internal import RTL

/// Measures the accuracy of the models.
public struct AccuracyMeasurement {
  /// The date that the records bear, YYYY-MM-DD.
  private let date: String

  /// Prepares measurements of a day.
  public init(date: String) {
    self.date = date
  }

  /// Runs random cases of a block, distributed over its configurations.
  ///
  /// - Parameter progress: called after each configuration with the cases done so far.
  /// - Throws: ``LockstepFailure`` at the first difference, `RTLError` when the RTL cannot be built.
  public func measure(
    _ block: LockstepBlock, cases: Int, seed: UInt64, runner: LockstepRunner,
    progress: (Int) -> Void = { _ in }
  ) throws -> AccuracyRecord {
    var sum = LockstepRunner.Summary()
    let count = block.configurations.count
    for (index, configuration) in block.configurations.enumerated() {
      let share = cases * (index + 1) / count - cases * index / count
      guard share > 0 else { continue }
      sum += try runner.run(
        block, configuration, cases: share, seed: seed &+ UInt64(index) << 32)
      progress(sum.cases)
    }
    return AccuracyRecord(
      kind: block.kind,
      reference: "RTL Tests/RTL/\(block.name).sv under \(runner.builder.verilator.version)",
      scope: block.scope, cases: sum.cases, comparedCycles: sum.cycles, cycleError: [0, 0],
      cycleErrorPercent: [0, 0], countErrors: 0, inexactCases: 0, date: date,
      command: "flecsim validate --block \(block.name) --cases \(cases) --seed \(seed)")
  }

  /// Compares the numbers of a published table; one record per module kind.
  public func compare(_ table: PublishedTable) -> [AccuracyRecord] {
    let errors = table.errors
    let percents = table.rows.compactMap { row in
      row.ours.map { Double($0 - row.published) / Double(row.published) * 100 }
    }
    return table.kinds.map { kind in
      AccuracyRecord(
        kind: kind, reference: table.reference, scope: table.method, cases: table.rows.count,
        comparedCycles: nil, cycleError: [errors.min() ?? 0, errors.max() ?? 0],
        cycleErrorPercent: [percents.min() ?? 0, percents.max() ?? 0], countErrors: nil,
        inexactCases: table.rows.count { $0.ours != $0.published }, date: date,
        command: "flecsim validate --table \(table.name)")
    }
  }
}

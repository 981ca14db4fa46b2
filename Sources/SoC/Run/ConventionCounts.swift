internal import Accelerators
public import Telemetry

/// The cycles another tool's convention counts for the jobs an array ran.
public struct ConventionCount: Sendable, Equatable {
  /// The array.
  public let module: String
  /// Jobs begun.
  public let jobs: UInt64
  /// Cycles in which the array was not idle, by this simulator.
  public let ours: UInt64
  /// The convention's name.
  public let convention: String
  /// Cycles by the convention.
  public let cycles: UInt64
  /// What the convention counts and why that differs.
  public let explanation: String
}

extension SoCDescription {
  /// The conventions asked for, computed from what a run counted.
  public func conventionCounts(of snapshot: Snapshot) -> [ConventionCount] {
    var result: [ConventionCount] = []
    for accelerator in accelerators {
      guard let record = snapshot.modules.first(where: { $0.path == accelerator.name }) else {
        continue
      }
      func total(_ name: String) -> Int {
        Int(record.counters.first { $0.name == name }?.values.reduce(0, +) ?? 0)
      }
      let totals = JobTotals(
        jobs: total("folds"), rows: total("job_rows"), columns: total("job_columns"),
        depth: total("job_depth"))
      let busy = record.states.filter { $0.kind != .idle }
        .reduce(0) { $0 + $1.cycles.reduce(0, +) }
      let dataflow: ArrayDataflow =
        accelerator.kindName == AcceleratorKind.outputStationaryArray.name
        ? .outputStationary : .weightStationary
      for name in accelerator.conventions {
        guard let convention = ArrayConvention(rawValue: name.rawValue),
          let cycles = convention.cycles(
            dataflow: dataflow, rows: accelerator.arguments[integer: "YDIM"],
            columns: accelerator.arguments[integer: "XDIM"], totals: totals)
        else { continue }
        result.append(
          ConventionCount(
            module: accelerator.name, jobs: UInt64(totals.jobs), ours: busy,
            convention: name.rawValue, cycles: UInt64(cycles),
            explanation: convention.explanation(dataflow: dataflow)))
      }
    }
    return result
  }
}

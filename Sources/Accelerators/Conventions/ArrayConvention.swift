/// How other tools count the cycles of a systolic array: without stalls, without overlap of jobs,
/// each with its own idea of what belongs to a job.
///
/// All formulas are linear in the jobs' shapes, so that the totals a run counted are enough.
public enum ArrayConvention: String, Sendable, CaseIterable {
  /// SCALE-Sim's code (v1 to v3).
  case scalesim
  /// SCALE-Sim's paper (Samajdar et al., ISPASS 2020).
  case scalesimPaper = "scalesim_paper"
  /// The Verilog array shipped with SCALE-Sim, at the smallest schedule that gives correct results.
  case rtl
  /// The output-stationary mesh of STONNE.
  case stonne

  /// Cycles of all jobs together; nil when the convention does not know the dataflow.
  ///
  /// - Parameters:
  ///   - rows: rows of the array.
  ///   - columns: columns of the array.
  public func cycles(
    dataflow: ArrayDataflow, rows: Int, columns: Int, totals: JobTotals
  ) -> Int? {
    let streamed = dataflow == .outputStationary ? totals.depth : totals.rows
    switch (self, dataflow) {
    case (.scalesim, .outputStationary):
      return totals.jobs * (rows + columns - 2) + streamed
    case (.scalesim, .weightStationary), (.scalesimPaper, _):
      return totals.jobs * (2 * rows + columns - 2) + streamed
    case (.rtl, .outputStationary):
      return totals.jobs * (2 * rows + columns - 1) + streamed
    case (.rtl, .weightStationary):
      return totals.jobs * (3 * rows + columns - 1) + streamed
    case (.stonne, .outputStationary):
      return totals.depth + totals.rows + totals.columns + 3 * totals.jobs
    case (.stonne, .weightStationary):
      return nil
    }
  }

  /// Cycles of `jobs` together; nil when the convention does not know the dataflow.
  public func cycles(
    dataflow: ArrayDataflow, rows: Int, columns: Int, jobs: [JobShape]
  ) -> Int? {
    cycles(dataflow: dataflow, rows: rows, columns: columns, totals: JobTotals(jobs))
  }

  /// The *Total Cycles* that SCALE-Sim prints for one layer: the index of the last cycle, counted
  /// from zero, so one less than the number of cycles.
  public static func scalesimPrinted(
    dataflow: ArrayDataflow, rows: Int, columns: Int, layer: JobShape
  ) -> Int {
    let jobs = layer.jobs(dataflow: dataflow, arrayRows: rows, arrayColumns: columns)
    return (scalesim.cycles(dataflow: dataflow, rows: rows, columns: columns, jobs: jobs) ?? 0) - 1
  }

  /// What the convention counts and how that differs from the cycles simulated here, in one
  /// sentence.
  public func explanation(dataflow: ArrayDataflow) -> String {
    switch (self, dataflow) {
    case (.scalesim, .outputStationary):
      "R+C+K−2 per job: the span from first operands to last MAC of a full tile, as here, with "
        + "partial tiles charged like full ones and neither the drain nor any stall counted."
    case (.scalesim, .weightStationary):
      "2R+C+M−2 per job: R cycles of loading weights and the span from first vector to last MAC of "
        + "a full tile, as here when nothing overlaps; here the next job's weights load meanwhile."
    case (.scalesimPaper, .outputStationary):
      "2R+C+K−2 per job: as in SCALE-Sim's code plus R cycles in which the rows leave, as here until "
        + "the last row has left a full tile; here the next job's operands enter meanwhile."
    case (.scalesimPaper, .weightStationary):
      "2R+C+M−2 per job: the same as SCALE-Sim's code."
    case (.rtl, .outputStationary):
      "2R+C+K−1 per job: until the last result is on the output wires, one cycle after its row has "
        + "left the drain here; nothing overlaps."
    case (.rtl, .weightStationary):
      "3R+C+M−1 per job: its processing element has two registers on the way down, so that a hop takes "
        + "two cycles where it takes one here; nothing overlaps."
    case (.stonne, .outputStationary):
      "K+M+N+3 per job with the used rows and columns: five cycles more than from first operands to "
        + "last MAC here, for its distribution and collection networks; nothing overlaps."
    case (.stonne, .weightStationary):
      "STONNE's mesh is output stationary; it has no count for this dataflow."
    }
  }
}

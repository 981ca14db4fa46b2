/// The shape of one job, O[rows × columns] = A[rows × depth] · B[depth × columns].
public struct JobShape: Sendable, Equatable {
  /// M.
  public var rows: Int
  /// N.
  public var columns: Int
  /// K.
  public var depth: Int

  /// Creates a shape.
  public init(rows: Int, columns: Int, depth: Int) {
    self.rows = rows
    self.columns = columns
    self.depth = depth
  }

  /// Useful multiply-accumulates.
  public var macs: Int { rows * columns * depth }

  /// The jobs ("folds") that a multiplication of this shape needs on an array of `arrayRows` ×
  /// `arrayColumns`: an output-stationary array splits M and N, a weight-stationary one K and N.
  public func jobs(
    dataflow: ArrayDataflow, arrayRows: Int, arrayColumns: Int
  ) -> [JobShape] {
    func pieces(_ total: Int, _ size: Int) -> [Int] {
      stride(from: 0, to: total, by: size).map { min(size, total - $0) }
    }
    switch dataflow {
    case .outputStationary:
      return pieces(rows, arrayRows).flatMap { rows in
        pieces(columns, arrayColumns).map { JobShape(rows: rows, columns: $0, depth: depth) }
      }
    case .weightStationary:
      return pieces(depth, arrayRows).flatMap { depth in
        pieces(columns, arrayColumns).map { JobShape(rows: rows, columns: $0, depth: depth) }
      }
    }
  }
}

/// Sums over jobs; the counters `folds`, `job_rows`, `job_columns` and `job_depth` of an array give
/// them for a run.
public struct JobTotals: Sendable, Equatable {
  /// How many jobs.
  public var jobs: Int
  /// Sum of M.
  public var rows: Int
  /// Sum of N.
  public var columns: Int
  /// Sum of K.
  public var depth: Int

  /// Creates totals from sums.
  public init(jobs: Int, rows: Int, columns: Int, depth: Int) {
    self.jobs = jobs
    self.rows = rows
    self.columns = columns
    self.depth = depth
  }

  /// Sums over `shapes`.
  public init(_ shapes: [JobShape]) {
    jobs = shapes.count
    rows = shapes.reduce(0) { $0 + $1.rows }
    columns = shapes.reduce(0) { $0 + $1.columns }
    depth = shapes.reduce(0) { $0 + $1.depth }
  }
}

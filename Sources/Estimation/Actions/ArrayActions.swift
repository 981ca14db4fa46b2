internal import Mapping

/// What a systolic array counts, by the names of its counters.
struct ArrayActions: Equatable {
  // Both dataflows.
  private var macs = 0
  private var skewWrites = 0
  private var issues = 0
  private var in1Beats = 0
  private var in2Beats = 0
  private var folds = 0
  private var foldRows = 0
  private var foldColumns = 0
  private var foldDepth = 0
  private var resultRows = 0
  private var resultElements = 0
  private var biasAdditions = 0
  private var reluComparisons = 0
  private var requantised = 0
  private var channelScaled = 0
  private var sloped = 0
  private var clamped = 0
  private var outBeats = 0
  private var outBytes = 0
  private var jobs = 0
  /// Register reads and writes.
  var registerAccesses = 0
  // Output stationary.
  private var drainCaptures = 0
  private var drainShifts = 0
  // Weight stationary.
  private var weightWrites = 0
  private var partialSumWrites = 0
  private var deskewWrites = 0
  private var accumulatorReads = 0
  private var accumulatorWrites = 0
  private var accumulatorAdditions = 0

  /// Nothing.
  init() {}

  /// Counts a job.
  init(_ job: ArrayJobShape, array: SystemShape.Array) {
    let (columns, depth, passes) = (job.columns, job.depth, job.passes)
    let (tiles, rest) = job.rows.quotientAndRemainder(dividingBy: max(1, job.tileRows))
    let parts = passes * (tiles + (rest > 0 ? 1 : 0))
    macs = job.rows * columns * depth * passes
    folds = parts
    foldRows = job.rows * passes
    foldColumns = columns * parts
    foldDepth = depth * parts
    jobs = 1
    finish(job, array)
    switch array.dataflow {
    case .outputStationary:
      let rowTriangles =
        tiles * Self.triangle(job.tileRows) + Self.triangle(rest)
      issues = depth * parts
      in1Beats = issues
      in2Beats = issues
      skewWrites = depth * (passes * rowTriangles + parts * Self.triangle(columns))
      drainCaptures = array.isDoubleBuffered ? job.rows * columns : 0
      drainShifts = columns * rowTriangles
    case .weightStationary:
      issues = job.rows * passes
      in1Beats = issues
      in2Beats = depth * parts
      skewWrites = issues * Self.triangle(depth) + in2Beats * Self.triangle(columns)
      // Row after row shifts up, then the switch takes all of them into use.
      weightWrites = parts * columns * (Self.triangle(depth + 1) + depth)
      partialSumWrites = issues * array.rows * columns
      deskewWrites = issues * Self.triangle(columns)
      accumulatorReads = job.rows * (passes - 1)
      accumulatorAdditions = accumulatorReads * columns
      accumulatorWrites = passes > 1 ? issues : 0
    }
  }

  /// What happens to results on their way out.
  private mutating func finish(_ job: ArrayJobShape, _ array: SystemShape.Array) {
    resultRows = job.rows
    resultElements = job.rows * job.columns
    if job.addsBias { biasAdditions = resultElements }
    if job.rectifies { reluComparisons = resultElements }
    if job.requantises {
      requantised = resultElements
      if job.scalesColumns { channelScaled = resultElements }
    }
    if job.hasSlope { sloped = resultElements }
    if job.clamps { clamped = resultElements }
    let rowBytes = job.columns * job.resultBytes
    outBeats = job.rows * ((rowBytes + array.outBytes - 1) / max(1, array.outBytes))
    outBytes = job.rows * rowBytes
  }

  /// 0 + 1 + … + (count − 1): writes of a triangle of registers that delay lane i by i cycles.
  private static func triangle(_ count: Int) -> Int { count * (count - 1) / 2 }

  static func += (left: inout Self, right: Self) {
    left.macs &+= right.macs
    left.skewWrites &+= right.skewWrites
    left.issues &+= right.issues
    left.in1Beats &+= right.in1Beats
    left.in2Beats &+= right.in2Beats
    left.folds &+= right.folds
    left.foldRows &+= right.foldRows
    left.foldColumns &+= right.foldColumns
    left.foldDepth &+= right.foldDepth
    left.resultRows &+= right.resultRows
    left.resultElements &+= right.resultElements
    left.biasAdditions &+= right.biasAdditions
    left.reluComparisons &+= right.reluComparisons
    left.requantised &+= right.requantised
    left.channelScaled &+= right.channelScaled
    left.sloped &+= right.sloped
    left.clamped &+= right.clamped
    left.outBeats &+= right.outBeats
    left.outBytes &+= right.outBytes
    left.jobs &+= right.jobs
    left.registerAccesses &+= right.registerAccesses
    left.drainCaptures &+= right.drainCaptures
    left.drainShifts &+= right.drainShifts
    left.weightWrites &+= right.weightWrites
    left.partialSumWrites &+= right.partialSumWrites
    left.deskewWrites &+= right.deskewWrites
    left.accumulatorReads &+= right.accumulatorReads
    left.accumulatorWrites &+= right.accumulatorWrites
    left.accumulatorAdditions &+= right.accumulatorAdditions
  }

  /// The counters of the registry, those that are charged with others among them.
  func counters(_ array: SystemShape.Array) -> [String: UInt64] {
    var counters = [
      "macs": macs, "operand_register_writes": macs, "skew_register_writes": skewWrites,
      "in1_beats": in1Beats, "in2_beats": in2Beats, "folds": folds, "job_rows": foldRows,
      "job_columns": foldColumns, "job_depth": foldDepth, "result_rows": resultRows,
      "result_elements": resultElements, "output_register_writes": resultElements,
      "bias_additions": biasAdditions, "relu_comparisons": reluComparisons,
      "requantised_elements": requantised, "out_beats": outBeats, "out_bytes": outBytes,
      "jobs": jobs, "register_accesses": registerAccesses,
    ]
    if array.isFloat {
      counters["slope_multiplications"] = sloped
      counters["clamp_comparisons"] = clamped
    } else {
      counters["scale_shifts"] = requantised
      counters["zero_point_additions"] = requantised
      counters["clamp_comparisons"] = requantised
      counters["scale_register_writes"] = channelScaled
    }
    switch array.dataflow {
    case .outputStationary:
      counters["steps"] = issues
      counters["accumulator_writes"] = macs
      counters["drain_captures"] = drainCaptures
      counters["drain_shifts"] = drainShifts
    case .weightStationary:
      counters["vectors"] = issues
      counters["weight_register_writes"] = weightWrites
      counters["partial_sum_writes"] = partialSumWrites
      counters["deskew_register_writes"] = deskewWrites
      counters["accumulator_buffer_reads"] = accumulatorReads
      counters["accumulator_buffer_writes"] = accumulatorWrites
      counters["accumulator_additions"] = accumulatorAdditions
      counters["output_fifo_pushes"] = resultRows
      counters["output_fifo_pops"] = resultRows
    }
    return counters.mapValues { UInt64($0) }
  }
}

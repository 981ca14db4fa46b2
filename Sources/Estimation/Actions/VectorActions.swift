internal import Mapping

/// What a vector unit counts, by the names of its counters.
struct VectorActions: Equatable {
  private var inBeats = 0
  private var sideBeats = 0
  private var outBeats = 0
  private var outBytes = 0
  private var operandElements = 0
  private var resultElements = 0
  private var products = 0
  private var integerProducts = 0
  private var conversions = 0
  private var comparisons = 0
  private var lookups = 0
  private var poolUpdates = 0
  private var lineReads = 0
  private var lineWrites = 0
  private var jobs = 0
  /// Register reads and writes.
  var registerAccesses = 0

  /// Nothing.
  init() {}

  /// Counts a job.
  init(_ job: VectorJobShape, isFloat: Bool) {
    let elements = job.beats * job.channels
    jobs = 1
    operandElements = elements
    if job.isAlone { sideBeats = job.beats } else { inBeats = job.beats }
    if let adds = job.adds {
      sideBeats += job.beats
      operandElements += elements
      switch (adds, isFloat) {
      case (_, true): products = elements
      case (true, false):
        products = 2 * elements
        conversions = 3 * elements
      case (false, false):
        integerProducts = elements
        products = elements
        conversions = 2 * elements
      }
    }
    if job.hasSlope { products += elements }
    if job.clamps { comparisons = 2 * elements }
    if job.usesTable { lookups = elements }
    var pixels = job.beats
    if let pool = job.pool {
      pixels = pool.outHeight * pool.outWidth
      add(pool, channels: job.channels, isFloat: isFloat)
    }
    outBeats = pixels
    resultElements = pixels * job.channels
    outBytes = resultElements * job.elementBytes
  }

  /// A pooling: every pixel of the image updates the windows that hold it. A window is taken from
  /// the line buffer and put back once per image row, except where it begins and where it ends.
  private mutating func add(_ pool: VectorJobShape.Pool, channels: Int, isFloat: Bool) {
    var rowsInWindows = 0
    var lateRows = 0
    for row in 0..<pool.outHeight {
      rowsInWindows += Self.inside(row, pool.strideY, pool.top, pool.rows, pool.height)
      if row > 0,
        Self.end(row, pool.strideY, pool.top, pool.rows, pool.height)
          == Self.end(row - 1, pool.strideY, pool.top, pool.rows, pool.height)
      {
        lateRows += 1
      }
    }
    var columnsInWindows = 0
    var earlyColumns = 0
    let right = Self.end(pool.outWidth - 1, pool.strideX, pool.left, pool.columns, pool.width)
    for column in 0..<pool.outWidth {
      columnsInWindows += Self.inside(
        column, pool.strideX, pool.left, pool.columns, pool.width)
      if Self.end(column, pool.strideX, pool.left, pool.columns, pool.width) != right {
        earlyColumns += 1
      }
    }
    poolUpdates = rowsInWindows * columnsInWindows * channels
    lineReads = (rowsInWindows - pool.outHeight) * pool.outWidth
    // Rows that end together with the one above leave behind it, from the line buffer.
    lineReads += lateRows * earlyColumns
    lineWrites = lineReads
    if pool.isAverage {
      let results = pool.outHeight * pool.outWidth * channels
      products += results
      if !isFloat { conversions += 2 * results }
    }
  }

  /// Positions of an image that window `index` holds.
  private static func inside(
    _ index: Int, _ stride: Int, _ padding: Int, _ side: Int, _ limit: Int
  ) -> Int {
    max(0, end(index, stride, padding, side, limit) - max(0, index * stride - padding))
  }

  /// Behind the last position that window `index` holds.
  private static func end(
    _ index: Int, _ stride: Int, _ padding: Int, _ side: Int, _ limit: Int
  ) -> Int {
    min(limit, index * stride - padding + side)
  }

  static func += (left: inout Self, right: Self) {
    left.inBeats &+= right.inBeats
    left.sideBeats &+= right.sideBeats
    left.outBeats &+= right.outBeats
    left.outBytes &+= right.outBytes
    left.operandElements &+= right.operandElements
    left.resultElements &+= right.resultElements
    left.products &+= right.products
    left.integerProducts &+= right.integerProducts
    left.conversions &+= right.conversions
    left.comparisons &+= right.comparisons
    left.lookups &+= right.lookups
    left.poolUpdates &+= right.poolUpdates
    left.lineReads &+= right.lineReads
    left.lineWrites &+= right.lineWrites
    left.jobs &+= right.jobs
    left.registerAccesses &+= right.registerAccesses
  }

  /// The counters of the registry, those that are charged with others among them.
  var counters: [String: UInt64] {
    [
      "in_beats": inBeats, "side_beats": sideBeats, "out_beats": outBeats, "out_bytes": outBytes,
      "operand_elements": operandElements, "result_elements": resultElements,
      "fma_operations": products, "integer_products": integerProducts,
      "conversions": conversions, "clamp_comparisons": comparisons, "table_lookups": lookups,
      "pool_updates": poolUpdates, "pool_register_writes": poolUpdates,
      "line_buffer_reads": lineReads, "line_buffer_writes": lineWrites, "jobs": jobs,
      "register_accesses": registerAccesses,
    ].mapValues { UInt64($0) }
  }
}

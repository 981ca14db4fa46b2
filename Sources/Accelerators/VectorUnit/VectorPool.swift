internal import SimKernel

/// Running maxima or sums of the windows that are open while an image streams by.
///
/// Rows of the result share a ring of `openRows` rows in the line buffer: where windows of one row
/// begin, those of the row that many above have ended and left.
struct VectorPool: BitwiseCopyable {
  private let isFloat: Bool
  private let counters: VectorCounters
  /// Lanes of one pixel's running results, in bytes.
  private let pixelBytes: Int
  private let storage: UnsafeMutableRawPointer

  private var job: UnsafePointer<VectorJob>
  private var geometry = PoolGeometry()
  /// Valid bytes of the job's beats, as its first one has them.
  private(set) var keptBytes = 0
  /// The source pixel that was taken last.
  private var y = 0
  private var x = 0
  /// Rows and columns of the result whose windows hold it, last ones included.
  private var firstRow = 0
  private var lastRow = 0
  /// The line of the line buffer that the first of these rows has.
  private var firstLine = 0
  private var firstColumn = 0
  private var lastColumn = 0
  /// The pixel of the result that leaves next.
  private var outRow = 0
  private var outColumn = 0
  /// Where its window ends.
  private var endY = 0
  private var endX = 0
  /// Whether the next pixel of the result is complete.
  private(set) var isReady = false
  /// Whether all of them have left.
  private(set) var isEmpty = true

  init(
    configuration: VectorUnitConfiguration, counters: VectorCounters,
    jobs: UnsafePointer<VectorJob>, arena: Arena
  ) {
    isFloat = configuration.dataType == .fp32
    self.counters = counters
    job = jobs
    pixelBytes = 4 * configuration.lanes
    storage = UnsafeMutableRawPointer(
      arena.allocate(UInt8.self, count: pixelBytes * configuration.lineBufferPixels))
  }

  /// Begins an image whose pixels have `keptBytes` valid bytes.
  mutating func begin(_ job: UnsafePointer<VectorJob>, keptBytes: Int) {
    self.job = job
    self.keptBytes = keptBytes
    geometry = job.pointee.geometry
    (y, x) = (0, -1)
    (outRow, outColumn) = (0, 0)
    (firstRow, lastRow, firstLine) = (0, -1, 0)
    endY = geometry.lastRow(0)
    endX = geometry.lastColumn(0)
    isReady = false
    isEmpty = false
    enterRow()
  }

  private mutating func enterRow() {
    while lastRow &+ 1 < geometry.outHeight,
      (lastRow &+ 1) &* geometry.strideY &- geometry.top <= y
    {
      lastRow &+= 1
    }
    while firstRow < geometry.outHeight,
      firstRow &* geometry.strideY &- geometry.top &+ geometry.rows <= y
    {
      firstRow &+= 1
      firstLine &+= 1
      if firstLine == geometry.openRows { firstLine = 0 }
    }
    (firstColumn, lastColumn) = (0, -1)
  }

  @inline(__always)
  private mutating func enterColumn() {
    while lastColumn &+ 1 < geometry.outWidth,
      (lastColumn &+ 1) &* geometry.strideX &- geometry.left <= x
    {
      lastColumn &+= 1
    }
    while firstColumn < geometry.outWidth,
      firstColumn &* geometry.strideX &- geometry.left &+ geometry.columns <= x
    {
      firstColumn &+= 1
    }
  }

  /// Takes the next pixel of the image; `data` has at least ``keptBytes`` bytes.
  mutating func take(_ data: UnsafeRawPointer) {
    x &+= 1
    if x == geometry.width {
      x = 0
      y &+= 1
      enterRow()
    }
    enterColumn()
    var (updates, reads, writes) = (0, 0, 0)
    var row = firstRow
    var line = firstLine
    while row <= lastRow {
      let isFirstRow = y == max(0, row &* geometry.strideY &- geometry.top)
      let isLastRow = y == geometry.lastRow(row)
      let places = storage + line &* geometry.outWidth &* pixelBytes
      var column = firstColumn
      while column <= lastColumn {
        let isFirst = x == max(0, column &* geometry.strideX &- geometry.left)
        update(places + column &* pixelBytes, data, begins: isFirstRow && isFirst)
        updates &+= 1
        if isFirst, !isFirstRow { reads &+= 1 }
        if !isLastRow, x == geometry.lastColumn(column) { writes &+= 1 }
        column &+= 1
      }
      row &+= 1
      line = line &+ 1 == geometry.openRows ? 0 : line &+ 1
    }
    counters.pooled(
      updates: updates &* (isFloat ? keptBytes &>> 2 : keptBytes), reads: reads, writes: writes)
    isReady = !isEmpty && isComplete
  }

  /// Whether the window of the next pixel of the result has ended.
  @inline(__always)
  private var isComplete: Bool { y > endY || (y == endY && x >= endX) }

  /// Writes the next pixel of the result, which must be ready. Whether it has waited since an
  /// earlier pixel of the image is only counted.
  mutating func leave(into result: UnsafeMutableRawPointer) {
    finish(
      storage + (outRow % geometry.openRows &* geometry.outWidth &+ outColumn) &* pixelBytes,
      into: result)
    if y != endY || x != endX { counters.pooled(updates: 0, reads: 1, writes: 1) }
    outColumn &+= 1
    if outColumn == geometry.outWidth {
      outColumn = 0
      outRow &+= 1
      isEmpty = outRow == geometry.outHeight
      endY = geometry.lastRow(outRow)
    }
    endX = geometry.lastColumn(outColumn)
    isReady = !isEmpty && isComplete
  }

  // MARK: Elements

  @inline(__always)
  private func update(_ place: UnsafeMutableRawPointer, _ data: UnsafeRawPointer, begins: Bool) {
    switch (job.pointee.pool, isFloat) {
    case (.maximum, false): maximum(place, data, begins)
    case (.average, false): sum(place, data, begins)
    case (.maximum, true): floatMaximum(place, data, begins)
    case (.average, true): floatSum(place, data, begins)
    case (.none, _): break
    }
  }

  private func maximum(_ place: UnsafeMutableRawPointer, _ data: UnsafeRawPointer, _ begins: Bool) {
    if begins { return place.copyMemory(from: data, byteCount: keptBytes) }
    let best = place.assumingMemoryBound(to: Int8.self)
    let new = data.assumingMemoryBound(to: Int8.self)
    for i in 0..<keptBytes { best[i] = max(best[i], new[i]) }
  }

  private func sum(_ place: UnsafeMutableRawPointer, _ data: UnsafeRawPointer, _ begins: Bool) {
    let sums = place.assumingMemoryBound(to: Int32.self)
    let new = data.assumingMemoryBound(to: Int8.self)
    let zero = job.pointee.poolXZero
    if begins {
      for i in 0..<keptBytes { sums[i] = Int32(new[i]) &- zero }
    } else {
      for i in 0..<keptBytes { sums[i] = sums[i] &+ (Int32(new[i]) &- zero) }
    }
  }

  /// Begins with −∞, so that NaN is never the greatest.
  private func floatMaximum(
    _ place: UnsafeMutableRawPointer, _ data: UnsafeRawPointer, _ begins: Bool
  ) {
    let best = place.assumingMemoryBound(to: Float.self)
    let new = data.assumingMemoryBound(to: Float.self)
    let count = keptBytes &>> 2
    if begins {
      for i in 0..<count { best[i] = new[i] > -.infinity ? new[i] : -.infinity }
    } else {
      for i in 0..<count { best[i] = new[i] > best[i] ? new[i] : best[i] }
    }
  }

  private func floatSum(
    _ place: UnsafeMutableRawPointer, _ data: UnsafeRawPointer, _ begins: Bool
  ) {
    let sums = place.assumingMemoryBound(to: Float.self)
    let new = data.assumingMemoryBound(to: Float.self)
    let count = keptBytes &>> 2
    if begins {
      for i in 0..<count { sums[i] = 0 + new[i] }
    } else {
      for i in 0..<count { sums[i] += new[i] }
    }
  }

  private func finish(_ place: UnsafeMutableRawPointer, into result: UnsafeMutableRawPointer) {
    guard job.pointee.pool == .average else {
      return result.copyMemory(from: place, byteCount: keptBytes)
    }
    counters.scaled(bytes: keptBytes)
    let scale = job.pointee.poolScale
    if isFloat {
      let sums = place.assumingMemoryBound(to: Float.self)
      let target = result.assumingMemoryBound(to: Float.self)
      for i in 0..<keptBytes &>> 2 { target[i] = sums[i] * scale }
      return
    }
    let sums = place.assumingMemoryBound(to: Int32.self)
    let target = result.assumingMemoryBound(to: UInt8.self)
    let zero = job.pointee.poolZero
    let (least, greatest) = (Float(-128 &- zero), Float(127 &- zero))
    // A bounded number is so small that adding 1.5·2²³ rounds it to nearest even and leaves the
    // integer in the lower bits.
    let magic: Float = 0x1.8p23
    for i in 0..<keptBytes {
      let scaled = Float(sums[i]) * scale
      let raised = scaled > least ? scaled : least
      let bounded = raised < greatest ? raised : greatest
      let rounded = Int32(bitPattern: (bounded + magic).bitPattern &- magic.bitPattern)
      target[i] = UInt8(truncatingIfNeeded: rounded &+ zero)
    }
  }
}

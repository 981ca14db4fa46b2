/// Equal pieces of memory at regular distances in two dimensions: base + row · rowPitch + column ·
/// columnPitch, everything repeated.
///
/// Sums over all pieces are taken without walking over them: places within a word repeat after a
/// few pieces, and of the boundaries of pages each is crossed by few.
struct PieceLattice {
  /// Address of the first piece; the lowest.
  private(set) var base: Int
  /// Bytes of a piece.
  let bytes: Int
  /// Columns and their distance in bytes, which is positive; the smaller one of both.
  private(set) var columns: Int
  private(set) var columnPitch: Int
  /// Rows and their distance in bytes, which is positive.
  private(set) var rows: Int
  private(set) var rowPitch: Int
  /// How often each place is accessed.
  private(set) var repetitions: Int

  /// Pieces at distances of any sign; those of distance 0 are repetitions.
  init(
    base: Int, bytes: Int, columns: Int, columnPitch: Int, rows: Int, rowPitch: Int,
    repetitions: Int = 1
  ) {
    self.base = base
    self.bytes = bytes
    (self.columns, self.columnPitch) = (columns, columnPitch)
    (self.rows, self.rowPitch) = (rows, rowPitch)
    self.repetitions = repetitions
    Self.fold(&self.columns, &self.columnPitch, &self.base, &self.repetitions)
    Self.fold(&self.rows, &self.rowPitch, &self.base, &self.repetitions)
    if self.rows == 1 || (self.columns > 1 && self.columnPitch > self.rowPitch) {
      swap(&self.columns, &self.rows)
      swap(&self.columnPitch, &self.rowPitch)
    }
  }

  /// Makes a distance positive.
  private static func fold(
    _ count: inout Int, _ pitch: inout Int, _ base: inout Int, _ repetitions: inout Int
  ) {
    if pitch == 0 {
      repetitions &*= count
      count = min(count, 1)
    }
    if count <= 1 {
      pitch = 1
    } else if pitch < 0 {
      base &+= (count &- 1) &* pitch
      pitch = 0 &- pitch
    }
  }

  /// Pieces, repetitions included.
  var pieces: Int { columns &* rows &* repetitions }

  /// The largest power of two, at most a page, at multiples of which all pieces begin.
  var alignment: Int {
    var bits = base | BusPort.pageBytes
    if columns > 1 { bits |= columnPitch }
    if rows > 1 { bits |= rowPitch }
    return bits & (0 &- bits)
  }

  // MARK: Words

  /// Words of `wordBytes` (a power of two) that hold some byte of a piece, counted for each piece.
  func words(of wordBytes: Int) -> Int {
    let (whole, rest) = (bytes &- 1).quotientAndRemainder(dividingBy: wordBytes)
    let least = pieces &* (whole &+ 1)
    // A piece has one word more when it begins in the last `rest` bytes of a word.
    if rest == 0 { return least }
    let mask = wordBytes &- 1
    let period = Self.period(rowPitch, wordBytes)
    var count = 0
    for row in 0..<min(rows, period) {
      let alike = (rows &- row &+ period &- 1) / period
      count &+=
        alike
        &* late(first: (base &+ row &* rowPitch) & mask, wordBytes: wordBytes, rest: rest)
    }
    return least &+ count &* repetitions
  }

  /// After how many steps the place within a word is the same.
  private static func period(_ pitch: Int, _ wordBytes: Int) -> Int {
    let low = (pitch | wordBytes) & (0 &- (pitch | wordBytes))
    return wordBytes / low
  }

  /// Pieces of a row that begin in the last `rest` bytes of a word.
  private func late(first: Int, wordBytes: Int, rest: Int) -> Int {
    let mask = wordBytes &- 1
    let limit = wordBytes &- rest
    let period = Self.period(columnPitch, wordBytes)
    let (whole, part) =
      period == 1 ? (columns, 0) : columns.quotientAndRemainder(dividingBy: period)
    // In a whole period every place that is the first one's plus a multiple of the step occurs once.
    let step = wordBytes / period
    var count = 0
    if whole > 0 {
      let lowest = first & (step &- 1)
      let early = lowest >= limit ? 0 : (limit &- lowest &+ step &- 1) / step
      count = whole &* (period &- early)
    }
    var place = first
    for _ in 0..<part {
      if place >= limit { count &+= 1 }
      place = (place &+ columnPitch) & mask
    }
    return count
  }

  // MARK: Pages

  /// Pieces that cross a multiple of `pageBytes`; a piece is at most as long as a page.
  func crossings(of pageBytes: Int) -> Int {
    let last = base &+ (rows &- 1) &* rowPitch &+ (columns &- 1) &* columnPitch
    let rowSpan = (columns &- 1) &* columnPitch
    var boundary = (base / pageBytes &+ 1) &* pageBytes
    var count = 0
    while boundary < last &+ bytes {
      // Pieces that begin from `low` to `high` cross it.
      let (low, high) = (boundary &- bytes &+ 1, boundary &- 1)
      let firstRow = max(0, Self.ceiling(low &- rowSpan &- base, rowPitch))
      let lastRow = min(rows &- 1, (high &- base) / rowPitch)
      if firstRow <= lastRow {
        for row in firstRow...lastRow {
          let start = base &+ row &* rowPitch
          let firstColumn = max(0, Self.ceiling(low &- start, columnPitch))
          // Not negative: the row begins at `high` at the latest.
          let lastColumn = min(columns &- 1, (high &- start) / columnPitch)
          count &+= max(0, lastColumn &- firstColumn &+ 1)
        }
      }
      boundary &+= pageBytes
    }
    return count &* repetitions
  }

  /// ⌈value / divisor⌉ for a positive divisor; 0 for what is not positive.
  private static func ceiling(_ value: Int, _ divisor: Int) -> Int {
    value <= 0 ? 0 : (value &+ divisor &- 1) / divisor
  }
}

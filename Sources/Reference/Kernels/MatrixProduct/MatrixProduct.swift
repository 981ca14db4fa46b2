/// The product of two matrices: c[i, j] = Σₖ a[i, k]·b[k, j], in fp32.
///
/// The sum is built in blocks of ``depth`` terms. Within a block the terms of one result are added in order; no
/// fused multiplication and addition takes place, so results do not depend on the processor.
enum MatrixProduct {
  /// Terms of a block.
  static let depth = 256
  /// Rows of a tile, the part of the result that is kept in registers.
  static let tileRows = 4
  /// Columns of a tile.
  static let tileColumns = 8
  /// Rows of the left operand that stay in the cache while the right operand passes.
  private static let blockRows = 128
  /// Columns of the right operand that are packed at once.
  private static let blockColumns = 1024

  /// Adds a product to `c`, or stores it there.
  ///
  /// - Parameters:
  ///   - a: The left operand; lanes are rows.
  ///   - b: The right operand; lanes are columns.
  ///   - c: The result, row-major, rows `ldc` elements apart.
  ///   - m: Rows of a and c.
  ///   - n: Columns of b and c.
  ///   - k: Columns of a, rows of b.
  ///   - accumulates: Whether the product is added to what `c` holds; else `c` need not be initialised.
  static func multiply<A: PanelSource, B: PanelSource>(
    _ a: A, _ b: B, into c: UnsafeMutablePointer<Float>, ldc: Int, m: Int, n: Int, k: Int,
    accumulates: Bool = false
  ) {
    guard m > 0, n > 0 else { return }
    guard k > 0 else {
      if !accumulates {
        for i in 0..<m { (c + i * ldc).initialize(repeating: 0, count: n) }
      }
      return
    }
    if m == 1 || n == 1, multiplyVector(a, b, c, ldc, m, n, k, accumulates) { return }
    let paddedRows = (m + tileRows - 1) / tileRows * tileRows
    let packedA = Scratch.allocate(min(k, depth) * paddedRows)
    defer { Scratch.deallocate(packedA) }
    let columns = min(n, blockColumns)
    let paddedColumns = (columns + tileColumns - 1) / tileColumns * tileColumns
    let packedB = Scratch.allocate(min(k, depth) * paddedColumns)
    defer { Scratch.deallocate(packedB) }
    // When all columns fit in one block each part of a is packed once; else it is packed again for every block,
    // which is 1/1024 of the work.
    for first in stride(from: 0, to: n, by: blockColumns) {
      let columns = first..<min(n, first + blockColumns)
      for start in stride(from: 0, to: k, by: depth) {
        let terms = start..<min(k, start + depth)
        a.pack(lanes: 0..<m, depth: terms, width: tileRows, into: packedA)
        b.pack(lanes: columns, depth: terms, width: tileColumns, into: packedB)
        multiplyPanels(
          packedA, packedB, c + first, ldc, m, columns.count, terms.count,
          accumulates || start > 0)
      }
    }
  }

  /// One block of the depth, all of a, one block of the columns of b.
  private static func multiplyPanels(
    _ a: UnsafePointer<Float>, _ b: UnsafePointer<Float>, _ c: UnsafeMutablePointer<Float>,
    _ ldc: Int, _ m: Int, _ n: Int, _ depth: Int, _ accumulates: Bool
  ) {
    for top in stride(from: 0, to: m, by: blockRows) {
      let bottom = min(m, top + blockRows)
      for j in stride(from: 0, to: n, by: tileColumns) {
        let panelB = b + j * depth
        let columns = min(tileColumns, n - j)
        for i in stride(from: top, to: bottom, by: tileRows) {
          let tile = Tile(a + i * depth, panelB, depth)
          let rows = min(tileRows, m - i)
          let target = c + (i * ldc + j)
          if columns == tileColumns {
            Tile.store(tile.row0, target, accumulates)
            if rows > 1 { Tile.store(tile.row1, target + ldc, accumulates) }
            if rows > 2 { Tile.store(tile.row2, target + 2 * ldc, accumulates) }
            if rows > 3 { Tile.store(tile.row3, target + 3 * ldc, accumulates) }
          } else {
            Tile.store(tile.row0, columns, target, accumulates)
            if rows > 1 { Tile.store(tile.row1, columns, target + ldc, accumulates) }
            if rows > 2 { Tile.store(tile.row2, columns, target + 2 * ldc, accumulates) }
            if rows > 3 { Tile.store(tile.row3, columns, target + 3 * ldc, accumulates) }
          }
        }
      }
    }
  }

  /// A product with a vector, as scalar products of rows; false when the operands are not laid out for it.
  private static func multiplyVector<A: PanelSource, B: PanelSource>(
    _ a: A, _ b: B, _ c: UnsafeMutablePointer<Float>, _ ldc: Int, _ m: Int, _ n: Int, _ k: Int,
    _ accumulates: Bool
  ) -> Bool {
    guard a.contiguousLane(0) != nil, b.contiguousLane(0) != nil else { return false }
    for i in 0..<m {
      guard let row = a.contiguousLane(i) else { return false }
      for j in 0..<n {
        guard let column = b.contiguousLane(j) else { return false }
        let sum = dotProduct(row, column, k)
        c[i * ldc + j] = accumulates ? c[i * ldc + j] + sum : sum
      }
    }
    return true
  }

  /// Σ x[i]·y[i], as 32 interleaved sums.
  static func dotProduct(
    _ x: UnsafePointer<Float>, _ y: UnsafePointer<Float>, _ count: Int
  ) -> Float {
    let x8 = UnsafeRawPointer(x)
    let y8 = UnsafeRawPointer(y)
    var sum0 = SIMD8<Float>()
    var sum1 = SIMD8<Float>()
    var sum2 = SIMD8<Float>()
    var sum3 = SIMD8<Float>()
    var i = 0
    while i + 32 <= count {
      let o = i * 4
      sum0 +=
        x8.loadUnaligned(fromByteOffset: o, as: SIMD8<Float>.self)
        * y8.loadUnaligned(fromByteOffset: o, as: SIMD8<Float>.self)
      sum1 +=
        x8.loadUnaligned(fromByteOffset: o + 32, as: SIMD8<Float>.self)
        * y8.loadUnaligned(fromByteOffset: o + 32, as: SIMD8<Float>.self)
      sum2 +=
        x8.loadUnaligned(fromByteOffset: o + 64, as: SIMD8<Float>.self)
        * y8.loadUnaligned(fromByteOffset: o + 64, as: SIMD8<Float>.self)
      sum3 +=
        x8.loadUnaligned(fromByteOffset: o + 96, as: SIMD8<Float>.self)
        * y8.loadUnaligned(fromByteOffset: o + 96, as: SIMD8<Float>.self)
      i += 32
    }
    var sum = ((sum0 + sum1) + (sum2 + sum3)).sum()
    while i < count {
      sum += x[i] * y[i]
      i += 1
    }
    return sum
  }
}

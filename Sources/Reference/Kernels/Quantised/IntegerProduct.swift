/// Exact products of matrices of 8-bit integers.
///
/// Elements come as 16-bit integers, the zero point already subtracted, so that they lie in −255…255. Two
/// neighbours along the depth are multiplied and added at once: their sum fits 32 bits, and processors have one
/// instruction for eight such products. Sums wrap in 32 bits, as those of onnxruntime and of the arrays do.
enum IntegerProduct {
  /// Rows that are worked on at once.
  static let rows = 4
  /// Columns that are worked on at once.
  static let columns = 8

  /// The left operand: panels of four rows, in each the pairs along the depth, in each one word per row.
  struct LeftPanels {
    /// How many rows there are, padded ones not counted.
    let rowCount: Int
    /// Elements along the depth.
    let depth: Int
    /// Two 16-bit elements per word, the earlier one in the lower half.
    private(set) var words: [Int32]

    /// Packs a matrix.
    ///
    /// - Parameter element: the element at a row and a depth.
    init(rowCount: Int, depth: Int, element: (_ row: Int, _ depth: Int) -> Int16) {
      self.rowCount = rowCount
      self.depth = depth
      let pairs = (depth + 1) / 2
      let panels = (rowCount + IntegerProduct.rows - 1) / IntegerProduct.rows
      words = [Int32](repeating: 0, count: panels * pairs * IntegerProduct.rows)
      for row in 0..<rowCount {
        let panel = row / IntegerProduct.rows
        let base = panel * pairs * IntegerProduct.rows + row % IntegerProduct.rows
        for pair in 0..<pairs {
          let low = element(row, 2 * pair)
          let high = 2 * pair + 1 < depth ? element(row, 2 * pair + 1) : 0
          words[base + pair * IntegerProduct.rows] =
            Int32(high) << 16 | Int32(UInt16(bitPattern: low))
        }
      }
    }

    /// Packs a row-major matrix of rows of `depth` elements.
    init(_ matrix: UnsafePointer<Int16>, rowCount: Int, depth: Int) {
      self.init(rowCount: rowCount, depth: depth) { row, k in matrix[row * depth + k] }
    }
  }

  /// Vectors that hold the right operand's panel of `count` columns.
  static func vectors(depth: Int, columns count: Int) -> Int {
    (depth + 1) / 2 * ((count + columns - 1) / columns) * 2
  }

  /// Multiplies all rows with the packed columns.
  ///
  /// - Parameters:
  ///   - left: the left operand.
  ///   - right: for every panel of eight columns, for every pair along the depth: two vectors of four columns,
  ///     the two elements of a column beside each other. Columns beyond `count` may hold anything.
  ///   - count: how many columns there are.
  ///   - result: row-major, `stride` elements from row to row; overwritten.
  static func multiply(
    _ left: LeftPanels, _ right: UnsafePointer<SIMD8<Int16>>, columns count: Int,
    result: UnsafeMutablePointer<Int32>, stride: Int
  ) {
    let pairs = (left.depth + 1) / 2
    left.words.withUnsafeBufferPointer { words in
      guard let words = words.baseAddress else { return }
      for row in Swift.stride(from: 0, to: left.rowCount, by: rows) {
        for column in Swift.stride(from: 0, to: count, by: columns) {
          let tile = tile(pairs, words + row * pairs, right + column / columns * pairs * 2)
          let here = result + row * stride + column
          let width = min(columns, count - column)
          store(tile.0, tile.1, here, width)
          if row + 1 < left.rowCount { store(tile.2, tile.3, here + stride, width) }
          if row + 2 < left.rowCount { store(tile.4, tile.5, here + 2 * stride, width) }
          if row + 3 < left.rowCount { store(tile.6, tile.7, here + 3 * stride, width) }
        }
      }
    }
  }

  private typealias Four = SIMD4<Int32>

  @inline(__always)
  private static func store(
    _ low: Four, _ high: Four, _ place: UnsafeMutablePointer<Int32>, _ width: Int
  ) {
    if width == columns {
      for lane in 0..<4 { place[lane] = low[lane] }
      for lane in 0..<4 { place[lane + 4] = high[lane] }
    } else {
      for lane in 0..<width { place[lane] = lane < 4 ? low[lane] : high[lane - 4] }
    }
  }

  /// Sums of the products of neighbours. The order of operations is one that the compiler knows as a single
  /// instruction of x86 (PMADDWD).
  @inline(__always)
  private static func pairSums(_ a: SIMD8<Int16>, _ b: SIMD8<Int16>) -> Four {
    let products =
      SIMD8<Int32>(truncatingIfNeeded: a) &* SIMD8<Int32>(truncatingIfNeeded: b)
    return products.evenHalf &+ products.oddHalf
  }

  @inline(__always)
  private static func spread(_ word: Int32) -> SIMD8<Int16> {
    unsafeBitCast(Four(repeating: word), to: SIMD8<Int16>.self)
  }

  /// Four rows times eight columns.
  @inline(never)
  private static func tile(
    _ pairs: Int, _ left: UnsafePointer<Int32>, _ right: UnsafePointer<SIMD8<Int16>>
  ) -> (Four, Four, Four, Four, Four, Four, Four, Four) {
    var c00 = Four()
    var c01 = Four()
    var c10 = Four()
    var c11 = Four()
    var c20 = Four()
    var c21 = Four()
    var c30 = Four()
    var c31 = Four()
    var left = left
    var right = right
    for _ in 0..<pairs {
      let b0 = right[0]
      let b1 = right[1]
      let a0 = spread(left[0])
      c00 &+= pairSums(a0, b0)
      c01 &+= pairSums(a0, b1)
      let a1 = spread(left[1])
      c10 &+= pairSums(a1, b0)
      c11 &+= pairSums(a1, b1)
      let a2 = spread(left[2])
      c20 &+= pairSums(a2, b0)
      c21 &+= pairSums(a2, b1)
      let a3 = spread(left[3])
      c30 &+= pairSums(a3, b0)
      c31 &+= pairSums(a3, b1)
      left += 4
      right += 2
    }
    return (c00, c01, c10, c11, c20, c21, c30, c31)
  }
}

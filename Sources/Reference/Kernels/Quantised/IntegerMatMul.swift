internal import Networks

/// Exact matrix products of bytes, batched and broadcast as NumPy's matmul.
struct IntegerMatMul {
  private let a: Tensor
  private let b: Tensor
  private let rows: Int
  private let depth: Int
  /// Columns of one matrix of the result.
  let columns: Int
  /// Sides of the result that count matrices.
  private let batch: [Int]
  private let aZeroPoints: [Int32]
  private let bZeroPoints: [Int32]

  /// Prepares a product of operands that fit each other; `result` is the inferred shape.
  init(_ a: Tensor, _ b: Tensor, result: [Int], aZeroPoints: [Int32], bZeroPoints: [Int32]) {
    self.a = a
    self.b = b
    self.aZeroPoints = aZeroPoints
    self.bZeroPoints = bZeroPoints
    rows = a.shape.count > 1 ? a.shape[a.shape.count - 2] : 1
    depth = a.shape.last ?? 1
    columns = b.shape.count > 1 ? (b.shape.last ?? 1) : 1
    let matrixAxes = (a.shape.count > 1 ? 1 : 0) + (b.shape.count > 1 ? 1 : 0)
    batch = Array(result.dropLast(min(matrixAxes, result.count)))
  }

  /// All accumulators, in the order of the result.
  func accumulators() throws(NetworkError) -> [Int32] {
    guard aZeroPoints.count == 1 || aZeroPoints.count == rows,
      bZeroPoints.count == 1 || bZeroPoints.count == columns
    else { throw NetworkError("zero points are not one per row of a and column of b") }
    let left = try a.widened(less: aZeroPoints.count == 1 ? aZeroPoints[0] : 0)
    let right = try b.widened(less: bZeroPoints.count == 1 ? bZeroPoints[0] : 0)
    let count = batch.reduce(1, *)
    var sums = [Int32](repeating: 0, count: count * rows * columns)
    guard !sums.isEmpty, depth > 0 else { return sums }
    let aPlaces = places(a.shape, size: rows * depth)
    let bPlaces = places(b.shape, size: depth * columns)
    let panels = UnsafeMutableBufferPointer<SIMD8<Int16>>.allocate(
      capacity: IntegerProduct.vectors(depth: depth, columns: columns))
    defer { panels.deallocate() }
    var packed: Int?
    sums.withUnsafeMutableBufferPointer { sums in
      guard let result = sums.baseAddress, let panels = panels.baseAddress else { return }
      for index in 0..<count {
        if packed != bPlaces[index] {
          pack(right, from: bPlaces[index], into: panels)
          packed = bPlaces[index]
        }
        let start = aPlaces[index]
        let hasRowZeroPoints = aZeroPoints.count > 1
        let rowPanels = IntegerProduct.LeftPanels(rowCount: rows, depth: depth) { row, k in
          let element = left[start + row * depth + k]
          return hasRowZeroPoints
            ? element &- Int16(truncatingIfNeeded: aZeroPoints[row]) : element
        }
        IntegerProduct.multiply(
          rowPanels, panels, columns: columns, result: result + index * rows * columns,
          stride: columns)
      }
    }
    return sums
  }

  /// Where the matrix for each matrix of the result begins.
  private func places(_ shape: [Int], size: Int) -> [Int] {
    let sides = Array(shape.dropLast(min(2, shape.count)))
    var places = [0]
    var stride = size
    for axis in batch.indices.reversed() {
      let own = axis - (batch.count - sides.count)
      let side = own >= 0 ? sides[own] : 1
      let step = side == 1 ? 0 : stride
      var next: [Int] = []
      for index in 0..<batch[axis] { next += places.map { $0 + index * step } }
      places = next
      stride *= side
    }
    return places
  }

  /// Packs one matrix of b.
  private func pack(
    _ matrix: [Int16], from start: Int, into panels: UnsafeMutablePointer<SIMD8<Int16>>
  ) {
    let pairs = (depth + 1) / 2
    let lanes = UnsafeMutableRawPointer(panels).assumingMemoryBound(to: Int16.self)
    let hasColumnZeroPoints = bZeroPoints.count > 1
    matrix.withUnsafeBufferPointer { matrix in
      for k in 0..<2 * pairs {
        for column in 0..<(columns + 7) / 8 * 8 {
          var element: Int16 = 0
          if k < depth, column < columns {
            element = matrix[start + k * columns + column]
            if hasColumnZeroPoints {
              element &-= Int16(truncatingIfNeeded: bZeroPoints[column])
            }
          }
          lanes[(column / 8 * pairs + k / 2) * 16 + column % 8 * 2 + k % 2] = element
        }
      }
    }
  }
}

/// Any number of coordinates: a forest of k-d trees of doubling sizes (Bentley and Saxe, Journal of
/// Algorithms 1(4), 1980), in which whole subtrees are passed over when their least coordinates are
/// too great, and answer at once when their greatest ones are small enough.
struct ForestLevel: FrontLevel {
  private static let leafSize = 32

  /// The points of a tree, sorted so that subtrees are ranges, and the bounds of all subtrees.
  private struct Tree {
    var rows: [Int32]
    var coordinates: [Double]
    /// Least and greatest coordinates of each node; node n has the children 2n + 1 and 2n + 2.
    var bounds: [Double]
  }

  private let dimensions: Int
  private var trees: [Tree] = []
  /// Points that are in no tree yet.
  private var rows: [Int32] = []
  private var coordinates: [Double] = []

  init(dimensions: Int) { self.dimensions = dimensions }

  mutating func insert(_ point: UnsafePointer<Double>, row: Int32) {
    rows.append(row)
    coordinates.append(contentsOf: UnsafeBufferPointer(start: point, count: dimensions))
    guard rows.count == Self.leafSize else { return }
    // Trees of the same size grow together, as the digits of a binary counter do.
    while let last = trees.last, last.rows.count <= rows.count {
      rows += last.rows
      coordinates += last.coordinates
      trees.removeLast()
    }
    trees.append(tree(rows, coordinates))
    rows.removeAll(keepingCapacity: true)
    coordinates.removeAll(keepingCapacity: true)
  }

  func dominator(of point: UnsafePointer<Double>) -> Int32? {
    for tree in trees {
      let found = tree.bounds.withUnsafeBufferPointer { bounds in
        tree.coordinates.withUnsafeBufferPointer { coordinates in
          search(coordinates, bounds, 0, 0..<tree.rows.count, point)
        }
      }
      if let found { return tree.rows[found] }
    }
    return coordinates.withUnsafeBufferPointer { coordinates in
      rows.indices.first { isNowhereGreater(coordinates, $0 * dimensions, point) }.map { rows[$0] }
    }
  }

  /// The position of a point of a subtree that is nowhere greater than `point`.
  private func search(
    _ coordinates: UnsafeBufferPointer<Double>, _ bounds: UnsafeBufferPointer<Double>, _ node: Int,
    _ range: Range<Int>, _ point: UnsafePointer<Double>
  ) -> Int? {
    let start = 2 * node * dimensions
    if !isNowhereGreater(bounds, start, point) { return nil }
    if isNowhereGreater(bounds, start + dimensions, point) { return range.lowerBound }
    if range.count <= Self.leafSize {
      return range.first { isNowhereGreater(coordinates, $0 * dimensions, point) }
    }
    let middle = (range.lowerBound + range.upperBound) / 2
    return search(coordinates, bounds, 2 * node + 1, range.lowerBound..<middle, point)
      ?? search(coordinates, bounds, 2 * node + 2, middle..<range.upperBound, point)
  }

  @inline(__always)
  private func isNowhereGreater(
    _ numbers: UnsafeBufferPointer<Double>, _ start: Int, _ point: UnsafePointer<Double>
  ) -> Bool {
    // The first coordinate is not greater by the order of the points.
    for coordinate in 1..<dimensions where numbers[start + coordinate] > point[coordinate] {
      return false
    }
    return true
  }

  // MARK: Building

  private func tree(_ rows: [Int32], _ coordinates: [Double]) -> Tree {
    var order = Array(rows.indices)
    var nodes = 1
    var size = rows.count
    while size > Self.leafSize {
      size = (size + 1) / 2
      nodes = 2 * nodes + 1
    }
    var bounds = [Double](repeating: 0, count: 2 * nodes * dimensions)
    coordinates.withUnsafeBufferPointer { coordinates in
      split(&order, order.indices, 0, 1, coordinates, &bounds)
    }
    return Tree(
      rows: order.map { rows[$0] },
      coordinates: order.flatMap { coordinates[$0 * dimensions..<($0 + 1) * dimensions] },
      bounds: bounds)
  }

  /// Bounds of a range of points, and of its halves by one of the coordinates in turn.
  private func split(
    _ order: inout [Int], _ range: Range<Int>, _ node: Int, _ axis: Int,
    _ coordinates: UnsafeBufferPointer<Double>, _ bounds: inout [Double]
  ) {
    for coordinate in 0..<dimensions {
      var (least, greatest) = (Double.infinity, -Double.infinity)
      for position in range {
        let value = coordinates[order[position] * dimensions + coordinate]
        least = min(least, value)
        greatest = max(greatest, value)
      }
      bounds[2 * node * dimensions + coordinate] = least
      bounds[(2 * node + 1) * dimensions + coordinate] = greatest
    }
    guard range.count > Self.leafSize else { return }
    order[range].sort {
      coordinates[$0 * dimensions + axis] < coordinates[$1 * dimensions + axis]
    }
    let middle = (range.lowerBound + range.upperBound) / 2
    let next = axis + 1 < dimensions ? axis + 1 : 1
    split(&order, range.lowerBound..<middle, 2 * node + 1, next, coordinates, &bounds)
    split(&order, middle..<range.upperBound, 2 * node + 2, next, coordinates, &bounds)
  }
}

extension TensorType {
  /// The shape to which shapes are broadcast together: aligned at the last axis, sides equal or 1.
  ///
  /// - Throws: `NetworkError` naming the shapes that do not fit.
  public static func broadcast(_ shapes: [[Int]]) throws(NetworkError) -> [Int] {
    let rank = shapes.reduce(0) { max($0, $1.count) }
    var result = [Int](repeating: 1, count: rank)
    for shape in shapes {
      let offset = rank - shape.count
      for (axis, side) in shape.enumerated() where side != 1 {
        guard result[offset + axis] == 1 || result[offset + axis] == side else {
          let list = shapes.map { $0.isEmpty ? "scalar" : text($0) }.joined(separator: " and ")
          throw NetworkError("shapes \(list) cannot be broadcast together")
        }
        result[offset + axis] = side
      }
    }
    return result
  }

  /// Whether a shape can be broadcast to another without changing that.
  static func isBroadcastable(_ shape: [Int], to target: [Int]) -> Bool {
    shape.count <= target.count
      && zip(shape.reversed(), target.reversed()).allSatisfy { $0 == 1 || $0 == $1 }
  }
}

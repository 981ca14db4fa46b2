internal import Networks

/// Trilu: matrices whose elements above or below a diagonal are 0.
enum TriangleKernel {
  /// Keeps column j of row i where j − i ≥ k (upper) or j − i ≤ k; k is the second operand, 0 when absent.
  static func evaluate(_ operands: Operands, upper: Bool) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    let diagonal = try operands.optionalIntegers(1)?.first ?? 0
    guard x.shape.count >= 2 else { throw NetworkError("the operand is no matrix") }
    let rows = x.shape[x.shape.count - 2]
    let columns = x.shape[x.shape.count - 1]
    // Diagonals farther out are outside of the matrix too.
    let offset = min(max(diagonal, -rows - 1), columns + 1)
    let size = x.type.element.byteCount
    let elements = Tensor.Elements.filled(x.type.element, x.count) { target in
      x.elements.readingBytes { source in
        target.initializeMemory(as: UInt8.self, repeating: 0, count: x.count * size)
        for row in 0..<(x.count / columns) {
          let edge = min(max(row % rows + offset + (upper ? 0 : 1), 0), columns)
          let kept = upper ? edge..<columns : 0..<edge
          let start = (row * columns + kept.lowerBound) * size
          (target + start).copyMemory(from: source + start, byteCount: kept.count * size)
        }
      }
    }
    return Tensor(shape: x.shape, elements: elements)
  }
}

internal import Networks

/// A tensor seen as rows along some of its axes.
struct Rows {
  /// The tensor with those axes last.
  let tensor: Tensor
  /// How many rows.
  let count: Int
  /// Elements of a row.
  let length: Int
  /// The axes of the original tensor in the order of `tensor`.
  private let permutation: [Int]

  /// Moves axes to the end, in their order; nothing is copied when they are there.
  init(_ x: Tensor, axes: [Int]) {
    let sorted = axes.sorted()
    permutation = x.shape.indices.filter { !sorted.contains($0) } + sorted
    tensor =
      permutation == Array(x.shape.indices) ? x : Rearrangement.transpose(x, permutation)
    length = sorted.reduce(1) { $0 * x.shape[$1] }
    count = tensor.shape.dropLast(sorted.count).reduce(1, *)
  }

  /// A result of the same shape, back in the original order.
  func restored(_ elements: Tensor.Elements) -> Tensor {
    let result = Tensor(shape: tensor.shape, elements: elements)
    if permutation == Array(permutation.indices) { return result }
    var inverse = permutation
    for (position, axis) in permutation.enumerated() { inverse[axis] = position }
    return Rearrangement.transpose(result, inverse)
  }

  /// Computes one number of each row.
  @inline(__always)
  func reduced<Element: BitwiseCopyable, Result: BitwiseCopyable>(
    _ array: [Element], _ function: (UnsafePointer<Element>, Int) -> Result
  ) -> [Result] {
    .filled(count) { out in
      array.reading { source in
        for row in 0..<count { out[row] = function(source + row * length, length) }
      }
    }
  }

  /// Computes a row of each row.
  @inline(__always)
  func mapped<Element: BitwiseCopyable>(
    _ array: [Element],
    _ function: (UnsafePointer<Element>, UnsafeMutablePointer<Element>, Int) -> Void
  ) -> [Element] {
    .filled(array.count) { out in
      array.reading { source in
        for row in 0..<count { function(source + row * length, out + row * length, length) }
      }
    }
  }
}

internal import Networks

/// Operators that pick elements by indices that are data.
enum Gathering {
  /// Gather: slices of x along an axis.
  static func gather(
    _ operands: Operands, axis: Int, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    let axis = try Axis.resolved(axis, rank: x.shape.count)
    let strides = Axis.strides(x.shape)
    let offsets = try indices(operands, side: x.shape[axis]).map { $0 * strides[axis] }
    var axes = x.shape.indices.map { Movement.Source.steps(strides[$0], count: x.shape[$0]) }
    axes[axis] = .table(offsets)
    return Movement(axes: axes).tensor(x, result.shape)
  }

  /// GatherElements: each result has its own index along an axis.
  static func gatherElements(
    _ operands: Operands, axis: Int, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let offsets = try elementOffsets(operands, axis: axis)
    return Movement(axes: [.table(offsets)]).tensor(try operands.required(0), result.shape)
  }

  /// GatherND: slices of x at index tuples.
  static func gatherND(
    _ operands: Operands, batchAxes: Int, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let (offsets, run) = try sliceOffsets(operands, batchAxes: batchAxes)
    return Movement(axes: [.table(offsets), .steps(1, count: run)])
      .tensor(try operands.required(0), result.shape)
  }

  /// For indices that each belong to one element along an axis, the places in the first operand.
  static func elementOffsets(_ operands: Operands, axis: Int) throws(NetworkError) -> [Int] {
    let x = try operands.required(0)
    let shape = try operands.required(1).shape
    let axis = try Axis.resolved(axis, rank: x.shape.count)
    guard shape.count == x.shape.count,
      shape.indices.allSatisfy({ $0 == axis || shape[$0] <= x.shape[$0] })
    else { throw NetworkError("the indices do not fit the operand") }
    let indices = try indices(operands, side: x.shape[axis])
    let own = Axis.strides(shape)
    let strides = Axis.strides(x.shape)
    return indices.indices.map { position in
      var offset = indices[position] * strides[axis]
      for other in own.indices where other != axis {
        offset += position / own[other] % shape[other] * strides[other]
      }
      return offset
    }
  }

  /// For index tuples along the last axis of the second operand, where slices of the first one begin, and how many
  /// elements each slice has.
  static func sliceOffsets(
    _ operands: Operands, batchAxes: Int
  ) throws(NetworkError) -> (offsets: [Int], run: Int) {
    let x = try operands.required(0).shape
    let shape = try operands.required(1).shape
    let indices = try operands.integers(1)
    guard let length = shape.last, length > 0, batchAxes >= 0, batchAxes < shape.count,
      length <= x.count - batchAxes, shape.prefix(batchAxes) == x.prefix(batchAxes)
    else { throw NetworkError("the indices do not fit the operand") }
    let strides = Axis.strides(x)
    let perBatch = shape[batchAxes...].dropLast().reduce(1, *)
    let batchStride = batchAxes == 0 ? 0 : strides[batchAxes - 1]
    var offsets: [Int] = []
    offsets.reserveCapacity(indices.count / length)
    for tuple in 0..<(indices.count / length) {
      var offset = tuple / perBatch * batchStride
      for position in 0..<length {
        let axis = batchAxes + position
        offset += try front(indices[tuple * length + position], side: x[axis]) * strides[axis]
      }
      offsets.append(offset)
    }
    return (offsets, x[(batchAxes + length)...].reduce(1, *))
  }

  /// The second operand as indices from the front.
  private static func indices(_ operands: Operands, side: Int) throws(NetworkError) -> [Int] {
    var indices = try operands.integers(1)
    for position in indices.indices {
      indices[position] = try front(indices[position], side: side)
    }
    return indices
  }

  /// An index from the front.
  private static func front(_ index: Int, side: Int) throws(NetworkError) -> Int {
    guard index >= -side, index < side else {
      throw NetworkError("the index \(index) is outside of an axis with \(side) elements")
    }
    return index < 0 ? index + side : index
  }
}

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
    let x = try operands.required(0)
    let axis = try Axis.resolved(axis, rank: x.shape.count)
    guard try operands.required(1).shape == result.shape,
      result.shape.indices.allSatisfy({ $0 == axis || result.shape[$0] <= x.shape[$0] })
    else { throw NetworkError("the indices do not fit the operand") }
    let indices = try indices(operands, side: x.shape[axis])
    let own = Axis.strides(result.shape)
    let strides = Axis.strides(x.shape)
    let table = indices.indices.map { position in
      var offset = indices[position] * strides[axis]
      for other in own.indices where other != axis {
        offset += position / own[other] % result.shape[other] * strides[other]
      }
      return offset
    }
    return Movement(axes: [.table(table)]).tensor(x, result.shape)
  }

  /// The second operand as indices from the front.
  private static func indices(_ operands: Operands, side: Int) throws(NetworkError) -> [Int] {
    var indices = try operands.integers(1)
    for position in indices.indices {
      let index = indices[position]
      guard index >= -side, index < side else {
        throw NetworkError("the index \(index) is outside of an axis with \(side) elements")
      }
      if index < 0 { indices[position] = index + side }
    }
    return indices
  }
}

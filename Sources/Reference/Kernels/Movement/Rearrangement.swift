internal import Networks

/// Operators that move elements without computing.
enum Rearrangement {
  /// Transpose.
  static func transpose(_ x: Tensor, _ permutation: [Int]) -> Tensor {
    let strides = Axis.strides(x.shape)
    return Movement(axes: permutation.map { .steps(strides[$0], count: x.shape[$0]) })
      .tensor(x, permutation.map { x.shape[$0] })
  }

  /// Concat.
  static func concat(
    _ operands: Operands, axis: Int, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let axis = try Axis.resolved(axis, rank: result.shape.count)
    let strides = Axis.strides(result.shape)
    var parts: [Tensor] = []
    for index in operands.tensors.indices {
      let part = try operands.required(index)
      guard part.type.element == result.element else {
        throw NetworkError("operands have different types")
      }
      parts.append(part)
    }
    let elements = Tensor.Elements.filled(result.element, result.elementCount) { target in
      var start = 0
      for part in parts {
        let own = Axis.strides(part.shape)
        Movement(
          axes: part.shape.indices.map { .steps(own[$0], count: part.shape[$0]) },
          targetStart: start, targetStrides: strides
        ).run(part.elements, into: target)
        start += part.shape[axis] * strides[axis]
      }
    }
    return Tensor(shape: result.shape, elements: elements)
  }

  /// Split.
  static func split(
    _ x: Tensor, axis: Int, _ results: [TensorType]
  ) throws(NetworkError) -> [Tensor] {
    let axis = try Axis.resolved(axis, rank: x.shape.count)
    let strides = Axis.strides(x.shape)
    var start = 0
    return results.map { result in
      defer { start += result.shape[axis] * strides[axis] }
      return Movement(
        sourceStart: start,
        axes: result.shape.indices.map { .steps(strides[$0], count: result.shape[$0]) }
      ).tensor(x, result.shape)
    }
  }

  /// Slice.
  static func slice(_ operands: Operands, _ result: TensorType) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    let slices = try ResolvedSlice.resolve(
      shape: x.shape, starts: try operands.integers(1), ends: try operands.integers(2),
      axes: try operands.optionalIntegers(3), steps: try operands.optionalIntegers(4))
    try check(slices.map(\.count), result)
    let strides = Axis.strides(x.shape)
    return Movement(
      sourceStart: zip(slices, strides).reduce(0) { $0 + $1.0.start * $1.1 },
      axes: zip(slices, strides).map { slice, stride in
        // A step may be huge when only one element is taken.
        .steps(slice.count > 1 ? slice.step * stride : stride, count: slice.count)
      }
    ).tensor(x, result.shape)
  }

  /// Expand.
  static func expand(_ x: Tensor, _ shape: [Int]) -> Tensor {
    let missing = shape.count - x.shape.count
    let strides = Axis.strides(x.shape)
    return Movement(
      axes: shape.indices.map { axis in
        let isRepeated = axis < missing || x.shape[axis - missing] == 1
        return .steps(isRepeated ? 0 : strides[axis - missing], count: shape[axis])
      }
    ).tensor(x, shape)
  }

  /// Tile.
  static func tile(_ x: Tensor, _ shape: [Int]) -> Tensor {
    let strides = Axis.strides(x.shape)
    return Movement(
      axes: shape.indices.map { axis in
        let side = x.shape[axis]
        return side == shape[axis]
          ? .steps(strides[axis], count: side)
          : .table((0..<shape[axis]).map { $0 % side * strides[axis] })
      }
    ).tensor(x, shape)
  }

  /// Pad.
  static func pad(
    _ mode: PadMode, _ operands: Operands, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    let x = try operands.required(0)
    let pads = try ResolvedPad.resolve(
      shape: x.shape, pads: try operands.integers(1), axes: try operands.optionalIntegers(3),
      mode: mode)
    try check(x.shape.indices.map { x.shape[$0] + pads[$0].begin + pads[$0].end }, result)
    let strides = Axis.strides(x.shape)
    if mode == .constant { return try padConstant(x, pads, operands.optional(2), result) }
    return Movement(
      axes: result.shape.indices.map { axis in
        let pad = pads[axis]
        // What remains after negative padding is what is mirrored or repeated.
        let first = max(0, -pad.begin)
        let side = x.shape[axis] - first - max(0, -pad.end)
        let table = (0..<result.shape[axis]).map { index in
          let place = index - max(0, pad.begin)
          return (first + source(place, side, mode)) * strides[axis]
        }
        return .table(table)
      }
    ).tensor(x, result.shape)
  }

  /// Which of `side` elements stands at a place that may be outside.
  private static func source(_ place: Int, _ side: Int, _ mode: PadMode) -> Int {
    guard side > 0 else { return 0 }
    switch mode {
    case .constant, .edge: return min(max(place, 0), side - 1)
    case .wrap: return (place % side + side) % side
    case .reflect:
      guard side > 1 else { return 0 }
      let period = 2 * (side - 1)
      let phase = (place % period + period) % period
      return phase < side ? phase : period - phase
    }
  }

  private static func padConstant(
    _ x: Tensor, _ pads: [ResolvedPad], _ value: Tensor?, _ result: TensorType
  ) throws(NetworkError) -> Tensor {
    if let value {
      guard value.type.element == result.element, value.count == 1 else {
        throw NetworkError("the padding value must be one \(result.element.rawValue)")
      }
    }
    let source = Axis.strides(x.shape)
    let target = Axis.strides(result.shape)
    var copy = Movement(axes: [], targetStrides: target)
    for (axis, pad) in pads.enumerated() {
      let first = max(0, -pad.begin)
      copy.sourceStart += first * source[axis]
      copy.targetStart += max(0, pad.begin) * target[axis]
      copy.axes.append(
        .steps(source[axis], count: x.shape[axis] - first - max(0, -pad.end)))
    }
    let elements = Tensor.Elements.filled(result.element, result.elementCount) { bytes in
      if let value {
        Movement(axes: [.steps(0, count: result.elementCount)]).run(value.elements, into: bytes)
      } else {
        bytes.initializeMemory(as: UInt8.self, repeating: 0, count: result.byteCount)
      }
      copy.run(x.elements, into: bytes)
    }
    return Tensor(shape: result.shape, elements: elements)
  }

  /// DepthToSpace.
  static func depthToSpace(
    _ x: Tensor, block: Int, columnsFirst: Bool, _ result: TensorType
  ) -> Tensor {
    let (n, c, h, w) = (x.shape[0], result.shape[1], x.shape[2], x.shape[3])
    let split = columnsFirst ? [n, c, block, block, h, w] : [n, block, block, c, h, w]
    let order = columnsFirst ? [0, 1, 4, 2, 5, 3] : [0, 3, 4, 1, 5, 2]
    return transpose(x.reshaped(split), order).reshaped(result.shape)
  }

  /// SpaceToDepth.
  static func spaceToDepth(_ x: Tensor, block: Int, _ result: TensorType) -> Tensor {
    let (n, c) = (x.shape[0], x.shape[1])
    let split = [n, c, result.shape[2], block, result.shape[3], block]
    return transpose(x.reshaped(split), [0, 3, 5, 1, 2, 4]).reshaped(result.shape)
  }

  private static func check(_ shape: [Int], _ result: TensorType) throws(NetworkError) {
    guard shape == result.shape else {
      throw NetworkError(
        "the result is \(TensorType.text(shape)) instead of \(TensorType.text(result.shape))")
    }
  }
}

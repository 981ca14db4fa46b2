extension TypeInference {
  func identity() throws(NetworkError) -> TensorType {
    try limit(1)
    return try required(0, "x").type
  }

  func concat(axis: Int) throws(NetworkError) -> TensorType {
    let first = try required(0, "operand 1").type
    var types = [first]
    for index in operands.indices.dropFirst() {
      types.append(try required(index, "operand \(index + 1)", like: first.element))
    }
    return TensorType(first.element, try concatenated(types, axis: axis))
  }

  /// The shape of operands one behind the other.
  func concatenated(_ types: [TensorType], axis: Int) throws(NetworkError) -> [Int] {
    guard var shape = types.first?.shape else { throw NetworkError("has no operands") }
    let axis = try normalised(axis: axis, rank: shape.count)
    for (index, type) in types.enumerated().dropFirst() {
      var other = type.shape
      guard other.count == shape.count else {
        throw NetworkError(
          "operands 1 and \(index + 1) have shapes \(shapeText(shape)) and \(shapeText(other))")
      }
      let (sum, overflow) = shape[axis].addingReportingOverflow(other[axis])
      other[axis] = shape[axis]
      guard other == shape, !overflow, sum <= Limits.elements else {
        throw NetworkError(
          "operands 1 and \(index + 1) have shapes \(shapeText(types[0].shape)) and "
            + "\(shapeText(type.shape)), which differ in more than axis \(axis)")
      }
      shape[axis] = sum
    }
    return shape
  }

  func reshape(zeroMeansZero: Bool) throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try required(0, "x").type
    var shape = try integers(1, "the shape")
    let requested = shape
    var inferred: Int?
    var known = 1
    for (axis, side) in requested.enumerated() {
      if side == -1 {
        guard inferred == nil else { throw NetworkError("the shape has more than one -1") }
        inferred = axis
        continue
      }
      if side == 0, !zeroMeansZero {
        guard axis < x.shape.count else {
          throw NetworkError(
            "the shape copies axis \(axis), but x \(shapeText(x.shape)) does not have it")
        }
        shape[axis] = x.shape[axis]
      }
      let (product, overflow) = known.multipliedReportingOverflow(by: shape[axis])
      guard shape[axis] >= 0, !overflow else { throw mismatch(x, requested) }
      known = product
    }
    if let axis = inferred {
      guard known > 0, x.elementCount % known == 0 else { throw mismatch(x, requested) }
      shape[axis] = x.elementCount / known
    } else if known != x.elementCount {
      throw mismatch(x, requested)
    }
    return TensorType(x.element, shape)
  }

  private func mismatch(_ x: TensorType, _ shape: [Int]) -> NetworkError {
    let list = shape.map(String.init).joined(separator: ", ")
    return NetworkError("\(shapeText(x.shape)) cannot be given the shape [\(list)]")
  }

  func flatten(axis: Int) throws(NetworkError) -> TensorType {
    try limit(1)
    let x = try required(0, "x").type
    let rank = x.shape.count
    guard axis >= -rank, axis <= rank else {
      throw NetworkError("there is no axis \(axis): the operand has \(rank) axes")
    }
    let split = axis < 0 ? axis + rank : axis
    return TensorType(
      x.element, [x.shape[..<split].reduce(1, *), x.shape[split...].reduce(1, *)])
  }

  func transpose(_ permutation: [Int]?) throws(NetworkError) -> TensorType {
    try limit(1)
    let x = try required(0, "x").type
    guard let permutation else { return TensorType(x.element, x.shape.reversed()) }
    guard permutation.sorted() == Array(x.shape.indices) else {
      let list = permutation.map(String.init).joined(separator: ", ")
      throw NetworkError("[\(list)] is not a permutation of the \(x.shape.count) axes of x")
    }
    return TensorType(x.element, permutation.map { x.shape[$0] })
  }

  func squeeze() throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try required(0, "x").type
    guard let given = try optionalIntegers(1, "axes") else {
      return TensorType(x.element, x.shape.filter { $0 != 1 })
    }
    let axes = try normalised(axes: given, rank: x.shape.count)
    for axis in axes where x.shape[axis] != 1 {
      throw NetworkError(
        "axis \(axis) of \(shapeText(x.shape)) cannot be removed: it has \(x.shape[axis]) elements")
    }
    return TensorType(
      x.element, x.shape.indices.filter { !axes.contains($0) }.map { x.shape[$0] })
  }

  func unsqueeze() throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try required(0, "x").type
    let given = try integers(1, "axes")
    let rank = x.shape.count + given.count
    let axes = try normalised(axes: given, rank: rank)
    var sides = x.shape.makeIterator()
    return TensorType(
      x.element, (0..<rank).map { axes.contains($0) ? 1 : sides.next() ?? 1 })
  }

  func slice() throws(NetworkError) -> TensorType {
    try limit(5)
    let x = try required(0, "x").type
    let slices = try ResolvedSlice.resolve(
      shape: x.shape, starts: try integers(1, "starts"), ends: try integers(2, "ends"),
      axes: try optionalIntegers(3, "axes"), steps: try optionalIntegers(4, "steps"))
    return TensorType(x.element, slices.map(\.count))
  }

  func split(axis: Int) throws(NetworkError) -> [TensorType] {
    try limit(2)
    let x = try required(0, "x").type
    let axis = try normalised(axis: axis, rank: x.shape.count)
    let side = x.shape[axis]
    guard results >= 1 else { return [] }
    let sizes: [Int]
    if optional(1) != nil {
      sizes = try integers(1, "sizes", limit: Limits.nodes)
      guard sizes.count == results else {
        throw NetworkError("has \(sizes.count) sizes, but \(results) outputs")
      }
      var rest = side
      for size in sizes {
        guard size >= 0, size <= rest else { rest = -1; break }
        rest -= size
      }
      guard rest == 0 else {
        throw NetworkError("the sizes do not add up to the \(side) elements of axis \(axis)")
      }
    } else {
      // Equal parts; when that does not come out even, the last is smaller.
      let part = side / results + (side % results == 0 ? 0 : 1)
      let (most, overflow) = part.multipliedReportingOverflow(by: results - 1)
      guard !overflow, most <= side else {
        throw NetworkError("\(side) elements cannot be split into \(results) parts of \(part)")
      }
      sizes = [Int](repeating: part, count: results - 1) + [side - most]
    }
    return sizes.map { size in
      var shape = x.shape
      shape[axis] = size
      return TensorType(x.element, shape)
    }
  }

  func pad(_ mode: PadMode) throws(NetworkError) -> TensorType {
    try limit(4)
    let x = try required(0, "x").type
    let pads = try integers(1, "pads", limit: 2 * Limits.rank)
    if let value = try optional(2, "the value", like: x.element), value.elementCount != 1 {
      throw NetworkError("the value has shape \(shapeText(value.shape)), but must be one number")
    }
    let resolved = try ResolvedPad.resolve(
      shape: x.shape, pads: pads, axes: try optionalIntegers(3, "axes"), mode: mode)
    return TensorType(x.element, zip(x.shape, resolved).map { $0 + $1.begin + $1.end })
  }

  func expand() throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try required(0, "x").type
    let shape = try sides(1, "the shape")
    return TensorType(x.element, try TensorType.broadcast([x.shape, shape]))
  }

  func tile() throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try required(0, "x").type
    let repeats = try sides(1, "repeats")
    guard repeats.count == x.shape.count else {
      throw NetworkError("has \(repeats.count) repeats, but x has \(x.shape.count) axes")
    }
    // Both factors are below 2³¹.
    return TensorType(x.element, zip(x.shape, repeats).map { $0 * $1 })
  }

  func gather(axis: Int) throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try required(0, "x").type
    let indices = try indexOperand()
    let axis = try normalised(axis: axis, rank: x.shape.count)
    var shape = x.shape
    shape.replaceSubrange(axis...axis, with: indices.shape)
    return TensorType(x.element, shape)
  }

  func gatherElements(axis: Int, takes count: Int = 2) throws(NetworkError) -> TensorType {
    try limit(count)
    let x = try required(0, "x").type
    let indices = try indexOperand()
    let axis = try normalised(axis: axis, rank: x.shape.count)
    guard indices.shape.count == x.shape.count,
      x.shape.indices.allSatisfy({ $0 == axis || indices.shape[$0] <= x.shape[$0] })
    else {
      throw NetworkError(
        "indices \(shapeText(indices.shape)) do not fit x \(shapeText(x.shape)) along axis \(axis)")
    }
    return TensorType(x.element, indices.shape)
  }

  private func indexOperand() throws(NetworkError) -> TensorType {
    try required(1, "indices", "int32 or int64") { $0 == .int32 || $0 == .int64 }
  }

  func depthToSpace(block: Int) throws(NetworkError) -> TensorType {
    let x = try image(block: block)
    let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
    guard channels % (block * block) == 0 else {
      throw NetworkError("\(channels) channels cannot become blocks of \(block)×\(block)")
    }
    return TensorType(
      x.element, [x.shape[0], channels / (block * block), height * block, width * block])
  }

  func spaceToDepth(block: Int) throws(NetworkError) -> TensorType {
    let x = try image(block: block)
    let (channels, height, width) = (x.shape[1], x.shape[2], x.shape[3])
    guard height % block == 0, width % block == 0 else {
      throw NetworkError("\(height)×\(width) cannot be split into blocks of \(block)×\(block)")
    }
    let (depth, overflow) = channels.multipliedReportingOverflow(by: block * block)
    guard !overflow else { throw NetworkError("a block of \(block) is too large") }
    return TensorType(x.element, [x.shape[0], depth, height / block, width / block])
  }

  private func image(block: Int) throws(NetworkError) -> TensorType {
    try limit(1)
    let x = try required(0, "x").type
    guard x.shape.count == 4 else {
      throw NetworkError("x has shape \(shapeText(x.shape)), but must be N×C×H×W")
    }
    guard block >= 1, block <= Limits.elements else {
      throw NetworkError("a block of \(block) is not possible")
    }
    return x
  }

  func shape(start: Int, end: Int?) throws(NetworkError) -> TensorType {
    try limit(1)
    let rank = try required(0, "x").type.shape.count
    func position(_ value: Int) -> Int {
      min(max(value < 0 ? max(value, -rank) + rank : value, 0), rank)
    }
    let count = position(end ?? rank) - position(start)
    return TensorType(.int64, [max(0, count)])
  }

  func size() throws(NetworkError) -> TensorType {
    try limit(1)
    _ = try required(0, "x")
    return TensorType(.int64, [])
  }

  func constantOfShape(_ value: Tensor) throws(NetworkError) -> TensorType {
    try limit(1)
    guard value.count == 1 else {
      throw NetworkError("the value has \(value.count) elements, but must have one")
    }
    return TensorType(value.elements.type, try sides(0, "the shape"))
  }

  /// A known vector of sides, none negative or huge.
  private func sides(_ index: Int, _ name: String) throws(NetworkError) -> [Int] {
    let sides = try integers(index, name)
    for side in sides where side < 0 || side > Limits.elements {
      throw NetworkError("\(name) has the number \(side), but 0 to \(Limits.elements) is possible")
    }
    return sides
  }
}

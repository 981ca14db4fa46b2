/// Operators whose operands are places in others, or that find such places.
extension TypeInference {
  func gatherND(batchAxes: Int) throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try required(0, "x").type
    let indices = try required(1, "indices", like: .int64)
    let length = try tupleLength(indices, x, batchAxes: batchAxes)
    return TensorType(
      x.element, indices.shape.dropLast() + x.shape.dropFirst(batchAxes + length))
  }

  func scatterND(_ reduction: ScatterReduction) throws(NetworkError) -> TensorType {
    try limit(3)
    let x = try scattered(reduction)
    let indices = try required(1, "indices", like: .int64)
    let length = try tupleLength(indices, x, batchAxes: 0)
    try updates(x, indices.shape.dropLast() + x.shape.dropFirst(length))
    return x
  }

  func scatterElements(
    axis: Int, _ reduction: ScatterReduction
  ) throws(NetworkError) -> TensorType {
    try limit(3)
    let x = try scattered(reduction)
    let indices = try gatherElements(axis: axis, takes: 3)
    try updates(x, indices.shape)
    return x
  }

  func cumulativeSum() throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try numeric(0, "x")
    let axis = try integer(1, "the axis")
    if let axis { _ = try normalised(axis: axis, rank: x.shape.count) }
    return x
  }

  func topK(axis: Int) throws(NetworkError) -> [TensorType] {
    try limit(2)
    let x = try numeric(0, "x")
    let axis = try normalised(axis: axis, rank: x.shape.count)
    guard let count = try integer(1, "k") else { throw dependsOnData("k") }
    guard count >= 0, count <= x.shape[axis] else {
      throw NetworkError("k is \(count), but axis \(axis) has \(x.shape[axis]) elements")
    }
    var shape = x.shape
    shape[axis] = count
    return [TensorType(x.element, shape), TensorType(.int64, shape)]
  }

  func triangle() throws(NetworkError) -> TensorType {
    try limit(2)
    let x = try required(0, "x").type
    guard x.shape.count >= 2 else {
      throw NetworkError("x has shape \(shapeText(x.shape)), but must be a matrix, or several")
    }
    if optional(1) != nil { _ = try integer(1, "the diagonal") }
    return x
  }

  func oneHot(axis: Int) throws(NetworkError) -> TensorType {
    try limit(3)
    let indices = try numeric(0, "indices")
    let depth = try depth()
    let values = try required(2, "values").type
    guard values.shape == [2] else {
      throw NetworkError("values has shape \(shapeText(values.shape)), but must be off and on")
    }
    var shape = indices.shape
    shape.insert(depth, at: try normalised(axis: axis, rank: shape.count + 1))
    return TensorType(values.element, shape)
  }

  /// How many axes of x, behind the first ones, one index tuple is about.
  private func tupleLength(
    _ indices: TensorType, _ x: TensorType, batchAxes: Int
  ) throws(NetworkError) -> Int {
    guard batchAxes >= 0, batchAxes < indices.shape.count, batchAxes < x.shape.count,
      let length = indices.shape.last, length >= 1, length <= x.shape.count - batchAxes,
      indices.shape.prefix(batchAxes) == x.shape.prefix(batchAxes)
    else {
      let batch = batchAxes == 0 ? "" : " with \(batchAxes) axes of batches"
      throw NetworkError(
        "indices \(shapeText(indices.shape)) do not fit x \(shapeText(x.shape))\(batch)",
        suggestion: "each row along the last axis of indices is a place in x")
    }
    return length
  }

  /// The operand into which is scattered.
  private func scattered(_ reduction: ScatterReduction) throws(NetworkError) -> TensorType {
    reduction == .replace ? try required(0, "x").type : try numeric(0, "x")
  }

  private func updates(_ x: TensorType, _ shape: [Int]) throws(NetworkError) {
    let updates = try required(2, "updates", like: x.element)
    guard updates.shape == shape else {
      throw NetworkError(
        "updates has shape \(shapeText(updates.shape)), but must be \(shapeText(shape))")
    }
  }

  /// One integer; nil where it is not known.
  private func integer(_ index: Int, _ name: String) throws(NetworkError) -> Int? {
    let type = try required(index, name, "int64") { $0 == .int64 || $0 == .int32 }
    guard type.elementCount == 1, type.shape.count <= 1 else {
      throw NetworkError("\(name) has shape \(shapeText(type.shape)), but must be one number")
    }
    return optional(index)?.constant == nil ? nil : try integers(index, name).first
  }

  /// The known depth of OneHot, which may be a floating-point number.
  private func depth() throws(NetworkError) -> Int {
    let operand = try required(1, "the depth")
    guard operand.type.elementCount == 1 else {
      throw NetworkError(
        "the depth has shape \(shapeText(operand.type.shape)), but must be one number")
    }
    guard let constant = operand.constant else { throw dependsOnData("the depth") }
    let value: Double
    switch constant.elements {
    case .float32(let array): value = Double(array[0])
    case .float64(let array): value = array[0]
    case .int32(let array): value = Double(array[0])
    case .int64(let array): value = Double(array[0])
    case .float16, .bfloat16, .int8, .uint8, .int16, .uint16, .uint32, .uint64, .bool:
      throw NetworkError("the depth is \(constant.type), but must be int64, int32, fp32 or fp64")
    }
    guard value >= 1, value <= Double(Limits.elements) else {
      throw NetworkError("a depth of \(value) is not possible")
    }
    return Int(value)
  }
}

/// The operands of one node, with checks that say what is wrong with them.
///
/// The rules themselves are in extensions, one file per family of operators.
struct TypeInference {
  let operands: [Operand?]
  /// How many outputs the node has.
  let results: Int

  init(_ operands: [Operand?], results: Int) throws(NetworkError) {
    self.operands = operands
    self.results = results
    for case let operand? in operands where Limits.elementCount(of: operand.type.shape) == nil {
      throw NetworkError(
        "the operand \(operand.type) is too large: at most \(Limits.elements) elements and "
          + "\(Limits.rank) axes")
    }
  }

  /// Refuses operands beyond those an operator has.
  func limit(_ count: Int) throws(NetworkError) {
    guard operands.count <= count else {
      throw NetworkError("has \(operands.count) operands, but the operator takes \(count)")
    }
  }

  func optional(_ index: Int) -> Operand? {
    index < operands.count ? operands[index] : nil
  }

  func required(_ index: Int, _ name: String) throws(NetworkError) -> Operand {
    guard let operand = optional(index) else {
      throw NetworkError("operand \(index + 1), \(name), is missing")
    }
    return operand
  }

  /// A required operand whose elements fulfil a condition.
  func required(
    _ index: Int, _ name: String, _ kind: String, where isFit: (ElementType) -> Bool
  ) throws(NetworkError) -> TensorType {
    let type = try required(index, name).type
    guard isFit(type.element) else {
      throw NetworkError("\(name) is \(type), but must be \(kind)")
    }
    return type
  }

  func floating(_ index: Int, _ name: String) throws(NetworkError) -> TensorType {
    try required(index, name, "floating-point", where: \.isFloatingPoint)
  }

  func numeric(_ index: Int, _ name: String) throws(NetworkError) -> TensorType {
    try required(index, name, "numeric", where: \.isNumeric)
  }

  func byte(_ index: Int, _ name: String) throws(NetworkError) -> TensorType {
    try required(index, name, "int8 or uint8", where: \.isByte)
  }

  /// An operand with the element type of another.
  func required(
    _ index: Int, _ name: String, like element: ElementType
  ) throws(NetworkError) -> TensorType {
    try required(index, name, element.rawValue) { $0 == element }
  }

  /// An optional operand with the element type of another.
  func optional(
    _ index: Int, _ name: String, like element: ElementType
  ) throws(NetworkError) -> TensorType? {
    optional(index) == nil ? nil : try required(index, name, like: element)
  }

  /// A vector with one element per channel.
  func channelVector(
    _ type: TensorType, _ name: String, channels: Int
  ) throws(NetworkError) {
    guard type.shape == [channels] else {
      throw NetworkError(
        "\(name) has shape \(shapeText(type.shape)), but there are \(channels) channels")
    }
  }

  /// A known vector of integers.
  ///
  /// - Parameter limit: most elements it may have.
  func integers(
    _ index: Int, _ name: String, limit: Int = Limits.rank
  ) throws(NetworkError) -> [Int] {
    let operand = try required(index, name)
    guard operand.type.element == .int64 || operand.type.element == .int32 else {
      throw NetworkError("\(name) is \(operand.type), but must be int64")
    }
    guard operand.type.shape.count <= 1, operand.type.elementCount <= limit else {
      throw NetworkError("\(name) is \(operand.type), but must be a vector of at most \(limit)")
    }
    guard let constant = operand.constant else { throw dependsOnData(name) }
    switch constant.elements {
    case .int64(let array): return array.map(Int.init)
    case .int32(let array): return array.map(Int.init)
    case .float32, .float64, .float16, .bfloat16, .int8, .uint8, .int16, .uint16, .uint32, .uint64,
      .bool:
      throw NetworkError("\(name) is \(constant.type), but must be int64")
    }
  }

  /// A known vector of integers, nil when the operand is absent.
  func optionalIntegers(
    _ index: Int, _ name: String, limit: Int = Limits.rank
  ) throws(NetworkError) -> [Int]? {
    optional(index) == nil ? nil : try integers(index, name, limit: limit)
  }

  func dependsOnData(_ name: String) -> NetworkError {
    NetworkError(
      "the shape of the result depends on \(name), which is not known before the network runs",
      suggestion: "make \(name) a constant, or give the shapes of the inputs")
  }
}

extension ElementType {
  /// Numbers of any kind.
  var isNumeric: Bool { self != .bool }

  /// Numbers that can be negative.
  var isSigned: Bool {
    switch self {
    case .float32, .float64, .float16, .bfloat16, .int8, .int16, .int32, .int64: true
    case .uint8, .uint16, .uint32, .uint64, .bool: false
    }
  }
}

/// A shape as messages write it.
func shapeText(_ shape: [Int]) -> String {
  shape.isEmpty ? "of a scalar" : TensorType.text(shape)
}

/// An axis counted from the front.
///
/// - Throws: `NetworkError` when there is no such axis; negative ones count from the back.
func normalised(axis: Int, rank: Int) throws(NetworkError) -> Int {
  guard axis >= -rank, axis < rank else {
    throw NetworkError(
      rank == 0
        ? "there is no axis \(axis): the operand is a scalar"
        : "there is no axis \(axis): the operand has axes 0 to \(rank - 1)")
  }
  return axis < 0 ? axis + rank : axis
}

/// Different axes counted from the front, in the order given.
func normalised(axes: [Int], rank: Int) throws(NetworkError) -> [Int] {
  var result: [Int] = []
  for axis in axes {
    let axis = try normalised(axis: axis, rank: rank)
    guard !result.contains(axis) else { throw NetworkError("axis \(axis) is given twice") }
    result.append(axis)
  }
  return result
}

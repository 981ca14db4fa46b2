internal import Networks

/// The operands of a node, with errors instead of traps when one is missing or of another type.
struct Operands {
  /// One per input of the node; nil for an absent one.
  let tensors: [Tensor?]

  init(_ tensors: [Tensor?]) { self.tensors = tensors }

  /// An operand that may be absent.
  func optional(_ index: Int) -> Tensor? { index < tensors.count ? tensors[index] : nil }

  /// An operand that must be there.
  func required(_ index: Int) throws(NetworkError) -> Tensor {
    guard let tensor = optional(index) else {
      throw NetworkError("operand \(index + 1) is missing")
    }
    return tensor
  }

  /// The elements of an operand of this type.
  func array<Element: TensorElement>(
    _ index: Int, of type: Element.Type = Element.self
  ) throws(NetworkError) -> [Element] {
    let tensor = try required(index)
    guard let array = tensor.array(of: type) else {
      throw NetworkError(
        "operand \(index + 1) is \(tensor.type.element.rawValue), expected "
          + Element.elementType.rawValue)
    }
    return array
  }

  /// The elements of an operand that counts or names axes: int32 or int64.
  func integers(_ index: Int) throws(NetworkError) -> [Int] {
    let tensor = try required(index)
    if let array = tensor.array(of: Int64.self) { return array.map { Int($0) } }
    if let array = tensor.array(of: Int32.self) { return array.map { Int($0) } }
    throw NetworkError(
      "operand \(index + 1) is \(tensor.type.element.rawValue), expected int64 or int32")
  }

  /// As ``integers(_:)`` for an operand that may be absent.
  func optionalIntegers(_ index: Int) throws(NetworkError) -> [Int]? {
    optional(index) == nil ? nil : try integers(index)
  }
}

/// Axes of a tensor, which networks also count from the back.
enum Axis {
  /// The axis from the front.
  static func resolved(_ axis: Int, rank: Int) throws(NetworkError) -> Int {
    guard axis >= -rank, axis < rank else {
      throw NetworkError("axis \(axis) is outside of a tensor of rank \(rank)")
    }
    return axis < 0 ? axis + rank : axis
  }

  /// Axes from the front; an axis given twice is an error.
  static func resolved(_ axes: [Int], rank: Int) throws(NetworkError) -> [Int] {
    var result: [Int] = []
    for axis in axes {
      let axis = try resolved(axis, rank: rank)
      guard !result.contains(axis) else { throw NetworkError("axis \(axis) is given twice") }
      result.append(axis)
    }
    return result
  }

  /// Distances in memory of neighbours along each axis of a row-major tensor.
  static func strides(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in stride(from: shape.count - 2, through: 0, by: -1) {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }
}

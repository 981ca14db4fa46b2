internal import Networks

/// What a user says about the dimensions that a file leaves open.
public struct ShapeBinding: Sendable {
  /// Sizes of named dimensions, for example `batch`.
  public var dimensions: [String: Int]
  /// Whole shapes of inputs, by name; they go before `dimensions`.
  public var shapes: [String: [Int]]

  /// Creates a binding; an open first dimension that nobody binds is a batch of 1.
  public init(dimensions: [String: Int] = [:], shapes: [String: [Int]] = [:]) {
    self.dimensions = dimensions
    self.shapes = shapes
  }

  /// The type of an input.
  ///
  /// - Throws: `NetworkError` when a dimension is open, negative or contradicts the file.
  func type(of input: Declaration) throws(NetworkError) -> TensorType {
    let place = "input '\(input.name)'"
    let shape =
      if let given = shapes[input.name] {
        try checked(given, against: input, place)
      } else {
        try bound(input, place)
      }
    guard Limits.elementCount(of: shape) != nil else {
      throw NetworkError(
        "the shape \(TensorType.text(shape)) is too large or negative", place: place)
    }
    return TensorType(input.element, shape)
  }

  private func checked(
    _ given: [Int], against input: Declaration, _ place: String
  ) throws(NetworkError) -> [Int] {
    guard let declared = input.dimensions else { return given }
    guard declared.count == given.count else {
      throw NetworkError(
        "the given shape \(TensorType.text(given)) has \(given.count) axes, the network's has "
          + "\(declared.count)", place: place)
    }
    for (axis, (side, dimension)) in zip(given, declared).enumerated() {
      if case .fixed(let size) = dimension, size != side {
        throw NetworkError(
          "the given shape \(TensorType.text(given)) has \(side) elements along axis \(axis), the "
            + "network fixes \(size)", place: place)
      }
    }
    return given
  }

  private func bound(_ input: Declaration, _ place: String) throws(NetworkError) -> [Int] {
    guard let declared = input.dimensions else {
      throw NetworkError(
        "the file gives no shape", place: place,
        suggestion: "give it with --shape \(input.name)=1x3x224x224")
    }
    var shape: [Int] = []
    for (axis, dimension) in declared.enumerated() {
      switch dimension {
      case .fixed(let size): shape.append(size)
      case .named(let name):
        if let size = dimensions[name] {
          shape.append(size)
        } else if axis == 0 {
          shape.append(1)
        } else {
          throw NetworkError(
            "the file leaves the dimension '\(name)' open", place: place,
            suggestion: "give it with --dimension \(name)=SIZE")
        }
      case .unknown:
        guard axis == 0 else {
          throw NetworkError(
            "the file leaves axis \(axis) open", place: place,
            suggestion: "give the whole shape with --shape \(input.name)=1x3x224x224")
        }
        shape.append(1)
      }
    }
    return shape
  }
}

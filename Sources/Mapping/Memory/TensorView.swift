public import Networks

/// Where the elements of a tensor lie in memory.
public struct TensorView: Sendable, Equatable {
  /// Address of the first element.
  public var address: UInt32
  /// Type of each element.
  public var element: ElementType
  /// Elements along each axis, outermost first.
  public var shape: [Int]
  /// Distances of neighbours along each axis, in elements.
  public var strides: [Int]

  /// Creates a view.
  public init(address: UInt32, element: ElementType, shape: [Int], strides: [Int]) {
    self.address = address
    self.element = element
    self.shape = shape
    self.strides = strides
  }

  /// Elements in all.
  public var count: Int { shape.reduce(1, *) }

  /// Strides of a row-major tensor.
  public static func rowMajor(_ shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    return strides
  }

  /// Strides of N×C×H×W in the order N, H, W, C.
  public static func channelsLast(_ shape: [Int]) -> [Int] {
    precondition(shape.count == 4, "channels last is a layout of four axes")
    return [shape[1] * shape[2] * shape[3], 1, shape[1] * shape[3], shape[1]]
  }
}

/// Element type and shape of a tensor. A scalar has the empty shape.
public struct TensorType: Sendable, Equatable, CustomStringConvertible {
  /// The type of each element.
  public var element: ElementType
  /// Elements along each axis, outermost first.
  public var shape: [Int]

  /// Creates a type; no side of `shape` is negative.
  public init(_ element: ElementType, _ shape: [Int]) {
    self.element = element
    self.shape = shape
  }

  /// Elements in all.
  ///
  /// Types that come out of inference are within ``Limits/elements``, so the product is exact.
  public var elementCount: Int { shape.reduce(1, *) }

  /// Bytes in all.
  public var byteCount: Int { elementCount * element.byteCount }

  /// For example `fp32[1×3×224×224]`.
  public var description: String { "\(element.rawValue)[\(Self.text(shape))]" }

  /// For example `1×3×224×224`.
  public static func text(_ shape: [Int]) -> String {
    shape.map(String.init).joined(separator: "×")
  }
}

/// Bounds that keep a damaged or hostile file from taking the machine's memory.
public enum Limits {
  /// Most elements of one tensor: 2³¹ − 1.
  public static let elements = Int(Int32.max)
  /// Most axes of one tensor.
  public static let rank = 16
  /// Most elements of a tensor that is computed while a network is read.
  public static let foldedElements = 1 << 24
  /// Most nodes of a network.
  public static let nodes = 1 << 20

  /// The number of elements, or nil when a side is negative or the limits are exceeded.
  ///
  /// The product of the sides that are not 0 must be within the limits too, so that no product of
  /// some of the sides can overflow.
  public static func elementCount(of shape: [Int]) -> Int? {
    guard shape.count <= rank else { return nil }
    var count = 1
    var isEmpty = false
    for side in shape {
      guard side >= 0 else { return nil }
      guard side > 0 else {
        isEmpty = true
        continue
      }
      let (product, overflow) = count.multipliedReportingOverflow(by: side)
      guard !overflow, product <= elements else { return nil }
      count = product
    }
    return isEmpty ? 0 : count
  }
}

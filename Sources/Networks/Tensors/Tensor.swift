/// A dense array of numbers, row-major (the last axis is contiguous).
public struct Tensor: Sendable, Equatable {
  /// The elements of a tensor, in a typed array.
  public enum Elements: Sendable, Equatable {
    /// Binary32.
    case float32([Float])
    /// Binary64.
    case float64([Double])
    /// Binary16, as bit patterns.
    case float16([Half])
    /// bfloat16, as bit patterns.
    case bfloat16([BFloat16])
    /// Signed bytes.
    case int8([Int8])
    /// Unsigned bytes.
    case uint8([UInt8])
    /// Signed, 16 bits.
    case int16([Int16])
    /// Unsigned, 16 bits.
    case uint16([UInt16])
    /// Signed, 32 bits.
    case int32([Int32])
    /// Unsigned, 32 bits.
    case uint32([UInt32])
    /// Signed, 64 bits.
    case int64([Int64])
    /// Unsigned, 64 bits.
    case uint64([UInt64])
    /// Truth values.
    case bool([Bool])
  }

  /// Elements along each axis, outermost first; empty for a scalar.
  public let shape: [Int]
  /// The numbers, as many as the product of `shape`.
  public let elements: Elements

  /// Creates a tensor; traps when the number of elements is not that of the shape.
  public init(shape: [Int], elements: Elements) {
    precondition(elements.count == shape.reduce(1, *), "elements do not fit the shape")
    self.shape = shape
    self.elements = elements
  }

  /// Creates a tensor of an array; traps when its length is not that of the shape.
  public init<Element: TensorElement>(_ shape: [Int], _ array: [Element]) {
    self.init(shape: shape, elements: Element.elements(array))
  }

  /// Creates a tensor of rank 0.
  public init<Element: TensorElement>(scalar: Element) { self.init([], [scalar]) }

  /// Element type and shape.
  public var type: TensorType { TensorType(elements.type, shape) }

  /// Elements in all.
  public var count: Int { elements.count }

  /// The elements if they are of this type.
  public func array<Element: TensorElement>(of type: Element.Type) -> [Element]? {
    Element.array(elements)
  }

  /// The same elements in another shape of the same size.
  public func reshaped(_ shape: [Int]) -> Tensor { Tensor(shape: shape, elements: elements) }
}

/// A number that tensors hold.
public protocol TensorElement: BitwiseCopyable, Sendable, Equatable {
  /// Which element type this is.
  static var elementType: ElementType { get }
  /// Wraps an array.
  static func elements(_ array: [Self]) -> Tensor.Elements
  /// Unwraps an array of this type, or nil.
  static func array(_ elements: Tensor.Elements) -> [Self]?
}

/// IEEE-754 binary16 as its bit pattern.
public struct Half: BitwiseCopyable, Sendable, Hashable {
  /// Sign, 5 bits of exponent, 10 bits of fraction.
  public var bits: UInt16

  /// Creates a number from its pattern.
  public init(bits: UInt16) { self.bits = bits }
}

/// bfloat16 as its bit pattern: the upper half of a binary32.
public struct BFloat16: BitwiseCopyable, Sendable, Hashable {
  /// Sign, 8 bits of exponent, 7 bits of fraction.
  public var bits: UInt16

  /// Creates a number from its pattern.
  public init(bits: UInt16) { self.bits = bits }
}

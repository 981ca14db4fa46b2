extension Tensor.Elements {
  /// How many elements there are.
  public var count: Int {
    switch self {
    case .float32(let array): array.count
    case .float64(let array): array.count
    case .float16(let array): array.count
    case .bfloat16(let array): array.count
    case .int8(let array): array.count
    case .uint8(let array): array.count
    case .int16(let array): array.count
    case .uint16(let array): array.count
    case .int32(let array): array.count
    case .uint32(let array): array.count
    case .int64(let array): array.count
    case .uint64(let array): array.count
    case .bool(let array): array.count
    }
  }

  /// Of which type the elements are.
  public var type: ElementType {
    switch self {
    case .float32: .float32
    case .float64: .float64
    case .float16: .float16
    case .bfloat16: .bfloat16
    case .int8: .int8
    case .uint8: .uint8
    case .int16: .int16
    case .uint16: .uint16
    case .int32: .int32
    case .uint32: .uint32
    case .int64: .int64
    case .uint64: .uint64
    case .bool: .bool
    }
  }
}

extension Float: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .float32 }
  /// Wraps an array.
  public static func elements(_ array: [Float]) -> Tensor.Elements { .float32(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [Float]? {
    if case .float32(let array) = elements { array } else { nil }
  }
}

extension Double: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .float64 }
  /// Wraps an array.
  public static func elements(_ array: [Double]) -> Tensor.Elements { .float64(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [Double]? {
    if case .float64(let array) = elements { array } else { nil }
  }
}

extension Half: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .float16 }
  /// Wraps an array.
  public static func elements(_ array: [Half]) -> Tensor.Elements { .float16(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [Half]? {
    if case .float16(let array) = elements { array } else { nil }
  }
}

extension BFloat16: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .bfloat16 }
  /// Wraps an array.
  public static func elements(_ array: [BFloat16]) -> Tensor.Elements { .bfloat16(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [BFloat16]? {
    if case .bfloat16(let array) = elements { array } else { nil }
  }
}

extension Int8: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .int8 }
  /// Wraps an array.
  public static func elements(_ array: [Int8]) -> Tensor.Elements { .int8(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [Int8]? {
    if case .int8(let array) = elements { array } else { nil }
  }
}

extension UInt8: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .uint8 }
  /// Wraps an array.
  public static func elements(_ array: [UInt8]) -> Tensor.Elements { .uint8(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [UInt8]? {
    if case .uint8(let array) = elements { array } else { nil }
  }
}

extension Int16: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .int16 }
  /// Wraps an array.
  public static func elements(_ array: [Int16]) -> Tensor.Elements { .int16(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [Int16]? {
    if case .int16(let array) = elements { array } else { nil }
  }
}

extension UInt16: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .uint16 }
  /// Wraps an array.
  public static func elements(_ array: [UInt16]) -> Tensor.Elements { .uint16(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [UInt16]? {
    if case .uint16(let array) = elements { array } else { nil }
  }
}

extension Int32: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .int32 }
  /// Wraps an array.
  public static func elements(_ array: [Int32]) -> Tensor.Elements { .int32(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [Int32]? {
    if case .int32(let array) = elements { array } else { nil }
  }
}

extension UInt32: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .uint32 }
  /// Wraps an array.
  public static func elements(_ array: [UInt32]) -> Tensor.Elements { .uint32(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [UInt32]? {
    if case .uint32(let array) = elements { array } else { nil }
  }
}

extension Int64: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .int64 }
  /// Wraps an array.
  public static func elements(_ array: [Int64]) -> Tensor.Elements { .int64(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [Int64]? {
    if case .int64(let array) = elements { array } else { nil }
  }
}

extension UInt64: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .uint64 }
  /// Wraps an array.
  public static func elements(_ array: [UInt64]) -> Tensor.Elements { .uint64(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [UInt64]? {
    if case .uint64(let array) = elements { array } else { nil }
  }
}

extension Bool: TensorElement {
  /// Which element type this is.
  public static var elementType: ElementType { .bool }
  /// Wraps an array.
  public static func elements(_ array: [Bool]) -> Tensor.Elements { .bool(array) }
  /// Unwraps an array of this type, or nil.
  public static func array(_ elements: Tensor.Elements) -> [Bool]? {
    if case .bool(let array) = elements { array } else { nil }
  }
}

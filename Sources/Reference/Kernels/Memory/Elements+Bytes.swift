internal import Networks

extension Tensor.Elements {
  /// Reads the elements as bytes, for operators that move elements and do not compute.
  func readingBytes<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    switch self {
    case .float32(let array): array.reading { body($0) }
    case .float64(let array): array.reading { body($0) }
    case .float16(let array): array.reading { body($0) }
    case .bfloat16(let array): array.reading { body($0) }
    case .int8(let array): array.reading { body($0) }
    case .uint8(let array): array.reading { body($0) }
    case .int16(let array): array.reading { body($0) }
    case .uint16(let array): array.reading { body($0) }
    case .int32(let array): array.reading { body($0) }
    case .uint32(let array): array.reading { body($0) }
    case .int64(let array): array.reading { body($0) }
    case .uint64(let array): array.reading { body($0) }
    case .bool(let array): array.reading { body($0) }
    }
  }

  /// Makes elements by writing all their bytes.
  static func filled(
    _ type: ElementType, _ count: Int, _ write: (UnsafeMutableRawPointer) -> Void
  ) -> Tensor.Elements {
    switch type {
    case .float32: .float32(.filled(count) { write($0) })
    case .float64: .float64(.filled(count) { write($0) })
    case .float16: .float16(.filled(count) { write($0) })
    case .bfloat16: .bfloat16(.filled(count) { write($0) })
    case .int8: .int8(.filled(count) { write($0) })
    case .uint8: .uint8(.filled(count) { write($0) })
    case .int16: .int16(.filled(count) { write($0) })
    case .uint16: .uint16(.filled(count) { write($0) })
    case .int32: .int32(.filled(count) { write($0) })
    case .uint32: .uint32(.filled(count) { write($0) })
    case .int64: .int64(.filled(count) { write($0) })
    case .uint64: .uint64(.filled(count) { write($0) })
    case .bool: .bool(.filled(count) { write($0) })
    }
  }
}

public import Networks

extension Tensor {
  /// The elements as they lie in memory: row-major, little endian.
  public var littleEndianBytes: [UInt8] {
    func bytes<Element>(_ values: [Element]) -> [UInt8] { values.withUnsafeBytes(Array.init) }
    return switch elements {
    case .float32(let values): bytes(values)
    case .float64(let values): bytes(values)
    case .float16(let values): bytes(values)
    case .bfloat16(let values): bytes(values)
    case .int8(let values): bytes(values)
    case .uint8(let values): values
    case .int16(let values): bytes(values)
    case .uint16(let values): bytes(values)
    case .int32(let values): bytes(values)
    case .uint32(let values): bytes(values)
    case .int64(let values): bytes(values)
    case .uint64(let values): bytes(values)
    case .bool(let values): values.map { $0 ? 1 : 0 }
    }
  }

  /// A tensor of bytes in memory: row-major, little endian.
  public init(littleEndian bytes: [UInt8], type: TensorType) {
    func values<Element: BitwiseCopyable>(_: Element.Type) -> [Element] {
      bytes.withUnsafeBytes { source in
        (0..<type.elementCount).map {
          source.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Element>.size, as: Element.self)
        }
      }
    }
    let elements: Elements =
      switch type.element {
      case .float32: .float32(values(Float.self))
      case .float64: .float64(values(Double.self))
      case .float16: .float16(values(Half.self))
      case .bfloat16: .bfloat16(values(BFloat16.self))
      case .int8: .int8(values(Int8.self))
      case .uint8: .uint8(Array(bytes.prefix(type.elementCount)))
      case .int16: .int16(values(Int16.self))
      case .uint16: .uint16(values(UInt16.self))
      case .int32: .int32(values(Int32.self))
      case .uint32: .uint32(values(UInt32.self))
      case .int64: .int64(values(Int64.self))
      case .uint64: .uint64(values(UInt64.self))
      case .bool: .bool(bytes.prefix(type.elementCount).map { $0 != 0 })
      }
    self.init(shape: type.shape, elements: elements)
  }
}

extension TensorView {
  /// Bytes from the first element to behind the last one.
  public var byteExtent: Int {
    guard count > 0 else { return 0 }
    let last = zip(shape, strides).reduce(0) { $0 + ($1.0 - 1) * $1.1 }
    return (last + 1) * element.byteCount
  }

  /// The type of what is seen.
  public var type: TensorType { TensorType(element, shape) }

  /// A tensor's bytes in the order of this view, from its first address on; elements between are zero.
  public func scattered(_ tensor: Tensor) -> [UInt8] {
    let source = tensor.littleEndianBytes
    if strides == Self.rowMajor(shape) { return source }
    var result = [UInt8](repeating: 0, count: byteExtent)
    let size = element.byteCount
    visit { index, place in
      for byte in 0..<size { result[place * size + byte] = source[index * size + byte] }
    }
    return result
  }

  /// The tensor in `bytes`, which begin at this view's first address.
  public func gathered(_ bytes: [UInt8]) -> Tensor {
    if strides == Self.rowMajor(shape) { return Tensor(littleEndian: bytes, type: type) }
    let size = element.byteCount
    var result = [UInt8](repeating: 0, count: count * size)
    visit { index, place in
      for byte in 0..<size { result[index * size + byte] = bytes[place * size + byte] }
    }
    return Tensor(littleEndian: result, type: type)
  }

  /// Row-major index and place in memory of every element.
  private func visit(_ body: (_ index: Int, _ place: Int) -> Void) {
    var position = [Int](repeating: 0, count: shape.count)
    var place = 0
    for index in 0..<count {
      body(index, place)
      var axis = shape.count - 1
      while axis >= 0 {
        position[axis] += 1
        place += strides[axis]
        if position[axis] < shape[axis] { break }
        place -= position[axis] * strides[axis]
        position[axis] = 0
        axis -= 1
      }
    }
  }
}

internal import Foundation
internal import Networks

extension ONNXTensor {
  /// The tensor; what it declares is checked against what it holds before memory is taken.
  ///
  /// - Parameter external: where data that the file keeps elsewhere is.
  /// - Throws: `NetworkError` when the element type is not supported, the shape is not possible, or
  ///   the data does not have the size of the shape.
  func tensor(external: ExternalData) throws(NetworkError) -> Tensor {
    do throws(NetworkError) {
      return try read(external)
    } catch {
      throw error.at(name.isEmpty ? "a tensor" : "tensor '\(name)'")
    }
  }

  private func read(_ external: ExternalData) throws(NetworkError) -> Tensor {
    let element = try ONNXElementTypes.supported(dataType)
    guard !hasSegment else { throw NetworkError("tensors in several segments are not supported") }
    let shape = dims.map { Int($0) }
    guard shape.count <= Limits.rank else {
      throw NetworkError("\(shape.count) axes are more than the \(Limits.rank) that are supported")
    }
    guard let count = Limits.elementCount(of: shape) else {
      throw NetworkError("shape \(TensorType.text(shape)) has a negative side or is too large")
    }
    if dataLocation == .external {
      return try external.tensor(TensorType(element, shape), entries: externalData)
    }
    return try Tensor(shape: shape, elements: elements(element, count))
  }

  private func elements(
    _ element: ElementType, _ count: Int
  ) throws(NetworkError) -> Tensor.Elements {
    if hasRawData {
      guard rawData.count == count * element.byteCount else {
        throw NetworkError(
          "\(rawData.count) bytes of data, where its shape needs \(count * element.byteCount)")
      }
      return rawData.withUnsafeBytes { Tensor.Elements(littleEndian: $0, element) }
    }
    switch element {
    case .float32: return try .float32(complete(floatData, count))
    case .float64: return try .float64(complete(doubleData, count))
    case .int64: return try .int64(complete(int64Data, count))
    case .uint64: return try .uint64(complete(uint64Data, count))
    case .int32: return try .int32(complete(int32Data, count))
    case .uint32: return try .uint32(converted(uint64Data, count))
    case .int8: return try .int8(converted(int32Data, count))
    case .uint8: return try .uint8(converted(int32Data, count))
    case .int16: return try .int16(converted(int32Data, count))
    case .uint16: return try .uint16(converted(int32Data, count))
    case .float16:
      return try .float16(converted(int32Data, count).map { Half(bits: $0) })
    case .bfloat16:
      return try .bfloat16(converted(int32Data, count).map { BFloat16(bits: $0) })
    case .bool: return try .bool(complete(int32Data, count).map { $0 != 0 })
    }
  }

  private func complete<Value>(_ values: [Value], _ count: Int) throws(NetworkError) -> [Value] {
    guard values.count == count else {
      throw NetworkError("\(values.count) elements of data, where its shape needs \(count)")
    }
    return values
  }

  private func converted<Source: BinaryInteger, Target: FixedWidthInteger>(
    _ values: [Source], _ count: Int
  ) throws(NetworkError) -> [Target] {
    var result: [Target] = []
    let values = try complete(values, count)
    result.reserveCapacity(count)
    for value in values {
      guard let converted = Target(exactly: value) else {
        throw NetworkError("\(value) does not fit its element type")
      }
      result.append(converted)
    }
    return result
  }
}

extension Tensor.Elements {
  /// Elements that lie one after another, little-endian; the bytes are a whole number of elements.
  init(littleEndian bytes: UnsafeRawBufferPointer, _ element: ElementType) {
    switch element {
    case .float32: self = .float32(copied(bytes))
    case .float64: self = .float64(copied(bytes))
    case .float16: self = .float16(copied(bytes))
    case .bfloat16: self = .bfloat16(copied(bytes))
    case .int8: self = .int8(copied(bytes))
    case .uint8: self = .uint8(copied(bytes))
    case .int16: self = .int16(copied(bytes))
    case .uint16: self = .uint16(copied(bytes))
    case .int32: self = .int32(copied(bytes))
    case .uint32: self = .uint32(copied(bytes))
    case .int64: self = .int64(copied(bytes))
    case .uint64: self = .uint64(copied(bytes))
    // Any byte but 0 is true; a Bool in memory is only ever 0 or 1.
    case .bool: self = .bool(bytes.map { $0 != 0 })
    }
  }

  /// The elements one after another, little-endian.
  var littleEndianBytes: Data {
    func bytes<Element: BitwiseCopyable>(_ array: [Element]) -> Data {
      array.withUnsafeBytes { Data($0) }
    }
    return switch self {
    case .float32(let array): bytes(array)
    case .float64(let array): bytes(array)
    case .float16(let array): bytes(array)
    case .bfloat16(let array): bytes(array)
    case .int8(let array): bytes(array)
    case .uint8(let array): bytes(array)
    case .int16(let array): bytes(array)
    case .uint16(let array): bytes(array)
    case .int32(let array): bytes(array)
    case .uint32(let array): bytes(array)
    case .int64(let array): bytes(array)
    case .uint64(let array): bytes(array)
    case .bool(let array): Data(array.map { $0 ? 1 : 0 })
    }
  }
}

/// Copies memory into an array. Machines this runs on are little-endian, as files are.
private func copied<Element: BitwiseCopyable>(_ bytes: UnsafeRawBufferPointer) -> [Element] {
  let count = bytes.count / MemoryLayout<Element>.stride
  return [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
    UnsafeMutableRawBufferPointer(buffer).copyMemory(
      from: UnsafeRawBufferPointer(rebasing: bytes[..<(count * MemoryLayout<Element>.stride)]))
    initialized = count
  }
}

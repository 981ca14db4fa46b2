internal import Networks

/// An 8-bit integer.
protocol ByteElement: TensorElement, FixedWidthInteger {}
extension Int8: ByteElement {}
extension UInt8: ByteElement {}

extension Tensor {
  /// The bytes as 16-bit integers, less a zero point.
  func widened(less zeroPoint: Int32) throws(NetworkError) -> [Int16] {
    if let bytes = array(of: UInt8.self) { return Self.widened(bytes, zeroPoint) }
    if let bytes = array(of: Int8.self) { return Self.widened(bytes, zeroPoint) }
    throw NetworkError("operand of type \(type) where 8-bit integers are needed")
  }

  private static func widened<Byte: ByteElement>(_ bytes: [Byte], _ zeroPoint: Int32) -> [Int16] {
    let zero = Int16(truncatingIfNeeded: zeroPoint)
    return bytes.map { Int16(truncatingIfNeeded: $0) &- zero }
  }

  /// The elements as bit patterns of bytes, without copying unsigned ones.
  func bytePatterns() throws(NetworkError) -> [UInt8] {
    if let bytes = array(of: UInt8.self) { return bytes }
    if let bytes = array(of: Int8.self) { return bytes.map { UInt8(bitPattern: $0) } }
    throw NetworkError("operand of type \(type) where 8-bit integers are needed")
  }

  /// A tensor of bytes of either sign.
  init(bytePatterns: [UInt8], type: TensorType) {
    switch type.element == .int8 {
    case true: self.init(type.shape, bytePatterns.map { Int8(bitPattern: $0) })
    case false: self.init(type.shape, bytePatterns)
    }
  }
}

extension ElementType {
  /// Least and greatest element of 8- and 16-bit integers, nil for other types.
  var quantisedRange: ClosedRange<Int32>? {
    switch self {
    case .int8: -128...127
    case .uint8: 0...255
    case .int16: -32768...32767
    case .uint16: 0...65535
    case .float32, .float64, .float16, .bfloat16, .int32, .uint32, .int64, .uint64, .bool: nil
    }
  }
}

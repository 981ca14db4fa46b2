extension ElementType {
  /// One little-endian element as a number.
  func text(of bytes: [UInt8]) -> String {
    var pattern: UInt64 = 0
    for byte in bytes.reversed() { pattern = pattern << 8 | UInt64(byte) }
    switch self {
    case .int8: return "\(Int8(truncatingIfNeeded: pattern))"
    case .int16: return "\(Int16(truncatingIfNeeded: pattern))"
    case .int32: return "\(Int32(truncatingIfNeeded: pattern))"
    case .int64: return "\(Int64(bitPattern: pattern))"
    case .uint8, .uint16, .uint32: return "\(pattern)"
    case .float: return "\(Float(bitPattern: UInt32(truncatingIfNeeded: pattern)))"
    case .double: return "\(Double(bitPattern: pattern))"
    }
  }

  /// Elements as text, one per line.
  func lines(of bytes: [UInt8]) -> String {
    stride(from: 0, to: bytes.count - byteCount + 1, by: byteCount)
      .map { text(of: Array(bytes[$0..<$0 + byteCount])) + "\n" }.joined()
  }
}

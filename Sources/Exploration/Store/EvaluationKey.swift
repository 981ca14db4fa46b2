/// Digest of the inputs of an evaluation as the store keeps it: 32 bytes instead of 64 digits.
struct EvaluationKey: Equatable {
  /// The bytes, in the order of the digits.
  var bytes: SIMD32<UInt8>

  /// Takes the bytes.
  init(bytes: SIMD32<UInt8>) { self.bytes = bytes }

  /// Takes bytes, of which there must be 32.
  init?(_ buffer: UnsafeRawBufferPointer) {
    guard buffer.count == 32 else { return nil }
    bytes = buffer.loadUnaligned(as: SIMD32<UInt8>.self)
  }

  /// Reads 64 hexadecimal digits; nil for any other text.
  init?(_ text: String) {
    var text = text
    var bytes = SIMD32<UInt8>()
    let isValid = text.withUTF8 { digits in
      guard digits.count == 64 else { return false }
      for position in 0..<32 {
        guard let high = Self.value(digits[2 * position]),
          let low = Self.value(digits[2 * position + 1])
        else { return false }
        bytes[position] = high << 4 | low
      }
      return true
    }
    guard isValid else { return nil }
    self.bytes = bytes
  }

  /// The first 8 bytes as a number, which sorts like the bytes.
  var prefix: UInt64 {
    withUnsafeBytes(of: bytes) { UInt64(bigEndian: $0.load(as: UInt64.self)) }
  }

  /// The 64 digits, lower case.
  var text: String {
    String(unsafeUninitializedCapacity: 64) { digits in
      for position in 0..<32 {
        digits[2 * position] = Self.digit(bytes[position] >> 4)
        digits[2 * position + 1] = Self.digit(bytes[position] & 15)
      }
      return 64
    }
  }

  private static func value(_ digit: UInt8) -> UInt8? {
    switch digit {
    case 0x30...0x39: digit - 0x30
    case 0x61...0x66: digit - 0x61 + 10
    case 0x41...0x46: digit - 0x41 + 10
    default: nil
    }
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? 0x30 + value : 0x61 + value - 10
  }
}

/// Hexadecimal text as the remote serial protocol uses it.
enum Hexadecimal {
  private static let digits = Array("0123456789abcdef".utf8)

  /// Two lower-case digits per byte.
  static func encode(_ bytes: some Sequence<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    for byte in bytes {
      result.append(digits[Int(byte >> 4)])
      result.append(digits[Int(byte & 15)])
    }
    return result
  }

  /// The value of one digit of either case.
  static func digit(_ character: UInt8) -> UInt8? {
    switch character {
    case 0x30...0x39: character - 0x30
    case 0x61...0x66: character - 0x61 + 10
    case 0x41...0x46: character - 0x41 + 10
    default: nil
    }
  }

  /// The bytes that pairs of digits stand for; nil unless everything is pairs of digits.
  static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
    guard text.count % 2 == 0 else { return nil }
    var result: [UInt8] = []
    result.reserveCapacity(text.count / 2)
    var high: UInt8?
    for character in text {
      guard let digit = digit(character) else { return nil }
      if let upper = high {
        result.append(upper << 4 | digit)
        high = nil
      } else {
        high = digit
      }
    }
    return result
  }

  /// The number written with the most significant digit first; nil when it is empty, holds anything
  /// else or exceeds 64 bits.
  static func number(_ text: some Collection<UInt8>) -> UInt64? {
    guard !text.isEmpty else { return nil }
    var result: UInt64 = 0
    for character in text {
      guard let digit = digit(character), result >> 60 == 0 else { return nil }
      result = result << 4 | UInt64(digit)
    }
    return result
  }

  /// `value` in `bytes` bytes, least significant byte first: how registers travel.
  static func littleEndian(_ value: UInt64, bytes: Int) -> [UInt8] {
    encode((0..<bytes).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) })
  }

  /// The number in up to 8 bytes, least significant byte first.
  static func value(littleEndian bytes: some BidirectionalCollection<UInt8>) -> UInt64 {
    bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The shortest digits of a number, as text.
  static func text(_ value: UInt64) -> String { String(value, radix: 16) }

  /// `0x` and at least `digits` digits.
  static func padded(_ value: UInt64, digits: Int) -> String {
    let text = String(value, radix: 16)
    return "0x" + String(repeating: "0", count: max(0, digits - text.count)) + text
  }
}

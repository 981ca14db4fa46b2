/// What log formatting appends to a text: without strings, which would dominate its time.
extension [UInt8] {
  /// The characters of a string.
  @inline(__always)
  mutating func append(text: StaticString) {
    append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  /// The lowest `digits` digits of `value` in lower-case hexadecimal, with zeros in front.
  @inline(__always)
  mutating func append(hexadecimal value: UInt64, digits: Int) {
    var shift = UInt64(4 * digits)
    while shift > 0 {
      shift -= 4
      let digit = UInt8(truncatingIfNeeded: value >> shift & 15)
      append(digit < 10 ? 0x30 + digit : 0x57 + digit)
    }
  }

  /// `value` in lower-case hexadecimal, with zeros in front up to at least `digits` digits.
  mutating func append(hexadecimal value: UInt64, atLeast digits: Int) {
    append(hexadecimal: value, digits: Swift.max(digits, (67 - value.leadingZeroBitCount) / 4))
  }

  /// `value` in decimal.
  mutating func append(decimal value: Int) {
    if value < 10 { return append(0x30 + UInt8(truncatingIfNeeded: value)) }
    append(decimal: value / 10)
    append(0x30 + UInt8(truncatingIfNeeded: value % 10))
  }
}

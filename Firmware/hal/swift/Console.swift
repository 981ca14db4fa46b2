/// Text output that needs no memory.
enum Console {
  /// Sends a line: `Console.print("\(done) of \(count), \(hex: address)")`.
  static func print(_ line: ConsoleText) {
    console_put(newline)
  }

  /// Sends a text without going to the next line.
  static func write(_ text: ConsoleText) {}

  private static let newline: CChar = 10
}

/// A text on its way to the console: its parts are sent as they are evaluated, so that there is
/// nothing to keep. Of Swift's `String` alone the interpolation takes 50 KiB of code.
struct ConsoleText: ExpressibleByStringInterpolation {
  init(stringLiteral text: StaticString) {
    var parts = StringInterpolation(literalCapacity: 0, interpolationCount: 0)
    parts.appendLiteral(text)
  }

  init(stringInterpolation: StringInterpolation) {}

  struct StringInterpolation: StringInterpolationProtocol {
    init(literalCapacity: Int, interpolationCount: Int) {}

    mutating func appendLiteral(_ literal: StaticString) {
      literal.withUTF8Buffer { bytes in
        for byte in bytes { console_put(CChar(bitPattern: byte)) }
      }
    }

    /// A number in decimal, right-aligned in `width` columns.
    mutating func appendInterpolation<Value: BinaryInteger>(_ value: Value, width: Int = 0) {
      appendDigits(
        UInt64(truncatingIfNeeded: value.magnitude), isNegative: value < 0, base: 10, width: width)
    }

    /// A number in hexadecimal with `0x` in front.
    mutating func appendInterpolation<Value: FixedWidthInteger>(hex value: Value) {
      appendLiteral("0x")
      let bits = UInt64(truncatingIfNeeded: value)
      let mask = Value.bitWidth < 64 ? (1 << UInt64(Value.bitWidth)) - 1 : UInt64.max
      appendDigits(bits & mask, isNegative: false, base: 16, width: 0)
    }

    /// A text of the program.
    mutating func appendInterpolation(_ text: StaticString) {
      appendLiteral(text)
    }

    /// A text of C that ends in a zero; nothing for NULL.
    mutating func appendInterpolation(_ text: UnsafePointer<CChar>?) {
      if let text { console_write(text) }
    }

    private func appendDigits(_ value: UInt64, isNegative: Bool, base: UInt32, width: Int) {
      var digits = InlineArray<20, UInt8>(repeating: 0)
      var count = 0
      var high = value
      // 64-bit division is a loop in software: leave it as soon as the rest fits in a word.
      while high > UInt64(UInt32.max) {
        digits[count] = Self.digit(UInt32(truncatingIfNeeded: high % UInt64(base)))
        high /= UInt64(base)
        count += 1
      }
      var rest = UInt32(truncatingIfNeeded: high)
      repeat {
        digits[count] = Self.digit(rest % base)
        rest /= base
        count += 1
      } while rest != 0
      var blanks = width - count - (isNegative ? 1 : 0)
      while blanks > 0 {
        console_put(32)
        blanks -= 1
      }
      if isNegative { console_put(45) }
      while count > 0 {
        count -= 1
        console_put(CChar(bitPattern: digits[count]))
      }
    }

    private static func digit(_ value: UInt32) -> UInt8 {
      UInt8(truncatingIfNeeded: value < 10 ? 48 + value : 87 + value)
    }
  }
}

/// Numbers written as text: decimal (integers also hexadecimal), separated by blanks, commas,
/// semicolons or line ends; `#` starts a comment that ends with its line.
struct NumericText {
  /// Mistakes reported per file; more of them say nothing new.
  static let reportLimit = 10
  /// Bytes of a token that are looked at.
  private static let tokenLimit = 1024

  /// Name of the file in positions.
  let file: String
  let type: ElementType

  /// The elements as little-endian bytes, or nil after reporting mistakes at their places in the
  /// file.
  func encode(_ text: [UInt8], _ collector: DiagnosticCollector) -> [UInt8]? {
    var result: [UInt8] = []
    var mistakes: [(offset: Int, message: String, expected: String)] = []
    var index = text.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    while index < text.count, mistakes.count < Self.reportLimit {
      if text[index] == UInt8(ascii: "#") {
        while index < text.count, text[index] != 0x0A { index += 1 }
      } else if Self.isSeparator(text[index]) {
        index += 1
      } else {
        let start = index
        while index < text.count, !Self.isSeparator(text[index]), text[index] != UInt8(ascii: "#") {
          index += 1
        }
        // No number is that long; what is shown of a longer token is its beginning.
        let end = min(index, start + Self.tokenLimit)
        let token = String(decoding: text[start..<end], as: UTF8.self)
        if let mistake = append(token, to: &result) {
          mistakes.append((start, mistake.message, mistake.expected))
        }
      }
    }
    if mistakes.isEmpty { return result }
    let lines = TextLines(text)
    for mistake in mistakes {
      let place = lines.place(of: mistake.offset)
      collector.error(
        at: SourcePosition(file: file, line: place.line, column: place.column), "",
        mistake.message, expected: mistake.expected)
    }
    return nil
  }

  private func append(
    _ token: String, to bytes: inout [UInt8]
  ) -> (message: String, expected: String)? {
    let shown = JSONValue.shortened(token)
    let noNumber = "'\(shown)' is no number"
    guard let range = type.integerRange else {
      guard let first = token.utf8.first(where: { $0 != 0x2D && $0 != 0x2B && $0 != 0x2E }),
        (0x30...0x39).contains(first), !token.contains("x"), let value = Double(token)
      else { return (noNumber, "a number of type \(type.rawValue)") }
      if type == .double {
        if value.isInfinite { return ("\(shown) is out of range", "a finite double") }
        Self.append(value.bitPattern, to: &bytes)
      } else {
        guard let single = Float(token), single.isFinite else {
          return ("\(shown) is out of range", "a finite float")
        }
        Self.append(single.bitPattern, to: &bytes)
      }
      return nil
    }
    let expected = "an integer from \(range.lowerBound) to \(range.upperBound) (\(type.rawValue))"
    let isNegative = token.hasPrefix("-")
    let digits = isNegative || token.hasPrefix("+") ? String(token.dropFirst()) : token
    let isHexadecimal = digits.hasPrefix("0x") || digits.hasPrefix("0X")
    let body = isHexadecimal ? String(digits.dropFirst(2)) : digits
    guard !body.isEmpty,
      body.allSatisfy({ $0.isASCII && (isHexadecimal ? $0.isHexDigit : $0.isNumber) })
    else { return (noNumber, expected) }
    guard let magnitude = Int128(body, radix: isHexadecimal ? 16 : 10),
      range.contains(isNegative ? -magnitude : magnitude)
    else { return ("\(shown) is out of range", expected) }
    let value = isNegative ? -magnitude : magnitude
    for position in 0..<type.byteCount {
      bytes.append(UInt8(truncatingIfNeeded: value >> Int128(8 * position)))
    }
    return nil
  }

  private static func append(_ value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: value.littleEndian) { bytes += $0 }
  }

  private static func isSeparator(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x20, 0x09, 0x0A, 0x0D, UInt8(ascii: ","), UInt8(ascii: ";"): true
    default: false
    }
  }
}

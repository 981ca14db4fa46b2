/// A number as it stands in a relaxed JSON text.
enum NumberText {
  /// A number json-c reads: the text itself, or the decimal digits of a hexadecimal integer.
  case strict(String)
  /// A number that does not fit; what would.
  case outOfRange(expected: String)
  /// Starts as a number, but is none; what was expected, if more can be said.
  case malformed(expected: String?)
  /// Does not start as a number.
  case notANumber

  static let integerRange = "an integer from -9223372036854775808 to 18446744073709551615"

  init(_ text: String) {
    let characters = Array(text.utf8)
    let isNegative = characters.first == UInt8(ascii: "-")
    let body = characters.dropFirst(isNegative ? 1 : 0)
    guard let first = body.first else {
      self = .malformed(expected: nil)
      return
    }
    let isDigit = Self.isDigit(first)
    if !isDigit {
      let startsLikeNumber =
        body.count > 1 && (first == UInt8(ascii: "+") || first == UInt8(ascii: "."))
        && (body.dropFirst().first.map(Self.isDigit) ?? false)
      self = startsLikeNumber ? .malformed(expected: "a digit first") : .notANumber
      return
    }
    if body.starts(with: Array("0x".utf8)) || body.starts(with: Array("0X".utf8)) {
      self = Self.hexadecimal(body.dropFirst(2), isNegative: isNegative)
      return
    }
    self = Self.decimal(text, body)
  }

  private static func hexadecimal(_ digits: ArraySlice<UInt8>, isNegative: Bool) -> NumberText {
    let text = String(decoding: digits, as: UTF8.self)
    guard !digits.isEmpty, text.allSatisfy({ $0.isASCII && $0.isHexDigit }) else {
      return .malformed(expected: "hexadecimal digits after 0x")
    }
    guard let magnitude = UInt64(text, radix: 16) else {
      return .outOfRange(expected: integerRange)
    }
    if isNegative, magnitude > UInt64(Int64.max) + 1 { return .outOfRange(expected: integerRange) }
    return .strict((isNegative ? "-" : "") + String(magnitude))
  }

  private static func decimal(_ text: String, _ body: ArraySlice<UInt8>) -> NumberText {
    let whole = body.prefix(while: isDigit)
    var rest = body.dropFirst(whole.count)
    if whole.count > 1, whole.first == UInt8(ascii: "0") {
      return .malformed(expected: "no leading zero; hexadecimal starts with 0x")
    }
    if rest.isEmpty {
      let fits = UInt64(text) != nil || Int64(text) != nil
      return fits ? .strict(text) : .outOfRange(expected: integerRange)
    }
    if rest.first == UInt8(ascii: ".") {
      let fraction = rest.dropFirst().prefix(while: isDigit)
      if fraction.isEmpty { return .malformed(expected: "a digit after the point") }
      rest = rest.dropFirst(1 + fraction.count)
    }
    if rest.first == UInt8(ascii: "e") || rest.first == UInt8(ascii: "E") {
      rest = rest.dropFirst()
      if rest.first == UInt8(ascii: "+") || rest.first == UInt8(ascii: "-") {
        rest = rest.dropFirst()
      }
      let exponent = rest.prefix(while: isDigit)
      if exponent.isEmpty { return .malformed(expected: "a digit in the exponent") }
      rest = rest.dropFirst(exponent.count)
    }
    guard rest.isEmpty, let number = Double(text) else {
      let isQuantity = rest.first.map { !isDigit($0) && $0 >= UInt8(ascii: "A") } ?? false
      return .malformed(expected: isQuantity ? "a plain number, or text in quotes" : nil)
    }
    let isZero = body.prefix { $0 | 0x20 != UInt8(ascii: "e") }
      .allSatisfy { $0 == UInt8(ascii: "0") || $0 == UInt8(ascii: ".") }
    if number.isInfinite || (number == 0 && !isZero) {
      return .outOfRange(expected: "a number of magnitude 5e-324 to 1.797e308")
    }
    return .strict(text)
  }

  private static func isDigit(_ byte: UInt8) -> Bool {
    byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9")
  }
}

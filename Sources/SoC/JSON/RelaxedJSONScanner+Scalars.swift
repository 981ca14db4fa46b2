internal import Diagnostics

extension RelaxedJSONScanner {
  /// Letters, digits and what numbers are made of; other scripts' letters count as letters.
  static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "."),
      UInt8(ascii: "+"), UInt8(ascii: "-"), 0x80...:
      true
    default: false
    }
  }

  // MARK: Numbers and literal names

  /// Reads a number, `true`, `false` or `null`: whether it is well formed; nil when no such thing
  /// starts here.
  mutating func word() throws(Stop) -> Bool? {
    let start = index
    var end = index
    while end < bytes.count, Self.isWordByte(bytes[end]) { end += 1 }
    if end == start { return nil }
    let text = String(decoding: bytes[start..<end], as: UTF8.self)
    index = end
    if ["true", "false", "null"].contains(text) {
      strict += bytes[start..<end]
      return true
    }
    switch NumberText(text) {
    case .strict(let digits):
      strict += Array(digits.utf8)
      return true
    case .outOfRange(let expected):
      try report(
        start, "the number \(JSONValue.shortened(text)) is out of range", expected: expected)
    case .malformed(let expected):
      try report(start, "'\(JSONValue.shortened(text))' is no number", expected: expected)
    case .notANumber:
      let near = Suggestion.nearest(to: text, among: ["true", "false", "null"])
      let expected = near == nil ? "a value; text needs double quotes" : nil
      try report(
        start, "unknown word '\(JSONValue.shortened(text))'", expected: expected,
        suggestion: near)
    }
    strict += Array("null".utf8)
    return false
  }

  // MARK: Text

  /// Reads text in double quotes. `isWell` is false when a mistake in it was reported.
  mutating func string() throws(Stop) -> (text: String, isWell: Bool) {
    let start = index
    var decoded: [UInt8] = []
    var isWell = true
    strict.append(bytes[index])
    index += 1
    while true {
      if index == bytes.count || bytes[index] == 0x0A || bytes[index] == 0x0D {
        try stop(start, "the text is not closed on its line", expected: "'\"'")
      }
      let byte = bytes[index]
      switch byte {
      case UInt8(ascii: "\""):
        strict.append(byte)
        index += 1
        return (String(decoding: decoded, as: UTF8.self), isWell)
      case UInt8(ascii: "\\"):
        isWell = try escape(into: &decoded, textStart: start) && isWell
      case ..<0x20:
        let expected = byte == 0x09 ? "\\t" : "\\u" + Self.hexadecimal(UInt32(byte), digits: 4)
        try report(
          index, "a control character (\(currentCharacter)) in text", expected: expected)
        isWell = false
        strict.append(0x20)
        index += 1
      default:
        decoded.append(byte)
        strict.append(byte)
        index += 1
      }
    }
  }

  private mutating func escape(
    into decoded: inout [UInt8], textStart: Int
  ) throws(Stop) -> Bool {
    let start = index
    guard index + 1 < bytes.count, bytes[index + 1] != 0x0A else {
      try stop(textStart, "the text is not closed on its line", expected: "'\"'")
    }
    let kind = bytes[index + 1]
    let simple: [UInt8: UInt8] = [
      UInt8(ascii: "\""): 0x22, UInt8(ascii: "\\"): 0x5C, UInt8(ascii: "/"): 0x2F,
      UInt8(ascii: "b"): 0x08, UInt8(ascii: "f"): 0x0C, UInt8(ascii: "n"): 0x0A,
      UInt8(ascii: "r"): 0x0D, UInt8(ascii: "t"): 0x09,
    ]
    if let byte = simple[kind] {
      decoded.append(byte)
      strict += bytes[start..<start + 2]
      index += 2
      return true
    }
    guard kind == UInt8(ascii: "u") else {
      index += 1
      let found = currentCharacter
      try report(
        start, "unknown escape '\\\(found)' in text",
        expected: "\\\\ for a backslash, or one of \\\" \\/ \\b \\f \\n \\r \\t \\u")
      return false
    }
    guard let first = hexadecimalUnit(at: start) else {
      try report(start, "'\\u' without four hexadecimal digits")
      index += 2
      return false
    }
    var scalar = Unicode.Scalar(first)
    var length = 6
    if UTF16.isLeadSurrogate(first), let second = hexadecimalUnit(at: start + 6),
      UTF16.isTrailSurrogate(second)
    {
      let value = 0x10000 + (UInt32(first) - 0xD800) << 10 + (UInt32(second) - 0xDC00)
      scalar = Unicode.Scalar(value)
      length = 12
    }
    guard let scalar else {
      let unit = Self.hexadecimal(UInt32(first), digits: 4)
      try report(start, "'\\u\(unit)' is half of a surrogate pair")
      index += 6
      return false
    }
    decoded += Array(String(scalar).utf8)
    strict += bytes[start..<start + length]
    index += length
    return true
  }

  private func hexadecimalUnit(at offset: Int) -> UInt16? {
    guard offset + 6 <= bytes.count, bytes[offset] == UInt8(ascii: "\\"),
      bytes[offset + 1] == UInt8(ascii: "u")
    else { return nil }
    let digits = bytes[offset + 2..<offset + 6]
    guard digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else { return nil }
    return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
  }
}

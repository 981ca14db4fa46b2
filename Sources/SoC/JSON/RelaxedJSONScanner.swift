/// Reads the relaxed dialect and writes strict JSON of the same layout, keeping the place of
/// every key and value.
///
/// Relaxed means: comments (`#`, `//`, `/* */`), trailing commas, hexadecimal integers. All else
/// is strict. Mistakes whose repair is certain (a missing comma, a word without quotes) are
/// reported and scanning goes on; others end it. Two mistakes on one line are taken for one:
/// the second is most often a consequence of the first.
struct RelaxedJSONScanner {
  /// Thrown to end the scan; the reason is in `findings`.
  struct Stop: Error {}

  let bytes: [UInt8]
  let limits: JSONLimits
  var index = 0
  /// The strict text for json-c.
  var strict: [UInt8] = []
  private(set) var findings: [SyntaxFinding] = []
  private var path: [String] = []
  private var openings: [(offset: Int, indent: Int)] = []
  /// Offset of the current line's start; line ends occur between tokens only.
  private var currentLineStart = 0
  private var suspectOpening: Int?
  /// The bracket that closed last, and one that probably closes too much.
  private var lastClosing: Int?
  private var suspectClosing: Int?
  private var lineOfLastFinding = -1

  init(_ bytes: [UInt8], limits: JSONLimits) {
    self.bytes = bytes
    self.limits = limits
    strict.reserveCapacity(bytes.count + 1)
  }

  /// Scans the whole text; nil when a mistake made the rest unreadable.
  mutating func scan() -> ScannedNode? {
    do throws(Stop) {
      try skipTrivia()
      if index == bytes.count { try stop(0, "the file is empty", expected: "an object in braces") }
      let root = try value()
      try skipTrivia()
      if index < bytes.count {
        if let suspectClosing {
          let end = place(of: lastClosing ?? index)
          index = suspectClosing
          try stop(
            index,
            "'\(currentCharacter)' is one too many: with it the outermost bracket is closed at "
              + end)
        }
        let found = currentCharacter
        let isCloser = bytes[index] == UInt8(ascii: "}") || bytes[index] == UInt8(ascii: "]")
        let message =
          isCloser
          ? "'\(found)' closes nothing: every bracket before it is closed already"
          : "unexpected '\(found)' after the end of the document"
        try stop(index, message)
      }
      return root
    } catch {
      return nil
    }
  }

  // MARK: Findings

  /// Reports a mistake after which scanning can go on; ends the scan if the line has one already.
  mutating func report(
    _ offset: Int, _ message: String, expected: String? = nil, suggestion: String? = nil,
    isAboutWholeFile: Bool = false
  ) throws(Stop) {
    let line = lineStart(of: offset)
    if line == lineOfLastFinding { throw Stop() }
    lineOfLastFinding = line
    findings.append(
      SyntaxFinding(
        offset: offset, path: isAboutWholeFile ? "" : renderedPath, message: message,
        expected: expected, suggestion: suggestion))
  }

  /// Reports a mistake that makes the rest unreadable.
  mutating func stop(
    _ offset: Int, _ message: String, expected: String? = nil, suggestion: String? = nil
  ) throws(Stop) -> Never {
    try report(offset, message, expected: expected, suggestion: suggestion)
    throw Stop()
  }

  private var renderedPath: String {
    path.reduce("") { text, part in
      part.hasPrefix("[") || text.isEmpty ? text + part : text + "." + part
    }
  }

  private func lineStart(of offset: Int) -> Int {
    bytes[..<min(offset, bytes.count)].lastIndex(of: UInt8(ascii: "\n")) ?? -2
  }

  /// The character at the index, made visible.
  var currentCharacter: String {
    var end = index + 1
    while end < bytes.count, bytes[end] & 0xC0 == 0x80 { end += 1 }
    let text = String(decoding: bytes[index..<end], as: UTF8.self)
    guard let scalar = text.unicodeScalars.first else { return "" }
    let isPlain = scalar.value > 0x20 && scalar.value < 0x7F
    return isPlain || scalar.properties.isAlphabetic
      ? text : "U+" + Self.hexadecimal(scalar.value, digits: 4)
  }

  static func hexadecimal(_ value: UInt32, digits: Int) -> String {
    let text = String(value, radix: 16, uppercase: true)
    return String(repeating: "0", count: max(0, digits - text.count)) + text
  }

  /// `line:column` of an offset, for a message that names a second place.
  private func place(of offset: Int) -> String {
    let lines = TextLines(bytes)
    let (line, column) = lines.place(of: offset)
    return "\(line):\(column)"
  }

  // MARK: Blanks and comments

  /// Passes blanks and comments; a comment becomes blanks in the strict text.
  mutating func skipTrivia() throws(Stop) {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x09, 0x0A, 0x0D:
        strict.append(bytes[index])
        index += 1
        if bytes[index - 1] == 0x0A { currentLineStart = index }
      case UInt8(ascii: "#"):
        skipLine()
      case UInt8(ascii: "/") where follows(UInt8(ascii: "/")):
        skipLine()
      case UInt8(ascii: "/") where follows(UInt8(ascii: "*")):
        try skipBlock()
      default:
        return
      }
    }
  }

  private func follows(_ byte: UInt8) -> Bool {
    index + 1 < bytes.count && bytes[index + 1] == byte
  }

  private mutating func skipLine() {
    while index < bytes.count, bytes[index] != 0x0A {
      strict.append(0x20)
      index += 1
    }
  }

  private mutating func skipBlock() throws(Stop) {
    let start = index
    index += 2
    while true {
      if index + 1 >= bytes.count {
        try stop(start, "the comment is never closed", expected: "'*/'")
      }
      if bytes[index] == UInt8(ascii: "*"), bytes[index + 1] == UInt8(ascii: "/") { break }
      index += 1
      if bytes[index - 1] == 0x0A {
        strict.append(0x0A)
        currentLineStart = index
      }
    }
    index += 2
    strict.append(0x20)
  }

  // MARK: Values

  private mutating func value() throws(Stop) -> ScannedNode {
    let start = index
    switch bytes[index] {
    case UInt8(ascii: "{"):
      return ScannedNode(offset: start, content: .object(try object()))
    case UInt8(ascii: "["):
      return ScannedNode(offset: start, content: .array(try array()))
    case UInt8(ascii: "\""):
      return ScannedNode(offset: start, content: try string().isWell ? .scalar : .malformed)
    case UInt8(ascii: ","), UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ":"):
      try report(start, "a value is missing before '\(currentCharacter)'")
      if bytes[index] == UInt8(ascii: ":") { index += 1 }
      return malformed(at: start)
    case UInt8(ascii: "'"):
      try report(start, "text in single quotes", expected: "double quotes")
      try skipSingleQuoted()
      return malformed(at: start)
    default:
      if let isWell = try word() {
        return ScannedNode(offset: start, content: isWell ? .scalar : .malformed)
      }
      try stop(start, "unexpected '\(currentCharacter)'", expected: "a value")
    }
  }

  private mutating func malformed(at offset: Int) -> ScannedNode {
    strict += Array("null".utf8)
    return ScannedNode(offset: offset, content: .malformed)
  }

  private mutating func skipSingleQuoted() throws(Stop) {
    index += 1
    while index < bytes.count, bytes[index] != 0x0A, bytes[index] != UInt8(ascii: "'") {
      index += 1
    }
    if index == bytes.count || bytes[index] == 0x0A { throw Stop() }
    index += 1
  }

  // MARK: Objects and arrays

  private mutating func open() throws(Stop) {
    if openings.count >= limits.depth {
      try stop(index, "nested too deeply", expected: "at most \(limits.depth) levels")
    }
    openings.append((index, currentIndent))
    strict.append(bytes[index])
    index += 1
  }

  private mutating func close() {
    let opening = openings.removeLast()
    // A closing bracket at the start of a line, less indented than the line of its opening, hints
    // at the bracket that was forgotten.
    let indent = currentIndent
    let isFirstOnLine = currentLineStart + indent == index
    if suspectOpening == nil, isFirstOnLine, indent < opening.indent {
      suspectOpening = opening.offset
    }
    // More indented than the line of its opening, it was meant for an inner bracket, which the one
    // before has closed already.
    if suspectClosing == nil, isFirstOnLine, indent > opening.indent {
      suspectClosing = lastClosing
    }
    lastClosing = index
    strict.append(bytes[index])
    index += 1
  }

  private var currentIndent: Int {
    bytes[currentLineStart..<index].prefix { $0 == 0x20 || $0 == 0x09 }.count
  }

  private mutating func unclosed(_ closer: String) throws(Stop) -> Never {
    let opening = suspectOpening ?? openings.last?.offset ?? 0
    index = opening
    let found = currentCharacter
    let end = place(of: bytes.count)
    try report(
      opening, "'\(found)' is never closed: the file ends at \(end)",
      expected: suspectOpening == nil ? "'\(closer)'" : "a closing bracket",
      isAboutWholeFile: true)
    throw Stop()
  }

  private mutating func mismatch(_ closer: String) throws(Stop) -> Never {
    let opening = openings.last?.offset ?? 0
    try stop(
      index, "'\(currentCharacter)' cannot close the bracket opened at \(place(of: opening))",
      expected: "'\(closer)'")
  }

  private mutating func array() throws(Stop) -> [ScannedNode] {
    try open()
    var elements: [ScannedNode] = []
    var separator = Separator.notNeeded
    while true {
      try skipTrivia()
      if index == bytes.count { try unclosed("]") }
      switch bytes[index] {
      case UInt8(ascii: "]"):
        separator.blank(in: &strict)
        close()
        return elements
      case UInt8(ascii: "}"):
        try mismatch("]")
      case UInt8(ascii: ","):
        try comma(&separator)
      case UInt8(ascii: ":"):
        try stop(index, "unexpected ':' in an array", expected: "',' or ']'")
      default:
        try requireSeparator(separator, before: "the next element")
        path.append("[\(elements.count)]")
        elements.append(try value())
        path.removeLast()
        separator = .needed(after: index)
      }
    }
  }

  private mutating func object() throws(Stop) -> [ScannedMember] {
    try open()
    var members: [ScannedMember] = []
    var firstPlaces: [String: Int] = [:]
    var separator = Separator.notNeeded
    while true {
      try skipTrivia()
      if index == bytes.count { try unclosed("}") }
      switch bytes[index] {
      case UInt8(ascii: "}"):
        separator.blank(in: &strict)
        close()
        return members
      case UInt8(ascii: "]"):
        try mismatch("}")
      case UInt8(ascii: ","):
        try comma(&separator)
      case UInt8(ascii: ":"):
        try stop(index, "a key is missing before ':'", expected: "a key in double quotes")
      default:
        let member = try member(separator)
        if let first = firstPlaces[member.key] {
          path.append(member.key)
          try report(member.offset, "the key is given twice, first at \(place(of: first))")
          path.removeLast()
          members.removeAll { $0.key == member.key }
        }
        firstPlaces[member.key] = firstPlaces[member.key] ?? member.offset
        members.append(member)
        separator = .needed(after: index)
      }
    }
  }

  private mutating func member(_ separator: Separator) throws(Stop) -> ScannedMember {
    let start = index
    let isText = bytes[index] == UInt8(ascii: "\"")
    if !isText, bytes[index] != UInt8(ascii: "'"), !Self.isWordByte(bytes[index]) {
      let expected = separator.isNeeded ? "',' or '}'" : "a key or '}'"
      try stop(index, "unexpected '\(currentCharacter)'", expected: expected)
    }
    try requireSeparator(separator, before: "the next key")
    let key: String
    if isText {
      key = try string().text
      if key.utf8.contains(0) { try stop(start, "U+0000 in a key") }
    } else {
      key = try bareKey()
    }
    path.append(key)
    defer { path.removeLast() }
    try skipTrivia()
    if index == bytes.count { try stop(start, "the file ends after a key", expected: "':'") }
    if bytes[index] == UInt8(ascii: ":") {
      strict.append(bytes[index])
      index += 1
      try skipTrivia()
      if index == bytes.count { try stop(start, "the file ends after a key", expected: "a value") }
    } else {
      let isValueMissing = [",", "}", "]"].contains(currentCharacter)
      try report(
        start, isValueMissing ? "the key has no value" : "':' is missing after the key")
      strict.append(UInt8(ascii: ":"))
      if isValueMissing {
        return ScannedMember(key: key, offset: start, node: malformed(at: index))
      }
    }
    return ScannedMember(key: key, offset: start, node: try value())
  }

  /// A key without its double quotes: reported, and read as if they were there.
  private mutating func bareKey() throws(Stop) -> String {
    let start = index
    let isQuoted = bytes[index] == UInt8(ascii: "'")
    if isQuoted {
      index += 1
      while index < bytes.count, bytes[index] != 0x0A, bytes[index] != UInt8(ascii: "'") {
        index += 1
      }
    } else {
      while index < bytes.count, Self.isWordByte(bytes[index]) { index += 1 }
    }
    let key = String(decoding: bytes[(isQuoted ? start + 1 : start)..<index], as: UTF8.self)
    try report(start, "the key is not in double quotes", expected: "\"\(key)\"")
    if isQuoted {
      if index == bytes.count || bytes[index] == 0x0A { throw Stop() }
      index += 1
    }
    strict += Array(JSONLiteral.string(key).compactText.utf8)
    return key
  }

  // MARK: Commas

  private enum Separator {
    case notNeeded
    case needed(after: Int)
    case seen(outputIndex: Int)

    var isNeeded: Bool {
      if case .needed = self { true } else { false }
    }

    /// A comma before a closing bracket is allowed here, but not in strict JSON.
    func blank(in strict: inout [UInt8]) {
      if case .seen(let outputIndex) = self { strict[outputIndex] = 0x20 }
    }
  }

  private mutating func comma(_ separator: inout Separator) throws(Stop) {
    guard case .needed = separator else {
      try report(index, "a ',' without a value before it")
      index += 1
      return
    }
    separator = .seen(outputIndex: strict.count)
    strict.append(UInt8(ascii: ","))
    index += 1
  }

  private mutating func requireSeparator(
    _ separator: Separator, before what: String
  ) throws(Stop) {
    guard case .needed(let end) = separator else { return }
    try report(end, "',' is missing here, before \(what) at \(place(of: index))")
    strict.append(UInt8(ascii: ","))
  }
}

/// A JSON file in the tool's relaxed dialect, parsed by json-c, with the place of every value.
///
/// The dialect is JSON plus comments (`#`, `//`, `/* */`), trailing commas and hexadecimal
/// integers (`0xA0000000`). A byte order mark and CR LF line ends are accepted.
public struct JSONDocument: Sendable {
  /// The file as the user named it.
  public let file: String
  /// The outermost value.
  public let root: JSONNode

  /// Reads and parses a file.
  ///
  /// - Throws: `ConfigErrors` with everything wrong in the text, or why the file cannot be read.
  public init(contentsOf file: String, limits: JSONLimits = JSONLimits()) throws(ConfigErrors) {
    let collector = DiagnosticCollector()
    let document = Self.read(file, limits: limits, collector)
    _ = try collector.finish()
    guard let document else { throw ConfigErrors(collector.findings) }
    self = document
  }

  /// Parses `text`; `file` is the name used in positions.
  ///
  /// - Throws: `ConfigErrors` with everything wrong in the text.
  public init(
    text: String, file: String, limits: JSONLimits = JSONLimits()
  ) throws(ConfigErrors) {
    try self.init(bytes: Array(text.utf8), file: file, limits: limits)
  }

  /// Parses UTF-8 bytes; `file` is the name used in positions.
  ///
  /// - Throws: `ConfigErrors` with everything wrong in the text.
  public init(
    bytes: [UInt8], file: String, limits: JSONLimits = JSONLimits()
  ) throws(ConfigErrors) {
    let collector = DiagnosticCollector()
    let document = Self.parse(bytes, file: file, limits: limits, collector)
    _ = try collector.finish()
    guard let document else { throw ConfigErrors(collector.findings) }
    self = document
  }

  private init(file: String, root: JSONNode) {
    self.file = file
    self.root = root
  }

  // MARK: Reading

  /// Reads and parses a file; nil after a mistake that leaves nothing to decode.
  static func read(
    _ file: String, limits: JSONLimits, _ collector: DiagnosticCollector
  ) -> JSONDocument? {
    switch HostFile.read(file, limit: limits.bytes) {
    case .success(let bytes):
      return parse(bytes, file: file, limits: limits, collector)
    case .failure(let problem):
      collector.error(
        at: SourcePosition(file: file), "", problem.message, expected: problem.expected,
        suggestion: problem.suggestion)
      return nil
    }
  }

  /// Parses bytes; nil after a mistake that leaves nothing to decode.
  static func parse(
    _ bytes: [UInt8], file: String, limits: JSONLimits, _ collector: DiagnosticCollector
  ) -> JSONDocument? {
    let lines = TextLines(bytes)
    func position(_ offset: Int) -> SourcePosition {
      let place = lines.place(of: offset)
      return SourcePosition(file: file, line: place.line, column: place.column)
    }
    if bytes.count > limits.bytes {
      collector.error(
        at: SourcePosition(file: file), "", "the file has \(bytes.count) bytes",
        expected: "at most \(limits.bytes) bytes")
      return nil
    }
    if let encoding = foreignEncoding(bytes) {
      collector.error(
        at: SourcePosition(file: file, line: 1, column: 1), "",
        "the file is \(encoding) text", expected: "UTF-8")
      return nil
    }
    if let invalid = firstInvalidUTF8(bytes) {
      let digits = RelaxedJSONScanner.hexadecimal(UInt32(bytes[invalid]), digits: 2)
      collector.error(at: position(invalid), "", "the byte 0x\(digits) is not UTF-8 text")
      return nil
    }
    var scanner = RelaxedJSONScanner(bytes, limits: limits)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { scanner.index = 3 }
    let outline = scanner.scan()
    for finding in scanner.findings {
      collector.error(
        at: position(finding.offset), finding.path, finding.message, expected: finding.expected,
        suggestion: finding.suggestion)
    }
    guard let outline else { return nil }
    let tree = JSONCTree(position: position)
    switch tree.read(scanner.strict, outline: outline, depth: limits.depth) {
    case .success(let root):
      return JSONDocument(file: file, root: root)
    case .failure(let refusal):
      let line = scanner.strict.prefix(refusal.offset).count { $0 == 0x0A } + 1
      collector.error(
        at: SourcePosition(file: file, line: line, column: 1), "", "json-c: \(refusal.reason)")
      return nil
    }
  }

  /// The encoding of a text of two or four bytes per character, told by its mark or by the zero
  /// bytes of its first two characters; nil for anything else.
  private static func foreignEncoding(_ bytes: [UInt8]) -> String? {
    if bytes.starts(with: [0xFF, 0xFE, 0, 0]) || bytes.starts(with: [0, 0, 0xFE, 0xFF]) {
      return "UTF-32"
    }
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) { return "UTF-16" }
    guard bytes.count >= 4 else { return nil }
    let zeros = bytes.prefix(4).map { $0 == 0 }
    return zeros == [true, false, true, false] || zeros == [false, true, false, true]
      ? "UTF-16" : nil
  }

  /// The offset of the first byte that is not part of well-formed UTF-8; nil if all are.
  private static func firstInvalidUTF8(_ bytes: [UInt8]) -> Int? {
    do throws(UTF8.ValidationError) {
      _ = try UTF8Span(validating: bytes.span)
      return nil
    } catch {
      return error.byteOffsets.lowerBound
    }
  }
}

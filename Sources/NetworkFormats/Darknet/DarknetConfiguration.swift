internal import Diagnostics
internal import Networks

/// A Darknet `.cfg` file as sections of `key=value` lines, each with its place.
struct DarknetConfiguration {
  /// `[name]` and what follows.
  struct Section {
    var name: String
    var line: Int
    var column: Int
    var options: [Option] = []

    /// How messages call it.
    var place: String { "[\(name)]" }

    func error(_ message: String, suggestion: String? = nil) -> NetworkError {
      NetworkError(message, place: place, suggestion: suggestion, line: line, column: column)
    }
  }

  /// `key=value`.
  struct Option {
    var key: String
    var value: String
    var line: Int
    var column: Int
    var valueColumn: Int
  }

  var sections: [Section] = []

  /// Reads the text: blanks do not matter, lines that begin with `#` or `;` are comments.
  init(text: String) throws(NetworkError) {
    var lineNumber = 0
    for line in Array(text.utf8).split(separator: 0x0a, omittingEmptySubsequences: false) {
      lineNumber += 1
      guard let first = line.firstIndex(where: { !Self.isBlank($0) }) else { continue }
      let column = first - line.startIndex + 1
      switch line[first] {
      case UInt8(ascii: "#"), UInt8(ascii: ";"): continue
      case UInt8(ascii: "["):
        guard let end = line.firstIndex(of: UInt8(ascii: "]")) else {
          throw NetworkError("']' is missing", line: lineNumber, column: column)
        }
        let name = Self.text(line[(first + 1)..<end])
        sections.append(Section(name: name, line: lineNumber, column: column))
      case _:
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else {
          throw NetworkError(
            "expected [section] or key=value", line: lineNumber, column: column)
        }
        let value = line[(equals + 1)...]
        let valueStart = value.firstIndex { !Self.isBlank($0) } ?? value.startIndex
        let option = Option(
          key: Self.text(line[first..<equals]), value: Self.text(value), line: lineNumber,
          column: column, valueColumn: valueStart - line.startIndex + 1)
        guard !sections.isEmpty else {
          throw NetworkError(
            "'\(option.key.prefix(40))' stands before the first section",
            suggestion: "a configuration begins with [net]", line: lineNumber, column: column)
        }
        sections[sections.count - 1].options.append(option)
      }
    }
  }

  private static func isBlank(_ byte: UInt8) -> Bool {
    byte == 0x20 || byte == 0x09 || byte == 0x0d
  }

  /// Text without any blanks.
  private static func text(_ bytes: ArraySlice<UInt8>) -> String {
    String(decoding: bytes.filter { !isBlank($0) }, as: UTF8.self)
  }
}

/// Reads the options of one section and knows which have been asked for.
struct DarknetOptions {
  let section: DarknetConfiguration.Section
  private var known: Set<String>
  private var values: [String: DarknetConfiguration.Option] = [:]

  /// - Parameter ignored: keys that mean nothing here, such as those of training.
  init(_ section: DarknetConfiguration.Section, ignored: Set<String>) {
    self.section = section
    known = ignored
    // Darknet takes the first of several.
    for option in section.options where values[option.key] == nil { values[option.key] = option }
  }

  mutating func option(_ key: String) -> DarknetConfiguration.Option? {
    known.insert(key)
    return values[key]
  }

  mutating func text(_ key: String, default value: String) -> String {
    option(key)?.value ?? value
  }

  /// A whole number within a range.
  mutating func integer(
    _ key: String, default value: Int, in range: ClosedRange<Int> = 1...Limits.elements
  ) throws(NetworkError) -> Int {
    guard let option = option(key) else { return value }
    return try Self.integer(option.value, option, section, in: range)
  }

  /// Whole numbers separated by commas; nil when there is no such key.
  mutating func integers(
    _ key: String, in range: ClosedRange<Int>
  ) throws(NetworkError) -> [Int]? {
    guard let option = option(key) else { return nil }
    var numbers: [Int] = []
    for part in option.value.split(separator: ",", omittingEmptySubsequences: true) {
      numbers.append(try Self.integer(String(part), option, section, in: range))
    }
    return numbers
  }

  mutating func number(_ key: String, default value: Float) throws(NetworkError) -> Float {
    guard let option = option(key) else { return value }
    guard let number = Float(option.value), number.isFinite else {
      throw error("\(key) is '\(option.value.prefix(40))', but must be a number", option)
    }
    return number
  }

  mutating func flag(_ key: String, default value: Bool = false) throws(NetworkError) -> Bool {
    try integer(key, default: value ? 1 : 0, in: Int(Int32.min)...Int(Int32.max)) != 0
  }

  /// Refuses an option that changes what a layer computes and is not supported, unless it has its default.
  mutating func refuse(_ key: String, unless value: String = "0") throws(NetworkError) {
    guard let option = option(key), option.value != value else { return }
    throw error("\(key)=\(option.value.prefix(40)) is not supported", option)
  }

  func error(
    _ message: String, _ option: DarknetConfiguration.Option, suggestion: String? = nil
  ) -> NetworkError {
    NetworkError(
      message, place: section.place, suggestion: suggestion, line: option.line,
      column: option.valueColumn)
  }

  /// Looks at what nobody has asked for: a likely slip of the pen is an error, anything else a remark, because
  /// Darknet itself ignores it.
  func unknown() throws(NetworkError) -> [String] {
    var remarks: [String] = []
    let candidates = known.sorted()
    for option in section.options where !known.contains(option.key) {
      if let near = Suggestion.nearest(to: option.key, among: candidates) {
        throw NetworkError(
          "unknown key '\(option.key.prefix(40))'", place: section.place,
          suggestion: "did you mean '\(near)'?", line: option.line, column: option.column)
      }
      remarks.append(
        "line \(option.line): \(section.place): '\(option.key.prefix(40))' is ignored")
    }
    return remarks
  }

  private static func integer(
    _ text: String, _ option: DarknetConfiguration.Option,
    _ section: DarknetConfiguration.Section, in range: ClosedRange<Int>
  ) throws(NetworkError) -> Int {
    guard let number = Int(text), range.contains(number) else {
      throw NetworkError(
        "\(option.key) is '\(text.prefix(40))', but must be a whole number from "
          + "\(range.lowerBound) to \(range.upperBound)",
        place: section.place, line: option.line, column: option.valueColumn)
    }
    return number
  }
}

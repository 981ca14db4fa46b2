/// A VCD file as a reader sees it. Written from the standard's grammar and independent of the
/// writer: it splits the file into tokens and knows nothing else.
struct VCDDocument {
  struct Variable: Equatable {
    var type: String
    var bits: Int
    var code: String
    /// Scopes and name, joined by dots.
    var name: String
  }

  struct Change: Equatable {
    var time: UInt64
    var name: String
    var value: String
  }

  enum Malformed: Error, Equatable {
    case unknownCommand(String)
    case unknownCode(String)
    case timeRunsBack(UInt64)
    case unexpectedEnd
  }

  var timescale = ""
  var comments: [String] = []
  var variables: [Variable] = []
  var changes: [Change] = []
  var dumps: [String] = []
  var end: UInt64 = 0

  init(_ text: String) throws {
    var tokens = text.split(whereSeparator: \.isWhitespace).map(String.init)[...]
    func body() throws -> [String] {
      guard let end = tokens.firstIndex(of: "$end") else { throw Malformed.unexpectedEnd }
      defer { tokens = tokens[(end + 1)...] }
      return Array(tokens[..<end])
    }
    var scopes: [String] = []
    var names: [String: String] = [:]
    var time: UInt64 = 0
    var hasTime = false
    while let token = tokens.popFirst() {
      switch token {
      case "$timescale": timescale = try body().joined(separator: " ")
      case "$comment": comments.append(try body().joined(separator: " "))
      case "$scope": scopes.append(try body()[1])
      case "$upscope":
        _ = try body()
        scopes.removeLast()
      case "$var":
        let parts = try body()
        let variable = Variable(
          type: parts[0], bits: Int(parts[1]) ?? -1, code: parts[2],
          name: (scopes + [parts[3]]).joined(separator: "."))
        variables.append(variable)
        names[variable.code] = variable.name
      case "$enddefinitions": _ = try body()
      case "$dumpvars", "$dumpoff", "$dumpon": dumps.append(token)
      case "$end": break
      default:
        if token.hasPrefix("$") { throw Malformed.unknownCommand(token) }
        if token.hasPrefix("#") {
          guard let new = UInt64(token.dropFirst()) else { throw Malformed.unexpectedEnd }
          if hasTime, new <= time { throw Malformed.timeRunsBack(new) }
          time = new
          hasTime = true
          continue
        }
        let value: String
        let code: String
        if token.hasPrefix("b") || token.hasPrefix("s") {
          guard let next = tokens.popFirst() else { throw Malformed.unexpectedEnd }
          (value, code) = (String(token.dropFirst()), next)
        } else {
          (value, code) = (String(token.prefix(1)), String(token.dropFirst()))
        }
        guard let name = names[code] else { throw Malformed.unknownCode(code) }
        changes.append(Change(time: time, name: name, value: value))
      }
    }
    end = time
  }

  /// Changes of one variable as `time:value`.
  func history(_ name: String) -> [String] {
    changes.filter { $0.name == name }.map { "\($0.time):\($0.value)" }
  }
}

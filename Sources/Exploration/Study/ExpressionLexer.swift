/// Splits an expression into tokens.
struct ExpressionLexer {
  enum Token: Equatable {
    case number(Double)
    case name(String)
    case text(String)
    case symbol(String)
    case end

    /// How a message names it.
    var summary: String {
      switch self {
      case .number(let value): "the number \(ParameterValue(number: value))"
      case .name(let name): "'\(name)'"
      case .text(let text): "the text '\(text)'"
      case .symbol(let symbol): "'\(symbol)'"
      case .end: "the end"
      }
    }
  }

  struct Placed {
    let token: Token
    let column: Int
  }

  private static let symbols = [
    "&&", "||", "==", "!=", "<=", ">=", "<", ">", "+", "-", "*", "/", "%", "(", ")", "!", "?", ":",
    ",",
  ].map { Array($0.unicodeScalars) }

  private let scalars: [Unicode.Scalar]
  private var index = 0

  init(_ text: String) { scalars = Array(text.unicodeScalars) }

  /// All tokens, the last one `.end`.
  mutating func tokens() throws(ExpressionError) -> [Placed] {
    var result: [Placed] = []
    while true {
      while index < scalars.count, scalars[index].properties.isWhitespace { index += 1 }
      let column = index + 1
      guard index < scalars.count else {
        result.append(Placed(token: .end, column: column))
        return result
      }
      result.append(Placed(token: try token(), column: column))
    }
  }

  private mutating func token() throws(ExpressionError) -> Token {
    let first = scalars[index]
    if Self.isDigit(first) { return try number() }
    if Self.isLetter(first) { return .name(word()) }
    if first == "'" { return try quoted() }
    for symbol in Self.symbols where scalars[index...].starts(with: symbol) {
      index += symbol.count
      return .symbol(String(String.UnicodeScalarView(symbol)))
    }
    let found = String(first)
    let meant = ["=": "==", "&": "&&", "|": "||", "≤": "<=", "≥": ">=", "≠": "!=", "\"": "'"][found]
    throw ExpressionError(
      column: index + 1, message: "'\(found)' is no operator",
      expected: meant == nil ? "an operator, a name or a number" : nil, suggestion: meant)
  }

  private mutating func word() -> String {
    let start = index
    while index < scalars.count, Self.isLetter(scalars[index]) || Self.isDigit(scalars[index]) {
      index += 1
    }
    return String(String.UnicodeScalarView(scalars[start..<index]))
  }

  private mutating func number() throws(ExpressionError) -> Token {
    let start = index
    while index < scalars.count, Self.isDigit(scalars[index]) || scalars[index] == "." {
      index += 1
    }
    // An exponent is taken only with its digits.
    if index < scalars.count, scalars[index] == "e" || scalars[index] == "E" {
      var next = index + 1
      if next < scalars.count, scalars[next] == "-" || scalars[next] == "+" { next += 1 }
      if next < scalars.count, Self.isDigit(scalars[next]) {
        index = next
        while index < scalars.count, Self.isDigit(scalars[index]) { index += 1 }
      }
    }
    let text = String(String.UnicodeScalarView(scalars[start..<index]))
    guard let value = Double(text), value.isFinite, text.last != "." else {
      throw ExpressionError(column: start + 1, message: "'\(text)' is no number")
    }
    return .number(value * (try unit()))
  }

  /// The factor of the unit that follows a number; 1 when none follows.
  private mutating func unit() throws(ExpressionError) -> Double {
    let end = index
    while index < scalars.count, scalars[index] == " " { index += 1 }
    guard index < scalars.count, Self.isLetter(scalars[index]) else {
      index = end
      return 1
    }
    let column = index + 1
    let unit = word()
    if let factor = Quantity.factor(of: unit) { return factor }
    let near = Quantity.units.first { $0.name.lowercased() == unit.lowercased() }?.name
    throw ExpressionError(
      column: column, message: "'\(unit)' after a number is no unit",
      expected: "an operator, or one of \(Quantity.units.map(\.name).joined(separator: ", "))",
      suggestion: near)
  }

  private mutating func quoted() throws(ExpressionError) -> Token {
    let start = index + 1
    guard let end = scalars[start...].firstIndex(of: "'") else {
      throw ExpressionError(column: index + 1, message: "the text has no end", expected: "'")
    }
    index = end + 1
    return .text(String(String.UnicodeScalarView(scalars[start..<end])))
  }

  static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar >= "0" && scalar <= "9" }

  static func isLetter(_ scalar: Unicode.Scalar) -> Bool {
    (scalar >= "a" && scalar <= "z") || (scalar >= "A" && scalar <= "Z") || scalar == "_"
  }
}

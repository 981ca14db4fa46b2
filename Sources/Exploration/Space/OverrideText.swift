internal import SoC

/// Writes values as `--set path=value` takes them.
enum OverrideText {
  /// `path=value`; text that would be read as something else is quoted.
  static func assignment(_ path: String, _ value: ParameterValue) -> String {
    "\(path)=\(text(of: value))"
  }

  private static func text(of value: ParameterValue) -> String {
    guard case .text(let text) = value else { return value.description }
    return isPlain(text) ? text : JSONLiteral.string(text).compactText
  }

  /// A word that is no literal of JSON, or a quantity.
  private static func isPlain(_ text: String) -> Bool {
    if Quantity.parse(text) != nil { return true }
    if ["true", "false", "null"].contains(text) { return false }
    let scalars = text.unicodeScalars
    guard let first = scalars.first, ExpressionLexer.isLetter(first) else { return false }
    return scalars.allSatisfy {
      ExpressionLexer.isLetter($0) || ExpressionLexer.isDigit($0) || $0 == "-" || $0 == "."
    }
  }
}

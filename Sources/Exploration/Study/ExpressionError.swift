/// Why a text is no expression, or not one of the type that is needed.
public struct ExpressionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Where it is: the Unicode scalar of the text, from 1.
  public let column: Int
  /// What was found.
  public let message: String
  /// What was expected, if there is more to say than the message does.
  public let expected: String?
  /// What was probably meant.
  public let suggestion: String?

  /// Creates an error; `column` counts Unicode scalars from 1.
  public init(
    column: Int, message: String, expected: String? = nil, suggestion: String? = nil
  ) {
    self.column = column
    self.message = message
    self.expected = expected
    self.suggestion = suggestion
  }

  /// `column 4: …; expected …; did you mean 'x'?`
  public var description: String {
    "column \(column): \(message)" + (expected.map { "; expected \($0)" } ?? "")
      + (suggestion.map { "; did you mean '\($0)'?" } ?? "")
  }
}

/// Why an expression has no value for a design.
public enum EvaluationFailure: UInt8, Error, Sendable, CustomStringConvertible {
  /// The right side of `/` or `%` is 0.
  case divisionByZero
  /// `log2` of 0 or of a negative number.
  case logarithm
  /// The result is too large, or is no number.
  case notFinite

  /// What happened, in words.
  public var description: String {
    switch self {
    case .divisionByZero: "division by zero"
    case .logarithm: "logarithm of a number that is not positive"
    case .notFinite: "the result is no finite number"
    }
  }
}

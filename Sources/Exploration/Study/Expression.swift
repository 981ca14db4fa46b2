/// What an expression gives.
public enum ExpressionType: Sendable, Equatable {
  /// A number.
  case number
  /// True or false.
  case truth
  /// Text.
  case text
}

/// Arithmetic and logic over parameters and metrics, parsed and checked once, evaluated often.
///
/// In order of precedence, loosest first: `a ? b : c`, `||`, `&&`, `== !=`, `< <= > >=`, `+ -`,
/// `* / %`, unary `- !`. Functions: `min`, `max` (two or more arguments), `ceil`, `floor`, `log2`,
/// `abs`, `pow`. Literals: numbers, numbers with a unit (`64 KiB`, in bytes; `1 MHz`, in hertz),
/// `true`, `false`, text in single quotes. Numbers are IEEE doubles; `%` has the sign of the left
/// side. `&&`, `||` and `?:` evaluate only what they need.
public struct Expression: Sendable {
  /// The expression as written.
  public let text: String
  /// What it gives.
  public let type: ExpressionType
  /// Whether it names a metric.
  public let usesMetrics: Bool
  /// Slots that it reads, in order; see ``ExpressionScope``.
  public let slots: [Int]
  /// The parsed tree's programs; violation is nil unless the expression gives a truth.
  private let program: ExpressionProgram
  private let violationProgram: ExpressionProgram?
  /// Texts by their number.
  private let symbols: [String]

  /// Parses and checks a text.
  ///
  /// - Parameters:
  ///   - scope: the names it may use.
  ///   - expected: the type it must have; nil for any.
  public init(
    _ text: String, in scope: ExpressionScope, expecting expected: ExpressionType? = nil
  ) throws(ExpressionError) {
    var parser = try ExpressionParser(text, scope)
    let root = try parser.parse()
    if let expected, expected != root.type {
      throw ExpressionError(
        column: 1, message: "'\(text)' is \(root.type.noun)", expected: expected.noun)
    }
    var compiler = ExpressionCompiler(symbols: scope.symbols)
    program = try compiler.program(of: root.tree, column: root.column)
    violationProgram =
      root.type == .truth ? try compiler.violation(of: root.tree, column: root.column) : nil
    symbols = compiler.symbols
    self.text = text
    type = root.type
    slots = Set(compiler.slots).sorted()
    usesMetrics = slots.contains { $0 >= scope.contents.count }
  }

  /// The value; a truth is 1 or 0, text is its symbol's number, see ``text(of:)``.
  public func evaluate(_ slots: [Double]) throws(EvaluationFailure) -> Double {
    let result = program.run(slots)
    if let failure = result.failure { throw failure }
    return result.value
  }

  /// Whether an expression that gives a truth is true.
  public func isTrue(_ slots: [Double]) throws(EvaluationFailure) -> Bool {
    try evaluate(slots) != 0
  }

  /// How far a truth is from being true; 0 exactly when it is true.
  ///
  /// A violated comparison of a with b counts |a − b| / max(|a|, |b|): the relative error that
  /// would excuse it. Terms joined by `&&` add up, of those joined by `||` the least counts, and
  /// whatever else is false counts 1, as does what cannot be evaluated.
  public func violation(_ slots: [Double]) -> Double {
    guard let violationProgram else { return 0 }
    let result = violationProgram.run(slots)
    if result.failure == nil { return result.value }
    let truth = program.run(slots)
    return truth.failure == nil && truth.value != 0 ? 0 : 1
  }

  /// The text of a value of an expression that gives text.
  public func text(of value: Double) -> String {
    let index = Int(value)
    return symbols.indices.contains(index) ? symbols[index] : ""
  }
}

extension ExpressionType {
  var noun: String {
    switch self {
    case .number: "a number"
    case .truth: "a condition"
    case .text: "text"
    }
  }
}

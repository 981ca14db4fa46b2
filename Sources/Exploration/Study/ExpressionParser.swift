internal import Diagnostics

/// Parses an expression by recursive descent and checks the types on the way.
struct ExpressionParser {
  /// Deepest nesting; deeper texts are refused instead of exhausting the stack.
  private static let depthLimit = 64
  /// Longest expression in tokens.
  private static let tokenLimit = 1000

  private let scope: ExpressionScope
  private let tokens: [ExpressionLexer.Placed]
  private var index = 0
  private var depth = 0

  init(_ text: String, _ scope: ExpressionScope) throws(ExpressionError) {
    var lexer = ExpressionLexer(text)
    tokens = try lexer.tokens()
    if tokens.count > Self.tokenLimit {
      throw ExpressionError(column: 1, message: "the expression is too long")
    }
    self.scope = scope
  }

  /// The whole text.
  mutating func parse() throws(ExpressionError) -> TypedTree {
    let tree = try conditional()
    guard current.token == .end else {
      throw ExpressionError(
        column: current.column, message: "\(current.token.summary) does not belong here",
        expected: "an operator or the end")
    }
    return tree
  }

  // MARK: Operators, loosest first

  private mutating func conditional() throws(ExpressionError) -> TypedTree {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.depthLimit {
      throw ExpressionError(
        column: current.column, message: "nested deeper than \(Self.depthLimit) levels")
    }
    let condition = try disjunction()
    guard take("?") else { return condition }
    try require(.truth, condition, of: "the condition before '?'")
    let yes = try conditional()
    try expect(":", after: "the value after '?'")
    let no = try conditional()
    try require(yes.type, no, of: "the value after ':'")
    return TypedTree(
      tree: .conditional(condition.tree, yes.tree, no.tree), type: yes.type,
      column: condition.column)
  }

  private mutating func disjunction() throws(ExpressionError) -> TypedTree {
    var left = try conjunction()
    while take("||") {
      let right = try conjunction()
      try require(.truth, left, of: "the left side of '||'")
      try require(.truth, right, of: "the right side of '||'")
      left = TypedTree(tree: .or(left.tree, right.tree), type: .truth, column: left.column)
    }
    return left
  }

  private mutating func conjunction() throws(ExpressionError) -> TypedTree {
    var left = try equality()
    while take("&&") {
      let right = try equality()
      try require(.truth, left, of: "the left side of '&&'")
      try require(.truth, right, of: "the right side of '&&'")
      left = TypedTree(tree: .and(left.tree, right.tree), type: .truth, column: left.column)
    }
    return left
  }

  private mutating func equality() throws(ExpressionError) -> TypedTree {
    var left = try order()
    while let symbol = takeAny(["==", "!="]) {
      let right = try order()
      try require(left.type, right, of: "the right side of '\(symbol)'")
      try checkTexts(left, right)
      try checkTexts(right, left)
      left = TypedTree(
        tree: .comparison(
          symbol == "==" ? .equal : .notEqual, left.tree, right.tree,
          isNumeric: left.type == .number),
        type: .truth, column: left.column)
    }
    return left
  }

  private mutating func order() throws(ExpressionError) -> TypedTree {
    let left = try sum()
    guard let symbol = takeAny(["<", "<=", ">", ">="]) else { return left }
    let right = try sum()
    try require(.number, left, of: "the left side of '\(symbol)'")
    try require(.number, right, of: "the right side of '\(symbol)'")
    if case .symbol(let next) = current.token, ["<", "<=", ">", ">="].contains(next) {
      throw ExpressionError(
        column: current.column, message: "comparisons cannot be chained",
        expected: "'a \(symbol) b && b \(next) c'")
    }
    let comparison: ExpressionTree.Comparison =
      switch symbol {
      case "<": .less
      case "<=": .lessOrEqual
      case ">": .greater
      default: .greaterOrEqual
      }
    return TypedTree(
      tree: .comparison(comparison, left.tree, right.tree, isNumeric: true), type: .truth,
      column: left.column)
  }

  private mutating func sum() throws(ExpressionError) -> TypedTree {
    var left = try product()
    while let symbol = takeAny(["+", "-"]) {
      left = try arithmetic(symbol == "+" ? .add : .subtract, symbol, left, try product())
    }
    return left
  }

  private mutating func product() throws(ExpressionError) -> TypedTree {
    var left = try unary()
    while let symbol = takeAny(["*", "/", "%"]) {
      let operation: ExpressionTree.Arithmetic =
        symbol == "*" ? .multiply : symbol == "/" ? .divide : .remainder
      left = try arithmetic(operation, symbol, left, try unary())
    }
    return left
  }

  private func arithmetic(
    _ operation: ExpressionTree.Arithmetic, _ symbol: String, _ left: TypedTree, _ right: TypedTree
  ) throws(ExpressionError) -> TypedTree {
    try require(.number, left, of: "the left side of '\(symbol)'")
    try require(.number, right, of: "the right side of '\(symbol)'")
    return TypedTree(
      tree: .arithmetic(operation, left.tree, right.tree), type: .number, column: left.column)
  }

  private mutating func unary() throws(ExpressionError) -> TypedTree {
    var signs: [(symbol: String, column: Int)] = []
    while true {
      let column = current.column
      guard let symbol = takeAny(["-", "!"]) else { break }
      signs.append((symbol, column))
      if signs.count > Self.depthLimit {
        throw ExpressionError(
          column: column, message: "nested deeper than \(Self.depthLimit) levels")
      }
    }
    var operand = try primary()
    for sign in signs.reversed() {
      let isNegative = sign.symbol == "-"
      try require(isNegative ? .number : .truth, operand, of: "what follows '\(sign.symbol)'")
      operand = TypedTree(
        tree: isNegative ? .negative(operand.tree) : .not(operand.tree), type: operand.type,
        column: sign.column)
    }
    return operand
  }

  // MARK: Names, literals, calls

  private mutating func primary() throws(ExpressionError) -> TypedTree {
    let placed = current
    switch placed.token {
    case .number(let value):
      index += 1
      return TypedTree(tree: .number(value), type: .number, column: placed.column)
    case .text(let text):
      index += 1
      return TypedTree(tree: .text(text), type: .text, column: placed.column, texts: [text])
    case .symbol("("):
      index += 1
      let inner = try conditional()
      try expect(")", after: "what stands in parentheses")
      return inner
    case .name(let name):
      index += 1
      if current.token == .symbol("(") { return try call(name, placed.column) }
      if name == "true" || name == "false" {
        return TypedTree(tree: .truth(name == "true"), type: .truth, column: placed.column)
      }
      guard let entry = scope.entry(named: name) else { throw unknown(name, placed.column) }
      return TypedTree(
        tree: .slot(entry.slot), type: entry.type, column: placed.column,
        texts: entry.type == .text ? entry.texts : nil, name: name)
    default:
      throw ExpressionError(
        column: placed.column, message: "\(placed.token.summary) does not belong here",
        expected: "a name, a number or '('")
    }
  }

  private mutating func call(_ name: String, _ column: Int) throws(ExpressionError) -> TypedTree {
    guard ExpressionTree.functions.contains(name) else {
      throw ExpressionError(
        column: column, message: "'\(name)' is no function",
        expected: "one of \(ExpressionTree.functions.joined(separator: ", "))",
        suggestion: Suggestion.nearest(to: name, among: ExpressionTree.functions))
    }
    index += 1
    var arguments: [TypedTree] = []
    repeat {
      let argument = try conditional()
      try require(.number, argument, of: "an argument of \(name)")
      arguments.append(argument)
    } while take(",")
    try expect(")", after: "the arguments of \(name)")
    if let function = ExpressionTree.OneArgument(rawValue: name) {
      try require(arguments.count == 1, "one argument", name, arguments.count, column)
      return TypedTree(
        tree: .function(function, arguments[0].tree), type: .number, column: column)
    }
    let operation: ExpressionTree.Arithmetic = name == "min" ? .min : name == "max" ? .max : .power
    if operation == .power {
      try require(arguments.count == 2, "two arguments", name, arguments.count, column)
    } else {
      try require(arguments.count >= 2, "two or more arguments", name, arguments.count, column)
    }
    let tree = arguments.dropFirst().reduce(arguments[0].tree) {
      .arithmetic(operation, $0, $1.tree)
    }
    return TypedTree(tree: tree, type: .number, column: column)
  }

  private func unknown(_ name: String, _ column: Int) -> ExpressionError {
    if !scope.hasMetrics, Metric(rawValue: name) != nil {
      return ExpressionError(
        column: column, message: "'\(name)' is a metric, which is known only after evaluation",
        expected: "parameters")
    }
    if ExpressionTree.functions.contains(name) {
      return ExpressionError(
        column: column, message: "'\(name)' is a function", expected: "'\(name)(…)'")
    }
    let names = scope.entries.map(\.name)
    return ExpressionError(
      column: column, message: "no parameter\(scope.hasMetrics ? " or metric" : "") '\(name)'",
      expected: names.isEmpty ? nil : "one of \(names.joined(separator: ", "))",
      suggestion: Suggestion.nearest(to: name, among: names))
  }

  // MARK: Checks

  private func require(
    _ type: ExpressionType, _ tree: TypedTree, of role: String
  ) throws(ExpressionError) {
    if tree.type != type {
      throw ExpressionError(
        column: tree.column, message: "\(role) is \(tree.type.noun)", expected: type.noun)
    }
  }

  private func require(
    _ holds: Bool, _ expected: String, _ name: String, _ count: Int, _ column: Int
  ) throws(ExpressionError) {
    if !holds {
      throw ExpressionError(
        column: column, message: "\(name) has \(count) argument\(count == 1 ? "" : "s")",
        expected: expected)
    }
  }

  /// A parameter compared with a text that it never is: a slip of the pen.
  private func checkTexts(_ parameter: TypedTree, _ literal: TypedTree) throws(ExpressionError) {
    guard let name = parameter.name, case .text(let text) = literal.tree,
      let texts = parameter.texts, !texts.contains(text)
    else { return }
    throw ExpressionError(
      column: literal.column, message: "\(name) is never '\(text)'",
      expected: "one of \(texts.map { "'\($0)'" }.joined(separator: ", "))",
      suggestion: Suggestion.nearest(to: text, among: texts))
  }

  // MARK: Tokens

  private var current: ExpressionLexer.Placed { tokens[min(index, tokens.count - 1)] }

  private mutating func take(_ symbol: String) -> Bool { takeAny([symbol]) != nil }

  private mutating func takeAny(_ symbols: [String]) -> String? {
    guard case .symbol(let symbol) = current.token, symbols.contains(symbol) else { return nil }
    index += 1
    return symbol
  }

  private mutating func expect(_ symbol: String, after what: String) throws(ExpressionError) {
    if !take(symbol) {
      throw ExpressionError(
        column: current.column, message: "\(current.token.summary) after \(what)",
        expected: "'\(symbol)'")
    }
  }
}

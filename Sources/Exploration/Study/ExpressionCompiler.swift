/// Turns trees into programs.
struct ExpressionCompiler {
  /// Texts by their number: those of the parameters, then those that only literals have.
  private(set) var symbols: [String]
  /// Slots that were read.
  private(set) var slots: [Int] = []

  private var code: [ExpressionProgram.Instruction] = []
  private var depth = 0
  private var deepest = 0

  init(symbols: [String]) { self.symbols = symbols }

  /// The program that computes a tree's value.
  mutating func program(
    of tree: ExpressionTree, column: Int
  ) throws(ExpressionError) -> ExpressionProgram {
    start()
    emit(tree)
    return try finish(column)
  }

  /// The program that computes how far a truth is from being true.
  mutating func violation(
    of tree: ExpressionTree, column: Int
  ) throws(ExpressionError) -> ExpressionProgram {
    start()
    emitViolation(tree, isNegated: false)
    return try finish(column)
  }

  private mutating func start() {
    code = []
    depth = 0
    deepest = 0
  }

  private func finish(_ column: Int) throws(ExpressionError) -> ExpressionProgram {
    if deepest > ExpressionProgram.stackSize {
      throw ExpressionError(column: column, message: "the expression is too large")
    }
    return ExpressionProgram(instructions: code)
  }

  // MARK: Values

  private mutating func emit(_ tree: ExpressionTree) {
    switch tree {
    case .number(let value): push(.push(value))
    case .truth(let value): push(.push(value ? 1 : 0))
    case .text(let text): push(.push(Double(symbol(text))))
    case .slot(let slot):
      slots.append(slot)
      push(.load(slot))
    case .negative(let operand):
      emit(operand)
      code.append(.negate)
    case .not(let operand):
      emit(operand)
      code.append(.not)
    case .arithmetic(let operation, let left, let right):
      emitPair(left, right, .arithmetic(operation))
    case .comparison(let comparison, let left, let right, _):
      emitPair(left, right, .compare(comparison))
    case .and(let left, let right):
      emitShortCut(left, right) { .jumpKeepingZero($0) }
    case .or(let left, let right):
      emitShortCut(left, right) { .jumpKeepingNonzero($0) }
    case .conditional(let condition, let yes, let no):
      emitConditional(condition, { $0.emit(yes) }, { $0.emit(no) })
    case .function(let function, let argument):
      emit(argument)
      code.append(.function(function))
    }
  }

  private mutating func emitPair(
    _ left: ExpressionTree, _ right: ExpressionTree, _ instruction: ExpressionProgram.Instruction
  ) {
    emit(left)
    emit(right)
    pop(instruction)
  }

  private mutating func emitShortCut(
    _ left: ExpressionTree, _ right: ExpressionTree,
    _ jump: (Int) -> ExpressionProgram.Instruction
  ) {
    emit(left)
    let hole = reserve()
    depth -= 1
    emit(right)
    code[hole] = jump(code.count)
  }

  private mutating func emitConditional(
    _ condition: ExpressionTree, _ yes: (inout Self) -> Void, _ no: (inout Self) -> Void
  ) {
    emit(condition)
    let toNo = reserve()
    depth -= 1
    yes(&self)
    let toEnd = reserve()
    depth -= 1
    code[toNo] = .jumpIfZero(code.count)
    no(&self)
    code[toEnd] = .jump(code.count)
  }

  // MARK: Violations

  /// The degree by which `tree` (or its negation) is false. Negations move inwards (De Morgan), so
  /// that `!(a > b)` has the degree of `a <= b`.
  private mutating func emitViolation(_ tree: ExpressionTree, isNegated: Bool) {
    switch tree {
    case .not(let operand):
      emitViolation(operand, isNegated: !isNegated)
    case .comparison(let comparison, let left, let right, isNumeric: true):
      emitPair(left, right, .excess(isNegated ? comparison.negated : comparison))
    case .and(let left, let right):
      isNegated ? emitLeast(left, right, isNegated) : emitSum(left, right, isNegated)
    case .or(let left, let right):
      isNegated ? emitSum(left, right, isNegated) : emitLeast(left, right, isNegated)
    case .conditional(let condition, let yes, let no):
      emitConditional(
        condition, { $0.emitViolation(yes, isNegated: isNegated) },
        { $0.emitViolation(no, isNegated: isNegated) })
    default:
      emit(tree)
      if !isNegated { code.append(.not) }
    }
  }

  private mutating func emitSum(
    _ left: ExpressionTree, _ right: ExpressionTree, _ isNegated: Bool
  ) {
    emitViolation(left, isNegated: isNegated)
    emitViolation(right, isNegated: isNegated)
    pop(.arithmetic(.add))
  }

  /// The lesser degree; the right side is not looked at when the left one holds.
  private mutating func emitLeast(
    _ left: ExpressionTree, _ right: ExpressionTree, _ isNegated: Bool
  ) {
    emitViolation(left, isNegated: isNegated)
    let hole = reserve()
    emitViolation(right, isNegated: isNegated)
    pop(.arithmetic(.min))
    code[hole] = .jumpAtZero(code.count)
  }

  // MARK: Instructions

  private mutating func push(_ instruction: ExpressionProgram.Instruction) {
    code.append(instruction)
    depth += 1
    deepest = max(deepest, depth)
  }

  private mutating func pop(_ instruction: ExpressionProgram.Instruction) {
    code.append(instruction)
    depth -= 1
  }

  /// A place for a jump whose target is not known yet.
  private mutating func reserve() -> Int {
    code.append(.jump(0))
    return code.count - 1
  }

  private mutating func symbol(_ text: String) -> Int {
    if let known = symbols.firstIndex(of: text) { return known }
    symbols.append(text)
    return symbols.count - 1
  }
}

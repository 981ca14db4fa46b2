internal import Foundation

/// A flat postfix program: what an expression becomes, so that a million designs are cheap.
struct ExpressionProgram: Sendable {
  /// Numbers that the stack holds at most.
  static let stackSize = 64

  enum Instruction: Sendable {
    case push(Double)
    case load(Int)
    case negate
    case not
    case arithmetic(ExpressionTree.Arithmetic)
    case compare(ExpressionTree.Comparison)
    /// How far a comparison of numbers is from being true.
    case excess(ExpressionTree.Comparison)
    case function(ExpressionTree.OneArgument)
    /// Continues at an instruction.
    case jump(Int)
    /// Takes a number; continues elsewhere when it is 0.
    case jumpIfZero(Int)
    /// When the number on top is 0 (is not 0) it stays and the program continues elsewhere;
    /// otherwise it is taken.
    case jumpKeepingZero(Int)
    case jumpKeepingNonzero(Int)
    /// Continues elsewhere when the number on top is 0; it stays in any case.
    case jumpAtZero(Int)
  }

  struct Result {
    var value: Double
    var failure: EvaluationFailure?
  }

  let instructions: [Instruction]

  /// Runs the program without allocating memory.
  func run(_ slots: [Double]) -> Result {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: Self.stackSize) { stack in
      // The compiler has counted how deep the stack gets.
      run(slots, stack)
    }
  }

  @inline(__always)
  private func run(_ slots: [Double], _ stack: UnsafeMutableBufferPointer<Double>) -> Result {
    var top = -1
    var next = 0
    while next < instructions.count {
      let instruction = instructions[next]
      next += 1
      switch instruction {
      case .push(let value):
        top += 1
        stack[top] = value
      case .load(let slot):
        top += 1
        stack[top] = slots[slot]
      case .negate: stack[top] = -stack[top]
      case .not: stack[top] = stack[top] == 0 ? 1 : 0
      case .arithmetic(let operation):
        top -= 1
        if let failure = Self.apply(operation, &stack[top], stack[top + 1]) {
          return Result(value: 0, failure: failure)
        }
      case .compare(let comparison):
        top -= 1
        stack[top] = Self.holds(comparison, stack[top], stack[top + 1]) ? 1 : 0
      case .excess(let comparison):
        top -= 1
        stack[top] = Self.excess(comparison, stack[top], stack[top + 1])
      case .function(let function):
        if let failure = Self.apply(function, &stack[top]) {
          return Result(value: 0, failure: failure)
        }
      case .jump(let target): next = target
      case .jumpIfZero(let target):
        if stack[top] == 0 { next = target }
        top -= 1
      case .jumpKeepingZero(let target):
        if stack[top] == 0 { next = target } else { top -= 1 }
      case .jumpKeepingNonzero(let target):
        if stack[top] != 0 { next = target } else { top -= 1 }
      case .jumpAtZero(let target):
        if stack[top] == 0 { next = target }
      }
    }
    let value = stack[0]
    return Result(value: value, failure: value.isFinite ? nil : .notFinite)
  }

  @inline(__always)
  private static func apply(
    _ operation: ExpressionTree.Arithmetic, _ left: inout Double, _ right: Double
  ) -> EvaluationFailure? {
    switch operation {
    case .add: left += right
    case .subtract: left -= right
    case .multiply: left *= right
    case .divide:
      if right == 0 { return .divisionByZero }
      left /= right
    case .remainder:
      if right == 0 { return .divisionByZero }
      left = left.truncatingRemainder(dividingBy: right)
    case .power:
      left = pow(left, right)
      if !left.isFinite { return .notFinite }
    case .min: left = Swift.min(left, right)
    case .max: left = Swift.max(left, right)
    }
    return nil
  }

  @inline(__always)
  private static func apply(
    _ function: ExpressionTree.OneArgument, _ value: inout Double
  ) -> EvaluationFailure? {
    switch function {
    case .ceil: value = value.rounded(.up)
    case .floor: value = value.rounded(.down)
    case .abs: value = Swift.abs(value)
    case .log2:
      if value <= 0 { return .logarithm }
      value = Foundation.log2(value)
    }
    return nil
  }

  @inline(__always)
  private static func holds(
    _ comparison: ExpressionTree.Comparison, _ left: Double, _ right: Double
  ) -> Bool {
    switch comparison {
    case .less: left < right
    case .lessOrEqual: left <= right
    case .greater: left > right
    case .greaterOrEqual: left >= right
    case .equal: left == right
    case .notEqual: left != right
    }
  }

  /// 0 when the comparison holds, otherwise the relative distance of the sides, at least 1e-9 so
  /// that it is never 0 (`a < b` of equal sides); 1 for `!=`, and where a side is no number.
  private static func excess(
    _ comparison: ExpressionTree.Comparison, _ left: Double, _ right: Double
  ) -> Double {
    if holds(comparison, left, right) { return 0 }
    if comparison == .notEqual { return 1 }
    let scale = Swift.max(Swift.abs(left), Swift.abs(right))
    let distance = Swift.abs(left - right) / scale
    return distance.isFinite ? Swift.max(distance, 1e-9) : scale == 0 ? 1e-9 : 1
  }
}

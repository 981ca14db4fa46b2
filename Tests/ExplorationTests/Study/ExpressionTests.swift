import Exploration
import SimKernel
import Testing

private let parameters = [
  Study.Parameter(name: "XDIM", paths: [], values: [.integer(2), .integer(4), .integer(8)]),
  Study.Parameter(name: "BUS", paths: [], values: [.integer(32), .integer(64)]),
  Study.Parameter(name: "KIND", paths: [], values: [.text("os"), .text("ws")]),
  Study.Parameter(name: "CACHED", paths: [], values: [.flag(false), .flag(true)]),
  Study.Parameter(name: "SIZE", paths: [], values: [.text("64 KiB"), .text("1 MiB")]),
]
private let scope = ExpressionScope(parameters: parameters, hasMetrics: true)

/// XDIM 4, BUS 64, KIND ws, CACHED true, SIZE 64 KiB; cycles 1000, latency 2, fps 500, then 0.
private let slots: [Double] = [4, 64, 1, 1, 65536, 1000, 2, 500, 0, 0, 0, 0, 0]

private func value(_ text: String) throws -> Double {
  try Exploration.Expression(text, in: scope).evaluate(slots)
}

private func failure(
  _ text: String, expecting type: ExpressionType? = nil, _ scope: ExpressionScope = scope
) throws -> ExpressionError {
  try #require(throws: ExpressionError.self) {
    try Exploration.Expression(text, in: scope, expecting: type)
  }
}

@Suite("Expressions")
struct ExpressionTests {
  @Test(
    "Have the value that arithmetic gives them",
    arguments: [
      ("1 + 2 * 3", 7), ("(1 + 2) * 3", 9), ("10 - 4 - 3", 3), ("2 * 12 / 8", 3), ("7 / 2", 3.5),
      ("XDIM * 32", 128), ("-XDIM + 1", -3), ("- - 3", 3), ("17 % 5", 2), ("-7 % 3", -1),
      ("5.5 % 2", 1.5), ("1.5e3", 1500), ("min(3, XDIM, 9)", 3), ("max(3, XDIM)", 4),
      ("ceil(2.1)", 3), ("floor(-2.1)", -3), ("log2(BUS)", 6), ("pow(2, XDIM)", 16),
      ("abs(-2.5)", 2.5), ("64 KiB", 65536), ("2KiB", 2048), ("SIZE / 1 KiB", 64),
      ("100 MHz", 1e8), ("XDIM > 3 ? 10 : 20", 10), ("XDIM > 4 ? 10 : XDIM > 3 ? 15 : 20", 15),
      ("cycles / latency_ms", 500),
    ])
  func arithmetic(text: String, expected: Double) throws {
    #expect(try value(text) == expected)
  }

  @Test(
    "Are true when logic says so",
    arguments: [
      ("XDIM <= 4", true), ("XDIM < 4", false), ("XDIM >= 4", true), ("XDIM > 4", false),
      ("XDIM == 4", true), ("XDIM != 4", false), ("1 + 1 == 2", true), ("!CACHED", false),
      ("CACHED && XDIM == 4", true), ("CACHED == false || XDIM == 5", false),
      ("true || false && false", true), ("(true || false) && false", false),
      ("KIND == 'ws'", true), ("'os' == KIND", false), ("KIND != 'os'", true),
      ("BUS <= XDIM * 32 && SIZE >= 64 KiB", true), ("fps >= 30", true),
      ("!(XDIM < 4) == true", true), ("XDIM < 3 == false", true),
      ("(CACHED ? 'os' : 'ws') == KIND", false),
    ])
  func logic(text: String, expected: Bool) throws {
    let expression = try Exploration.Expression(text, in: scope, expecting: .truth)
    #expect(try expression.isTrue(slots) == expected)
  }

  @Test("Say what is wrong, where, and what was meant")
  func mistakes() throws {
    #expect(
      try failure("BUS <= XDMI * 32")
        == ExpressionError(
          column: 8, message: "no parameter or metric 'XDMI'",
          expected: "one of XDIM, BUS, KIND, CACHED, SIZE, cycles, latency_ms, fps, energy_mJ, "
            + "dram_energy_mJ, power_mW, area_mm2, edp_uJs", suggestion: "XDIM"))
    #expect(
      try failure("XDIM * 32", expecting: .truth)
        == ExpressionError(column: 1, message: "'XDIM * 32' is a number", expected: "a condition"))
    #expect(
      try failure("KIND == 'oss'")
        == ExpressionError(
          column: 9, message: "KIND is never 'oss'", expected: "one of 'os', 'ws'"))
    #expect(
      try failure("sqroot(2)").expected == "one of ceil, floor, log2, abs, min, max, pow")
    #expect(
      try failure("XDIM = 4")
        == ExpressionError(column: 6, message: "'=' is no operator", suggestion: "=="))
  }

  @Test(
    "Name the column of a mistake",
    arguments: [
      ("", 1), ("   ", 4), ("XDIM +", 7), ("(XDIM", 6), ("XDIM)", 5), ("1 2", 3), ("1 < 2 < 3", 7),
      ("XDIM + KIND", 8), ("KIND < 2", 1), ("CACHED + 1", 1), ("XDIM && CACHED", 1),
      ("CACHED && XDIM", 11), ("!XDIM", 2), ("-CACHED", 2), ("XDIM ? 1 : 2", 1),
      ("CACHED ? 1 : 'a'", 14), ("CACHED ? 1", 11), ("KIND == 3", 9), ("log2(1, 2)", 1),
      ("min(1)", 1), ("pow(2)", 1), ("min", 1), ("foo", 1), ("'abc", 1), ("1.2.3", 1), ("2 kB", 3),
      ("1 + $", 5), ("ä", 1), ("'ä' == XDIM", 8), ("XDIM @ 2", 6), ("1.", 1), ("1e999", 1),
    ])
  func columns(text: String, column: Int) throws {
    #expect(try failure(text).column == column)
  }

  @Test("Know metrics only after evaluation")
  func scopeWithoutMetrics() throws {
    let error = try failure("fps > 3", ExpressionScope(parameters: parameters, hasMetrics: false))
    #expect(error.message == "'fps' is a metric, which is known only after evaluation")
    #expect(try Exploration.Expression("fps > XDIM", in: scope).usesMetrics)
    #expect(try !Exploration.Expression("BUS > XDIM", in: scope).usesMetrics)
  }

  @Test("Fail for a design instead of crashing")
  func failures() throws {
    func failure(_ text: String) throws -> EvaluationFailure? {
      do {
        _ = try value(text)
        return nil
      } catch let failure as EvaluationFailure {
        return failure
      }
    }
    #expect(try failure("1 / (XDIM - 4)") == .divisionByZero)
    #expect(try failure("1 % (XDIM - 4)") == .divisionByZero)
    #expect(try failure("log2(XDIM - 4)") == .logarithm)
    #expect(try failure("pow(10, 1000)") == .notFinite)
    #expect(try failure("1e308 * 10") == .notFinite)
    // What is not needed is not computed.
    #expect(try failure("XDIM == 4 || 1 / (XDIM - 4) > 1") == nil)
    #expect(try failure("XDIM != 4 && 1 / (XDIM - 4) > 1") == nil)
    #expect(try failure("XDIM == 4 ? 1 : 1 / (XDIM - 4)") == nil)
  }

  @Test("Measure how far a condition is from being true")
  func violations() throws {
    func violation(_ text: String) throws -> Double {
      try Exploration.Expression(text, in: scope, expecting: .truth).violation(slots)
    }
    #expect(try violation("fps >= 625") == 0.2)
    #expect(try violation("cycles <= 800") == 0.2)
    #expect(try violation("cycles <= 800 && fps >= 625") == 0.4)
    #expect(try violation("cycles <= 800 || cycles <= 900") == 0.1)
    #expect(try violation("!(cycles > 800)") == 0.2)
    #expect(try violation("!(cycles > 800 || fps < 625)") == 0.4)
    #expect(try violation("cycles < 1000") == 1e-9)
    #expect(try violation("KIND == 'os'") == 1)
    #expect(try violation("!CACHED") == 1)
    #expect(try violation("1 / (XDIM - 4) > 0") == 1)
    #expect(try violation("XDIM == 4 || 1 / (XDIM - 4) > 0") == 0)
    #expect(try violation("CACHED ? cycles <= 800 : false") == 0.2)
  }

  @Test("Refuse texts that would exhaust the stack")
  func depth() throws {
    let deep = String(repeating: "(", count: 1000) + "1" + String(repeating: ")", count: 1000)
    #expect(try failure(deep).message == "the expression is too long")
    let nested = String(repeating: "(", count: 200) + "1" + String(repeating: ")", count: 200)
    #expect(try failure(nested).message == "nested deeper than 64 levels")
    let signs = String(repeating: "-", count: 300) + "1"
    #expect(try failure(signs).message == "nested deeper than 64 levels")
    let sum = (1...400).map(String.init).joined(separator: " + ")
    #expect(try value(sum) == 80200)
    let right = String(repeating: "1 + (", count: 60) + "1" + String(repeating: ")", count: 60)
    #expect(try value(right) == 61)
  }
}

/// Random expressions, evaluated beside the tree that they were written from.
@Suite("Random expressions")
struct RandomExpressionTests {
  /// A text with its value, computed by other means; nil when it has none.
  private struct Sample {
    var text: String
    var value: Double?
  }

  private struct Writer {
    var random: SplitMix64

    mutating func number(_ depth: Int) -> Sample {
      switch Int.random(in: 0..<(depth == 0 ? 2 : 6), using: &random) {
      case 0:
        let value = Int.random(in: 0..<5, using: &random)
        return Sample(text: "\(value)", value: Double(value))
      case 1:
        let pick = Int.random(in: 0..<2, using: &random)
        return Sample(text: ["XDIM", "BUS"][pick], value: slots[pick])
      case 2:
        let condition = truth(depth - 1)
        let (yes, no) = (number(depth - 1), number(depth - 1))
        return Sample(
          text: "(\(condition.text) ? \(yes.text) : \(no.text))",
          value: condition.value.flatMap { $0 != 0 ? yes.value : no.value })
      default:
        let (left, right) = (number(depth - 1), number(depth - 1))
        let symbol = ["+", "-", "*", "/", "%"][Int.random(in: 0..<5, using: &random)]
        return Sample(
          text: "(\(left.text) \(symbol) \(right.text))",
          value: left.value.flatMap { a in
            right.value.flatMap { b in
              switch symbol {
              case "+": a + b
              case "-": a - b
              case "*": a * b
              case "/": b == 0 ? nil : a / b
              default: b == 0 ? nil : a.truncatingRemainder(dividingBy: b)
              }
            }
          })
      }
    }

    mutating func truth(_ depth: Int) -> Sample {
      switch depth == 0 ? 0 : Int.random(in: 0..<4, using: &random) {
      case 1:
        let operand = truth(depth - 1)
        return Sample(text: "!(\(operand.text))", value: operand.value.map { 1 - $0 })
      case 2, 3:
        let (left, right) = (truth(depth - 1), truth(depth - 1))
        let isAnd = Bool.random(using: &random)
        return Sample(
          text: "(\(left.text) \(isAnd ? "&&" : "||") \(right.text))",
          value: left.value.flatMap { (($0 != 0) == isAnd) ? right.value : $0 })
      default:
        let (left, right) = (number(max(0, depth - 1)), number(max(0, depth - 1)))
        let symbol = ["<", "<=", ">", ">=", "==", "!="][Int.random(in: 0..<6, using: &random)]
        return Sample(
          text: "(\(left.text) \(symbol) \(right.text))",
          value: left.value.flatMap { a in
            right.value.map { b in
              let holds: Bool =
                switch symbol {
                case "<": a < b
                case "<=": a <= b
                case ">": a > b
                case ">=": a >= b
                case "==": a == b
                default: a != b
                }
              return holds ? 1 : 0
            }
          })
      }
    }
  }

  @Test("Have the value of their tree, and a violation exactly when they are false")
  func trees() throws {
    var writer = Writer(random: SplitMix64(seed: 7))
    var withValue = 0
    for _ in 0..<3000 {
      let sample = writer.truth(4)
      let expression = try Exploration.Expression(sample.text, in: scope, expecting: .truth)
      let value = try? expression.evaluate(slots)
      #expect(value == sample.value, "\(sample.text)")
      let violation = expression.violation(slots)
      #expect((violation == 0) == (value == 1), "\(sample.text)")
      if value != nil { withValue += 1 }
    }
    #expect(withValue > 1000)
  }
}

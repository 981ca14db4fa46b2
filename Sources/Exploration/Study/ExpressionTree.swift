/// A parsed expression; its types have been checked.
indirect enum ExpressionTree: Sendable {
  case number(Double)
  case truth(Bool)
  case text(String)
  case slot(Int)
  case negative(ExpressionTree)
  case not(ExpressionTree)
  case arithmetic(Arithmetic, ExpressionTree, ExpressionTree)
  case comparison(Comparison, ExpressionTree, ExpressionTree, isNumeric: Bool)
  case and(ExpressionTree, ExpressionTree)
  case or(ExpressionTree, ExpressionTree)
  case conditional(ExpressionTree, ExpressionTree, ExpressionTree)
  case function(OneArgument, ExpressionTree)

  enum Arithmetic: UInt8, Sendable {
    case add, subtract, multiply, divide, remainder, power, min, max
  }

  enum OneArgument: String, Sendable, CaseIterable { case ceil, floor, log2, abs }

  enum Comparison: UInt8, Sendable {
    case less, lessOrEqual, greater, greaterOrEqual, equal, notEqual

    /// The comparison that is true when this one is false.
    var negated: Comparison {
      switch self {
      case .less: .greaterOrEqual
      case .lessOrEqual: .greater
      case .greater: .lessOrEqual
      case .greaterOrEqual: .less
      case .equal: .notEqual
      case .notEqual: .equal
      }
    }
  }

  /// Names of all functions.
  static let functions = OneArgument.allCases.map(\.rawValue) + ["min", "max", "pow"]
}

/// A tree with its type and its place.
struct TypedTree {
  let tree: ExpressionTree
  let type: ExpressionType
  /// Unicode scalar from 1 where it starts.
  let column: Int
  /// The texts that it can be, when that is known.
  var texts: [String]?
  /// Name of the parameter that it is, if it is nothing else.
  var name: String?
}

/// One mistake in a data file of this module.
public struct EnergyTableProblem: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file, as it was named by the caller.
  public var file: String
  /// Place in the document, for example `entries.adder.energy.unit`; empty for the whole file.
  public var path: String
  /// Line, counted from 1; nil when the parser knows no positions.
  public var line: Int?
  /// Column, counted from 1; nil when the parser knows no positions.
  public var column: Int?
  /// What is wrong and what was expected.
  public var message: String

  /// Creates a problem from its parts.
  public init(
    file: String, path: String, line: Int? = nil, column: Int? = nil, message: String
  ) {
    self.file = file
    self.path = path
    self.line = line
    self.column = column
    self.message = message
  }

  /// `file:line:column: error: path: message`, without the parts that are unknown.
  public var description: String {
    var text = file
    if let line {
      text += ":\(line)"
      if let column { text += ":\(column)" }
    }
    return path.isEmpty ? "\(text): error: \(message)" : "\(text): error: \(path): \(message)"
  }
}

/// A refused data file: everything that is wrong with it, in the order of the document.
public struct EnergyTableRefusal: Error, Sendable, Equatable, CustomStringConvertible {
  /// The mistakes; never empty.
  public var problems: [EnergyTableProblem]

  /// Creates a refusal from the mistakes found; those with a place come in the file's order.
  public init(problems: [EnergyTableProblem]) {
    self.problems = problems.enumerated().sorted { left, right in
      let (first, second) = (left.element, right.element)
      return (first.line ?? .max, first.column ?? .max, left.offset)
        < (second.line ?? .max, second.column ?? .max, right.offset)
    }.map(\.element)
  }

  /// One line per mistake.
  public var description: String {
    problems.map(\.description).joined(separator: "\n")
  }
}

/// Something a design needs and a table does not give; to be reported before a run.
public struct MissingEntry: Sendable, Equatable, CustomStringConvertible {
  /// Path of the module; empty when the components were given without one.
  public var module: String
  /// Name of the component within the module.
  public var component: String
  /// The component's class.
  public var componentClass: String
  /// The action that cannot be priced; nil when the component as a whole cannot.
  public var action: String?
  /// What is missing and what was expected.
  public var reason: String

  /// Creates an entry from its parts.
  public init(
    module: String, component: String, componentClass: String, action: String?, reason: String
  ) {
    self.module = module
    self.component = component
    self.componentClass = componentClass
    self.action = action
    self.reason = reason
  }

  /// `module.component (class).action: reason`.
  public var description: String {
    let place = module.isEmpty ? component : "\(module).\(component)"
    let suffix = action.map { ", action '\($0)'" } ?? ""
    return "\(place) (\(componentClass))\(suffix): \(reason)"
  }
}

/// Why a snapshot cannot be evaluated.
public enum EnergyEvaluationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The table does not cover the design.
  case missing([MissingEntry])
  /// The snapshot contradicts itself, for example a per-tag array of the wrong length.
  case malformedSnapshot(String)

  /// One line per finding.
  public var description: String {
    switch self {
    case .missing(let entries): entries.map(\.description).joined(separator: "\n")
    case .malformedSnapshot(let reason): "malformed snapshot: \(reason)"
    }
  }
}

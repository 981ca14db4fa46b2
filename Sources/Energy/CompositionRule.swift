import Foundation

/// A number in a composition rule: written out, or taken from the component's attributes.
public enum RuleOperand: Sendable, Equatable, CustomStringConvertible {
  /// A constant.
  case number(Double)
  /// The value of an attribute.
  case attribute(String)
  /// The bits needed to count to an attribute's value: ⌈log2 n⌉, 0 for n ≤ 1.
  case ceilLog2(String)

  /// The attribute used, if any.
  var attributeName: String? {
    switch self {
    case .number: nil
    case .attribute(let name), .ceilLog2(let name): name
    }
  }

  /// The value for a component; nil when it lacks the attribute.
  func value(_ attributes: [String: Double]) -> Double? {
    switch self {
    case .number(let value): return value
    case .attribute(let name): return attributes[name]
    case .ceilLog2(let name):
      guard let value = attributes[name] else { return nil }
      return value <= 1 ? 0 : log2(value).rounded(.up)
    }
  }

  /// The operand as tables write it.
  public var description: String {
    switch self {
    case .number(let value): "\(value)"
    case .attribute(let name): name
    case .ceilLog2(let name): "ceil_log2(\(name))"
    }
  }

  /// Reads `name` or `ceil_log2(name)`; nil when the text is neither.
  init?(text: String) {
    func isName(_ text: Substring) -> Bool {
      !text.isEmpty && text.allSatisfy { $0.isLetter || $0.isNumber || $0 == "_" }
    }
    if text.hasPrefix("ceil_log2("), text.hasSuffix(")") {
      let name = text.dropFirst("ceil_log2(".count).dropLast()
      guard isName(name) else { return nil }
      self = .ceilLog2(String(name))
    } else {
      guard isName(text[...]) else { return nil }
      self = .attribute(text)
    }
  }
}

/// One summand of a rule: a primitive at a width, a number of times.
public struct CompositionTerm: Sendable, Equatable {
  /// Name of the primitive; its entries are `<primitive>.energy`, `<primitive>.area` and so on.
  public let primitive: String
  /// Operand width in bits; nil for primitives without one.
  public let width: RuleOperand?
  /// Factors; the term counts their product, 1 without any.
  public let times: [RuleOperand]
  /// Attribute whose value, when a component has it, replaces the entry's (energy in pJ).
  public let overrideAttribute: String?

  /// Attributes that a component must have.
  var requiredAttributes: [String] {
    ([width].compactMap { $0 } + times).compactMap(\.attributeName)
  }

  /// Product of the factors; nil when an attribute is missing.
  func multiplicity(_ attributes: [String: Double]) -> Double? {
    var product = 1.0
    for factor in times {
      guard let value = factor.value(attributes) else { return nil }
      product *= value
    }
    return product
  }
}

/// How a table prices one class of components.
public struct ComponentRule: Sendable, Equatable {
  /// A memory priced from a sweep of a memory compiler instead of from primitives.
  public struct SweepReference: Sendable, Equatable {
    /// File name of the sweep, beside the table.
    public let file: String
    /// Transistor flavour, a value of the sweep's `cell` column.
    public let cell: String
    /// Where the sweep comes from.
    public let source: SourceReference
  }

  /// Name of the class.
  public let componentClass: String
  /// Terms of each action, by the action's name.
  public let actions: [String: [CompositionTerm]]
  /// What one component is built of: the terms that take area and leak.
  public let hardware: [CompositionTerm]
  /// The sweep that replaces the terms, if any.
  public let sweep: SweepReference?
  /// What a reader of a report has to know; mandatory when something costs nothing.
  public let note: String?

  /// Attributes that a component must have, sorted.
  var requiredAttributes: [String] {
    if sweep != nil { return ["bytes", "width_bits", "rw_ports", "banks"] }
    let terms = actions.values.flatMap { $0 } + hardware
    return Set(terms.flatMap(\.requiredAttributes)).sorted()
  }

  /// The actions, sorted.
  var actionNames: [String] {
    sweep != nil ? ["read", "write"] : actions.keys.sorted()
  }
}

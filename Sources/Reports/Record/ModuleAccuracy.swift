/// How far the cycles of a kind of module can be trusted: the error bar of a run's numbers.
public struct ModuleAccuracy: Codable, Sendable, Equatable {
  /// The module kind.
  public var kind: String
  /// Paths of the modules of this kind that the run used.
  public var modules: [String]
  /// The error against a reference, for example `exact`; empty when there is no reference.
  public var error: String
  /// What it was compared with, or why there is nothing to compare with.
  public var reference: String
  /// Cases compared; 0 without a reference.
  public var cases: Int
  /// When, YYYY-MM-DD; empty without a reference.
  public var date: String

  /// Creates an entry.
  public init(
    kind: String, modules: [String], error: String, reference: String, cases: Int, date: String
  ) {
    self.kind = kind
    self.modules = modules
    self.error = error
    self.reference = reference
    self.cases = cases
    self.date = date
  }
}

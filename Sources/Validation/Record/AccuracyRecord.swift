/// How well a module agrees with one reference.
public struct AccuracyRecord: Codable, Sendable, Equatable {
  /// The module kind, for example `OSArray`.
  public var kind: String
  /// What it was compared with.
  public var reference: String
  /// What was compared, and how ours was obtained.
  public var scope: String
  /// Random cases, or numbers of a table.
  public var cases: Int
  /// Cycles in which all port signals were compared; nil where only totals were.
  public var comparedCycles: UInt64?
  /// The least and the greatest of ours minus theirs, in cycles.
  public var cycleError: [Int]
  /// The least and the greatest of ours minus theirs, in percent of theirs.
  public var cycleErrorPercent: [Double]
  /// Counters that differ, over all cases; nil where the reference counts nothing.
  public var countErrors: Int?
  /// Cases that differ by more than 0.
  public var inexactCases: Int
  /// When it was measured, YYYY-MM-DD.
  public var date: String
  /// The command that measures it again.
  public var command: String

  /// Creates a record.
  public init(
    kind: String, reference: String, scope: String, cases: Int, comparedCycles: UInt64?,
    cycleError: [Int], cycleErrorPercent: [Double], countErrors: Int?, inexactCases: Int,
    date: String, command: String
  ) {
    self.kind = kind
    self.reference = reference
    self.scope = scope
    self.cases = cases
    self.comparedCycles = comparedCycles
    self.cycleError = cycleError
    self.cycleErrorPercent = cycleErrorPercent
    self.countErrors = countErrors
    self.inexactCases = inexactCases
    self.date = date
    self.command = command
  }

  enum CodingKeys: String, CodingKey {
    case kind, reference, scope, cases
    case comparedCycles = "compared_cycles"
    case cycleError = "cycle_error"
    case cycleErrorPercent = "cycle_error_percent"
    case countErrors = "count_errors"
    case inexactCases = "inexact_cases"
    case date, command
  }

  /// Whether every case agreed.
  public var isExact: Bool { inexactCases == 0 && (countErrors ?? 0) == 0 }

  /// The error in a few words: `exact`, or its range.
  public var errorText: String {
    guard !isExact, let least = cycleError.first, let greatest = cycleError.last else {
      return "exact"
    }
    let percent = cycleErrorPercent.map { value in
      let tenths = (value * 10).rounded() / 10
      return (tenths > 0 ? "+" : "") + "\(tenths)"
    }
    let cycles =
      least == greatest ? Self.signed(least) : "\(Self.signed(least)) … \(Self.signed(greatest))"
    return "\(cycles) cycles (\(percent.joined(separator: " … ")) %) in \(inexactCases) of \(cases)"
  }

  private static func signed(_ value: Int) -> String { value > 0 ? "+\(value)" : "\(value)" }
}

/// Every mistake found in a configuration, in one value, ordered by position.
public struct ConfigErrors: Error, Sendable, Equatable, CustomStringConvertible {
  /// The mistakes, sorted by position and without repetitions; never empty when thrown.
  public let errors: [ConfigError]
  /// Doubtful points found on the way, sorted by position.
  public let warnings: [ConfigError]

  /// Sorts `findings` into errors and warnings and drops repetitions.
  public init(_ findings: [ConfigError]) {
    var seen: Set<ConfigError> = []
    let unique = findings.filter { seen.insert($0).inserted }
    let sorted = unique.enumerated().sorted { left, right in
      (left.element.position, left.offset) < (right.element.position, right.offset)
    }.map(\.element)
    errors = sorted.filter { $0.severity == .error }
    warnings = sorted.filter { $0.severity == .warning }
  }

  /// One line per error, in the order of the file; warnings matter once the errors are gone.
  public var description: String { errors.map(\.description).joined(separator: "\n") }
}

/// Gathers the findings of all stages (scanner, decoder, rules), so that a file's mistakes are
/// reported together.
final class DiagnosticCollector {
  private(set) var findings: [ConfigError] = []
  private var mutedDepth = 0

  var hasErrors: Bool { findings.contains { $0.severity == .error } }
  var errorCount: Int { findings.count { $0.severity == .error } }

  func report(_ finding: ConfigError) {
    if mutedDepth == 0 { findings.append(finding) }
  }

  func error(
    at position: SourcePosition, _ path: String, _ message: String, expected: String? = nil,
    suggestion: String? = nil, details: String = ""
  ) {
    report(
      ConfigError(
        position: position, path: path, message: message, expected: expected,
        suggestion: suggestion, details: details))
  }

  func warning(
    at position: SourcePosition, _ path: String, _ message: String, expected: String? = nil,
    suggestion: String? = nil
  ) {
    report(
      ConfigError(
        severity: .warning, position: position, path: path, message: message,
        expected: expected, suggestion: suggestion))
  }

  /// Runs `body` and drops what it reports: for values whose mistake is already reported.
  func muted<Result>(_ body: () -> Result) -> Result {
    mutedDepth += 1
    defer { mutedDepth -= 1 }
    return body()
  }

  /// Throws everything found so far if there is an error among it; otherwise gives the warnings.
  func finish() throws(ConfigErrors) -> [ConfigError] {
    let all = ConfigErrors(findings)
    if !all.errors.isEmpty { throw all }
    return all.warnings
  }
}

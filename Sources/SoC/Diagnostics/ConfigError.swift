/// One mistake (or doubtful point) in a configuration: where it is, what was found, what was
/// expected, and what was probably meant.
public struct ConfigError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Whether a finding stops the tool.
  public enum Severity: String, Sendable, Hashable {
    /// The configuration cannot be used.
    case error
    /// The configuration can be used, but something in it has no effect or looks unintended.
    case warning
  }

  /// Whether this finding stops the tool.
  public let severity: Severity
  /// Where the mistake is.
  public let position: SourcePosition
  /// The key path, such as `dmas.dma_x.port_size`; empty when the mistake is not at a value.
  public let path: String
  /// What was found.
  public let message: String
  /// What was expected, if there is more to say than the message does.
  public let expected: String?
  /// What was probably meant.
  public let suggestion: String?
  /// What a tool of the host said, in lines; empty when none was asked.
  public let details: String

  /// Creates a finding.
  public init(
    severity: Severity = .error, position: SourcePosition, path: String = "", message: String,
    expected: String? = nil, suggestion: String? = nil, details: String = ""
  ) {
    self.severity = severity
    self.position = position
    self.path = path
    self.message = message
    self.expected = expected
    self.suggestion = suggestion
    self.details = details
  }

  /// `file:line:column: error: path: message; expected …; did you mean 'x'?`, and the details below.
  public var description: String {
    var text = "\(position): \(severity.rawValue): "
    if !path.isEmpty { text += "\(path): " }
    text += message
    if let expected { text += "; expected \(expected)" }
    if let suggestion { text += "; did you mean '\(suggestion)'?" }
    // Names and paths may hold anything; what we say ourselves is one line.
    let lines = [text] + details.split(separator: "\n").map { "  " + $0 }
    return lines.map(JSONValue.visible).joined(separator: "\n")
  }
}

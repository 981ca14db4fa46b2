/// Why designs cannot be evaluated at all: one sentence, and what a tool said about it.
public struct ExecutionError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, one sentence without a full stop.
  public var message: String
  /// What a tool printed, unchanged; may be empty.
  public var diagnostics: String

  /// Creates an error.
  public init(_ message: String, diagnostics: String = "") {
    self.message = message
    self.diagnostics = diagnostics
  }

  /// The sentence, then what the tool said.
  public var description: String {
    diagnostics.isEmpty ? message : "\(message):\n\(diagnostics)"
  }
}

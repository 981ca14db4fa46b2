/// Why a tool of the host could not be used: one sentence, and what the tool said if it failed.
public struct ToolError: Error, Sendable, Equatable {
  /// What went wrong, one sentence without a full stop.
  public let message: String
  /// What the tool printed, unchanged; empty when it said nothing.
  public let diagnostics: String

  /// Creates an error.
  public init(message: String, diagnostics: String = "") {
    self.message = message
    self.diagnostics = diagnostics
  }
}

internal import HostTools

/// Why a hardware description could not be built or run: one sentence, and what the tool said if a
/// tool failed.
public struct RTLError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, one sentence without a full stop.
  public let message: String
  /// What Verilator or the compiler printed, unchanged; empty when no tool was at fault.
  public let diagnostics: String

  /// Creates an error.
  public init(message: String, diagnostics: String = "") {
    self.message = message
    self.diagnostics = diagnostics
  }

  init(_ error: ToolError) {
    self.init(message: error.message, diagnostics: error.diagnostics)
  }

  /// The tool's own words, if any, then the sentence as an error.
  public var description: String {
    let separator = diagnostics.isEmpty || diagnostics.hasSuffix("\n") ? "" : "\n"
    return diagnostics + separator + "error: " + message
  }
}

internal import HostTools

/// Why firmware could not be built: one sentence, and what the tool said if a tool failed.
public struct FirmwareError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What went wrong, one sentence without a full stop.
  public let message: String
  /// What compiler or linker printed, unchanged; empty when no tool was at fault.
  public let diagnostics: String

  /// Creates an error.
  public init(message: String, diagnostics: String = "") {
    self.message = message
    self.diagnostics = diagnostics
  }

  /// The tool's own words, if any, then the sentence as an error.
  public var description: String {
    let separator = diagnostics.isEmpty || diagnostics.hasSuffix("\n") ? "" : "\n"
    return diagnostics + separator + "error: " + message
  }

  /// What `body` returns; its failure as an error of firmware.
  static func wrapping<Result>(
    _ body: () throws(ToolError) -> Result
  ) throws(FirmwareError) -> Result {
    do throws(ToolError) {
      return try body()
    } catch {
      throw FirmwareError(message: error.message, diagnostics: error.diagnostics)
    }
  }
}

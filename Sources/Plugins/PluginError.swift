/// Why a plug-in cannot be used: one sentence without a full stop.
public struct PluginError: Error, Sendable, Equatable, CustomStringConvertible {
  /// What is wrong.
  public let message: String

  /// Creates an error.
  public init(_ message: String) {
    self.message = message
  }

  /// What is wrong.
  public var description: String { message }
}

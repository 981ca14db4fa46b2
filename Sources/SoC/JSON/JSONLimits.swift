/// What a JSON file may not exceed; beyond it the file is refused with one message.
public struct JSONLimits: Sendable {
  /// Deepest nesting of arrays and objects.
  public var depth: Int
  /// Largest file in bytes.
  public var bytes: Int

  /// Creates limits; the defaults leave room for any sensible file of the tool.
  public init(depth: Int = 64, bytes: Int = 32 << 20) {
    self.depth = depth
    self.bytes = bytes
  }
}

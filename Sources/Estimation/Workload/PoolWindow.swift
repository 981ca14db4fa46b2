/// A pooling window that is applied to a layer's result while it is written back, so that only the
/// pooled result leaves the accelerator.
public struct PoolWindow: BitwiseCopyable, Sendable, Hashable, Codable {
  /// Rows of the window.
  public var height: Int
  /// Columns of the window.
  public var width: Int
  /// Steps in rows.
  public var strideY: Int
  /// Steps in columns.
  public var strideX: Int
  /// Rows of the pooled result.
  public var outputHeight: Int
  /// Columns of the pooled result.
  public var outputWidth: Int

  /// Creates a window.
  public init(
    height: Int, width: Int, strideY: Int, strideX: Int, outputHeight: Int, outputWidth: Int
  ) {
    self.height = height
    self.width = width
    self.strideY = strideY
    self.strideX = strideX
    self.outputHeight = outputHeight
    self.outputWidth = outputWidth
  }

  /// Pixels of the pooled result.
  public var pixels: Int { outputHeight * outputWidth }
}

/// A layer as matrix products: `count` times A[rows × depth] · B[depth × columns].
///
/// For a convolution A is the im2col matrix: one row per output pixel, one column per element of
/// the window; B holds one column per output channel of a group.
public struct MatrixProduct: BitwiseCopyable, Sendable, Hashable, Codable {
  /// Rows of A and of the result: output pixels (l in the thesis' equations, M elsewhere).
  public var rows: Int
  /// Columns of A: the window's elements (m in the thesis' equations, K elsewhere).
  public var depth: Int
  /// Columns of B and of the result: output channels of a group (n, N).
  public var columns: Int
  /// How many products of this shape: images × groups.
  public var count: Int

  /// Creates `count` products.
  public init(rows: Int, depth: Int, columns: Int, count: Int = 1) {
    self.rows = rows
    self.depth = depth
    self.columns = columns
    self.count = count
  }

  /// Useful multiply-accumulates of all products: l · m · n · count.
  public var macs: Int { rows * depth * columns * count }
}

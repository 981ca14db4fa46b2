/// One spatial dimension of an array: `size` processing elements side by side, and how much of the
/// penalty for a partly filled tile they avoid.
public struct SpatialDimension: BitwiseCopyable, Sendable, Hashable, Codable {
  /// Processing elements along this dimension (s); 1 when the dimension is not unrolled in space.
  public var size: Int
  /// The coefficient α of equation I-4, 0...1: 0 is the full penalty of a partly filled tile, 1 none.
  ///
  /// The parameter files published with ANNETTE hold the other convention, 1 − α.
  public var alpha: Double

  /// Creates a dimension.
  public init(size: Int = 1, alpha: Double = 0) {
    self.size = size
    self.alpha = alpha
  }

  /// Tiles that cover `extent`; 1 where the dimension is not unrolled.
  @inline(__always)
  public func tiles(of extent: Int) -> Int { size == 1 ? 1 : extent.tiles(of: size) }

  /// The factor α + ⌈x/s⌉ / (x/s) · (1 − α) by which this dimension lengthens the computation.
  @inline(__always)
  public func slowdown(of extent: Int) -> Double {
    if size == 1 { return 1 }
    let fill = Double(extent.padded(to: size)) / Double(extent)
    return alpha + fill * (1 - alpha)
  }

  /// The utilisation of this dimension alone, 1 / ``slowdown(of:)``.
  public func utilisation(of extent: Int) -> Double { 1 / slowdown(of: extent) }
}

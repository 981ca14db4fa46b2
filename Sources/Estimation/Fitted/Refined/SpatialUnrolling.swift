/// Which extents of a layer are spread over processing elements: the vectors s and α of the refined
/// roofline. Which extent meets which side of the array is part of a model.
public struct SpatialUnrolling: BitwiseCopyable, Sendable, Hashable, Codable {
  /// Rows of the output.
  public var height: SpatialDimension
  /// Columns of the output.
  public var width: SpatialDimension
  /// Output pixels, height × width.
  public var pixels: SpatialDimension
  /// Input channels of a group.
  public var channels: SpatialDimension
  /// Elements of the window, kernel × channels of a group.
  public var window: SpatialDimension
  /// Output channels of a group.
  public var filters: SpatialDimension

  /// Creates an unrolling; a dimension that is not named is not unrolled.
  public init(
    height: SpatialDimension = SpatialDimension(), width: SpatialDimension = SpatialDimension(),
    pixels: SpatialDimension = SpatialDimension(), channels: SpatialDimension = SpatialDimension(),
    window: SpatialDimension = SpatialDimension(), filters: SpatialDimension = SpatialDimension()
  ) {
    self.height = height
    self.width = width
    self.pixels = pixels
    self.channels = channels
    self.window = window
    self.filters = filters
  }

  /// 1 / u_eff(x) of equations I-3 and I-4 (Wess et al., IEEE Access 9, 2021): the product of the
  /// dimensions' slowdowns.
  @inline(__always)
  public func slowdown(of layer: LayerShape) -> Double {
    height.slowdown(of: layer.outputHeight) * width.slowdown(of: layer.outputWidth)
      * pixels.slowdown(of: layer.pixels) * channels.slowdown(of: layer.groupChannels)
      * window.slowdown(of: layer.window) * filters.slowdown(of: layer.groupOutputs)
  }

  /// u_eff(x), 0...1.
  public func utilisation(of layer: LayerShape) -> Double { 1 / slowdown(of: layer) }

  /// Tiles of a layer: Π ⌈x/s⌉ over the dimensions that are unrolled, for all images and groups.
  @inline(__always)
  public func tiles(of layer: LayerShape) -> Int {
    layer.images * layer.groups * height.tiles(of: layer.outputHeight)
      * width.tiles(of: layer.outputWidth) * pixels.tiles(of: layer.pixels)
      * channels.tiles(of: layer.groupChannels) * window.tiles(of: layer.window)
      * filters.tiles(of: layer.groupOutputs)
  }
}

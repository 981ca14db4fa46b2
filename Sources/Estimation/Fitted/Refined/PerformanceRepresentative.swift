/// Performance representatives (Tübingen; arXiv 2406.08330): where time is a staircase, the last point
/// of a step stands for all of it, so that one run per step is enough.
///
/// Exact only for a machine that pads its tiles; where partly filled tiles are cheaper, an upper bound.
public enum PerformanceRepresentative {
  /// x_PR = s · ⌈x/s⌉.
  public static func extent(_ extent: Int, step: Int) -> Int { extent.padded(to: step) }

  /// How many representatives stand for all extents 1...limit.
  public static func count(upTo limit: Int, step: Int) -> Int { limit.tiles(of: step) }

  /// The layer whose unrolled extents are the last of their steps; with another layer of the same
  /// representative it shares its time on a machine that pads.
  ///
  /// Channels and filters are rounded in every group. Pixels are rounded for outputs of one line and
  /// the window for 1×1 kernels, where they are the width and the channels; elsewhere an extent that
  /// is a product of others stays as it is.
  public static func of(_ layer: LayerShape, unrolling: SpatialUnrolling) -> LayerShape {
    var layer = layer
    let filters = layer.groupOutputs.padded(to: unrolling.filters.size)
    var channels = layer.groupChannels.padded(to: unrolling.channels.size)
    if layer.kernelHeight == 1, layer.kernelWidth == 1 {
      channels = channels.padded(to: unrolling.window.size)
    }
    layer.outputChannels = filters * layer.groups
    layer.inputChannels = channels * layer.groups
    let height = layer.outputHeight.padded(to: unrolling.height.size)
    var width = layer.outputWidth.padded(to: unrolling.width.size)
    if height == 1 { width = width.padded(to: unrolling.pixels.size) }
    // The input grows by what the further outputs need.
    layer.inputHeight += (height - layer.outputHeight) * layer.strideY
    layer.inputWidth += (width - layer.outputWidth) * layer.strideX
    layer.outputHeight = height
    layer.outputWidth = width
    return layer
  }
}

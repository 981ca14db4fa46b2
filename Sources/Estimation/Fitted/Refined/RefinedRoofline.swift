/// The refined roofline of ANNETTE (Wess et al., IEEE Access 9:3545–3556, 2021):
/// T = max(f / (P_peak · u_eff), D / B_peak), where u_eff is what partly filled tiles leave of the
/// array (equations I-2 to I-4).
///
/// The equations are followed, not the code published with them, which takes α for 1 − α, fits with
/// another mean than it predicts with, and divides by u_eff only where the layer was bound by
/// computation before.
///
/// Added, and 0 in the published form: a time for every layer, a time for every tile (an array's fill
/// and drain), transfers that do not overlap with computation, and operands that are read for every
/// tile. Times are in the unit of the peaks: seconds, or cycles.
public struct RefinedRoofline: BitwiseCopyable, Sendable, Hashable, Codable {
  /// Whether transfers overlap with computation.
  public enum Overlap: UInt8, BitwiseCopyable, Sendable, Hashable, Codable, CaseIterable {
    /// The longer of both counts: double buffering.
    case full
    /// Both add up.
    case none
  }

  /// What D counts.
  public enum Traffic: UInt8, BitwiseCopyable, Sendable, Hashable, Codable, CaseIterable {
    /// Input, weights and output, each once.
    case tensors
    /// The im2col matrix for every tile of output channels, the weights for every tile of pixels,
    /// and the output once.
    case tiles
  }

  /// P_peak: operations per unit of time, two per multiply-accumulate.
  public var peakOperations: Double
  /// B_peak: bytes per unit of time.
  public var peakBytes: Double
  /// Bytes of an element of input and output.
  public var activationBytes: Double
  /// Bytes of a weight.
  public var weightBytes: Double
  /// The vectors s and α.
  public var unrolling: SpatialUnrolling
  /// Time added to every layer.
  public var launchTime: Double
  /// Time of computation added for every tile.
  public var tileTime: Double
  /// Whether transfers overlap with computation.
  public var overlap: Overlap
  /// What D counts.
  public var traffic: Traffic

  /// Creates a model; without the last four arguments the published one.
  public init(
    peakOperations: Double, peakBytes: Double, activationBytes: Double = 1,
    weightBytes: Double = 1, unrolling: SpatialUnrolling = SpatialUnrolling(),
    launchTime: Double = 0, tileTime: Double = 0, overlap: Overlap = .full,
    traffic: Traffic = .tensors
  ) {
    self.peakOperations = peakOperations
    self.peakBytes = peakBytes
    self.activationBytes = activationBytes
    self.weightBytes = weightBytes
    self.unrolling = unrolling
    self.launchTime = launchTime
    self.tileTime = tileTime
    self.overlap = overlap
    self.traffic = traffic
  }

  /// f: operations of a layer, two per multiply-accumulate.
  @inline(__always)
  public static func operations(of layer: LayerShape) -> Double { 2 * Double(layer.macs) }

  /// D: bytes of a layer.
  @inline(__always)
  public func bytes(of layer: LayerShape) -> Double {
    switch traffic {
    case .tensors:
      return Double(layer.inputElements + layer.outputElements) * activationBytes
        + Double(layer.weightElements) * weightBytes
    case .tiles:
      let rereads = unrolling.filters.tiles(of: layer.groupOutputs)
      let reloads =
        layer.images * unrolling.pixels.tiles(of: layer.pixels)
        * unrolling.width.tiles(of: layer.outputWidth)
        * unrolling.height.tiles(of: layer.outputHeight)
      let windows = layer.images * layer.groups * layer.pixels * layer.window
      return Double(windows * rereads + layer.outputElements) * activationBytes
        + Double(layer.weightElements * reloads) * weightBytes
    }
  }

  /// The plain roofline, max(f / P_peak, D / B_peak): equation I-1, the fallback for every layer.
  public func rooflineTime(of layer: LayerShape) -> Double {
    max(Self.operations(of: layer) / peakOperations, bytes(of: layer) / peakBytes)
  }

  /// The time of a layer: equation I-2.
  @inline(__always)
  public func time(of layer: LayerShape) -> Double {
    time(of: layer, statisticalUtilisation: 1)
  }

  /// The mixed model, equation I-6: computation divided by u_eff · u_stat.
  ///
  /// - Parameter statisticalUtilisation: u_stat, 0...1, from wherever it was learned.
  @inline(__always)
  public func time(of layer: LayerShape, statisticalUtilisation: Double) -> Double {
    let busy =
      Self.operations(of: layer) * unrolling.slowdown(of: layer)
      / (peakOperations * statisticalUtilisation)
    let compute = tileTime == 0 ? busy : busy + tileTime * Double(unrolling.tiles(of: layer))
    let transfer = bytes(of: layer) / peakBytes
    return launchTime + (overlap == .full ? max(compute, transfer) : compute + transfer)
  }

  /// The times of layers one after the other.
  public func time(of layers: [LayerShape]) -> Double {
    var sum = 0.0
    for layer in layers { sum += time(of: layer) }
    return sum
  }
}

/// A point under the roof: equation 4.3.
public struct RooflinePoint: BitwiseCopyable, Sendable, Hashable {
  /// Multiply-accumulates with padding (`macs_scale`).
  public let macs: Double
  /// Bytes with padding (`data_scale`).
  public let bytes: Double
  /// `op_intensity` = macs / bytes.
  public let intensity: Double
  /// `performance` = min(intensity · `bw_peak`, `comp_peak`), in multiply-accumulates per cycle.
  public let performance: Double
  /// `cycles` = macs / performance, which is max(macs / `comp_peak`, bytes / `bw_peak`).
  public let cycles: Double

  /// Evaluates equation 4.3.
  ///
  /// - Parameters:
  ///   - macs: `macs_scale`.
  ///   - bytes: `data_scale`; 0 for a layer whose operands are on the chip.
  ///   - peakMACs: `comp_peak`, multiply-accumulates per cycle.
  ///   - peakBytes: `bw_peak`, bytes per cycle.
  public init(macs: Double, bytes: Double, peakMACs: Double, peakBytes: Double) {
    self.macs = macs
    self.bytes = bytes
    intensity = macs / bytes
    performance = min(intensity * peakBytes, peakMACs)
    cycles = macs / performance
  }
}

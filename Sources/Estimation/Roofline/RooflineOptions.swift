/// What equations 4.1 to 4.3 leave open.
public struct RooflineOptions: BitwiseCopyable, Sendable, Hashable, Codable {
  /// Which dimensions of the matrix product are rounded up to the array.
  public enum Padding: UInt8, BitwiseCopyable, Sendable, Hashable, Codable, CaseIterable {
    /// The two that lie on the array, as the text of the equations says; the third is time.
    case arrayDimensions
    /// All three, as the thesis' example of 129 × 129 matrices on 128 × 128 implies: its 256³ needs
    /// the factor δ three times. The third dimension is rounded to the array's rows.
    case allDimensions
  }

  /// How often a matrix crosses the bus.
  public enum Reuse: UInt8, BitwiseCopyable, Sendable, Hashable, Codable, CaseIterable {
    /// Every tensor once: enough memory beside the array for all of it.
    case once
    /// Every tile anew for each pass over the array that needs it: no memory beside the array.
    case perPass
    /// Two loads of operands, a load and a store of the sum for every multiply-accumulate: the bus
    /// words that a scalar machine without registers would move.
    case none
  }

  /// The factor α of equation 4.2 for partly filled bus words and idle bus phases. It has no
  /// published value; 1 means none beyond the rounding in the equation.
  public var busOverhead: Double
  /// Which dimensions are rounded up.
  public var padding: Padding
  /// How often a matrix crosses the bus.
  public var reuse: Reuse

  /// Creates options.
  public init(
    busOverhead: Double = 1, padding: Padding = .arrayDimensions, reuse: Reuse = .once
  ) {
    self.busOverhead = busOverhead
    self.padding = padding
    self.reuse = reuse
  }
}

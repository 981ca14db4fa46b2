/// What the registers inside an array really did, counted one by one where they are simulated one
/// by one. The counters of the registry follow from the jobs' shapes instead; the two must agree.
public struct ArrayActivity: BitwiseCopyable, Sendable, Equatable {
  /// Multiply-accumulates of processing elements.
  public var macs: UInt64 = 0
  /// Writes of skew registers.
  public var skewWrites: UInt64 = 0
  /// Writes of drain registers (of accumulators, in a drain without registers of its own), or of
  /// the de-skew registers of a weight-stationary array.
  public var resultWrites: UInt64 = 0
  /// Writes of shadow and active weight registers.
  public var weightWrites: UInt64 = 0
  /// Writes of partial-sum registers.
  public var partialSumWrites: UInt64 = 0

  /// Nothing yet.
  public init() {}
}

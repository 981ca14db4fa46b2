/// A handle to one of a kernel's clock domains.
public struct ClockDomain: Hashable, Sendable {
  /// Position in the plan's clock list.
  public let index: Int
  /// The clock's name.
  public let name: String
  /// Frequency in hertz.
  public let hertz: UInt64
  /// Period in base ticks.
  public let period: Tick

  /// How many edges of this clock lie at or before `tick`: the number of its elapsed cycles.
  public func cycles(through tick: Tick) -> Cycle {
    tick / period + 1
  }
}

public import SimKernel

/// Counts periods of a fixed frequency in simulated time, exactly: `count = ⌊tick · hertz / rate⌋`.
public struct TimeBase: Sendable {
  private let hertz: UInt64
  private let rate: UInt64

  /// Creates a time base of `hertz` in a system of `ticksPerSecond` base ticks per second.
  public init(ticksPerSecond: UInt64, hertz: UInt64) {
    self.hertz = hertz
    rate = ticksPerSecond
  }

  /// Whole periods until `tick`.
  public func count(at tick: Tick) -> UInt64 {
    let product = tick.multipliedFullWidth(by: hertz)
    guard product.high < rate else { return .max }
    return rate.dividingFullWidth(product).quotient
  }

  /// The first tick at which `count` periods have passed; nil when that lies beyond all time, or
  /// before `now` because the count has wrapped.
  public func tick(ofCount count: UInt64, from now: Tick) -> Tick? {
    let product = count.multipliedFullWidth(by: rate)
    guard product.high < hertz else { return nil }
    let (quotient, remainder) = hertz.dividingFullWidth(product)
    let tick = remainder == 0 ? quotient : quotient &+ 1
    return tick > now && tick < .max / 2 ? tick : nil
  }
}

internal import Peripherals

/// An instant of simulated time: what programs are told instead of the host's clock, so that every
/// run gives the same result. The simulation starts at the Unix epoch, 1970-01-01.
public struct HostTime: Sendable, Equatable {
  /// Base ticks since the start.
  public let ticks: UInt64
  /// Base ticks per second, > 0.
  public let ticksPerSecond: UInt64

  /// An instant after `ticks` base ticks.
  public init(ticks: UInt64, ticksPerSecond: UInt64) {
    self.ticks = ticks
    self.ticksPerSecond = max(1, ticksPerSecond)
  }

  /// Whole periods of `hertz` since the start.
  public func count(hertz: UInt64) -> UInt64 {
    TimeBase(ticksPerSecond: ticksPerSecond, hertz: hertz).count(at: ticks)
  }

  /// Whole seconds since the start.
  var seconds: UInt64 { count(hertz: 1) }
  /// Nanoseconds since the start.
  var nanoseconds: UInt64 { count(hertz: 1_000_000_000) }
}

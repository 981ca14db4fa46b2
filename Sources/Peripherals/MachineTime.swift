public import SimKernel

/// mtime: simulated time in periods of 10 MHz, plus what firmware moved it by.
///
/// The CLINT and the harts of a system share one; `time` CSRs and mtime always agree.
public final class MachineTime {
  /// The frequency in hertz (the constant of Spike and QEMU).
  public static let hertz: UInt64 = 10_000_000

  private let timeBase: TimeBase
  private var offset: UInt64 = 0

  /// Creates a time that is 0 at tick 0 of a kernel.
  public init(kernel: Kernel) {
    timeBase = TimeBase(ticksPerSecond: kernel.ticksPerSecond, hertz: Self.hertz)
  }

  /// The count at `tick`.
  public func count(at tick: Tick) -> UInt64 { timeBase.count(at: tick) &+ offset }

  /// The first tick after `now` at which the count is `count`; nil when there is none before the
  /// end of all ticks.
  public func tick(ofCount count: UInt64, from now: Tick) -> Tick? {
    timeBase.tick(ofCount: count &- offset, from: now)
  }

  /// Makes the count at `tick` be `value`.
  public func set(_ value: UInt64, at tick: Tick) {
    offset = value &- timeBase.count(at: tick)
  }
}

/// A cycle number of one clock domain: the clock's edge `n` happens at `n × period` base ticks.
public typealias Cycle = UInt64

/// Simulated time in base ticks, 1 / lcm of all clock frequencies, so that every period is exact.
public typealias Tick = UInt64

/// Names an instant in the state of ports: its tick plus one, so that 0 lies before the first
/// instant.
@usableFromInline typealias Stamp = UInt64

/// When a module next needs to run, the answer of every ``Module/tick(_:)``.
///
/// A wake is a request: a tick may come earlier (a port was written or freed, or the kernel runs
/// eagerly), so a module that waits for time keeps "until when" in its own state.
public struct Wake: BitwiseCopyable, Sendable, Equatable {
  /// The requested cycle of the module's own clock; `Cycle.max` while only a port can wake it.
  public let cycle: Cycle

  @inlinable
  init(cycle: Cycle) {
    self.cycle = cycle
  }

  /// Run again at `cycle`, which lies after the current one (an earlier value means the next
  /// cycle).
  @inlinable
  public static func at(_ cycle: Cycle) -> Wake {
    Wake(cycle: cycle)
  }

  /// Run again in the next cycle.
  @inlinable
  public static var nextCycle: Wake {
    Wake(cycle: 0)
  }

  /// Sleep until a port or an interrupt line of this module changes.
  @inlinable
  public static var onPort: Wake {
    Wake(cycle: Cycle.max)
  }

  /// The earlier of two requests.
  @inlinable
  public static func earliest(_ a: Wake, _ b: Wake) -> Wake {
    a.cycle <= b.cycle ? a : b
  }
}

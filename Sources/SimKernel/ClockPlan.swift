/// Why a set of clock frequencies cannot be simulated.
public enum ClockPlanError: Error, Equatable, Sendable {
  /// A frequency of zero hertz.
  case zeroFrequency(clock: String)
  /// The common base tick would be shorter than a femtosecond.
  case noCommonTick(clocks: [String])
}

/// Exact integer periods for a set of clocks: the base tick is 1 / lcm of all frequencies.
public struct ClockPlan: Sendable {
  /// A clock's name, frequency in hertz and period in base ticks.
  public struct Clock: Sendable, Equatable {
    /// The name used in the configuration.
    public let name: String
    /// The frequency in hertz.
    public let hertz: UInt64
    /// The period in base ticks.
    public let period: Tick
  }

  /// The largest base rate: one tick per femtosecond.
  public static let maximumTicksPerSecond: UInt64 = 1_000_000_000_000_000

  /// Base ticks per second.
  public let ticksPerSecond: UInt64
  /// The clocks in the order given.
  public let clocks: [Clock]

  /// Plans exact periods for `frequencies` in hertz.
  ///
  /// - Throws: ``ClockPlanError`` when a frequency is zero or the frequencies share no base tick of
  ///   at least a femtosecond. Nothing is ever rounded.
  public init(_ frequencies: [(name: String, hertz: UInt64)]) throws(ClockPlanError) {
    var rate: UInt64 = 1
    for (name, hertz) in frequencies {
      guard hertz > 0 else { throw .zeroFrequency(clock: name) }
      let (product, overflow) = (rate / Self.gcd(rate, hertz)).multipliedReportingOverflow(
        by: hertz)
      guard !overflow, product <= Self.maximumTicksPerSecond else {
        throw .noCommonTick(clocks: frequencies.map(\.name))
      }
      rate = product
    }
    ticksPerSecond = rate
    clocks = frequencies.map { Clock(name: $0.name, hertz: $0.hertz, period: rate / $0.hertz) }
  }

  /// A plan whose periods are given in base ticks directly, for tests of the kernel itself.
  public init(periods: [(name: String, period: Tick)], ticksPerSecond: UInt64) {
    precondition(periods.allSatisfy { $0.period > 0 }, "a clock period is at least one base tick")
    self.ticksPerSecond = ticksPerSecond
    clocks = periods.map {
      Clock(name: $0.name, hertz: ticksPerSecond / $0.period, period: $0.period)
    }
  }

  private static func gcd(_ a: UInt64, _ b: UInt64) -> UInt64 {
    var (a, b) = (a, b)
    while b != 0 { (a, b) = (b, a % b) }
    return a
  }
}

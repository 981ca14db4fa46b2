/// How base ticks become the time stamps of a VCD file.
///
/// VCD knows time units of 1, 10 or 100 of s to fs. The unit is the largest in which a base tick is
/// a whole number; when there is none (300 MHz: 3.3… ns), time stamps are rounded to 1 fs, each on
/// its own, so that the error never adds up.
public struct VCDTimescale: Sendable, Equatable {
  /// Base ticks per second.
  public let ticksPerSecond: UInt64
  /// Units per second: a power of ten, up to 10¹⁵.
  public let unitsPerSecond: UInt64

  /// Chooses the unit for a tick rate of at least 1.
  public init(ticksPerSecond: UInt64) {
    precondition(ticksPerSecond > 0, "a tick rate is at least 1 per second")
    self.ticksPerSecond = ticksPerSecond
    var units: UInt64 = 1
    while units < 1_000_000_000_000_000, !units.isMultiple(of: ticksPerSecond) { units *= 10 }
    unitsPerSecond = units
  }

  /// Whether every base tick has an exact time stamp.
  public var isExact: Bool { unitsPerSecond.isMultiple(of: ticksPerSecond) }

  /// The unit as VCD writes it: `10 ns`.
  public var text: String {
    var exponent = 0
    var units = unitsPerSecond
    while units > 1 {
      units /= 10
      exponent += 1
    }
    let names = ["s", "ms", "us", "ns", "ps", "fs"]
    let name = (exponent + 2) / 3
    return ["1", "10", "100"][name * 3 - exponent] + " " + names[name]
  }

  /// The unit without its factor of 10 or 100: 10⁹ for 10 ns.
  var plainUnitsPerSecond: UInt64 {
    var units: UInt64 = 1
    while units < unitsPerSecond { units *= 1000 }
    return units
  }

  /// The time stamp of a base tick: exact, or rounded half up to 1 fs.
  public func stamp(_ tick: UInt64) -> UInt64 {
    let wide = tick.multipliedFullWidth(by: unitsPerSecond)
    // Beyond 2^64 units there is no stamp; a run of five hours at 1 fs stays below.
    guard wide.high < ticksPerSecond else { return .max }
    let (quotient, remainder) = ticksPerSecond.dividingFullWidth(wide)
    return remainder >= ticksPerSecond - remainder && remainder > 0 ? quotient + 1 : quotient
  }
}

/// All rates share a base tick: the least common multiple of the clock frequencies and the
/// instruction rate stays within 10^15 per second (ticks of a femtosecond), so that simulated time
/// fits 64 bits for hours.
struct ClockBaseRule: ValidationRule {
  static let limit: UInt64 = 1_000_000_000_000_000

  func check(_ context: RuleContext) {
    let soc = context.description
    for rejection in Self.rejections(of: soc) {
      context.collector.error(
        at: rejection.origin.position(of: rejection.key), rejection.origin.path(of: rejection.key),
        "\(rejection.rate) per second has no common base tick with the rates before it (their "
          + "least common multiple is \(rejection.base) Hz)",
        expected: "rates whose least common multiple is at most 10^15 Hz")
    }
    guard let cpu = soc.cpu, cpu.origin.isSound("cpu_mips"), !Self.isWhole(cpu) else { return }
    context.collector.error(
      at: cpu.origin.position(of: "cpu_mips"), cpu.origin.path(of: "cpu_mips"),
      "found \(JSONLiteral.number(cpu.mips).compactText)",
      expected: "a whole number of instructions per second (a multiple of 0.000001)")
  }

  /// Names of the clocks whose frequency cannot join the others.
  static func rejectedClocks(of soc: SoCDescription) -> Set<String> {
    Set(rejections(of: soc).compactMap(\.clock))
  }

  private struct Rejection {
    /// Name of the clock; nil for the instruction rate.
    let clock: String?
    let origin: Origin
    let key: String
    let rate: UInt64
    /// Least common multiple of the rates before it.
    let base: UInt64
  }

  private static func rejections(of soc: SoCDescription) -> [Rejection] {
    var rates: [(clock: String?, origin: Origin, key: String, rate: UInt64)] = []
    for clock in soc.clocks where clock.origin.isSound("frequency_hz") {
      rates.append((clock.name, clock.origin, "frequency_hz", clock.hertz))
    }
    if let cpu = soc.cpu, cpu.origin.isSound("cpu_mips"), isWhole(cpu) {
      rates.append((nil, cpu.origin, "cpu_mips", UInt64(cpu.instructionsPerSecond)))
    }
    var base: UInt64 = 1
    var rejections: [Rejection] = []
    for (clock, origin, key, rate) in rates {
      let (product, overflow) = (base / greatestCommonDivisor(base, rate))
        .multipliedReportingOverflow(by: rate)
      if overflow || product > limit {
        rejections.append(
          Rejection(clock: clock, origin: origin, key: key, rate: rate, base: base))
      } else {
        base = product
      }
    }
    return rejections
  }

  private static func isWhole(_ cpu: CPUDescription) -> Bool {
    abs(cpu.mips * 1e6 - cpu.instructionsPerSecond) < 1e-3 && cpu.instructionsPerSecond >= 1
  }

  private static func greatestCommonDivisor(_ left: UInt64, _ right: UInt64) -> UInt64 {
    right == 0 ? left : greatestCommonDivisor(right, left % right)
  }
}

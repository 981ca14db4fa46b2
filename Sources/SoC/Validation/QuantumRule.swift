/// Rule F19: the quantum is smaller than the period of every hardware clock; and it lies between
/// its bounds. A quantum of 0 couples in lock-step, and no bound applies.
struct QuantumRule: ValidationRule {
  func check(_ context: RuleContext) {
    guard let cpu = context.description.cpu, cpu.origin.isSound("cpu_quanta"),
      cpu.quanta.origin.isSound("q_global", "q_low", "q_high")
    else { return }
    let quanta = cpu.quanta
    guard quanta.global > 0 else { return }
    func text(_ value: Double) -> String { JSONLiteral.number(value).compactText }
    func report(_ key: String, _ message: String, _ expected: String) {
      context.collector.error(
        at: quanta.origin.position(of: key), quanta.origin.path(of: key), message,
        expected: expected)
    }
    let rejected = ClockBaseRule.rejectedClocks(of: context.description)
    let clocks = context.description.clocks.filter {
      $0.origin.isSound("frequency_hz") && !rejected.contains($0.name)
    }
    if let fastest = clocks.max(by: { $0.hertz < $1.hertz }),
      quanta.global >= fastest.periodNanoseconds
    {
      let period = text(fastest.periodNanoseconds)
      let slowest = text((1e9 / quanta.global).rounded(.down))
      report(
        "q_global",
        "the quantum of \(text(quanta.global)) ns is not smaller than the period of clock "
          + "'\(fastest.name)', \(period) ns at \(fastest.hertz) Hz (rule F19)",
        "q_global below \(period) (or 0: lock-step), or '\(fastest.name)' below \(slowest) Hz")
    } else if quanta.low > quanta.high {
      report(
        "q_low",
        "the lower bound (\(text(quanta.low)) ns) is above the upper bound "
          + "(\(text(quanta.high)) ns)", "q_low ≤ q_global ≤ q_high")
    } else if quanta.global < quanta.low {
      report(
        "q_global", "\(text(quanta.global)) ns is below q_low (\(text(quanta.low)) ns)",
        "q_low ≤ q_global ≤ q_high")
    } else if quanta.global > quanta.high {
      report(
        "q_global", "\(text(quanta.global)) ns is above q_high (\(text(quanta.high)) ns)",
        "q_low ≤ q_global ≤ q_high")
    }
  }
}

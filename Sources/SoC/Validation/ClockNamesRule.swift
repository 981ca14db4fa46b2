/// A module's clock is one of `clocks`.
struct ClockNamesRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    let names = soc.clocks.map(\.name)
    var unknown = UnknownNames(noun: "clock")
    let users: [(clock: String, origin: Origin)] =
      [(soc.crossbar.clock, soc.crossbar.origin)]
      + soc.memories.map { ($0.clock, $0.origin) } + soc.dmas.map { ($0.clock, $0.origin) }
      + soc.accelerators.map { ($0.clock, $0.origin) }
      + soc.peripherals.map { ($0.clock, $0.origin) }
    for user in users
    where user.origin.isGiven("clock") && user.origin.isSound("clock")
      && !names.contains(user.clock)
    {
      unknown.add(
        user.clock, at: user.origin.position(of: "clock"), user.origin.path(of: "clock"))
    }
    if !unknown.isEmpty, soc.hasSoundNames("clocks") {
      unknown.report(among: names, context.collector)
    }
  }
}

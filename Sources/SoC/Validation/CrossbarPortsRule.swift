/// The crossbar's arbiters keep one bit per port.
struct CrossbarPortsRule: ValidationRule {
  /// As many as `Interconnect.Crossbar` has on either side.
  private static let most = 64

  func check(_ context: RuleContext) {
    let soc = context.description
    let initiators = soc.dmas.count + (soc.cpu?.harts ?? 0)
    let targets =
      soc.memories.reduce(0) { $0 + $1.ports } + soc.dmas.count + soc.accelerators.count
      + soc.peripherals.count
    let sides = [
      (initiators, "initiators (every hart and every DMA)"),
      (targets, "targets (every port of a memory and every device)"),
    ]
    for (count, noun) in sides where count > Self.most {
      context.collector.error(
        at: soc.origin.position, "", "the crossbar has \(count) \(noun)",
        expected: "at most \(Self.most)")
    }
  }
}

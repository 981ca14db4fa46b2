/// `energy_class` replaces the class of a module's only or main component. Accelerators and
/// peripherals are priced part by part.
struct EnergyClassRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    let origins = soc.accelerators.map(\.origin) + soc.peripherals.map(\.origin)
    for origin in origins where origin.isGiven("energy_class") && origin.isSound("energy_class") {
      context.collector.warning(
        at: origin.position(of: "energy_class"), origin.path(of: "energy_class"),
        "has no effect: the module is priced part by part")
    }
  }
}

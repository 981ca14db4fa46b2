/// Arguments that are accepted without effect.
struct AcceleratorArgumentsRule: ValidationRule {
  func check(_ context: RuleContext) {
    for accelerator in context.description.accelerators {
      let arguments = accelerator.arguments
      let value = arguments[integer: "ApproxPEs"]
      guard arguments.origin.isSound("ApproxPEs"), value > 1 else { continue }
      context.collector.warning(
        at: arguments.origin.position(of: "ApproxPEs"), arguments.origin.path(of: "ApproxPEs"),
        "found \(value); approximate processing elements are not modelled, so it has no effect")
    }
  }
}

/// To run, there must be a processor and memory.
struct ProcessorPresentRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    guard context.options.requiresCPU, soc.origin.isSound("cpu"), soc.cpu == nil else { return }
    context.collector.error(
      at: soc.origin.position, "cpu", "missing", expected: "an object: a run needs a processor")
  }
}

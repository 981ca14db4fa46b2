/// `submodules` states what an accelerator consists of. The models know that themselves, so that a
/// statement they do not share has no effect.
struct SubmodulesRule: ValidationRule {
  func check(_ context: RuleContext) {
    for accelerator in context.description.accelerators {
      guard let kind = accelerator.kind, accelerator.origin.isSound("fixed_args", "submodules"),
        accelerator.arguments.origin.isSound("XDIM", "YDIM", "data_type")
      else { continue }
      let parts = kind.mainParts(accelerator.arguments)
      for stated in accelerator.submodules
      where stated.origin.isSound("submodule", "quantity")
        && !parts.contains(where: {
          $0.componentClass == stated.componentClass && $0.quantity == stated.quantity
        })
      {
        let list = parts.map { "\($0.quantity) × \($0.componentClass)" }.joined(separator: ", ")
        context.collector.warning(
          at: stated.origin.position, stated.origin.path,
          "has no effect: energy and area are those of the model, whose main part is \(list)")
      }
    }
  }
}

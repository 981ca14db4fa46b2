/// `submodules` states what an accelerator consists of. The models know that themselves, also how
/// many there are: a class that is not theirs has no effect.
struct SubmodulesRule: ValidationRule {
  func check(_ context: RuleContext) {
    for accelerator in context.description.accelerators {
      guard let kind = accelerator.kind, accelerator.external == nil,
        accelerator.origin.isSound("fixed_args", "submodules"),
        accelerator.arguments.origin.isSound("data_type")
      else { continue }
      let main = kind.mainClass(accelerator.arguments)
      for part in accelerator.submodules
      where part.origin.isSound("submodule") && part.componentClass != main {
        context.collector.warning(
          at: part.origin.position, part.origin.path,
          "has no effect: energy and area are those of the model, whose main part is \(main)")
      }
    }
  }
}

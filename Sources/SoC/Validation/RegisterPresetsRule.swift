internal import Diagnostics

/// Register presets name registers that can be written.
struct RegisterPresetsRule: ValidationRule {
  func check(_ context: RuleContext) {
    for accelerator in context.description.accelerators {
      guard let kind = accelerator.kind else { continue }
      for preset in accelerator.registers
      where !kind.presettableRegisters.contains(preset.key) {
        let near = Suggestion.nearest(to: preset.key, among: kind.presettableRegisters)
        let list = kind.presettableRegisters.joined(separator: ", ")
        context.collector.error(
          at: preset.origin.position, preset.origin.path,
          "\(kind.name) has no such register with a default value",
          expected: near != nil ? nil : list.isEmpty ? "no registers" : "one of \(list)",
          suggestion: near)
      }
    }
  }
}

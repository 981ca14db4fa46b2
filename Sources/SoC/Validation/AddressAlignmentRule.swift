/// Register windows start at a multiple of 4 KiB.
struct AddressAlignmentRule: ValidationRule {
  static let alignment: UInt64 = 0x1000

  static func accepts(_ window: AddressWindow) -> Bool {
    window.kind == .memory || window.start % alignment == 0
  }

  func check(_ context: RuleContext) {
    for window in context.description.moduleWindows where !Self.accepts(window) {
      let aligned = window.start & ~(Self.alignment - 1)
      context.collector.error(
        at: window.origin.position(of: "module_address"),
        window.origin.path(of: "module_address"),
        "found \(window.start.hexadecimal)", expected: "a multiple of 0x1000 (4 KiB)",
        suggestion: aligned.hexadecimal)
    }
  }
}

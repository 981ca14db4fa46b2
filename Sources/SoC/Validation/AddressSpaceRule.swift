/// Every window lies within the 32-bit addresses of RISCV32.
struct AddressSpaceRule: ValidationRule {
  static let limit: UInt64 = 1 << 32

  static func accepts(_ window: AddressWindow) -> Bool { window.last < limit }

  func check(_ context: RuleContext) {
    for window in context.description.moduleWindows where !Self.accepts(window) {
      let (sum, overflow) = window.start.addingReportingOverflow(window.length)
      let excess = overflow ? UInt64.max : sum - Self.limit
      // The larger of the two numbers is the more likely mistake.
      let isTooLong = window.kind == .memory && window.length > window.start
      let key = isTooLong ? "length" : "module_address"
      context.collector.error(
        at: window.origin.position(of: key), window.origin.path(of: key),
        "the window \(window.rangeText) ends \(excess) bytes beyond 32-bit addresses",
        expected: "an end of at most 0xFFFFFFFF")
    }
  }
}

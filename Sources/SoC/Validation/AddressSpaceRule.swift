internal import RISCV

/// Every window lies within the physical addresses of the harts: 32 bits on RV32, 56 on RV64.
struct AddressSpaceRule: ValidationRule {
  private static func bits(of soc: SoCDescription) -> UInt64 {
    soc.cpu?.type.instructionSet.xlen == .rv64 ? 56 : 32
  }

  static func accepts(_ window: AddressWindow, in soc: SoCDescription) -> Bool {
    window.last < 1 << bits(of: soc)
  }

  func check(_ context: RuleContext) {
    let soc = context.description
    // Without a sound type the width is not known.
    guard soc.cpu?.origin.isSound("cpu_type") != false else { return }
    let bits = Self.bits(of: soc)
    for window in soc.moduleWindows where !Self.accepts(window, in: soc) {
      let (sum, overflow) = window.start.addingReportingOverflow(window.length)
      let excess = overflow ? UInt64.max : sum - (1 << bits)
      // The larger of the two numbers is the more likely mistake.
      let isTooLong = window.kind == .memory && window.length > window.start
      let key = isTooLong ? "length" : "module_address"
      context.collector.error(
        at: window.origin.position(of: key), window.origin.path(of: key),
        "the window \(window.rangeText) ends \(excess) bytes beyond \(bits)-bit addresses",
        expected: "an end of at most \(((1 << bits) - 1 as UInt64).hexadecimal)")
    }
  }
}

/// No two windows share an address.
///
/// A window that is too long overlaps many others: the window with the most overlaps is reported
/// with all of them, and the rest is judged without it.
struct AddressOverlapRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    var windows = soc.moduleWindows.filter {
      AddressSpaceRule.accepts($0, in: soc) && AddressAlignmentRule.accepts($0)
    }
    checkBootROM(windows, context)
    while true {
      let counts = windows.map { window in windows.count { $0.overlaps(window) } - 1 }
      guard let most = counts.max(), most > 0 else { return }
      // Of two that overlap each other only, the later one is taken for the mistake.
      let candidates = windows.indices.filter { counts[$0] == most }
      guard let index = candidates.max(by: { place(windows[$0]) < place(windows[$1]) }) else {
        return
      }
      let culprit = windows.remove(at: index)
      report(culprit, windows.filter { $0.overlaps(culprit) }, context.collector)
    }
  }

  /// What the boot ROM takes belongs to nobody else.
  private func checkBootROM(_ windows: [AddressWindow], _ context: RuleContext) {
    guard let cpu = context.description.cpu, cpu.boot == .rom, cpu.origin.isSound("boot") else {
      return
    }
    let rom = AddressWindow(
      name: SystemBuilder.bootROM, kind: .memory, start: BootROM.base,
      length: BootROM.windowBytes, origin: cpu.origin)
    for window in windows where window.overlaps(rom) {
      context.collector.error(
        at: place(window), window.origin.path(of: "module_address"),
        "the window \(window.rangeText) overlaps the boot ROM (\(rom.rangeText))",
        expected: "other addresses, or cpu.boot entry")
    }
  }

  private func place(_ window: AddressWindow) -> SourcePosition {
    window.origin.position(of: "module_address")
  }

  private func report(
    _ window: AddressWindow, _ others: [AddressWindow], _ collector: DiagnosticCollector
  ) {
    let list = others.prefix(4).map { other in
      let line = place(other).line
      return "\(other.kind.rawValue) '\(other.name)' (\(other.rangeText), line \(line))"
    }
    // A memory that starts before all it overlaps is too long rather than misplaced.
    let isTooLong =
      window.kind == .memory && others.count > 1 && others.allSatisfy { $0.start > window.start }
    let key = isTooLong ? "length" : "module_address"
    let more = others.count > 4 ? " and \(others.count - 4) more" : ""
    collector.error(
      at: window.origin.position(of: key), window.origin.path(of: key),
      "the window \(window.rangeText) overlaps \(list.joined(separator: ", "))\(more)",
      expected: "a window of its own")
  }
}

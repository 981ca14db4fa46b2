/// PLIC sources go to modules with an interrupt line, one each.
struct InterruptsRule: ValidationRule {
  func check(_ context: RuleContext) {
    let soc = context.description
    guard soc.origin.isSound("interrupts") else { return }
    let able = soc.interruptingModules
    var unknown = UnknownNames(noun: "module with an interrupt line")
    var owners: [Int: DictionaryEntry<Int>] = [:]
    for entry in soc.interrupts {
      if let owner = owners[entry.value] {
        context.collector.error(
          at: entry.origin.position, entry.origin.path,
          "source \(entry.value) belongs to '\(owner.key)' already (line "
            + "\(owner.origin.position.line))",
          expected: "a source of its own")
      } else {
        owners[entry.value] = entry
      }
      guard !able.contains(entry.key) else { continue }
      if let kind = soc.kindOfModule(entry.key) {
        context.collector.error(
          at: entry.origin.position, entry.origin.path,
          "'\(entry.key)' is \(kind.withArticle) without an interrupt line",
          expected: "one of \(able.joined(separator: ", "))")
      } else if ["dmas", "accelerators", "peripherals"].allSatisfy(soc.hasSoundNames) {
        unknown.add(entry.key, at: entry.origin.position, entry.origin.path)
      }
    }
    unknown.report(among: able, context.collector)
    if able.count > PeripheralCatalog.interruptSources {
      context.collector.error(
        at: soc.origin.position, "interrupts",
        "\(able.count) modules have an interrupt line",
        expected: "at most \(PeripheralCatalog.interruptSources), the sources of the PLIC")
    }
  }
}

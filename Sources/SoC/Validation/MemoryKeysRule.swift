/// Keys that only a DRAM has do nothing for an SRAM, those of a plug-in nothing for the others.
struct MemoryKeysRule: ValidationRule {
  func check(_ context: RuleContext) {
    for memory in context.description.memories
    where memory.type == .sram && memory.origin.isSound("type") {
      for key in ["bandwidth_bits_per_cycle", "pj_per_bit"] where memory.origin.isGiven(key) {
        context.collector.warning(
          at: memory.origin.position(of: key), memory.origin.path(of: key),
          "has no effect: '\(memory.name)' is an SRAM")
      }
    }
    for memory in context.description.memories
    where memory.type != .plugin && memory.origin.isSound("type") {
      for key in ["library", "parameters"] where memory.origin.isGiven(key) {
        context.collector.warning(
          at: memory.origin.position(of: key), memory.origin.path(of: key),
          "has no effect: '\(memory.name)' is no memory of a plug-in", expected: "type Plugin")
      }
    }
    for peripheral in context.description.peripherals
    where peripheral.kindName != PeripheralCatalog.plugin.name && peripheral.origin.isSound("type")
    {
      for key in ["library", "parameters"] where peripheral.origin.isGiven(key) {
        context.collector.warning(
          at: peripheral.origin.position(of: key), peripheral.origin.path(of: key),
          "has no effect: '\(peripheral.name)' is no peripheral of a plug-in",
          expected: "type Plugin")
      }
    }
  }
}

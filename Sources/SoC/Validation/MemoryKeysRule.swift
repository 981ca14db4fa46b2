/// Keys that only a DRAM has do nothing for an SRAM.
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
  }
}

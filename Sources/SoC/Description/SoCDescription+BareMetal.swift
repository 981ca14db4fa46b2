extension SoCDescription {
  /// The system on which `flecsim run --elf` runs an image: a RISCV32 hart of 100 MIPS coupled in
  /// lock-step, 128 MiB of DRAM at 0x8000_0000, one peripheral of each kind, one clock of 100 MHz.
  public static func defaultBareMetal() -> SoCDescription {
    var soc = SoCDescription.withDefaults()
    soc.name = "bare-metal"
    var clock = ClockDescription.withDefaults()
    clock.name = "core"
    clock.hertz = 100_000_000
    soc.clocks = [clock]
    var cpu = CPUDescription.withDefaults()
    cpu.mips = 100
    soc.cpu = cpu
    var memory = MemoryDescription.withDefaults()
    memory.name = "dram"
    memory.address = 0x8000_0000
    memory.length = 128 << 20
    soc.memories = [memory]
    DefaultResolution(file: "bare-metal.json", collector: DiagnosticCollector()).resolve(&soc)
    return soc
  }
}

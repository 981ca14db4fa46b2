extension SoCDescription {
  /// The system on which `flecsim run --elf` runs an image: devices and DRAM where Spike and QEMU's
  /// `virt` machine have them, so that one image runs on all three.
  ///
  /// Harts of 100 MIPS in lock-step with a clock of 100 MHz start in a boot ROM and
  /// trap misaligned accesses as on Spike; DRAM at 0x8000_0000; one peripheral of each kind at its usual address.
  ///
  /// - Parameters:
  ///   - type: the model of the harts.
  ///   - harts: their number, 1 to 32.
  ///   - memoryBytes: size of the DRAM.
  public static func defaultBareMetal(
    type: CPUType = .riscv32, harts: Int = 1, memoryBytes: UInt64 = 128 << 20
  ) -> SoCDescription {
    var soc = SoCDescription.withDefaults()
    soc.name = "bare-metal"
    var clock = ClockDescription.withDefaults()
    clock.name = "core"
    clock.hertz = 100_000_000
    soc.clocks = [clock]
    var cpu = CPUDescription.withDefaults()
    cpu.type = type
    cpu.harts = harts
    cpu.mips = 100
    cpu.boot = .rom
    cpu.misaligned = .trapped
    soc.cpu = cpu
    var memory = MemoryDescription.withDefaults()
    memory.name = "dram"
    memory.address = 0x8000_0000
    memory.length = memoryBytes
    soc.memories = [memory]
    DefaultResolution(file: "bare-metal.json", collector: DiagnosticCollector()).resolve(&soc)
    return soc
  }
}

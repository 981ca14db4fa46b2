import SoC
import Testing

@Suite("Overrides of a description")
struct DescriptionOverrideTests {
  @Test("Overrides replace values, add keys, and take plain text")
  func replacesValues() throws {
    let soc = try SampleSoC.load(overrides: [
      "cpu.cpu_mips=40", "clocks.core=50 MHz", "clocks.slow.frequency_hz=0x100",
      "crossbar.latency_cycles=3", "simulation.fidelity=registers",
      "accelerators.array.fixed_args.DOUBLE_BUFFER=false", "accelerators.array.registers.SHIFT=4",
      #"accelerators.array.conventions=["rtl"]"#, "memories.dram.length=32 MiB",
    ]).description
    #expect(soc.cpu?.mips == 40)
    #expect(soc.clocks.map(\.hertz) == [50_000_000, 256])
    #expect(soc.crossbar.latencyCycles == 3)
    #expect(soc.simulation.fidelity == .registers)
    #expect(!soc.accelerators[0].arguments[flag: "DOUBLE_BUFFER"])
    #expect(soc.accelerators[0].registers.map(\.key) == ["SCALE", "SHIFT"])
    #expect(soc.accelerators[0].conventions == [.rtl])
    #expect(soc.memories[0].length == 32 << 20)
  }

  @Test("Each wrong override gives exactly one message", arguments: mistakes)
  func reportsOnce(_ override: String, _ message: String) {
    #expect(
      SampleSoC.findings(SampleSoC.text, overrides: [override]) == ["--set \(override)\(message)"])
  }

  static let mistakes: [(String, String)] = [
    ("cpu.cpu_mipz=40", ":1:5: error: cpu.cpu_mipz: unknown key; did you mean 'cpu_mips'?"),
    ("cpu_mips=40", ":1:1: error: cpu_mips: unknown key; did you mean 'cpu'?"),
    (
      "dmas.dma_in3.port_size=64", ":1:6: error: dmas.dma_in3: no such DMA; did you mean 'dma_in1'?"
    ),
    (
      "dmas.dma_in1.port_size=48",
      ":1:24: error: dmas.dma_in1.port_size: found 48; expected a power of two from 8 to 8192 (bits per cycle)"
    ),
    (
      "dmas.dma_in1.port_size.x=48",
      ":1:24: error: dmas.dma_in1.port_size.x: 'port_size' has no keys"
    ),
    (
      "accelerators.array.fixed_args.XDIMM=4",
      ":1:31: error: accelerators.array.fixed_args.XDIMM: unknown key; did you mean 'XDIM'?"
    ),
    (
      "memories.dram.length=many",
      #":1:22: error: memories.dram.length: found the text "many"; expected an integer from 1 to 4294967296 (bytes), or text such as "64 KiB""#
    ),
    ("cpu.cpu_quanta={\"q_global\": }", ":1:29: error: q_global: a value is missing before '}'"),
    ("cpu.cpu_mips", ": error: no value; expected path=value"),
    ("cpu..cpu_mips=1", ":1:1: error: an empty key in the path"),
    ("clocks.fast=1 MHz", ":1:8: error: clocks.fast: no such clock; expected one of core, slow"),
  ]
}

import SoC
import Testing

/// A template gives the descriptions, warnings and mistakes that loading the file gives.
@Suite("Description template")
struct DescriptionTemplateTests {
  private static let file = SampleSoC.folder + "/sample.json"

  /// What loading or a template gives, comparable.
  private enum Outcome: Equatable {
    case loaded(SoCDescription, [ConfigError])
    case refused(ConfigErrors)
  }

  private static func outcome(
    _ make: () throws(ConfigErrors) -> LoadedDescription
  ) -> Outcome {
    do throws(ConfigErrors) {
      let loaded = try make()
      return .loaded(loaded.description, loaded.warnings)
    } catch {
      return .refused(error)
    }
  }

  private static func compare(
    _ template: DescriptionTemplate, _ text: String, _ overrides: [String], _ options: LoadOptions
  ) -> Bool {
    let expected = outcome { () throws(ConfigErrors) in
      try SoCDescription.load(text: text, file: file, overrides: overrides, options: options)
    }
    let found = outcome { () throws(ConfigErrors) in
      try template.instance(overrides: overrides)
    }
    return expected == found
  }

  /// Right and wrong values, among them ones of which another rule or section is the judge.
  private static let choices: [[String]] = [
    [
      "", "accelerators.array.fixed_args.XDIM=4", "accelerators.array.fixed_args.XDIM=16",
      "accelerators.array.fixed_args.XDIM=0", "accelerators.array.accelerator=WSArray",
    ],
    [
      "", "accelerators.array.fixed_args.YDIM=16", "accelerators.array.fixed_args.ACC_ROWS=64",
      "accelerators.array.module_address=0x80000000",
    ],
    ["", "dmas.dma_in1.port_size=128", "dmas.dma_in1.port_size=48", "dmas.dma_in1={}"],
    [
      "", "dmas.dma_in2.port_size=32", "dmas.dma_in3.port_size=32",
      "dmas.dma_in2.source_module=drum",
    ],
    [
      "", "crossbar.width_bits=32", "crossbar.width_bits=512", "crossbar.clock=fast", "crossbar={}",
    ],
    [
      "", "memories.dram.length=32 MiB", "memories.dram.length=4096", "memories.dram.pj_per_bit=4",
      "memories={}",
    ],
    [
      "", "memories.sram.banks=3", "memories.sram.banks=8", "memories.sram.type=DRAM",
      "memories.sram.bandwidth_bits_per_cycle=32",
    ],
    [
      "", "cpu.cpu_mips=40", "cpu.cpu_mipz=40", "cpu.cpu_quanta.q_global=500",
      "cpu.cpu_firmware=absent.elf",
    ],
    ["", "clocks.core=50 MHz", "clocks.slow.frequency_hz=0x100", "clocks.core=7"],
    ["", "energy.node_nm=32", "energy.table=aladin-45nm", "simulation.fidelity=registers"],
    [
      "", "files.weights.items=100000000", "files.weights.address=0x80001000",
      "files.weights.file=absent.bin", "name=other", "interrupts.dma_out=4", "no equals",
    ],
  ]

  @Test("Random overrides give equal descriptions and equal mistakes")
  func randomOverrides() {
    let text = SampleSoC.text
    let options = LoadOptions(requiresCPU: true, energyTables: ["aladdin-45nm"])
    let template = DescriptionTemplate(text: text, file: Self.file, options: options)
    var random = SystemGenerator(state: 7)
    var refused = 0
    for round in 0..<600 {
      var overrides: [String] = []
      // Mostly few overrides, so that many combinations are valid.
      let share = round % 3 == 0 ? 2 : 6
      for choice in Self.choices where random.next(share) == 0 {
        let text = choice[random.next(choice.count)]
        if !text.isEmpty { overrides.append(text) }
      }
      #expect(Self.compare(template, text, overrides, options), "\(overrides)")
      if (try? template.instance(overrides: overrides)) == nil { refused += 1 }
    }
    #expect(refused > 100 && refused < 550)
  }

  @Test("Earlier instances leave no trace, and the order of overrides counts")
  func independence() throws {
    let options = LoadOptions()
    let template = DescriptionTemplate(text: SampleSoC.text, file: Self.file, options: options)
    let base = try template.instance(overrides: []).description
    let wide = try template.instance(overrides: [
      "memories.sram.length=1024", "memories.sram.length=2048",
    ]).description
    #expect(wide.memories[1].length == 2048)
    let narrow = try template.instance(overrides: [
      "memories.sram.length=2048", "memories.sram.length=1024",
    ]).description
    #expect(narrow.memories[1].length == 1024)
    #expect(try template.instance(overrides: []).description == base)
  }

  @Test("A file with mistakes of its own: reported by every instance, mended by overrides")
  func faultyFile() {
    let options = LoadOptions()
    for text in [
      SampleSoC.text.replacing("\"port_size\": 64,", with: "\"port_size\": 63,"),
      SampleSoC.text.replacing("\"crossbar\"", with: "\"crosbar\""),
      "{ \"memories\": ", "",
    ] {
      let template = DescriptionTemplate(text: text, file: Self.file, options: options)
      for overrides in [[], ["dmas.dma_in1.port_size=64"], ["crossbar.width_bits=256"]] {
        #expect(Self.compare(template, text, overrides, options))
      }
    }
  }

  @Test("Files are looked at again only where overrides name them; errors are the same")
  func files() {
    let text = SampleSoC.text.replacing("boot.elf", with: "gone.elf")
    for checksFiles in [true, false] {
      let options = LoadOptions(checksFiles: checksFiles)
      let template = DescriptionTemplate(text: text, file: Self.file, options: options)
      for overrides in [[], ["cpu.cpu_firmware=boot.elf"], ["files.image.file=gone.txt"]] {
        #expect(Self.compare(template, text, overrides, options))
      }
    }
  }
}

/// SplitMix64 (Steele, Lea, Flood 2014): the same sequence for the same seed everywhere.
private struct SystemGenerator {
  var state: UInt64

  /// A number from 0 to `count` − 1.
  mutating func next(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ (mixed >> 31)) % UInt64(count))
  }
}

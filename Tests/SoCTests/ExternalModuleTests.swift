import Foundation
import SoC
import Testing

/// A system with a plug-in or RTL, and what the loader says of altered copies.
private struct ExternalFixture {
  let firmware: FirmwareFixture

  init() throws {
    firmware = try FirmwareFixture("external")
    try firmware.write(FirmwareFixture.emptyMain, to: "main.c")
    try firmware.write(Self.unitC, to: "unit.c")
    try firmware.write("int x = ;\n", to: "broken.c")
    try firmware.write("int answer = 42;\n", to: "answer.c")
    try firmware.write("no library\n", to: "text.so")
    try firmware.write(Self.unitSV, to: "unit.sv")
    try firmware.write(Self.map, to: "map.json")
    try firmware.write("module unit(input logic clk;\nendmodule\n", to: "broken.sv")
  }

  /// A plug-in with a stream, a register and two parameters, the first of which must be given.
  private static let unitC = """
    #include <stdio.h>
    #include <stdlib.h>
    #include "flecsim_plugin.h"
    static const flecsim_parameter parameters[] = {
        {"size", "Entries.", 1, 9, 0}, {"depth", "Stages.", 1, 4, 2}};
    static const flecsim_port ports[] = {{"in", FLECSIM_INPUT, 32}};
    static const flecsim_register registers[] = {
        {"CTRL", "Control.", 0, 4, 1, FLECSIM_READ_WRITE},
        {"DATA", "Entries.", 0x8000, 4, 8, FLECSIM_READ_ONLY}};
    static void *create(const flecsim_host *host, const int64_t *values, char *error, size_t size) {
      (void)host;
      if (values[0] == 7) return snprintf(error, size, "7 brings bad luck"), NULL;
      return malloc(1);
    }
    static uint64_t tick(void *instance, flecsim_cycle *cycle) {
      (void)instance;
      if (cycle->access.valid && cycle->access.write) cycle->state = 7;
      return FLECSIM_SLEEP;
    }
    static const flecsim_plugin plugin = {
        .abi = FLECSIM_PLUGIN_ABI, .struct_bytes = sizeof(flecsim_plugin),
        .category = FLECSIM_ACCELERATOR, .window_bytes = 0x10000, .name = "Unit",
        .summary = "A unit.", .parameters = parameters, .parameter_count = 2, .ports = ports,
        .port_count = 1, .registers = registers, .register_count = 2, .interrupts = 1,
        .create = create, .destroy = free, .tick = tick};
    const flecsim_plugin *flecsim_plugin_entry(uint32_t abi) { return abi ? &plugin : NULL; }

    """

  /// RTL with a stream, AXI4-Lite's and another input.
  private static let unitSV = """
    module unit #(parameter int BYTES = 4) (
        input logic clk, input logic rst_n, input logic mode,
        input logic in_tvalid, output logic in_tready, input logic [8*BYTES-1:0] in_tdata,
        output logic irq);
      assign in_tready = mode;
      assign irq = in_tvalid && rst_n;
    endmodule

    """

  static let plugin =
    #""accelerator": "Plugin", "module_address": 0x50000000, "fixed_args": { "library": "unit.c", "parameters": { "size": 4 } },"#
  static let verilated =
    #""accelerator": "Verilated", "module_address": 0x50000000, "fixed_args": { "top": "unit", "sources": ["unit.sv"], "port_map": "map.json" },"#
  static let map = #"{ "tie": { "mode": 1 } }"#

  /// The description; the accelerator stands in line 18, the DMA in lines 12 to 14.
  static func text(_ accelerator: String) -> String {
    """
    {
      "name": "external",
      "clocks": { "core": "100 MHz" },
      "cpu": {
        "cpu_type": "RISCV32", "cpu_mips": 100, "cpu_firmware": { "sources": ["main.c"] },
        "cpu_quanta": { "q_global": 0, "q_low": 0, "q_high": 0 },
      },
      "crossbar": { "width_bits": 256 },
      "memories": { "dram": { "module_address": 0x80000000, "length": "1 MiB" } },
      "dmas": {
        "dma_in": {
          "direction": "to module", "module_address": 0x40000000, "source_module": "dram",
          "destination_module": "unit", "destination_port": "in", "port_size": 32,
        },
      },
      "accelerators": {
        "unit": {
          \(accelerator)
        },
      },
    }

    """
  }

  func load(_ text: String) throws(ConfigErrors) -> SoCDescription {
    try SoCDescription.load(text: text, file: "\(firmware.folder)/soc.json").description
  }

  /// Everything the loader says, one finding per element, without the folder's name and without what
  /// tools of the host said.
  func findings(_ text: String) -> [String] {
    errors(text).map { error in
      error.description.replacing(firmware.folder + "/", with: "").split(separator: "\n").first
        .map(String.init) ?? ""
    }
  }

  func errors(_ text: String) -> [ConfigError] {
    do throws(ConfigErrors) {
      _ = try load(text)
      return []
    } catch {
      return error.errors
    }
  }
}

@Suite("Plug-ins and RTL in descriptions")
struct ExternalModuleTests {
  /// A change of the description or of the port map, and all that is said of it.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let old: String
    let new: String
    let messages: [String]

    init(_ old: String, _ new: String, _ messages: String...) {
      (self.old, self.new, self.messages) = (old, new, messages)
    }

    var testDescription: String { "\(old) → \(new)" }
  }

  private func check(_ mistake: Mistake, in text: String, _ fixture: ExternalFixture) throws {
    #expect(text.contains(mistake.old))
    let altered = text.replacing(mistake.old, with: mistake.new, maxReplacements: 1)
    #expect(fixture.findings(altered) == mistake.messages)
  }

  static let pluginMistakes: [Mistake] = [
    Mistake(
      #""unit.c""#, #""unti.c""#,
      "soc.json:18:89: error: accelerators.unit.fixed_args.library: no such file: unti.c; did you mean 'unit.c'?"
    ),
    Mistake(
      #""unit.c""#, #""none.so""#,
      "soc.json:18:89: error: accelerators.unit.fixed_args.library: no such file: none.so"),
    Mistake(
      #""unit.c""#, #""text.so""#,
      "soc.json:18:89: error: accelerators.unit.fixed_args.library: text.so: is no library that this machine can load (text.so: file too short)"
    ),
    Mistake(
      #""unit.c""#, #""broken.c""#,
      "soc.json:18:89: error: accelerators.unit.fixed_args.library: broken.c: does not compile"
    ),
    Mistake(
      #""unit.c""#, #""answer.c""#,
      "soc.json:18:89: error: accelerators.unit.fixed_args.library: answer.c: does not export flecsim_plugin_entry, so it is no plug-in (see flecsim_plugin.h)"
    ),
    Mistake(
      #""library": "unit.c", "#, "",
      "soc.json:18:62: error: accelerators.unit.fixed_args.library: missing; expected the path of a shared library"
    ),
    Mistake(
      #""unit.c""#, #""\#(FirmwareFixture.project)/Configs/plugins/stopwatch.c""#,
      "soc.json:18:89: error: accelerators.unit.fixed_args.library: \(FirmwareFixture.project)/Configs/plugins/stopwatch.c: is the plug-in 'Stopwatch', a peripheral"
    ),
    Mistake(
      #""size": 4"#, #""size": 10"#,
      "soc.json:18:115: error: accelerators.unit.fixed_args.parameters.size: found 10; expected an integer from 1 to 9"
    ),
    Mistake(
      #""size": 4"#, "",
      "soc.json:18:113: error: accelerators.unit.fixed_args.parameters.size: missing; expected an integer from 1 to 9: Entries."
    ),
    Mistake(
      #""size": 4"#, #""size": "four""#,
      #"soc.json:18:123: error: accelerators.unit.fixed_args.parameters.size: found the text "four"; expected an integer from -9223372036854775808 to 9223372036854775807"#
    ),
    Mistake(
      #""size": 4"#, #""size": 4, "depht": 3"#,
      "soc.json:18:126: error: accelerators.unit.fixed_args.parameters.depht: Unit has no such parameter; did you mean 'depth'?"
    ),
    Mistake(
      #""size": 4"#, #""size": 4, "colour": 3"#,
      "soc.json:18:126: error: accelerators.unit.fixed_args.parameters.colour: Unit has no such parameter; expected one of size, depth"
    ),
    Mistake(
      #""port_size": 32"#, #""port_size": 64"#,
      "soc.json:13:76: error: dmas.dma_in.port_size: found 64, but port 'in' of 'unit' is 32 bits wide; expected 32"
    ),
    Mistake(
      #""destination_port": "in""#, #""destination_port": "on""#,
      "soc.json:13:57: error: dmas.dma_in.destination_port: 'unit' has no port 'on'; expected in; did you mean 'in'?"
    ),
    Mistake(
      #""fixed_args": { "library": "unit.c", "parameters": { "size": 4 } },"#, "",
      "soc.json:17:5: error: accelerators.unit.fixed_args: missing; expected an object with the arguments of the accelerator's kind"
    ),
    Mistake(
      #""fixed_args""#,
      #""shadow": { "top": "unit", "sources": ["unit.sv"], "port_map": "map.json" }, "fixed_args""#,
      "soc.json:18:81: error: accelerators.unit.shadow.top: Plugin is no model of ours that RTL could shadow; expected a shadow of OSArray or WSArray or VectorUnit"
    ),
  ]

  @Test("Each mistake of a plug-in gives its messages, and no others", arguments: pluginMistakes)
  func plugins(_ mistake: Mistake) throws {
    try check(mistake, in: ExternalFixture.text(ExternalFixture.plugin), ExternalFixture())
  }

  static let rtlMistakes: [Mistake] = [
    Mistake(
      #""unit.sv""#, #""unti.sv""#,
      "soc.json:18:108: error: accelerators.unit.fixed_args.sources[0]: no such file: unti.sv; did you mean 'unit.sv'?"
    ),
    Mistake(
      #""unit.sv""#, #""broken.sv""#,
      "soc.json:18:88: error: accelerators.unit.fixed_args.top: unit is not accepted by Verilator"),
    Mistake(
      #""top": "unit""#, #""top": "unitt""#,
      "soc.json:18:88: error: accelerators.unit.fixed_args.top: unitt is not accepted by Verilator"
    ),
    Mistake(
      #""sources": ["unit.sv"]"#, #""sources": []"#,
      "soc.json:18:107: error: accelerators.unit.fixed_args.sources: found an empty array; expected a non-empty array, each element the path of a Verilog or SystemVerilog file"
    ),
    Mistake(
      #""port_map""#, #""parameters": { "BYTE": 8 }, "port_map""#,
      "soc.json:18:88: error: accelerators.unit.fixed_args.top: unit BYTE=8 is not accepted by Verilator"
    ),
    Mistake(
      #""port_map""#, #""parameters": { "BYTES": 8 }, "port_map""#,
      "soc.json:13:76: error: dmas.dma_in.port_size: found 32, but port 'in' of 'unit' is 64 bits wide; expected 64"
    ),
    Mistake(
      #", "port_map": "map.json""#, "",
      "soc.json:18:88: error: accelerators.unit.fixed_args.top: input mode of unit is connected to nothing; map it or give a constant value; a port map says which pins are what"
    ),
    Mistake(
      #""map.json""#, #""mop.json""#,
      "soc.json:18:132: error: accelerators.unit.fixed_args.port_map: no such file: mop.json; did you mean 'map.json'?"
    ),
  ]

  @Test(
    "Each mistake of RTL gives its messages, and no others",
    .enabled(if: hasVerilator, "Verilator is not installed"), arguments: rtlMistakes)
  func rtl(_ mistake: Mistake) throws {
    let fixture = try ExternalFixture()
    try check(mistake, in: ExternalFixture.text(ExternalFixture.verilated), fixture)
  }

  @Test("The compiler's words stand below the finding, as they are")
  func compilerMessages() throws {
    let fixture = try ExternalFixture()
    let text = ExternalFixture.text(ExternalFixture.plugin)
      .replacing(#""unit.c""#, with: #""broken.c""#)
    let error = try #require(fixture.errors(text).first)
    let lines = error.description.split(separator: "\n")
    #expect(lines[1] == "  \(fixture.firmware.folder)/broken.c:1:9: error: expected expression")
    #expect(lines.count > 3)
  }

  @Test(
    "Verilator's words stand below the finding, as they are",
    .enabled(if: hasVerilator, "Verilator is not installed"))
  func verilatorMessages() throws {
    let fixture = try ExternalFixture()
    let text = ExternalFixture.text(ExternalFixture.verilated)
      .replacing(#""unit.sv""#, with: #""broken.sv""#)
    let error = try #require(fixture.errors(text).first)
    #expect(error.details.contains("\(fixture.firmware.folder)/broken.sv:1:"))
    #expect(error.details.contains("syntax error"))
  }

  static let mapMistakes: [Mistake] = [
    Mistake(
      "", #"{ "clock": "klk", "tie": { "mode": 1 } }"#,
      "map.json:1:12: error: clock: unit has no pin 'klk'; it has clk, rst_n, mode, in_tvalid, in_tready, irq, in_tdata"
    ),
    Mistake(
      "", "{ \"tie\": { \"mode\": 1,\n \"mood\": 1 } }",
      "map.json:1:10: error: tie.mood: unit has no pin 'mood'; it has clk, rst_n, mode, in_tvalid, in_tready, irq, in_tdata"
    ),
    Mistake(
      "", "{ \"tie\": { \"mode\": 2 } }",
      "map.json:1:10: error: tie.mode: 2 does not fit into 1 bits"),
    Mistake(
      "", "{ \"streams\": { \"left\": \"in_\" }, \"tie\": { \"mode\": 1 } }",
      "soc.json:13:57: error: dmas.dma_in.destination_port: 'unit' has no port 'in'; expected left"),
    Mistake(
      "", "{ \"streams\": { \"in\": { \"tkeep\": \"keep\" } }, \"tie\": { \"mode\": 1 } }",
      "map.json:1:14: error: streams.in: unit has no pin 'keep'; it has clk, rst_n, mode, in_tvalid, in_tready, irq, in_tdata"
    ),
    Mistake(
      "", "{}",
      "soc.json:18:132: error: accelerators.unit.fixed_args.port_map: input mode of unit is connected to nothing; map it or give a constant value"
    ),
    Mistake(
      "", "{ \"ties\": { \"mode\": 1 } }",
      "map.json:1:3: error: ties: unknown key; did you mean 'tie'?"),
    Mistake(
      "", "{ \"tie\": { \"mode\": 1 }",
      "map.json:1:1: error: '{' is never closed: the file ends at 1:23; expected '}'"),
    Mistake(
      "", "{ \"interrupt\": \"irk\", \"tie\": { \"mode\": 1 } }",
      "map.json:1:16: error: interrupt: unit has no pin 'irk'; it has clk, rst_n, mode, in_tvalid, in_tready, irq, in_tdata"
    ),
    Mistake(
      "", "{ \"registers\": { \"protocol\": \"axi4-lite\" }, \"tie\": { \"mode\": 1 } }",
      "map.json:1:16: error: registers: unit has no pins of a register side with this protocol and prefix: none is named 'valid' (simple) or 'awvalid' (axi4-lite)"
    ),
    Mistake(
      "",
      "{ \"registers\": { \"list\": { \"A\": 0, \"B\": 2 } }, \"tie\": { \"mode\": 1 } }",
      "map.json:1:36: error: registers.list.B: a register of 4 bytes at 2 overlaps the one before, is not at a multiple of its size or leaves the window; expected registers in order of their offsets"
    ),
    Mistake(
      "", "{ \"counters\": { \"n\": { \"unit\": \"n\" } }, \"tie\": { \"mode\": 1 } }",
      "map.json:1:15: error: counters.n: unit has no pin 'n'; it has clk, rst_n, mode, in_tvalid, in_tready, irq, in_tdata"
    ),
  ]

  @Test(
    "Each mistake of a port map gives its messages, in its file",
    .enabled(if: hasVerilator, "Verilator is not installed"), arguments: mapMistakes)
  func portMaps(_ mistake: Mistake) throws {
    let fixture = try ExternalFixture()
    try fixture.firmware.write(mistake.new, to: "map.json")
    let text = ExternalFixture.text(ExternalFixture.verilated)
    #expect(fixture.findings(text) == mistake.messages)
  }

  /// A model of ours whose ports are those of the fixture's DMA, watched by `shadow`.
  private static func shadowed(_ shadow: String) -> String {
    ExternalFixture.text(
      #""accelerator": "OSArray", "module_address": 0x50000000, "fixed_args": { "XDIM": 4, "YDIM": 4, "data_type": "int8" }, "shadow": \#(shadow),"#
    ).replacing(#""destination_port": "in""#, with: #""destination_port": "in1""#)
  }

  private static let array = FirmwareFixture.project + "/Tests/RTL"

  @Test(
    "A shadow has the ports of the model it watches",
    .enabled(if: hasVerilator, "Verilator is not installed"),
    arguments: [
      Mistake(
        "", #"{ "top": "unit", "sources": ["unit.sv"], "port_map": "map.json" }"#,
        "soc.json:18:143: error: accelerators.unit.shadow.top: unit has no stream 'in1'; it has in",
        "soc.json:18:143: error: accelerators.unit.shadow.top: unit has no stream 'in2'; it has in",
        "soc.json:18:143: error: accelerators.unit.shadow.top: unit has no stream 'out'; it has in",
        "soc.json:18:143: error: accelerators.unit.shadow.top: stream 'in' of unit is not one of OSArray",
        "soc.json:18:143: error: accelerators.unit.shadow.top: a shadow answers register accesses in the cycle of its model: it needs a register side of the protocol 'simple'"
      ),
      Mistake(
        "",
        #"{ "top": "os_array_core", "sources": ["\#(array)/os_array_core.sv"], "search": ["\#(array)"], "parameters": { "ROWS": 8, "COLUMNS": 4 } }"#,
        "soc.json:18:143: error: accelerators.unit.shadow.top: stream 'in1' of os_array_core is an input of 64 bits; that of OSArray is an input of 32"
      ),
      Mistake(
        "",
        #"{ "top": "os_array_core", "sources": ["\#(array)/os_array_core.sv"], "search": ["\#(array)"], "parameters": { "ROWS": 4, "COLUMNS": 4 } }"#
      ),
    ])
  func shadows(_ mistake: Mistake) throws {
    let fixture = try ExternalFixture()
    #expect(fixture.findings(Self.shadowed(mistake.new)) == mistake.messages)
  }

  @Test("What firmware sees of a plug-in")
  func headers() throws {
    let fixture = try ExternalFixture()
    let accelerator = ExternalFixture.plugin.replacing(
      #""library""#, with: #""defines": { "extra": 5, "depth": 9 }, "library""#)
    let description = try fixture.load(ExternalFixture.text(accelerator))
    let soc = try fixture.firmware.header("soc.h", of: description)
    for line in [
      "#define SOC_UNIT_BASE 0x50000000u", "#define SOC_UNIT_SIZE 4",
      "#define SOC_UNIT_IN_BITS 32u",
      "#define SOC_UNIT_IS_UNIT 1", "#define SOC_UNIT_EXTRA 5", "#define SOC_UNIT_DEPTH 9",
      "#define SOC_UNIT_IRQ ",
    ] {
      #expect(soc.contains(line), "\(line) is not in\n\(soc)")
    }
    #expect(!soc.contains("SOC_UNIT_DEPTH 2"), "a macro of the description replaces the plug-in's")
    let registers = try fixture.firmware.header("unit_registers.h", of: description)
    #expect(registers.contains("#define UNIT_CTRL 0x0"))
    #expect(registers.contains("#define UNIT_DATA(i) (0x8000"), "\(registers)")
    #expect(description.accelerators[0].windowBytes == 0x10000)
  }

  @Test("create() that refuses and tick() that breaks a rule, each with its own end")
  func runs() throws {
    let fixture = try ExternalFixture()
    try fixture.firmware.write(
      "#include \"hal.h\"\nint main(void) { mmio_write(SOC_UNIT_BASE, 1); return 0; }\n",
      to: "main.c")
    let text = ExternalFixture.text(ExternalFixture.plugin)
    let run = try FirmwareRun(fixture.load(text))
    #expect(run.end.exitCode == 119)
    #expect(run.end.reason == "plug-in unit sets state 7; there are 0 to 1 (cycle 569)")
    let unlucky = try fixture.load(text.replacing(#""size": 4"#, with: #""size": 7"#))
    do throws(SystemError) {
      _ = try SystemBuilder(unlucky, program: nil).build()
      Issue.record("it was built")
    } catch {
      #expect(
        error.description
          == "accelerators.unit: error: plug-in Unit cannot be created: 7 brings bad luck")
    }
  }

  @Test("Results depend on a plug-in's content, not on its name")
  func digest() throws {
    let fixture = try ExternalFixture()
    let text = ExternalFixture.text(ExternalFixture.plugin)
    let first = try fixture.load(text)
    #expect(try fixture.load(text) == first)
    let source = try String(contentsOfFile: "\(fixture.firmware.folder)/unit.c", encoding: .utf8)
    try fixture.firmware.write(source + "/* changed */\n", to: "unit.c")
    #expect(try fixture.load(text) != first)
  }

  /// Whether RTL can be built here.
  static let hasVerilator =
    (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":").contains {
      FileManager.default.isExecutableFile(atPath: "\($0)/verilator")
    }
}

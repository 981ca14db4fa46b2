import Testing

@Suite("Mistakes in DMAs, accelerators and peripherals")
struct DescriptionStreamMistakeTests {
  @Test("Each mistake gives exactly one message at its place", arguments: mistakes)
  func reportsOnce(_ mistake: ConfigMistake) throws {
    let text = try #require(SampleSoC.altered(mistake.old, mistake.new))
    #expect(SampleSoC.findings(text) == [mistake.message])
  }

  static let mistakes: [ConfigMistake] = [
    ConfigMistake(
      #""sram": {"#, #""array": {"#,
      "soc.json:40:5: error: accelerators.array: the name is taken by memories.array at 13:5; expected a name that no other module has"
    ),
    ConfigMistake(
      #""direction": "to module""#, #""direction": "to modul""#,
      #"soc.json:27:20: error: dmas.dma_in1.direction: found the text "to modul"; expected one of "to module", "from module", "memory"; did you mean 'to module'?"#
    ),
    ConfigMistake(
      #""direction": "to module""#, #""direction": "from module""#,
      #"soc.json:27:20: error: dmas.dma_in1.direction: found "from module", but data goes from memory 'dram' to accelerator 'array'; did you mean 'to module'?"#
    ),
    ConfigMistake(
      #""source_module": "dram""#, #""source_module": "drum""#,
      "soc.json:27:80: error: dmas.dma_in1.source_module: no memory is named 'drum'; did you mean 'dram'?"
    ),
    ConfigMistake(
      #""source_module": "dram""#, #""source_module": "dma_in2""#,
      #"soc.json:27:80: error: dmas.dma_in1.source_module: 'dma_in2' is a DMA; expected the name of a memory, for direction "to module""#
    ),
    ConfigMistake(
      #""source_module": "dram""#, #""sourc_module": "dram""#,
      "soc.json:27:63: error: dmas.dma_in1.sourc_module: unknown key; did you mean 'source_module'?"
    ),
    ConfigMistake(
      #", "source_module": "dram""#, "",
      "soc.json:26:5: error: dmas.dma_in1.source_module: missing; expected the name of a memory"),
    ConfigMistake(
      #""destination_module": "array""#, #""destination_module": "aray""#,
      "soc.json:28:29: error: dmas.dma_in1.destination_module: no accelerator is named 'aray'; did you mean 'array'?"
    ),
    ConfigMistake(
      #""destination_port": "in1""#, #""destination_port": "in3""#,
      "soc.json:28:58: error: dmas.dma_in1.destination_port: 'array' has no port 'in3'; expected one of in1, in2; did you mean 'in1'?"
    ),
    ConfigMistake(
      #""destination_port": "in1""#, #""destination_port": "out""#,
      "soc.json:28:58: error: dmas.dma_in1.destination_port: 'out' is an output port of 'array'; expected one of in1, in2"
    ),
    ConfigMistake(
      #""destination_port": "in1""#, #""destination_port": "in2""#,
      "soc.json:32:58: error: dmas.dma_in2.destination_port: port 'in2' of 'array' is served by DMA 'dma_in1' already (line 26); expected one DMA per port"
    ),
    ConfigMistake(
      #""destination_port": "in1","#, "",
      "soc.json:26:5: error: dmas.dma_in1.destination_port: missing; expected one of in1, in2"),
    ConfigMistake(
      #""in1", "port_size": 64"#, #""in1", "port_size": 128"#,
      "soc.json:28:78: error: dmas.dma_in1.port_size: found 128, but port 'in1' of 'array' is 64 bits wide; expected 64"
    ),
    ConfigMistake(
      #""in1", "port_size": 64"#, #""in1", "port_size": 96"#,
      "soc.json:28:78: error: dmas.dma_in1.port_size: found 96; expected a power of two from 8 to 8192 (bits per cycle)"
    ),
    ConfigMistake(
      #""in1", "port_size": 64"#, #""in1", "port_size": 16384"#,
      "soc.json:28:78: error: dmas.dma_in1.port_size: found 16384; expected a power of two from 8 to 8192 (bits per cycle)"
    ),
    ConfigMistake(
      "0x90001000", "0x90001800",
      "soc.json:31:51: error: dmas.dma_in2.module_address: found 0x90001800; expected a multiple of 0x1000 (4 KiB); did you mean '0x90001000'?"
    ),
    ConfigMistake(
      "0x90001000", "0x90000000",
      "soc.json:31:51: error: dmas.dma_in2.module_address: the window 0x90000000…0x90000FFF overlaps DMA 'dma_in1' (0x90000000…0x90000FFF, line 27); expected a window of its own"
    ),
    ConfigMistake(
      "0x90001000", "0x190001000",
      "soc.json:31:51: error: dmas.dma_in2.module_address: the window 0x190001000…0x190001FFF ends 2415927296 bytes beyond 32-bit addresses; expected an end of at most 0xFFFFFFFF"
    ),
    ConfigMistake(
      #""destination_module": "sram""#, #""destination_module": "sram", "destination_port": "x""#,
      "soc.json:36:57: warning: dmas.dma_out.destination_port: has no effect: 'sram' is a memory"),
    ConfigMistake(
      #""accelerators": {"#, #""acelerators": {"#,
      "soc.json:39:3: error: acelerators: unknown key; did you mean 'accelerators'?"),
    ConfigMistake(
      #""array": {"#, #""aray": {"#,
      "soc.json:28:29: error: dmas.dma_in1.destination_module: no accelerator is named 'array' (also at 32:29, 35:82); did you mean 'aray'?"
    ),
    ConfigMistake(
      #""OSArray""#, #""OSArry""#,
      #"soc.json:41:22: error: accelerators.array.accelerator: found the text "OSArry"; expected one of "OSArray", "WSArray", "VectorUnit", "Verilated", "Plugin"; did you mean 'OSArray'?"#
    ),
    ConfigMistake(
      #""OSArray""#, #""WSArray", "conventions": ["rtll"]"#,
      #"soc.json:41:49: error: accelerators.array.conventions[0]: found the text "rtll"; expected one of "scalesim", "rtl"; did you mean 'rtl'?"#
    ),
    ConfigMistake(
      #""SCALE": 1"#, #""SCAEL": 1"#,
      "soc.json:42:22: error: accelerators.array.registers.SCAEL: OSArray has no such register with a default value; did you mean 'SCALE'?"
    ),
    ConfigMistake(
      #""SCALE": 1"#, #""SCALE": 4294967296"#,
      "soc.json:42:31: error: accelerators.array.registers.SCALE: found 4294967296; expected an integer from -2147483648 to 4294967295"
    ),
    ConfigMistake(
      #""SCALE": 1"#, #""STATUS": 1"#,
      "soc.json:42:22: error: accelerators.array.registers.STATUS: OSArray has no such register with a default value; expected one of M, N, K, FLAGS, SCALE, SHIFT, ZERO_POINT, CLAMP_MIN, CLAMP_MAX"
    ),
    ConfigMistake(
      #""XDIM": 8"#, #""XDIM": 0"#,
      "soc.json:43:31: error: accelerators.array.fixed_args.XDIM: found 0; expected an integer from 1 to 256 (columns)"
    ),
    ConfigMistake(
      #""XDIM": 8"#, #""XDIM": 257"#,
      "soc.json:43:31: error: accelerators.array.fixed_args.XDIM: found 257; expected an integer from 1 to 256 (columns)"
    ),
    ConfigMistake(
      #""XDIM": 8"#, #""XDIM": 16"#,
      "soc.json:43:21: error: accelerators.array.fixed_args: its ports do not fit their DMAs: 'in2' needs port_size 128, but 'dma_in2' has 64 (line 32), 'out' needs port_size 128, but 'dma_out' has 64 (line 36); expected arguments and port sizes that agree"
    ),
    ConfigMistake(
      #""XDIM": 8,"#, "",
      "soc.json:43:7: error: accelerators.array.fixed_args.XDIM: missing; expected an integer from 1 to 256 (columns)"
    ),
    ConfigMistake(
      #""XDIM": 8"#, #""XDIMM": 8"#,
      "soc.json:43:23: error: accelerators.array.fixed_args.XDIMM: unknown key; did you mean 'XDIM'?"
    ),
    ConfigMistake(
      #""XDIM": 8"#, #""XDIM": 8, "ACC_ROWS": 64"#,
      "soc.json:43:34: error: accelerators.array.fixed_args.ACC_ROWS: unknown key; expected one of XDIM, YDIM, data_type, ApproxPEs, OUT_BITS, DOUBLE_BUFFER"
    ),
    ConfigMistake(
      #""XDIM": 8"#, #""XDIM": 8, "ApproxPEs": 3"#,
      "soc.json:43:47: warning: accelerators.array.fixed_args.ApproxPEs: found 3; approximate processing elements are not modelled, so it has no effect"
    ),
    ConfigMistake(
      #""XDIM": 8"#, #""XDIM": 8, "DOUBLE_BUFFER": 1"#,
      "soc.json:43:51: error: accelerators.array.fixed_args.DOUBLE_BUFFER: found 1; expected true or false; did you mean 'true'?"
    ),
    ConfigMistake(
      #""data_type": "int8" },"#, #""data_type": "int4" },"#,
      #"soc.json:43:58: error: accelerators.array.fixed_args.data_type: found the text "int4"; expected one of "int8", "int16", "fp32"; did you mean 'int8'?"#
    ),
    ConfigMistake(
      #""fixed_args": { "XDIM": 8, "YDIM": 8, "data_type": "int8" },"#, "",
      "soc.json:40:5: error: accelerators.array.fixed_args: missing; expected an object with the arguments of the accelerator's kind"
    ),
    ConfigMistake(
      #""fixed_args":"#, #""fixed args": {}, "fixed_args":"#,
      "soc.json:43:25: error: accelerators.array.fixed_args: the same as 'fixed args', which is given at 43:7"
    ),
    ConfigMistake(
      #""quantity": 64"#, #""quantity": 0"#,
      "soc.json:44:68: error: accelerators.array.submodules.pe.quantity: found 0; expected an integer from 1 to 1099511627776 (instances)"
    ),
    ConfigMistake(
      #""dma_out": 3"#, #""dma_ut": 3"#,
      "soc.json:47:19: error: interrupts.dma_ut: no module with an interrupt line is named 'dma_ut'; did you mean 'dma_out'?"
    ),
    ConfigMistake(
      #""dma_out": 3"#, #""dma_out": 32"#,
      "soc.json:47:30: error: interrupts.dma_out: found 32; expected an integer from 1 to 31"),
    ConfigMistake(
      #""dma_out": 3"#, #""dma_out": 3, "dma_in1": 3"#,
      "soc.json:47:33: error: interrupts.dma_in1: source 3 belongs to 'dma_out' already (line 47); expected a source of its own"
    ),
    ConfigMistake(
      #""dma_out": 3"#, #""dram": 3"#,
      "soc.json:47:19: error: interrupts.dram: 'dram' is a memory without an interrupt line; expected one of dma_in1, dma_in2, dma_out, array, uart"
    ),
    ConfigMistake(
      #""aladdin-45nm""#, #""alladin-45nm""#,
      "soc.json:48:24: error: energy.table: no energy table is named 'alladin-45nm'; did you mean 'aladdin-45nm'?"
    ),
    ConfigMistake(
      #""energy": {"#, #""peripherals": { "uart": { "type": "UART" } }, "energy": {"#,
      #"soc.json:48:38: error: peripherals.uart.type: found the text "UART"; expected one of "TestFinisher", "CLINT", "PLIC", "UART16550", "Marker", "Plugin"; did you mean 'UART16550'?"#
    ),
    ConfigMistake(
      #""energy": {"#,
      #""peripherals": { "uart": { "type": "UART16550", "module_address": 0x10000010 } }, "energy": {"#,
      "soc.json:48:69: error: peripherals.uart.module_address: found 0x10000010; expected a multiple of 0x1000 (4 KiB); did you mean '0x10000000'?"
    ),
    ConfigMistake(
      #""energy": {"#,
      #""peripherals": { "plic": { "type": "PLIC", "module_address": 0x8F800000 } }, "energy": {"#,
      "soc.json:48:64: error: peripherals.plic.module_address: the window 0x8F800000…0x907FFFFF overlaps DMA 'dma_in1' (0x90000000…0x90000FFF, line 27), DMA 'dma_in2' (0x90001000…0x90001FFF, line 31), DMA 'dma_out' (0x90002000…0x90002FFF, line 35); expected a window of its own"
    ),
    ConfigMistake(
      #""energy": {"#,
      #""peripherals": { "m": { "type": "Marker", "tags": { "x": "conv1" } } }, "energy": {"#,
      "soc.json:48:55: error: peripherals.m.tags.x: 'x' is no tag number; expected an integer from 1 to 4294967295 in double quotes"
    ),
    ConfigMistake(
      #""energy": {"#, #""peripherals": [], "energy": {"#,
      "soc.json:48:18: error: peripherals: found an empty array; expected an object of named peripherals"
    ),
    ConfigMistake(
      #""energy": {"#, #""simulation": { "fidelity": "slow" }, "energy": {"#,
      #"soc.json:48:31: error: simulation.fidelity: found the text "slow"; expected one of "fast", "registers""#
    ),
    ConfigMistake(
      #""energy": {"#, #""simulation": { "cycle_limit": -1 }, "energy": {"#,
      "soc.json:48:34: error: simulation.cycle_limit: found -1; expected an integer from 0 to 9223372036854775807 (cycles)"
    ),
    ConfigMistake(
      #""energy": {"#, #""files2": { "a": 1, "b": 2, "c": 3 }, "energy": {"#,
      "soc.json:48:3: error: files2: unknown key; did you mean 'files'?"),
    ConfigMistake(
      #""energy": { "table": "aladdin-45nm" },"#,
      #""energy": { "volts": 1, "watts": 2, "joules": 3, "table": "aladdin-45nm" },"#,
      "soc.json:48:3: error: energy: is something else: it has the keys 'volts', 'watts', 'joules'; expected keys among table, node_nm"
    ),
    ConfigMistake(
      #""table": "aladdin-45nm""#, #""table": "tables/mine.json""#,
      "soc.json:48:24: error: energy.table: no such file: tables/mine.json"),
    ConfigMistake(
      #""mac.int8""#, #""mac.int7""#,
      "soc.json:44:23: warning: accelerators.array.submodules.pe: has no effect: energy and area are those of the model, whose main part is mac.int8"
    ),
    ConfigMistake(
      #""registers": { "SCALE": 1 },"#, #""energy_class": "mac.int8","#,
      "soc.json:42:23: warning: accelerators.array.energy_class: has no effect: the module is priced part by part"
    ),
    ConfigMistake(
      #""energy": {"#, #""colour": 1, "energy": {"#,
      "soc.json:48:3: error: colour: unknown key; expected one of name, simulation, clocks, cpu, crossbar, memories, files, dmas, accelerators, peripherals, interrupts, energy"
    ),
    ConfigMistake(
      #""energy": { "table": "aladdin-45nm" },"#, #""energy": "aladdin-45nm","#,
      #"soc.json:48:13: error: energy: found the text "aladdin-45nm"; expected an object"#),
  ]
}

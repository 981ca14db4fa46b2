import Foundation
import SoC
import Testing

/// Streams from accelerator to accelerator in SoC files.
@Suite("Streams between accelerators")
struct AcceleratorStreamTests {
  /// An array whose results go through a vector unit.
  static let text = """
    {
      "name": "chain",
      "clocks": { "core": "100 MHz", "slow": "50 MHz" },
      "cpu": { "cpu_type": "RISCV32", "cpu_mips": 100, "cpu_firmware": "boot.elf", "cpu_quanta": { "q_global": 5, "q_low": 1, "q_high": 9 } },
      "memories": { "dram": { "module_address": 0x80000000, "length": "16 MiB" } },
      "dmas": {
        "dma_in1": {
          "direction": "to module", "module_address": 0x90000000, "source_module": "dram",
          "destination_module": "array", "destination_port": "in1", "port_size": 64,
        },
        "dma_in2": {
          "direction": "to module", "module_address": 0x90001000, "source_module": "dram",
          "destination_module": "array", "destination_port": "in2", "port_size": 64,
        },
        "dma_side": {
          "direction": "to module", "module_address": 0x90002000, "source_module": "dram",
          "destination_module": "vector", "destination_port": "side", "port_size": 64,
        },
        "dma_out": {
          "direction": "from module", "module_address": 0x90003000, "source_module": "vector",
          "destination_module": "dram", "port_size": 64,
        },
      },
      "accelerators": {
        "vector": {
          "accelerator": "VectorUnit", "module_address": 0xA0002000, "clock": "slow",
          "inputs": { "in": "array.out" },
          "fixed_args": { "LANES": 8, "data_type": "int8" },
        },
        "array": {
          "accelerator": "OSArray", "module_address": 0xA0000000,
          "fixed_args": { "XDIM": 8, "YDIM": 8, "data_type": "int8" },
        },
      },
    }
    """

  static func altered(_ old: String, _ new: String) throws -> String {
    let range = try #require(text.range(of: old))
    return text.replacingCharacters(in: range, with: new)
  }

  @Test("The stream is read, kept in the effective configuration, and both ends are served")
  func reading() throws {
    let loaded = try SampleSoC.load(Self.text)
    #expect(loaded.warnings.isEmpty)
    let streams = loaded.description.acceleratorStreams
    #expect(streams.count == 1)
    #expect(streams.first?.receiver == StreamEndpoint(accelerator: "vector", port: "in"))
    #expect(streams.first?.driver == StreamEndpoint(accelerator: "array", port: "out"))
    let effective = loaded.description.effectiveJSON()
    let again = try SampleSoC.load(effective)
    #expect(again.description == loaded.description)
    #expect(effective.contains("array.out"))
  }

  @Test("An unconnected operand port of a vector unit is no mistake, an unconnected result is")
  func optionalPorts() throws {
    let alone = try Self.altered(#""inputs": { "in": "array.out" },"#, "")
    #expect(
      SampleSoC.findings(alone) == [
        "soc.json:30:5: warning: accelerators.array: no DMA serves port 'out'"
      ])
  }

  @Test("Each mistake gives exactly one message at its place", arguments: mistakes)
  func reportsOnce(_ mistake: ConfigMistake) throws {
    let findings = SampleSoC.findings(try Self.altered(mistake.old, mistake.new))
    #expect(findings == [mistake.message])
  }

  static let mistakes: [ConfigMistake] = [
    ConfigMistake(
      #""array.out""#, #""aray.out""#,
      "soc.json:27:19: error: accelerators.vector.inputs.in: no accelerator is named 'aray'; did you mean 'array'?"
    ),
    ConfigMistake(
      #""array.out""#, #""dram.out""#,
      "soc.json:27:19: error: accelerators.vector.inputs.in: 'dram' is a memory; expected an output port of an accelerator"
    ),
    ConfigMistake(
      #""array.out""#, #""array.ut""#,
      "soc.json:27:19: error: accelerators.vector.inputs.in: 'array' has no port 'ut'; expected out"
    ),
    ConfigMistake(
      #""array.out""#, #""array.in1""#,
      "soc.json:27:19: error: accelerators.vector.inputs.in: 'in1' is an input port of 'array'; expected out"
    ),
    ConfigMistake(
      #""array.out""#, #""array""#,
      "soc.json:27:19: error: accelerators.vector.inputs.in: found the text \"array\"; expected an output port of an accelerator, ACCELERATOR.PORT"
    ),
    ConfigMistake(
      #""array.out""#, "7",
      "soc.json:27:25: error: accelerators.vector.inputs.in: found 7; expected an output port of an accelerator, ACCELERATOR.PORT"
    ),
    ConfigMistake(
      #""in": "array.out""#, #""inn": "array.out""#,
      "soc.json:27:19: error: accelerators.vector.inputs.inn: 'vector' has no port 'inn'; expected one of in, side"
    ),
    ConfigMistake(
      #""in": "array.out""#, #""out": "array.out""#,
      "soc.json:27:19: error: accelerators.vector.inputs.out: 'out' is an output port of 'vector'; expected one of in, side"
    ),
    ConfigMistake(
      #""in": "array.out""#, #""side": "array.out""#,
      "soc.json:27:19: error: accelerators.vector.inputs.side: port 'side' of 'vector' is served by DMA 'dma_side' already (line 15); expected a DMA or an accelerator at a port, not both"
    ),
    ConfigMistake(
      #""source_module": "vector""#, #""source_module": "array""#,
      "soc.json:27:19: error: accelerators.vector.inputs.in: port 'out' of 'array' is served by DMA 'dma_out' already (line 19); expected a DMA or an accelerator at a port, not both"
    ),
    ConfigMistake(
      #""array.out""#, #""vector.out""#,
      "soc.json:27:19: error: accelerators.vector.inputs.in: 'vector' takes what it sends itself; expected streams without a loop"
    ),
    ConfigMistake(
      #""YDIM": 8, "data_type": "int8""#, #""YDIM": 8, "data_type": "int8", "OUT_BITS": 32"#,
      "soc.json:27:19: error: accelerators.vector.inputs.in: port 'in' of 'vector' is 64 bits wide, but 'out' of 'array' is 32; expected ports of the same width"
    ),
    ConfigMistake(
      #""LANES": 8"#, #""LANES": 300"#,
      "soc.json:28:32: error: accelerators.vector.fixed_args.LANES: found 300; expected an integer from 1 to 256 (lanes)"
    ),
    ConfigMistake(
      #""LANES": 8, "data_type": "int8""#, #""LANES": 8, "data_type": "int16""#,
      #"soc.json:28:48: error: accelerators.vector.fixed_args.data_type: found the text "int16"; expected one of "int8", "fp32""#
    ),
    ConfigMistake(
      #""inputs""#, #""input""#,
      "soc.json:27:7: error: accelerators.vector.input: unknown key; did you mean 'inputs'?"),
  ]

  @Test("A loop over two units is found")
  func loop() throws {
    let text = try Self.altered(
      #""accelerators": {"#,
      """
      "accelerators": { "second": {
          "accelerator": "VectorUnit", "module_address": 0xA0006000,
          "inputs": { "in": "vector.out" }, "fixed_args": { "LANES": 8, "data_type": "int8" } },
      """
    ).replacing("array.out", with: "second.out")
    #expect(SampleSoC.findings(text).contains { $0.contains("expected streams without a loop") })
  }
}

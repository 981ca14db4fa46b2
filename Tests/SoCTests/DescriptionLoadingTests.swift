import SoC
import Testing

@Suite("Loading a description")
struct DescriptionLoadingTests {
  @Test("The sample has no mistakes and no warnings")
  func acceptsSample() {
    #expect(SampleSoC.findings(SampleSoC.text).isEmpty)
  }

  @Test("Values, units and defaults arrive in the typed description")
  func decodesValues() throws {
    let soc = try SampleSoC.load().description
    #expect(soc.clocks.map(\.hertz) == [100_000_000, 10_000_000])
    #expect(soc.cpu?.firmware == .image("boot.elf"))
    #expect(soc.memories.map(\.length) == [16 << 20, 65536])
    #expect(soc.memories.map(\.type) == [.dram, .sram])
    #expect(soc.dmas.map(\.clock) == ["core", "core", "core"])
    #expect(soc.dmas[2].sourcePort == "out")
    #expect(soc.accelerators[0].arguments[integer: "OUT_BITS"] == 64)
    #expect(soc.accelerators[0].arguments[flag: "DOUBLE_BUFFER"])
    #expect(soc.accelerators[0].ports.map(\.widthBits) == [64, 64, 64])
    #expect(soc.peripherals.map(\.name) == ["finisher", "clint", "plic", "uart", "marker"])
    #expect(soc.dmas[0].origin.position(of: "port_size").line == 28)
  }

  @Test("PLIC sources: given ones stay, the UART has 10, the rest count up from 1")
  func assignsInterrupts() throws {
    let soc = try SampleSoC.load().description
    let sources = ["dma_in1", "dma_in2", "dma_out", "array", "uart"].map(soc.interruptSource)
    #expect(sources == [1, 2, 3, 4, 10])
  }

  @Test("Text files become little-endian elements, with comments and hexadecimal")
  func readsTextFiles() throws {
    let soc = try SampleSoC.load().description
    #expect(try soc.contents(of: soc.files[1]) == [1, 2, 0xFD, 0x10, 5, 6, 7, 127])
    #expect(try soc.contents(of: soc.files[0]).count == 40)
  }

  @Test("The listings of the original load as printed, misprints included")
  func loadsListings() throws {
    let text = """
      {
        "cpu": { # the processor
          "cpu_type": "RISCV32", "cpu_mips": 100, "cpu_firmware": "boot.elf",
          "cpu_firmware_args": [], # optional
          "cpu_quanta": { "q_global": 1000, "q_low": 1, "q_high": 1000, },
        },
        "accelerators": {
          "os_array": {
            "accelerator": "OSArray", "module_address": 0xA0000000, "registers": {},
            "fixed args": { "XDIM": 32, "YDIM": 32, "ApproxPEs": 1, },
          },
          "submodules": { "pe": { "submodule": "Module", "quantity": 1024, }, },
        },
        "memories": { "dram": { "module_address": 0xB000000, "length": 0x40000000, }, },
        "files": {
          "w": {
            "file": "weights.bin", "data_type": "float", "data_representation": "binary",
            "data_organization": "sequential", "address": 0xB0000000, "items": 10,
            "memory": "dram", "operation": "file_to_memory",
          },
        },
        "dmas": {
          "dma_x": {
            "direction": "to module", "module_address": 0x90000000, "source_module": "dram",
            "destination_module": "os_array", "destination_port": "in1", "port_size": 1024,
          },
        },
      }
      """
    let soc = try SampleSoC.load(text).description
    #expect(soc.memories[0].address == 0xB000_0000)
    #expect(soc.accelerators[0].submodules.map(\.quantity) == [1024])
    #expect(soc.accelerators[0].arguments.operandType == .fp32)
    #expect(soc.crossbar.widthBits == 1024)
    #expect(soc.clocks.map(\.hertz) == [100_000])
    #expect(
      SampleSoC.findings(text) == [
        "soc.json:8:5: warning: accelerators.os_array: no DMA serves ports 'in2', 'out'",
        "soc.json:12:5: warning: accelerators.submodules: stands beside the accelerator; taken as "
          + "accelerators.os_array.submodules",
        "soc.json:12:21: warning: accelerators.os_array.submodules.pe: has no effect: energy and area "
          + "are those of the model, whose main part is mac.fp32",
        "soc.json:14:45: warning: memories.dram.module_address: found 0x0B000000, a digit short of "
          + "where files.w starts; taken as 0xB0000000",
      ])
  }

  @Test("More ports than the crossbar has are refused, in one message")
  func refusesTooManyPorts() {
    let memories = (0..<65).map { #""m\#($0)": { "module_address": \#($0 * 4096), "length": 64 }"# }
    let text = #"{ "memories": { \#(memories.joined(separator: ", ")) }, "peripherals": {} }"#
    #expect(throws: ConfigErrors.self) { try SoCDescription.load(text: text, file: "t.json") }
    do throws(ConfigErrors) {
      _ = try SoCDescription.load(text: text, file: "t.json")
    } catch {
      #expect(
        error.description
          == "t.json:1:1: error: the crossbar has 65 targets (every port of a memory and every device); "
          + "expected at most 64")
    }
  }

  @Test("Only memories are mandatory to check; a run needs a processor")
  func needsProcessorToRun() throws {
    let text = #"{ "memories": { "sram": { "module_address": 0, "length": 64 } } }"#
    let soc = try SoCDescription.load(text: text, file: "least.json").description
    #expect(soc.cpu == nil)
    #expect(soc.name == "least")
    #expect(
      SampleSoC.findings(text) == [
        "soc.json:1:1: error: cpu: missing; expected an object: a run needs a processor"
      ])
  }

  @Test("All mistakes of a file are reported in one go, in its order")
  func reportsAllTogether() throws {
    var text = SampleSoC.text
    for (old, new) in [
      ("\"cpu_mips\": 100", "\"cpu_mipz\": 100"), ("\"banks\": 4", "\"banks\": 3"),
      ("\"items\": 10", "\"items\": 11"), ("\"SCALE\": 1", "\"SCAEL\": 1"),
    ] {
      text = text.replacing(old, with: new)
    }
    let findings = SampleSoC.findings(text)
    #expect(
      findings.map { $0.prefix(14) } == [
        "soc.json:6:5: ", "soc.json:13:71", "soc.json:18:16", "soc.json:42:22",
      ])
  }

  @Test("A device or window of the user's displaces the usual peripherals, with one warning")
  func displacesPeripherals() throws {
    let text = #"{ "memories": { "low": { "module_address": 0, "length": "256 MiB" } } }"#
    let loaded = try SoCDescription.load(text: text, file: "t.json")
    #expect(loaded.description.peripherals.map(\.name) == ["uart", "marker"])
    #expect(
      loaded.warnings.map(\.description) == [
        "t.json:1:17: warning: memories.low: takes the usual addresses of TestFinisher, CLINT, "
          + "PLIC, which are left out; expected a section peripherals if they are needed"
      ])
  }

  @Test("A lock-step quantum of 0 needs no bounds")
  func acceptsLockStep() throws {
    let text = try #require(SampleSoC.altered("\"q_global\": 5", "\"q_global\": 0"))
    #expect(SampleSoC.findings(text).isEmpty)
  }

  @Test("Arrays of any shape have ports that a DMA of a power of two serves")
  func roundsPortSizes() throws {
    var text = SampleSoC.text.replacing("\"XDIM\": 8", with: "\"XDIM\": 12")
    text = text.replacing("\"in2\", \"port_size\": 64", with: "\"in2\", \"port_size\": 128")
    text = text.replacing("\"sram\", \"port_size\": 64", with: "\"sram\", \"port_size\": 128")
    #expect(SampleSoC.findings(text).isEmpty)
    #expect(try SampleSoC.load(text).description.accelerators[0].ports[1].widthBits == 96)
  }

  @Test("A file that is not there is reported with a near name")
  func reportsMissingFile() {
    do throws(ConfigErrors) {
      _ = try SoCDescription.load(SampleSoC.folder + "/boot.elff")
      Issue.record("loaded")
    } catch {
      #expect(error.errors.count == 1)
      #expect(error.errors[0].suggestion?.hasSuffix("boot.elf") == true)
    }
  }
}

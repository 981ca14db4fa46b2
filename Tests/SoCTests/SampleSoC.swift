import Foundation
import SoC
import Testing

/// A description without mistakes, and what the loader says of altered copies.
enum SampleSoC {
  static let folder = URL(filePath: #filePath).deletingLastPathComponent().path + "/Fixtures"

  static let text = """
    {
      "name": "sample",
      "clocks": { "core": "100 MHz", "slow": { "frequency_hz": 10000000 } },
      "cpu": {
        "cpu_type": "RISCV32",
        "cpu_mips": 100,
        "cpu_firmware": "boot.elf",
        "cpu_quanta": { "q_global": 5, "q_low": 1, "q_high": 1000 },
      },
      "crossbar": { "width_bits": 128, "clock": "core" },
      "memories": {
        "dram": { "module_address": 0x80000000, "length": "16 MiB" },
        "sram": { "module_address": 0x20000000, "length": 65536, "banks": 4 },
      },
      "files": {
        "weights": {
          "file": "weights.bin", "data_type": "float", "address": 0x80000000,
          "items": 10, "memory": "dram", "operation": "file_to_memory",
        },
        "image": {
          "file": "image.txt", "data_type": "int8", "data_representation": "text",
          "address": 0x80001000, "memory": "dram", "operation": "file_to_memory",
        },
      },
      "dmas": {
        "dma_in1": {
          "direction": "to module", "module_address": 0x90000000, "source_module": "dram",
          "destination_module": "array", "destination_port": "in1", "port_size": 64,
        },
        "dma_in2": {
          "direction": "to module", "module_address": 0x90001000, "source_module": "dram",
          "destination_module": "array", "destination_port": "in2", "port_size": 64,
        },
        "dma_out": {
          "direction": "from module", "module_address": 0x90002000, "source_module": "array",
          "destination_module": "sram", "port_size": 64,
        },
      },
      "accelerators": {
        "array": {
          "accelerator": "OSArray", "module_address": 0xA0000000,
          "registers": { "SCALE": 1 },
          "fixed_args": { "XDIM": 8, "YDIM": 8, "data_type": "int8" },
          "submodules": { "pe": { "submodule": "mac.int8", "quantity": 64 } },
        },
      },
      "interrupts": { "dma_out": 3 },
      "energy": { "table": "aladdin-45nm" },
    }
    """

  static let options = LoadOptions(
    requiresCPU: true, energyTables: ["aladdin-45nm", "horowitz-2014"])

  static func load(
    _ text: String = text, overrides: [String] = []
  ) throws(ConfigErrors) -> LoadedDescription {
    try SoCDescription.load(
      text: text, file: folder + "/soc.json", overrides: overrides, options: options)
  }

  /// The text with the first occurrence of `old` replaced; nil when there is none.
  static func altered(_ old: String, _ new: String) -> String? {
    guard let range = text.range(of: old) else { return nil }
    return text.replacingCharacters(in: range, with: new)
  }

  /// Everything the loader says, one finding per element, with `soc.json` without its folder.
  static func findings(_ text: String, overrides: [String] = []) -> [String] {
    do throws(ConfigErrors) {
      return try load(text, overrides: overrides).warnings.map(rendered)
    } catch {
      return (error.errors + error.warnings).map(rendered)
    }
  }

  static func rendered(_ finding: ConfigError) -> String {
    finding.description.replacing(folder + "/", with: "")
  }
}

/// A change of the sample that makes it wrong (or doubtful), and what the loader must say of it.
struct ConfigMistake: Sendable, CustomTestStringConvertible {
  let old: String
  let new: String
  let message: String

  init(_ old: String, _ new: String, _ message: String) {
    self.old = old
    self.new = new
    self.message = message
  }

  var testDescription: String { message }
}

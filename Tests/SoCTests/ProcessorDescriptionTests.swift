import Foundation
import RISCV
import SoC
import Testing

@Suite("Description of the processor")
struct ProcessorDescriptionTests {
  private func load(_ keys: String, more: String = "") throws -> LoadedDescription {
    try SoCDescription.load(
      text: """
        {
          "name": "s", "clocks": { "core": "100 MHz" },
          "cpu": {
            \(keys), "cpu_mips": 100,
            "cpu_quanta": { "q_global": 0, "q_low": 0, "q_high": 0 },
          },
          "memories": { "dram": { "module_address": 0x80000000, "length": "1 MiB" } },
          \(more)
        }
        """, file: "s.json")
  }

  private func problem(_ keys: String, more: String = "") -> String? {
    do {
      _ = try load(keys, more: more)
      return nil
    } catch {
      return "\(error)"
    }
  }

  @Test("The type is a general one or an instruction set, kept as it was written")
  func types() throws {
    for (text, expected) in [
      ("RISCV32", InstructionSet.rv32Full), ("RISCV64", .rv64Full), ("riscv64", .rv64Full),
      ("rv32im_zicsr", try InstructionSet(parsing: "rv32im_zicsr")),
      ("RV64GC_Zba", try InstructionSet(parsing: "rv64gc_zba")),
    ] {
      let description = try load("\"cpu_type\": \"\(text)\"").description
      let type = try #require(description.cpu?.type)
      #expect(type.name == text && type.instructionSet == expected)
      #expect(type.isGeneral == text.uppercased().hasPrefix("RISCV"))
      #expect(description.effectiveJSON().contains("\"cpu_type\": \"\(text)\""))
    }
  }

  @Test("Without the new keys there is one hart that starts at the program")
  func defaults() throws {
    let cpu = try #require(try load(#""cpu_type": "RISCV32""#).description.cpu)
    #expect(cpu.harts == 1 && cpu.hartNames == ["cpu"])
    #expect(cpu.boot == .entry && cpu.misaligned == .supported && cpu.engine == .fast)
    #expect(cpu.semihosting && !cpu.linuxCalls)
    #expect(cpu.hostFiles == nil && cpu.payload == nil && cpu.bootArguments == nil)
  }

  @Test("The effective configuration says all and is read back as the same")
  func effective() throws {
    let description = try load(
      #"""
      "cpu_type": "rv64imac", "harts": 3, "boot": "rom", "misaligned": "trapped",
      "engine": "reference", "semihosting": false, "linux_calls": true,
      "boot_arguments": "root=/dev/ram"
      """#
    ).description
    #expect(description.cpu?.hartNames == ["cpu0", "cpu1", "cpu2"])
    let again = try SoCDescription.load(
      text: description.effectiveJSON(), file: "s.json"
    ).description
    #expect(again == description)
    #expect(again.effectiveJSON() == description.effectiveJSON())
  }

  @Test("Windows end within the addresses of the register width")
  func addressSpace() throws {
    let high = #""files": {}, "crossbar": {}, "peripherals": {}, "#
    let memories =
      #""dmas": {"d": {"direction": "memory", "module_address": 0x1000000000, "#
      + #""source_module": "dram", "destination_module": "dram", "port_size": 64}},"#
    #expect(problem(#""cpu_type": "RISCV64""#, more: high + memories) == nil)
    let message = try #require(problem(#""cpu_type": "RISCV32""#, more: high + memories))
    #expect(message.contains("beyond 32-bit addresses; expected an end of at most 0xFFFFFFFF"))
  }

  @Test("Names of harts and of the boot ROM are taken")
  func names() {
    let more = #""peripherals": { "cpu1": { "type": "UART16550" } },"#
    #expect(problem(#""cpu_type": "RISCV32", "harts": 1"#, more: more) == nil)
    #expect(
      problem(#""cpu_type": "RISCV32", "harts": 2"#, more: more)?
        .contains("the name 'cpu1' is reserved") == true)
  }

  @Test("Nothing else lies where the boot ROM is")
  func bootROM() {
    let more = #""peripherals": { "uart": { "type": "UART16550", "module_address": 0x2000 } },"#
    #expect(problem(#""cpu_type": "RISCV32""#, more: more) == nil)
    #expect(
      problem(#""cpu_type": "RISCV32", "boot": "rom""#, more: more)?
        .contains("the window 0x00002000…0x00002FFF overlaps the boot ROM") == true)
  }

  @Test("The default system has the hart, memory and number of harts that are asked for")
  func bareMetal() throws {
    let soc = SoCDescription.defaultBareMetal(type: .riscv64, harts: 4, memoryBytes: 1 << 20)
    #expect(soc.cpu?.type == .riscv64 && soc.cpu?.harts == 4 && soc.cpu?.boot == .rom)
    #expect(soc.memories.map(\.length) == [1 << 20])
    #expect(
      soc.peripherals.map { "\($0.kindName) \(String($0.address, radix: 16))" } == [
        "TestFinisher 100000", "CLINT 2000000", "PLIC c000000", "UART16550 10000000",
        "Marker 10010000",
      ])
    #expect(soc.interruptSource(of: "uart") == 10)
    _ = try SoCDescription.load(text: soc.effectiveJSON(), file: "bare-metal.json")
  }
}

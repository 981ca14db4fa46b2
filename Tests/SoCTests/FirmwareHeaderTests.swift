import Foundation
import SoC
import Testing

@Suite("Headers generated for firmware")
struct FirmwareHeaderTests {
  @Test("soc.h names every module's address, interrupt and size")
  func everyModule() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    let description = try fixture.description(
      more: """
        "dmas": {
          "dma_x": {
            "direction": "to module", "module_address": 0x40000000, "source_module": "dram",
            "destination_module": "array", "destination_port": "in2", "port_size": 64,
          },
        },
        "accelerators": {
          "array": {
            "accelerator": "WSArray", "module_address": 0x50000000,
            "fixed_args": { "XDIM": 4, "YDIM": 8, "data_type": "int16", "ACC_ROWS": 99 },
          },
        },
        "interrupts": { "array": 7 },
        """)
    let lines = try Set(
      fixture.header("soc.h", of: description).split(separator: "\n").map(String.init))
    for line in [
      "#define SOC_CPU_MIPS 100u", "#define SOC_CLOCK_CORE_HZ 100000000u",
      "#define SOC_DRAM_BASE 0x80000000u", "#define SOC_DRAM_SIZE 0x00100000u",
      "#define SOC_DMA_X_BASE 0x40000000u", "#define SOC_DMA_X_PORT_BITS 64u",
      "#define SOC_DMA_X_IRQ 1u", "#define SOC_DMA_X_CLOCK_HZ SOC_CLOCK_CORE_HZ",
      "#define SOC_ARRAY_BASE 0x50000000u", "#define SOC_ARRAY_IRQ 7u",
      "#define SOC_ARRAY_XDIM 4u", "#define SOC_ARRAY_YDIM 8u",
      "#define SOC_ARRAY_ELEMENT_BYTES 2u", "#define SOC_ARRAY_OUT_BITS 64u",
      "#define SOC_ARRAY_ACC_ROWS 99u", "#define SOC_ARRAY_IS_WSARRAY 1",
      "#define SOC_UART_IRQ 10u", "#define HAL_UART16550_BASE SOC_UART_BASE",
      "#define HAL_CLINT_BASE SOC_CLINT_BASE", "#define HAL_PLIC_BASE SOC_PLIC_BASE",
    ] {
      #expect(lines.contains(line), "\(line)")
    }
  }

  @Test("the layer uses the first peripheral of a kind, whatever its name, or does without")
  func renamedPeripherals() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(
      "#include \"hal.h\"\nint main(void) { print(\"x\"); return (int)timer_now(); }\n",
      to: "main.c")
    let description = try fixture.description(
      more: """
        "peripherals": {
          "serial": { "type": "UART16550" },
          "other": { "type": "UART16550", "module_address": 0x10003000 },
        },
        """)
    let header = try fixture.header("soc.h", of: description)
    #expect(header.contains("#define HAL_UART16550_BASE SOC_SERIAL_BASE\n"))
    #expect(!header.contains("HAL_PLIC_BASE"))
    try fixture.build(description)
    try fixture.build(fixture.description(more: #""peripherals": {},"#))
  }

  @Test("names that differ in case only are refused: they would share macros")
  func clashingNames() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    let both = FirmwareFixture.memory + #", "DRAM": { "module_address": 0, "length": 4096 }"#
    let error = try #require(fixture.failure(fixture.description(memories: both)))
    #expect(error.message.hasPrefix("'dram' and 'DRAM' differ in case only"))
  }

  @Test("there is a register header for every kind of device")
  func registerHeaders() throws {
    let fixture = try FirmwareFixture()
    try fixture.write(FirmwareFixture.emptyMain, to: "main.c")
    let description = try fixture.description()
    for (file, line) in [
      ("dma_registers.h", "#define DMA_IC_ROW_PITCH 0x050u"),
      ("systolic_registers.h", "#define SYSTOLIC_FLAGS_REUSE_WEIGHTS 0x40u"),
      ("uart_registers.h", "#define UART_LSR_THRE 0x20u"),
      ("clint_registers.h", "#define CLINT_MTIMECMP 0x4000u"),
      ("plic_registers.h", "#define PLIC_CLAIM 0x200004u"),
      ("marker_registers.h", "#define MARKER_TAG_NAME 0x004u"),
      ("finisher_registers.h", "#define FINISHER_FINISH 0x000u"),
    ] {
      #expect(try fixture.header(file, of: description).contains(line), "\(file)")
    }
    #expect(try fixture.header("link.ld", of: description).contains("ORIGIN = 0x80000000"))
  }
}

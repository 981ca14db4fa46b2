import Foundation
import HostTools
import Reports
import TestSupport
import Testing

/// The machine that the tests run on.
private enum Host {
  static let hasVerilator = ToolFolders().locate("verilator") != nil
}

@Suite("Plug-ins, RTL and accuracy on the command line")
struct ExternalModuleCommandTests {
  /// A peripheral whose `tick` does `body`.
  private static func plugin(_ body: String) -> String {
    """
    #include "flecsim_plugin.h"
    static int instance;
    static void *create(const flecsim_host *h, const int64_t *p, char *e, size_t n) {
      (void)h; (void)p; (void)e; (void)n; return &instance;
    }
    static void destroy(void *self) { (void)self; }
    static volatile int forever = 1;
    static uint64_t tick(void *self, flecsim_cycle *cycle) {
      (void)self; (void)forever;
      \(body)
      return FLECSIM_NEXT_CYCLE;
    }
    static const flecsim_plugin plugin = {
      .abi = FLECSIM_PLUGIN_ABI, .struct_bytes = sizeof(flecsim_plugin),
      .category = FLECSIM_PERIPHERAL, .name = "Odd", .summary = "Does odd things.",
      .create = create, .destroy = destroy, .tick = tick,
    };
    const flecsim_plugin *flecsim_plugin_entry(uint32_t abi) {
      return abi == FLECSIM_PLUGIN_ABI ? &plugin : 0;
    }
    """
  }

  /// A system with the plug-in `odd.c` whose firmware never ends.
  private static let soc = """
    {
      "clocks": { "core": "100 MHz" },
      "cpu": {
        "cpu_type": "RISCV32", "cpu_mips": 100,
        "cpu_firmware": { "sources": ["main.c"], "memory": "sram", "stack_bytes": 4096 },
        "cpu_quanta": { "q_global": 0, "q_low": 0, "q_high": 1000 },
      },
      "memories": { "sram": { "module_address": 0x80000000, "length": "64 KiB" } },
      "peripherals": {
        "uart": { "type": "UART16550" },
        "odd": { "type": "Plugin", "library": "odd.c", "module_address": 0x10020000 },
      },
    }
    """

  /// A system with an fp32 array.
  private static let floating = """
    {
      "clocks": { "core": "100 MHz" },
      "cpu": {
        "cpu_type": "RISCV32", "cpu_mips": 100,
        "cpu_firmware": { "sources": ["main.c"], "memory": "sram", "stack_bytes": 4096 },
        "cpu_quanta": { "q_global": 0, "q_low": 0, "q_high": 1000 },
      },
      "memories": { "sram": { "module_address": 0x80000000, "length": "64 KiB" } },
      "accelerators": {
        "array": {
          "accelerator": "OSArray", "module_address": 0x50000000,
          "fixed_args": { "XDIM": 4, "YDIM": 4, "data_type": "fp32" },
        },
      },
    }
    """

  private static func prepare(_ body: String) throws -> Tool {
    let tool = try Tool()
    try tool.write(plugin(body), to: "odd.c")
    try tool.write(soc, to: "soc.json")
    try tool.write("int main(void) { for (volatile int i = 0; ; i++) { } }\n", to: "main.c")
    return tool
  }

  @Test("A plug-in that never returns meets the wall-clock limit, with a message naming it")
  func hang() throws {
    let tool = try Self.prepare("while (forever) { }")
    let ending = try tool.run("run", "soc.json", "--wall-limit", "0.5", "--quiet", timeout: 60)
    #expect(ending.code == 121, "\(ending.errors)")
    #expect(ending.errors.contains("a module that is not ours does not return (odd)"))
  }

  @Test("A plug-in that breaks the rules ends the run with exit code 119; results are stored")
  func misbehaviour() throws {
    let tool = try Self.prepare("if (cycle->cycle == 3) cycle->state = 99;")
    let ending = try tool.run("run", "soc.json", "--results", "r", "--quiet")
    #expect(ending.code == 119, "\(ending.errors)")
    #expect(ending.output.contains("plug-in odd sets state 99; there are 0 to 1 (cycle 3)"))
    #expect(try tool.record("r").outcome.exitCode == 119)
  }

  @Test("A plug-in that does not compile is shown with the compiler's words")
  func compileError() throws {
    let tool = try Self.prepare("no_such_function(;")
    let ending = try tool.run("check", "soc.json")
    #expect(ending.code == 65)
    #expect(ending.errors.contains("soc.json:11:"))
    #expect(ending.errors.contains("peripherals.odd.library"))
    #expect(ending.errors.contains("error: expected expression"))
  }

  @Test("validate prints the stored record and the published numbers, and refuses unknown names")
  func validation() throws {
    let tool = try Tool()
    let stored = try tool.run("validate", "--stored")
    #expect(stored.code == 0)
    for name in ["os_array.sv", "ws_array.sv", "dma.sv", "crossbar.sv", "stream_fifo.sv"] {
      #expect(stored.output.contains(name))
    }
    let table = try tool.run("validate", "--table", "scalesim-verilog")
    #expect(table.code == 0)
    #expect(table.output.contains("OS 8x8, K=64"))
    #expect(try tool.run("validate", "--block", "os_arry").code == 64)
    #expect(try tool.run("validate", "--cases", "0").code == 64)
    #expect(try tool.run("validate", "--record", "--block", "dma").code == 64)
  }

  @Test(
    "validate runs a block against its RTL",
    .enabled(if: Host.hasVerilator, "Verilator is not installed"))
  func block() throws {
    let tool = try Tool()
    let ending = try tool.run("validate", "--block", "stream_fifo", "--cases", "9")
    #expect(ending.code == 0, "\(ending.errors)")
    #expect(ending.output.contains("exact"))
    #expect(ending.errors.contains("stream_fifo: 9 of 9 cases agree"))
  }

  @Test("Every report says how exact its modules are")
  func accuracy() throws {
    let tool = try Tool()
    let run = try tool.run("run", Tool.config("gemm-os"), "--results", "r")
    #expect(run.output.contains("accuracy    exact against RTL"))
    let full = try tool.run("report", "r", "--format", "text-full")
    #expect(full.output.contains("Accuracy"))
    #expect(full.output.contains("os_array.sv"))
    let accuracy = try #require(try tool.record("r").accuracy)
    #expect(accuracy.contains { $0.kind == "OSArray" && $0.error == "exact" && $0.cases >= 1000 })
    #expect(accuracy.contains { $0.kind == "RISCV32" && $0.error.isEmpty })
  }

  @Test("An fp32 array is not said to be exact: the RTL has integers only")
  func floatingAccuracy() throws {
    let tool = try Tool()
    try tool.write(Self.floating, to: "soc.json")
    try tool.write("int main(void) { return 0; }\n", to: "main.c")
    let run = try tool.run("run", "soc.json", "--results", "r")
    #expect(run.code == 0, "\(run.errors)")
    let accuracy = try #require(try tool.record("r").accuracy)
    let entries = accuracy.filter { $0.kind == "OSArray" }
    #expect(entries.map(\.modules) == [["array"]])
    #expect(entries.allSatisfy { $0.error.isEmpty && $0.reference.hasPrefix("fp32") })
    #expect(run.output.contains("no cycle reference: array"))
  }
}

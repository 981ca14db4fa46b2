import RTL
import SimKernel
import Telemetry
import TestSupport
import Testing

extension Design {
  /// Breaks a rule of AXI4-Stream or AXI4-Lite, or never answers, as `kind` says.
  fileprivate static let unruly = Design(
    "unruly", knobs: ["kind"],
    """
    module unruly (
        input  logic clk, input logic rst_n, input logic [7:0] kind,
        output logic out_tvalid, input logic out_tready, output logic [31:0] out_tdata,
        input  logic s_axil_awvalid, output logic s_axil_awready, input logic [11:0] s_axil_awaddr,
        input  logic s_axil_wvalid, output logic s_axil_wready, input logic [31:0] s_axil_wdata,
        input  logic [3:0] s_axil_wstrb,
        output logic s_axil_bvalid, input logic s_axil_bready, output logic [1:0] s_axil_bresp,
        input  logic s_axil_arvalid, output logic s_axil_arready, input logic [11:0] s_axil_araddr,
        output logic s_axil_rvalid, input logic s_axil_rready, output logic [31:0] s_axil_rdata,
        output logic [1:0] s_axil_rresp);
      logic [7:0] count;
      always_ff @(posedge clk)
        if (!rst_n) count <= 0;
        else if (count != 200) count <= count + 1;
      // 0: withdraws an offer, 1: changes the beat while it waits.
      assign out_tvalid = kind == 0 ? count[0] : kind == 1;
      assign out_tdata = kind == 1 ? 32'(count) : 0;
      // 2: answers a write that it has not accepted, 3: the same of a read, 4: never answers.
      assign s_axil_awready = kind != 2;
      assign s_axil_wready = kind != 2;
      assign s_axil_bvalid = kind == 2 && s_axil_awvalid;
      assign s_axil_arready = kind != 3;
      assign s_axil_rvalid = kind == 3 && s_axil_arvalid;
      assign s_axil_bresp = 0;
      assign s_axil_rresp = 0;
      assign s_axil_rdata = 0;
    `ifdef VERILATOR
      assert property (@(posedge clk) disable iff (!rst_n) !(kind == 5 && count == 20));
    `endif
    endmodule

    """)
}

@Suite("Rules that RTL breaks", .enabled(if: Project.hasVerilator, "Verilator is not installed"))
struct RuleTests {
  private static func run(_ kind: UInt64, _ script: [BusTransaction] = []) throws -> RTLBench {
    var options = RTLBench.Options()
    options.stallPercent = 60
    options.script = script
    let bench = try RTLBench(.unruly, ties: ["kind": kind], options)
    bench.run(until: 2000)
    return bench
  }

  @Test(
    "AXI4-Stream: an offered beat stands",
    arguments: [
      (0, "module: the RTL's stream out withdraws TVALID before TREADY (cycle "),
      (1, "module: the RTL's stream out changes a beat while TREADY is low (cycle "),
    ])
  func streams(kind: UInt64, message: String) throws {
    let bench = try Self.run(kind)
    #expect(bench.failures.count == 1)
    #expect(bench.failures.first?.hasPrefix(message) == true, "\(bench.failures)")
  }

  @Test(
    "AXI4-Lite: no answer before the access was accepted",
    arguments: [
      (
        2, BusTransaction.set(0, 1, at: 10),
        "module: the RTL sends BVALID before the write's address and data were accepted"
      ),
      (
        3, BusTransaction.get(0, at: 10),
        "module: the RTL sends RVALID before the read's address was accepted"
      ),
    ])
  func answers(kind: UInt64, access: BusTransaction, message: String) throws {
    let bench = try Self.run(kind, [access])
    #expect(bench.failures.count == 1)
    #expect(bench.failures.first?.hasPrefix(message) == true, "\(bench.failures)")
  }

  @Test("An access that is never answered lets the module sleep, in a class that says so")
  func unanswered() throws {
    let bench = try Self.run(4, [.set(0, 1, at: 10)])
    #expect(bench.failures == [])
    let records = bench.snapshot.modules.filter { $0.path == "module" }
    let states = records.flatMap(\.states).filter { $0.name == "unanswered-access" }
    let state = try #require(states.first)
    // Nobody is awake any more: the kernel stops long before its limit, which a run calls a deadlock.
    #expect(state.cycles.reduce(0, +) >= 1)
    #expect(bench.snapshot.ticks < 1000)
    #expect(state.blocker == "module")
  }

  @Test("Assertions are checked")
  func assertions() throws {
    let bench = try Self.run(5)
    #expect(bench.failures.count == 1)
    #expect(
      bench.failures.first?.contains("the RTL halted by itself") == true, "\(bench.failures)")
  }

  @Test("Names in capitals, as in the AMBA specifications")
  func capitals() throws {
    let stream = ["TVALID", "TREADY", "TDATA"]
    let registers = [
      "AWVALID", "AWADDR", "WVALID", "WDATA", "WSTRB", "BREADY", "ARVALID", "ARADDR", "RREADY",
    ]
    let answers = ["AWREADY", "WREADY", "BVALID", "BRESP", "ARREADY", "RVALID", "RDATA", "RRESP"]
    let pins =
      [Pin("ACLK", .input, bits: 1), Pin("aresetn", .input, bits: 1)]
      + stream.map { name in
        Pin("S_AXIS_" + name, name == "TREADY" ? .output : .input, bits: name == "TDATA" ? 32 : 1)
      }
      + registers.map { Pin("S_AXI_" + $0, .input, bits: $0 == "WDATA" ? 32 : 4) }
      + answers.map { Pin("S_AXI_" + $0, .output, bits: $0 == "RDATA" ? 32 : 2) }
    var resolution = PortMapResolution(PortMapRequest(), pins: pins, top: "top")
    let map = try resolution.resolve().get()
    #expect(map.streams.map(\.name) == ["S_AXIS"])
    #expect(map.streams.first?.data == "S_AXIS_TDATA")
    #expect(map.registers?.kind == .axi4Lite)
    #expect(map.registers?.pins["awvalid"] == "S_AXI_AWVALID")
  }
}

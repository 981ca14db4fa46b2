`default_nettype none

// A triangle of delay lines at an edge of an array: what enters lane i leaves it i cycles later.
//
// `writes` counts the registers that take a valid element at the end of this cycle.
module skew_triangle #(
    parameter int LANES = 8,
    parameter int WIDTH = 8
) (
    /* verilator lint_off UNUSEDSIGNAL */
    // A single lane has no registers.
    input  wire logic             clk,
    input  wire logic             rst_n,
    /* verilator lint_on UNUSEDSIGNAL */
    input  wire logic [LANES-1:0] in_valid,
    input  wire logic [WIDTH-1:0] in_data[LANES],
    output logic [LANES-1:0]      out_valid,
    output logic [WIDTH-1:0]      out_data[LANES],
    output logic [31:0]           writes
);

  logic [31:0] line_writes[LANES];

  assign out_valid[0] = in_valid[0];
  assign out_data[0] = in_data[0];
  assign line_writes[0] = 0;

  for (genvar lane = 1; lane < LANES; lane++) begin : g_lane
    skew_line #(
        .LENGTH(lane),
        .WIDTH(WIDTH)
    ) line (
        .clk, .rst_n, .in_valid(in_valid[lane]), .in_data(in_data[lane]),
        .out_valid(out_valid[lane]), .out_data(out_data[lane]), .writes(line_writes[lane])
    );
  end

  always_comb begin
    writes = 0;
    for (int lane = 0; lane < LANES; lane++) writes = writes + line_writes[lane];
  end

endmodule

`default_nettype wire

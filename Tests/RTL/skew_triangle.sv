`default_nettype none

// A triangle of delay lines at an edge of an array: what enters lane i leaves it i cycles later.
//
// Lane i has i registers; all lines move in every cycle. Bit 0 of an element says that it is valid;
// `writes` counts the registers that take a valid element at the end of this cycle.
module skew_triangle #(
    parameter int LANES = 8,
    parameter int WIDTH = 9
) (
    input  wire logic             clk,
    input  wire logic             rst_n,
    input  wire logic [WIDTH-1:0] entering[LANES],
    output logic [WIDTH-1:0]      leaving[LANES],
    output logic [31:0]           writes
);

  // The registers of all lanes in a row, lane i's from i·(i−1)/2 on, first to last.
  localparam int REGISTERS = LANES > 1 ? LANES * (LANES - 1) / 2 : 1;

  logic [WIDTH-1:0] lines[REGISTERS];
  logic [WIDTH-1:0] lines_next[REGISTERS];

  always_comb begin
    int place;
    writes = 0;
    place = 0;
    lines_next = lines;
    leaving[0] = entering[0];
    for (int lane = 1; lane < LANES; lane++) begin
      lines_next[place] = entering[lane];
      if (entering[lane][0]) writes = writes + 1;
      for (int index = 1; index < lane; index++) begin
        lines_next[place+index] = lines[place+index-1];
        if (lines[place+index-1][0]) writes = writes + 1;
      end
      leaving[lane] = lines[place+lane-1];
      place = place + lane;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) lines <= '{default: '0};
    else lines <= lines_next;
  end

endmodule

`default_nettype wire

`default_nettype none

// A delay line of LENGTH registers: what enters leaves it LENGTH cycles later.
//
// Only valid elements are stored; `writes` counts the registers that take one at the end of this
// cycle.
module skew_line #(
    parameter int LENGTH = 1,
    parameter int WIDTH = 8
) (
    input  wire logic             clk,
    input  wire logic             rst_n,
    input  wire logic             in_valid,
    input  wire logic [WIDTH-1:0] in_data,
    output logic                  out_valid,
    output logic [WIDTH-1:0]      out_data,
    output logic [31:0]           writes
);

  logic [LENGTH-1:0] valid, valid_next;
  logic [WIDTH-1:0] places[LENGTH];

  assign valid_next = LENGTH'({valid, in_valid});
  assign out_valid = valid[LENGTH-1];
  assign out_data = places[LENGTH-1];
  assign writes = $countones(valid_next);

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      valid <= '0;
      places <= '{default: '0};
    end else begin
      valid <= valid_next;
      if (in_valid) places[0] <= in_data;
      for (int index = 1; index < LENGTH; index++) begin
        if (valid[index-1]) places[index] <= places[index-1];
      end
    end
  end

endmodule

`default_nettype wire

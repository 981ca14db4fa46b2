`default_nettype none

// A queue of two places whose two entries can be seen, put in and taken out at once.
//
// What enters at one clock edge is visible behind it, and so are places that became free; the side
// that puts in never puts in more than `2 - count` entries.
module pair_fifo #(
    parameter int WIDTH = 8
) (
    input  wire logic             clk,
    input  wire logic             rst_n,
    input  wire logic [1:0]       push_count,
    input  wire logic [WIDTH-1:0] push_first,
    input  wire logic [WIDTH-1:0] push_second,
    input  wire logic [1:0]       pop_count,
    output logic [1:0]            count,
    output logic [WIDTH-1:0]      front,
    output logic [WIDTH-1:0]      back
);

  logic [1:0] kept;

  assign kept = count - pop_count;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      count <= '0;
      front <= '0;
      back <= '0;
    end else begin
      count <= kept + push_count;
      if (kept == 0) front <= push_first;
      else if (pop_count == 1) front <= back;
      if (kept == 0) back <= push_second;
      else if (kept == 1) back <= push_first;
    end
  end

endmodule

`default_nettype wire

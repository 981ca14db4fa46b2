// Arbiter of one crossbar output: chooses among the requesters of a cycle.
//
// Round robin: the one after the last winner goes first. Fixed priority: the lowest number goes
// first. `winner` is combinational and means something while `requests` is not zero; `take` says
// that the choice is used in this cycle, which moves the priority on.

`default_nettype none

module arbiter #(
  parameter int unsigned REQUESTERS = 2,
  parameter bit ROUND_ROBIN = 1'b1,
  localparam int unsigned INDEX_BITS = REQUESTERS > 1 ? $clog2(REQUESTERS) : 1
) (
  input  wire logic clk,
  input  wire logic rst_n,
  input  wire logic [REQUESTERS-1:0] requests,
  input  wire logic take,
  output logic [INDEX_BITS-1:0] winner
);
  localparam logic [INDEX_BITS-1:0] LAST = INDEX_BITS'(REQUESTERS - 1);

  // The number with the highest priority now; stays 0 with fixed priority.
  logic [INDEX_BITS-1:0] first;

  always_comb begin
    winner = '0;
    for (int i = REQUESTERS - 1; i >= 0; i--) if (requests[i]) winner = INDEX_BITS'(i);
    // Whoever comes at or after `first` goes before those in front of it.
    for (int i = REQUESTERS - 1; i >= 0; i--)
      if (requests[i] && INDEX_BITS'(i) >= first) winner = INDEX_BITS'(i);
  end

  always_ff @(posedge clk) begin
    if (!rst_n) first <= '0;
    else if (take && ROUND_ROBIN) first <= winner == LAST ? '0 : winner + 1'b1;
  end
endmodule

`default_nettype wire

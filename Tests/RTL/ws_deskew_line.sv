`default_nettype none

// The registers in which a column's sums wait for later columns of their rows; see ws_deskew.
//
// The sum that entered `delay` cycles ago is shown, up to LENGTH cycles; it leaves the line in this
// cycle if it `is_taken`. `writes` counts the registers that take a sum at the end of this cycle.
module ws_deskew_line #(
    parameter int LENGTH = 7,
    parameter int ACC_BITS = 32,
    parameter int COLUMN_BITS = 4
) (
    input  wire logic                   clk,
    input  wire logic                   rst_n,
    input  wire logic                   in_valid,
    input  wire logic [ACC_BITS-1:0]    sum,
    input  wire logic                   is_taken,
    input  wire logic [COLUMN_BITS-1:0] delay,
    output logic [ACC_BITS-1:0]         delayed,
    output logic [31:0]                 writes
);

  // One more place than registers: place 0 is what enters.
  logic [LENGTH:0] present, moves;
  logic [LENGTH-1:0] valid;
  logic [ACC_BITS-1:0] sums[LENGTH];

  assign present = {valid, in_valid};
  assign writes = $countones(moves[LENGTH-1:0]);

  always_comb begin
    delayed = sum;
    moves = present;
    for (int place = 0; place <= LENGTH; place++) begin
      if (is_taken && 32'(delay) == place) begin
        if (place > 0) delayed = sums[place-1];
        moves[place] = 1'b0;
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      valid <= '0;
      sums <= '{default: '0};
    end else begin
      valid <= moves[LENGTH-1:0];
      if (moves[0]) sums[0] <= sum;
      for (int place = 1; place < LENGTH; place++) begin
        if (moves[place]) sums[place] <= sums[place-1];
      end
    end
  end

endmodule

`default_nettype wire

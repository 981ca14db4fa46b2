`default_nettype none

// The registers in which a column's sums wait for later columns of their rows; see ws_deskew.
//
// The sum that entered `delay` cycles ago is shown, up to LENGTH cycles. A tag {columns, valid} says
// how many columns the sum's row has: it moves on, and counts as a write, only as far as the row's
// last column takes to come.
module ws_deskew_line #(
    parameter int COLUMN = 0,
    parameter int LENGTH = 7,
    parameter int ACC_BITS = 32,
    parameter int COLUMN_BITS = 4
) (
    input  wire logic                   clk,
    input  wire logic                   rst_n,
    input  wire logic [ACC_BITS-1:0]    sum,
    input  wire logic [COLUMN_BITS:0]   tag,
    input  wire logic [COLUMN_BITS-1:0] delay,
    output logic [ACC_BITS-1:0]         delayed,
    output logic [31:0]                 writes
);

  localparam int VALID = 0;

  logic [ACC_BITS-1:0] sums[LENGTH];
  logic [ACC_BITS-1:0] sums_next[LENGTH];
  logic [COLUMN_BITS:0] tags[LENGTH];
  logic [COLUMN_BITS:0] tags_next[LENGTH];

  always_comb begin
    logic [ACC_BITS-1:0] moving_sum;
    logic [COLUMN_BITS:0] moving_tag;
    writes = 0;
    for (int index = 0; index < LENGTH; index++) begin
      moving_sum = index == 0 ? sum : sums[index-1];
      moving_tag = index == 0 ? tag : tags[index-1];
      if (index + COLUMN + 1 >= 32'(moving_tag[COLUMN_BITS:1])) moving_tag[VALID] = 1'b0;
      if (moving_tag[VALID]) writes = writes + 1;
      sums_next[index] = moving_sum;
      tags_next[index] = moving_tag;
    end
  end

  always_comb begin
    delayed = sum;
    for (int index = 0; index < LENGTH; index++) begin
      if (32'(delay) == index + 1) delayed = sums[index];
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      sums <= '{default: '0};
      tags <= '{default: '0};
    end else begin
      sums <= sums_next;
      tags <= tags_next;
    end
  end

endmodule

`default_nettype wire

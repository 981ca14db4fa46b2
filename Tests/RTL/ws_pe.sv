`default_nettype none

// A processing element of a weight-stationary array.
//
// While `has_sum`, the partial sum from above moves in, plus, while `works`, the product of the
// operand from the left and the weight; the operand is held for the right neighbour in the next
// cycle. With `switches` the shadow weight is taken into use, by this product already. While
// `loads`, the shadow weight takes the one from below or, at the bottom of a load, the one that
// `enters` the column.
module ws_pe #(
    parameter int OPERAND_BITS = 8,
    parameter int ACC_BITS = 4 * OPERAND_BITS
) (
    input  wire logic                    clk,
    input  wire logic                    rst_n,
    input  wire logic                    has_sum,
    input  wire logic                    works,
    input  wire logic                    switches,
    input  wire logic [OPERAND_BITS-1:0] operand_in,
    output logic [OPERAND_BITS-1:0]      operand_out,
    input  wire logic [ACC_BITS-1:0]     sum_above,
    output logic [ACC_BITS-1:0]          sum,
    input  wire logic                    loads,
    input  wire logic                    enters,
    input  wire logic [OPERAND_BITS-1:0] weight_in,
    input  wire logic [OPERAND_BITS-1:0] weight_below,
    output logic [OPERAND_BITS-1:0]      shadow
);

  function automatic logic [ACC_BITS-1:0] multiply_add(
      input logic [ACC_BITS-1:0] addend, input logic [OPERAND_BITS-1:0] a,
      input logic [OPERAND_BITS-1:0] b);
    return addend + ACC_BITS'(signed'(a)) * ACC_BITS'(signed'(b));
  endfunction

  logic [OPERAND_BITS-1:0] active;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      operand_out <= '0;
      sum <= '0;
      active <= '0;
    end else begin
      if (works) begin
        operand_out <= operand_in;
        sum <= multiply_add(sum_above, operand_in, switches ? shadow : active);
        if (switches) active <= shadow;
      end else if (has_sum) sum <= sum_above;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) shadow <= '0;
    else if (loads) shadow <= enters ? weight_in : weight_below;
  end

endmodule

`default_nettype wire

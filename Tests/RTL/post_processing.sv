`default_nettype none

// What happens to one accumulator on its way out, in two combinational halves with a register
// between them (in output_stage).
//
// First half: the bias is added, wrapping; negative values become zero. Second half: times SCALE,
// divided by 2^SHIFT, rounded to nearest with ties to even, all exact; then the zero point is added
// and the bounds apply, the lower one first.
module post_processing #(
    parameter int OPERAND_BITS = 8,
    parameter int ACC_BITS = 4 * OPERAND_BITS
) (
    input  wire logic                         adds_bias,
    input  wire logic                         rectifies,
    input  wire logic signed [31:0]           bias,
    input  wire logic signed [ACC_BITS-1:0]   accumulator,
    output logic signed [ACC_BITS-1:0]        biased,

    // The second half rests while `enable` is low.
    input  wire logic                         enable,
    input  wire logic signed [ACC_BITS-1:0]   value,
    input  wire logic [30:0]                  scale,
    input  wire logic [5:0]                   shift,
    // {CLAMP_MAX, CLAMP_MIN, ZERO_POINT}.
    input  wire logic [95:0]                  bounds,
    output logic [OPERAND_BITS-1:0]           scaled
);

  // A product of ACC_BITS and 31 bits, and room for the half that rounding adds.
  localparam int PRODUCT_BITS = ACC_BITS + 32;

  logic signed [ACC_BITS-1:0] sum;

  assign sum = adds_bias ? accumulator + ACC_BITS'(bias) : accumulator;
  assign biased = rectifies && sum < 0 ? '0 : sum;

  logic signed [31:0] zero_point, clamp_min, clamp_max;

  assign {clamp_max, clamp_min, zero_point} = bounds;

  always_comb begin
    logic signed [PRODUCT_BITS-1:0] product, half, moved;
    product = '0;
    half = '0;
    moved = '0;
    scaled = '0;
    if (enable) begin
      product = PRODUCT_BITS'(value) * signed'(PRODUCT_BITS'(scale));
      // Just below half a unit; the quotient's lowest bit added to it carries a tie up exactly when
      // the quotient is odd.
      if (shift != 0) begin
        half = (PRODUCT_BITS'(1) << (shift - 1)) - 1;
        if (product[$clog2(PRODUCT_BITS)'(shift)]) half = half + 1;
      end
      moved = ((product + half) >>> shift) + PRODUCT_BITS'(zero_point);
      if (moved < PRODUCT_BITS'(clamp_min)) moved = PRODUCT_BITS'(clamp_min);
      if (moved > PRODUCT_BITS'(clamp_max)) moved = PRODUCT_BITS'(clamp_max);
      scaled = moved[OPERAND_BITS-1:0];
    end
  end

endmodule

`default_nettype wire

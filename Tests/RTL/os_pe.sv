`default_nettype none

// A processing element of an output-stationary array.
//
// While `works`, it multiplies what its left and upper neighbour hold, adds to its accumulator, and
// holds both operands for its right and lower neighbour in the next cycle. With `clears` the sum
// starts from zero, with `captures` it also goes to the drain register. `shifts` moves the drain
// up: the drain register takes that of the element below, or, without drain registers, the
// accumulator does, and a sum of the same cycle already adds to what moved in.
module os_pe #(
    parameter int OPERAND_BITS = 8,
    parameter int ACC_BITS = 4 * OPERAND_BITS,
    parameter int DOUBLE_BUFFERED = 1
) (
    input  wire logic                    clk,
    input  wire logic                    rst_n,
    input  wire logic                    works,
    input  wire logic                    clears,
    input  wire logic [OPERAND_BITS-1:0] a_in,
    input  wire logic [OPERAND_BITS-1:0] b_in,
    output logic [OPERAND_BITS-1:0]      a_out,
    output logic [OPERAND_BITS-1:0]      b_out,
    /* verilator lint_off UNUSEDSIGNAL */
    // Without drain registers nothing is captured.
    input  wire logic                    captures,
    /* verilator lint_on UNUSEDSIGNAL */
    input  wire logic                    shifts,
    input  wire logic [ACC_BITS-1:0]     drain_below,
    output logic [ACC_BITS-1:0]          drain
);

  function automatic logic [ACC_BITS-1:0] multiply_add(
      input logic [ACC_BITS-1:0] addend, input logic [OPERAND_BITS-1:0] a,
      input logic [OPERAND_BITS-1:0] b);
    return addend + ACC_BITS'(signed'(a)) * ACC_BITS'(signed'(b));
  endfunction

  logic [ACC_BITS-1:0] sum;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      a_out <= '0;
      b_out <= '0;
    end else if (works) begin
      a_out <= a_in;
      b_out <= b_in;
    end
  end

  if (DOUBLE_BUFFERED != 0) begin : g_drain
    always_ff @(posedge clk) begin
      if (!rst_n) begin
        sum <= '0;
        drain <= '0;
      end else begin
        if (works) sum <= multiply_add(clears ? '0 : sum, a_in, b_in);
        if (captures) drain <= multiply_add(clears ? '0 : sum, a_in, b_in);
        else if (shifts) drain <= drain_below;
      end
    end
  end else begin : g_no_drain
    assign drain = sum;

    always_ff @(posedge clk) begin
      if (!rst_n) sum <= '0;
      else if (works) begin
        sum <= multiply_add(clears ? '0 : shifts ? drain_below : sum, a_in, b_in);
      end else if (shifts) sum <= drain_below;
    end
  end

endmodule

`default_nettype wire

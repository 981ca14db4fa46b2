`default_nettype none

// The processing elements of an output-stationary array.
//
// Operands of A enter at the left and move one element right per cycle, those of B enter at the top
// and move down. Each element multiplies what its left and upper neighbour hold (or what enters in
// this cycle) and adds to its accumulator; both operands are valid or the element stays still and
// passes nothing on. With the last step of a job that has output the new sum also goes to the drain
// register (DOUBLE_BUFFERED). Row 0 of the drain is the row that leaves; `shift` moves the rows
// behind it up. Without drain registers the accumulators themselves move, those of `drain_rows`
// rows and `drain_columns` columns, and zeros enter from below; a MAC in the same cycle already
// adds to what moved in.
//
// An operand travels with its flags:
//   of A: {slot, edge, output, last, clear, value, valid}; edge: last used row; clear: start from
//         zero; last: the job's last step; output: its result goes to the drain
//   of B: {edge, value, valid}; edge: last used column
// Where both edges meet, the wavefront has done its work.
module os_grid #(
    parameter int ROWS = 8,
    parameter int COLUMNS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int ACC_BITS = 4 * OPERAND_BITS,
    parameter int DOUBLE_BUFFERED = 1,
    parameter int SLOTS = ROWS + COLUMNS + 4,
    parameter int SLOT_BITS = $clog2(SLOTS),
    parameter int A_BITS = SLOT_BITS + 4 + OPERAND_BITS + 1,
    parameter int B_BITS = 1 + OPERAND_BITS + 1
) (
    input  wire logic                clk,
    input  wire logic                rst_n,
    input  wire logic [A_BITS-1:0]   a_in[ROWS],
    input  wire logic [B_BITS-1:0]   b_in[COLUMNS],

    // The last MAC of jobs without output takes place in this cycle, by slot; the same of the job
    // with output.
    output logic [SLOTS-1:0]         computed,
    output logic                     output_computed,

    input  wire logic                shift,
    input  wire logic [15:0]         drain_rows,
    input  wire logic [15:0]         drain_columns,
    output logic [ACC_BITS-1:0]      drain_row[COLUMNS],

    // Multiply-accumulates and writes of drain registers by them in this cycle.
    output logic [31:0]              macs,
    output logic [31:0]              captures
);

  localparam int VALID = 0, VALUE = 1, CLEAR = OPERAND_BITS + 1, LAST = CLEAR + 1,
      HAS_OUTPUT = LAST + 1, A_EDGE = HAS_OUTPUT + 1, SLOT = A_EDGE + 1, B_EDGE = OPERAND_BITS + 1;

  // What each element has used in the cycle before.
  logic [A_BITS-1:0] a[ROWS][COLUMNS];
  logic [A_BITS-1:0] a_next[ROWS][COLUMNS];
  logic [B_BITS-1:0] b[ROWS][COLUMNS];
  logic [B_BITS-1:0] b_next[ROWS][COLUMNS];
  logic [ACC_BITS-1:0] sum[ROWS][COLUMNS];
  logic [ACC_BITS-1:0] sum_next[ROWS][COLUMNS];
  /* verilator lint_off UNUSEDSIGNAL */
  logic [COLUMNS-1:0] captured[ROWS];  // used by drain registers, if there are any
  /* verilator lint_on UNUSEDSIGNAL */

  always_comb begin
    logic [A_BITS-1:0] x;
    logic [B_BITS-1:0] y;
    logic [ACC_BITS-1:0] addend;
    logic is_working;
    macs = 0;
    captures = 0;
    computed = '0;
    output_computed = 1'b0;
    sum_next = sum;
    for (int row = 0; row < ROWS; row++) begin
      captured[row] = '0;
      for (int column = 0; column < COLUMNS; column++) begin
        if (column == 0) x = a_in[row];
        else x = a[row][column-1];
        if (row == 0) y = b_in[column];
        else y = b[row-1][column];
        is_working = x[VALID] && y[VALID];
        a_next[row][column] = is_working ? x : '0;
        b_next[row][column] = is_working ? y : '0;
        addend = sum[row][column];
        if (DOUBLE_BUFFERED == 0) begin
          if (shift && 16'(row) < drain_rows && 16'(column) < drain_columns) begin
            if (16'(row) == drain_rows - 1) addend = '0;
            else if (row + 1 < ROWS) addend = sum[row+1][column];
            sum_next[row][column] = addend;
          end
        end
        if (is_working) begin
          if (x[CLEAR]) addend = '0;
          sum_next[row][column] = addend
              + ACC_BITS'(signed'(x[VALUE+:OPERAND_BITS]))
              * ACC_BITS'(signed'(y[VALUE+:OPERAND_BITS]));
          macs = macs + 1;
          if (DOUBLE_BUFFERED != 0 && x[LAST] && x[HAS_OUTPUT]) begin
            captured[row][column] = 1'b1;
            captures = captures + 1;
          end
          if (x[LAST] && x[A_EDGE] && y[B_EDGE]) begin
            if (x[HAS_OUTPUT]) output_computed = 1'b1;
            else computed[x[SLOT+:SLOT_BITS]] = 1'b1;
          end
        end
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      a <= '{default: '{default: '0}};
      b <= '{default: '{default: '0}};
      sum <= '{default: '{default: '0}};
    end else begin
      a <= a_next;
      b <= b_next;
      sum <= sum_next;
    end
  end

  if (DOUBLE_BUFFERED != 0) begin : g_drain
    logic [ACC_BITS-1:0] drain[ROWS][COLUMNS];
    logic [ACC_BITS-1:0] drain_next[ROWS][COLUMNS];
    logic writes;

    assign writes = shift || captures != 0;

    always_comb begin
      drain_next = drain;
      if (writes) begin
        for (int row = 0; row < ROWS; row++) begin
          if (shift && row + 1 < ROWS) drain_next[row] = drain[row+1];
          for (int column = 0; column < COLUMNS; column++) begin
            if (captured[row][column]) drain_next[row][column] = sum_next[row][column];
          end
        end
      end
    end

    always_ff @(posedge clk) begin
      if (!rst_n) drain <= '{default: '{default: '0}};
      else if (writes) drain <= drain_next;
    end

    always_comb begin
      for (int column = 0; column < COLUMNS; column++) drain_row[column] = drain[0][column];
    end
  end else begin : g_no_drain
    always_comb begin
      for (int column = 0; column < COLUMNS; column++) drain_row[column] = sum[0][column];
    end
  end

endmodule

`default_nettype wire

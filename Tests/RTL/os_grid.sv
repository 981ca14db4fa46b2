`default_nettype none

// The processing elements of an output-stationary array.
//
// Operands of A enter at the left and move one element right per cycle, those of B enter at the top
// and move down. An element works when its left and its upper neighbour have worked in the cycle
// before (at the edges: when an operand enters); otherwise it stays still and passes nothing on.
// `clears` and `captures` travel with the operands of A. Row 0 of the drain is the row that leaves;
// `shift` moves the rows behind it up. Without drain registers the accumulators move, those of
// `drain_rows` rows and `drain_columns` columns, and zeros enter from below.
module os_grid #(
    parameter int ROWS = 8,
    parameter int COLUMNS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int ACC_BITS = 4 * OPERAND_BITS,
    parameter int DOUBLE_BUFFERED = 1
) (
    input  wire logic                    clk,
    input  wire logic                    rst_n,

    input  wire logic [ROWS-1:0]         a_valid,
    input  wire logic [ROWS-1:0]         a_clears,
    input  wire logic [ROWS-1:0]         a_captures,
    input  wire logic [OPERAND_BITS-1:0] a_in[ROWS],
    input  wire logic [COLUMNS-1:0]      b_valid,
    input  wire logic [OPERAND_BITS-1:0] b_in[COLUMNS],

    input  wire logic                    shift,
    /* verilator lint_off UNUSEDSIGNAL */
    // Drain registers that are not used may move as well.
    input  wire logic [15:0]             drain_rows,
    input  wire logic [15:0]             drain_columns,
    /* verilator lint_on UNUSEDSIGNAL */
    output logic [ACC_BITS-1:0]          drain_row[COLUMNS],

    // Multiply-accumulates and captures by drain registers in this cycle.
    output logic [31:0]                  macs,
    output logic [31:0]                  captures
);

  // One bit per element: what it does in this cycle, what it did in the one before.
  logic [COLUMNS-1:0] works[ROWS];
  logic [COLUMNS-1:0] clears[ROWS];
  logic [COLUMNS-1:0] captured[ROWS];
  logic [COLUMNS-1:0] worked[ROWS];
  logic [COLUMNS-1:0] cleared[ROWS];
  logic [COLUMNS-1:0] has_captured[ROWS];

  always_comb begin
    macs = 0;
    captures = 0;
    for (int row = 0; row < ROWS; row++) begin
      works[row] = COLUMNS'({worked[row], a_valid[row]}) & (row == 0 ? b_valid : worked[row-1]);
      clears[row] = COLUMNS'({cleared[row], a_clears[row]}) & works[row];
      captured[row] = COLUMNS'({has_captured[row], a_captures[row]}) & works[row];
      macs = macs + $countones(works[row]);
      if (DOUBLE_BUFFERED != 0) captures = captures + $countones(captured[row]);
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      worked <= '{default: '0};
      cleared <= '{default: '0};
      has_captured <= '{default: '0};
    end else begin
      worked <= works;
      cleared <= clears;
      has_captured <= captured;
    end
  end

  for (genvar row = 0; row < ROWS; row++) begin : g_row
    for (genvar column = 0; column < COLUMNS; column++) begin : g_column
      /* verilator lint_off UNUSEDSIGNAL */
      // Nobody is right of the last column and below the last row.
      logic [OPERAND_BITS-1:0] a, b;
      /* verilator lint_on UNUSEDSIGNAL */
      logic [ACC_BITS-1:0] drain;
      logic [OPERAND_BITS-1:0] a_left, b_above;
      logic [ACC_BITS-1:0] drain_below;
      logic shifts;

      if (column == 0) begin : g_left
        assign a_left = a_in[row];
      end else begin : g_inside
        assign a_left = g_row[row].g_column[column-1].a;
      end
      if (row == 0) begin : g_top
        assign b_above = b_in[column];
        assign drain_row[column] = drain;
      end else begin : g_middle
        assign b_above = g_row[row-1].g_column[column].b;
      end
      if (DOUBLE_BUFFERED != 0) begin : g_drain
        assign shifts = shift;
        if (row == ROWS - 1) begin : g_bottom
          assign drain_below = '0;
        end else begin : g_above
          assign drain_below = g_row[row+1].g_column[column].drain;
        end
      end else begin : g_no_drain
        assign shifts = shift && 16'(row) < drain_rows && 16'(column) < drain_columns;
        if (row == ROWS - 1) begin : g_bottom
          assign drain_below = '0;
        end else begin : g_above
          assign drain_below =
              16'(row) + 1 == drain_rows ? '0 : g_row[row+1].g_column[column].drain;
        end
      end

      os_pe #(
          .OPERAND_BITS(OPERAND_BITS),
          .ACC_BITS(ACC_BITS),
          .DOUBLE_BUFFERED(DOUBLE_BUFFERED)
      ) pe (
          .clk, .rst_n, .works(works[row][column]), .clears(clears[row][column]), .a_in(a_left),
          .b_in(b_above), .a_out(a), .b_out(b), .captures(captured[row][column]), .shifts,
          .drain_below, .drain
      );
    end
  end

endmodule

`default_nettype wire

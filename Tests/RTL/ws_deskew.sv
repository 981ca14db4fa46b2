`default_nettype none

// The triangle of registers below a weight-stationary array in which a row's early columns wait
// until its last one has come.
//
// Column c can wait for COLUMNS - 1 - c cycles. In the cycle after its last used column has left
// the bottom row of the array, a row is complete and shown for one cycle.
module ws_deskew #(
    parameter int COLUMNS = 8,
    parameter int ACC_BITS = 32
) (
    /* verilator lint_off UNUSEDSIGNAL */
    // A single column has no registers.
    input  wire logic                clk,
    input  wire logic                rst_n,
    input  wire logic [COLUMNS-1:0]  bottom_valid,
    /* verilator lint_on UNUSEDSIGNAL */
    // From the bottom row; `bottom_edge`: its row's last column.
    input  wire logic [COLUMNS-1:0]  bottom_edge,
    input  wire logic [ACC_BITS-1:0] bottom_sum[COLUMNS],

    output logic                     is_complete,
    output logic [ACC_BITS-1:0]      row[COLUMNS],

    output logic [31:0]              writes
);

  localparam int COLUMN_BITS = $clog2(COLUMNS + 1);

  // The row whose last column is in the bottom row.
  /* verilator lint_off UNUSEDSIGNAL */
  logic [COLUMN_BITS-1:0] last;  // not used by a single column
  /* verilator lint_on UNUSEDSIGNAL */
  logic [31:0] line_writes[COLUMNS];

  assign is_complete = bottom_edge != 0;

  always_comb begin
    last = '0;
    writes = 0;
    for (int column = 0; column < COLUMNS; column++) begin
      if (bottom_edge[column]) last = COLUMN_BITS'(column);
      writes = writes + line_writes[column];
    end
  end

  for (genvar column = 0; column < COLUMNS; column++) begin : g_column
    if (column == COLUMNS - 1) begin : g_last
      assign row[column] = bottom_sum[column];
      assign line_writes[column] = 0;
    end else begin : g_line
      // Of columns behind the last one the delay is out of range.
      ws_deskew_line #(
          .LENGTH(COLUMNS - 1 - column),
          .ACC_BITS(ACC_BITS),
          .COLUMN_BITS(COLUMN_BITS)
      ) line (
          .clk, .rst_n, .in_valid(bottom_valid[column]), .sum(bottom_sum[column]),
          .is_taken(is_complete), .delay(last - COLUMN_BITS'(column)),
          .delayed(row[column]), .writes(line_writes[column])
      );
    end
  end

endmodule

`default_nettype wire

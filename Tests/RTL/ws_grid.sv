`default_nettype none

// The processing elements of a weight-stationary array.
//
// Operands of A enter at the left and move one element right per cycle; partial sums start from
// zero at the top and move down through all rows; a beat of weights that arrives in a column enters
// the shadow register of the array's row K - 1, and the beats of that load before it move up. The
// first wavefront of a job (`switches`) takes the shadow weights into use as it passes. What enters
// at the top says which columns a wavefront uses, and which is the last one (`edge`): where there
// is no sum, operands are not passed on; below the last used row sums only pass.
module ws_grid #(
    parameter int ROWS = 8,
    parameter int COLUMNS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int ACC_BITS = 4 * OPERAND_BITS,
    parameter int ROW_BITS = $clog2(ROWS + 1)
) (
    input  wire logic                    clk,
    input  wire logic                    rst_n,

    input  wire logic [ROWS-1:0]         operand_valid,
    input  wire logic [ROWS-1:0]         operand_switches,
    input  wire logic [OPERAND_BITS-1:0] operand_in[ROWS],
    input  wire logic [COLUMNS-1:0]      top_valid,
    input  wire logic [COLUMNS-1:0]      top_edge,

    // A weight, how many beats of its load came before, and K.
    input  wire logic [COLUMNS-1:0]      weight_valid,
    input  wire logic [OPERAND_BITS-1:0] weight_in[COLUMNS],
    input  wire logic [ROW_BITS-1:0]     weight_beat[COLUMNS],
    input  wire logic [ROW_BITS-1:0]     weight_depth[COLUMNS],

    // The registers of the bottom row.
    output logic [COLUMNS-1:0]           bottom_valid,
    output logic [COLUMNS-1:0]           bottom_edge,
    output logic [ACC_BITS-1:0]          bottom_sum[COLUMNS],

    // Multiply-accumulates, writes of shadow and active weights and of partial sums in this cycle.
    output logic [31:0]                  macs,
    output logic [31:0]                  weight_writes,
    output logic [31:0]                  sum_writes
);

  // One bit per element: what it does in this cycle, what it did in the one before.
  logic [COLUMNS-1:0] sums[ROWS];
  logic [COLUMNS-1:0] edges[ROWS];
  logic [COLUMNS-1:0] works[ROWS];
  logic [COLUMNS-1:0] switches[ROWS];
  logic [COLUMNS-1:0] had_sum[ROWS];
  logic [COLUMNS-1:0] had_edge[ROWS];
  logic [COLUMNS-1:0] worked[ROWS];
  logic [COLUMNS-1:0] has_switched[ROWS];
  // Shadow registers that take a weight, and those of them that take the one that enters.
  logic [COLUMNS-1:0] loads[ROWS];
  logic [COLUMNS-1:0] enters[ROWS];
  logic [31:0] switched, loaded;

  always_comb begin
    macs = 0;
    switched = 0;
    sum_writes = 0;
    for (int row = 0; row < ROWS; row++) begin
      sums[row] = row == 0 ? top_valid : had_sum[row-1];
      edges[row] = row == 0 ? top_edge : had_edge[row-1];
      works[row] = COLUMNS'({worked[row], operand_valid[row]}) & sums[row];
      switches[row] = COLUMNS'({has_switched[row], operand_switches[row]}) & works[row];
      macs = macs + $countones(works[row]);
      switched = switched + $countones(switches[row]);
      sum_writes = sum_writes + $countones(sums[row]);
    end
  end

  always_comb begin
    int bottom, beat;
    loaded = 0;
    bottom = 0;
    beat = 0;
    loads = '{default: '0};
    enters = '{default: '0};
    for (int column = 0; column < COLUMNS; column++) begin
      if (weight_valid[column]) begin
        beat = 32'(weight_beat[column]);
        bottom = 32'(weight_depth[column]) - 1;
        loaded = loaded + beat + 1;
        for (int row = 0; row < ROWS; row++) begin
          loads[row][column] = row <= bottom && row + beat >= bottom;
          enters[row][column] = row == bottom;
        end
      end
    end
  end

  assign weight_writes = switched + loaded;
  assign bottom_valid = had_sum[ROWS-1];
  assign bottom_edge = had_edge[ROWS-1];

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      had_sum <= '{default: '0};
      had_edge <= '{default: '0};
      worked <= '{default: '0};
      has_switched <= '{default: '0};
    end else begin
      had_sum <= sums;
      had_edge <= edges;
      worked <= works;
      has_switched <= switches;
    end
  end

  for (genvar row = 0; row < ROWS; row++) begin : g_row
    for (genvar column = 0; column < COLUMNS; column++) begin : g_column
      /* verilator lint_off UNUSEDSIGNAL */
      // Nobody is right of the last column and above the first row.
      logic [OPERAND_BITS-1:0] operand, shadow;
      /* verilator lint_on UNUSEDSIGNAL */
      logic [ACC_BITS-1:0] sum;
      logic [OPERAND_BITS-1:0] operand_left, weight_below;
      logic [ACC_BITS-1:0] sum_above;

      if (column == 0) begin : g_left
        assign operand_left = operand_in[row];
      end else begin : g_inside
        assign operand_left = g_row[row].g_column[column-1].operand;
      end
      if (row == 0) begin : g_top
        assign sum_above = '0;
      end else begin : g_below
        assign sum_above = g_row[row-1].g_column[column].sum;
      end
      if (row == ROWS - 1) begin : g_bottom
        assign weight_below = '0;
        assign bottom_sum[column] = sum;
      end else begin : g_above
        assign weight_below = g_row[row+1].g_column[column].shadow;
      end

      ws_pe #(
          .OPERAND_BITS(OPERAND_BITS),
          .ACC_BITS(ACC_BITS)
      ) pe (
          .clk, .rst_n, .has_sum(sums[row][column]), .works(works[row][column]),
          .switches(switches[row][column]), .operand_in(operand_left), .operand_out(operand),
          .sum_above, .sum,
          .loads(loads[row][column]), .enters(enters[row][column]), .weight_in(weight_in[column]),
          .weight_below, .shadow
      );
    end
  end

endmodule

`default_nettype wire

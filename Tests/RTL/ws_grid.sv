`default_nettype none

// The processing elements of a weight-stationary array.
//
// Operands of A enter at the left and move one element right per cycle; partial sums start from
// zero at the top and move down through all rows; a beat of weights that arrives in a column enters
// the shadow register of the array's row K − 1, and the beats of that load before it move up. The
// first wavefront of a job takes the shadow weights into use as it passes, its own product already
// with the new one. A tag at the top says which columns a wavefront uses; where there is none,
// operands are not passed on, and below the last used row sums only pass.
//
// What enters, valid in bit 0:
//   operand: {switches, value, valid}
//   tag of a sum: {columns, edge, valid}; edge: last used column
//   weight: {depth, beat, value, valid}; depth: K
module ws_grid #(
    parameter int ROWS = 8,
    parameter int COLUMNS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int ACC_BITS = 4 * OPERAND_BITS,
    parameter int ROW_BITS = $clog2(ROWS + 1),
    parameter int COLUMN_BITS = $clog2(COLUMNS + 1),
    parameter int TAG_BITS = COLUMN_BITS + 2,
    parameter int WEIGHT_BITS = 2 * ROW_BITS + OPERAND_BITS + 1
) (
    input  wire logic                      clk,
    input  wire logic                      rst_n,
    input  wire logic [OPERAND_BITS+1:0]   operand_in[ROWS],
    input  wire logic [TAG_BITS-1:0]       tag_in[COLUMNS],
    input  wire logic [WEIGHT_BITS-1:0]    weight_in[COLUMNS],

    // The registers of the bottom row.
    output logic [ACC_BITS-1:0]            bottom_sum[COLUMNS],
    output logic [TAG_BITS-1:0]            bottom_tag[COLUMNS],

    // Multiply-accumulates, writes of shadow and active weights and of partial sums in this cycle.
    output logic [31:0]                    macs,
    output logic [31:0]                    weight_writes,
    output logic [31:0]                    sum_writes
);

  localparam int VALID = 0, VALUE = 1, SWITCHES = OPERAND_BITS + 1, BEAT = OPERAND_BITS + 1,
      DEPTH = BEAT + ROW_BITS;

  logic [OPERAND_BITS+1:0] operand[ROWS][COLUMNS];
  logic [OPERAND_BITS+1:0] operand_next[ROWS][COLUMNS];
  logic [TAG_BITS-1:0] tag[ROWS][COLUMNS];
  logic [TAG_BITS-1:0] tag_next[ROWS][COLUMNS];
  logic [ACC_BITS-1:0] sum[ROWS][COLUMNS];
  logic [ACC_BITS-1:0] sum_next[ROWS][COLUMNS];
  logic [OPERAND_BITS-1:0] active[ROWS][COLUMNS];
  logic [OPERAND_BITS-1:0] active_next[ROWS][COLUMNS];
  logic [OPERAND_BITS-1:0] shadow[ROWS][COLUMNS];
  logic [OPERAND_BITS-1:0] shadow_next[ROWS][COLUMNS];
  logic [31:0] switched, loaded;

  // Operands, sums, and weights taken into use.
  always_comb begin
    logic [OPERAND_BITS+1:0] x;
    logic [TAG_BITS-1:0] t;
    logic [ACC_BITS-1:0] above;
    macs = 0;
    switched = 0;
    sum_writes = 0;
    active_next = active;
    for (int row = 0; row < ROWS; row++) begin
      for (int column = 0; column < COLUMNS; column++) begin
        if (column == 0) x = operand_in[row];
        else x = operand[row][column-1];
        if (row == 0) begin
          t = tag_in[column];
          above = '0;
        end else begin
          t = tag[row-1][column];
          above = sum[row-1][column];
        end
        tag_next[row][column] = t;
        operand_next[row][column] = t[VALID] ? x : '0;
        if (t[VALID]) begin
          sum_writes = sum_writes + 1;
          if (x[VALID]) begin
            if (x[SWITCHES]) begin
              active_next[row][column] = shadow[row][column];
              switched = switched + 1;
            end
            above = above
                + ACC_BITS'(signed'(x[VALUE+:OPERAND_BITS]))
                * ACC_BITS'(signed'(active_next[row][column]));
            macs = macs + 1;
          end
        end
        sum_next[row][column] = above;
      end
    end
  end

  // Weights on their way up: those of this load, `beat` of them, and the one that enters.
  always_comb begin
    logic [WEIGHT_BITS-1:0] weight;
    int bottom, beat;
    loaded = 0;
    bottom = 0;
    beat = 0;
    shadow_next = shadow;
    for (int column = 0; column < COLUMNS; column++) begin
      weight = weight_in[column];
      if (weight[VALID]) begin
        beat = 32'(weight[BEAT+:ROW_BITS]);
        bottom = 32'(weight[DEPTH+:ROW_BITS]) - 1;
        loaded = loaded + beat + 1;
        for (int row = 0; row < ROWS; row++) begin
          if (row == bottom) shadow_next[row][column] = weight[VALUE+:OPERAND_BITS];
          else if (row < bottom && row + beat >= bottom && row + 1 < ROWS) begin
            shadow_next[row][column] = shadow[row+1][column];
          end
        end
      end
    end
  end

  assign weight_writes = switched + loaded;

  always_comb begin
    for (int column = 0; column < COLUMNS; column++) begin
      bottom_sum[column] = sum[ROWS-1][column];
      bottom_tag[column] = tag[ROWS-1][column];
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      operand <= '{default: '{default: '0}};
      tag <= '{default: '{default: '0}};
      sum <= '{default: '{default: '0}};
      active <= '{default: '{default: '0}};
      shadow <= '{default: '{default: '0}};
    end else begin
      operand <= operand_next;
      tag <= tag_next;
      sum <= sum_next;
      if (switched != 0) active <= active_next;
      if (loaded != 0) shadow <= shadow_next;
    end
  end

endmodule

`default_nettype wire

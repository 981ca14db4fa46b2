`default_nettype none

// Output-stationary systolic array, integers: O = A · B, one column of A and one row of B per
// cycle; results stay in the processing elements.
//
// Handshakes are within the cycle: what is offered and ready has been taken at its end. Step k
// enters in the cycle in which both its beats are there (`in1_tready` needs `in2_tvalid`); element
// (r, c) works on it r + c cycles later. Of a job of M×N results and K steps, never stalled, the
// last MAC is K + M + N − 2 cycles behind the first operands; its M rows leave the grid in the M
// cycles after that, and a row's first beat is sent two cycles after it left. With drain registers
// (DOUBLE_BUFFERED) the next job follows at once; only its last step waits until the last row of
// the job before leaves. Without them its first step does. A job of more than ROWS rows (TILED) is
// worked through tile by tile, each like a job of its own; see job_queue.
//
// Bytes of a beat that are not kept count as zeros. The ports may be wider than the array's own
// beats (IN1_BYTES, IN2_BYTES, OUT_PORT_BYTES): further lanes are ignored, or zero.
module os_array_core #(
    parameter int ROWS = 8,
    parameter int COLUMNS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int OUT_BYTES = COLUMNS * OPERAND_BITS / 8,
    parameter int DOUBLE_BUFFERED = 1,
    parameter int IN1_BYTES = ROWS * OPERAND_BITS / 8,
    parameter int IN2_BYTES = COLUMNS * OPERAND_BITS / 8,
    parameter int OUT_PORT_BYTES = OUT_BYTES
) (
    input  wire logic                        clk,
    input  wire logic                        rst_n,

    input  wire logic                        reg_valid,
    input  wire logic                        reg_write,
    input  wire logic [15:0]                 reg_offset,
    input  wire logic [3:0]                  reg_bytes,
    input  wire logic [31:0]                 reg_wdata,
    output logic [31:0]                      reg_rdata,
    output logic                             reg_okay,
    output logic                             irq,

    input  wire logic                        in1_tvalid,
    output logic                             in1_tready,
    input  wire logic [8*IN1_BYTES-1:0]      in1_tdata,
    input  wire logic [IN1_BYTES-1:0]        in1_tkeep,
    input  wire logic                        in1_tlast,
    input  wire logic                        in2_tvalid,
    output logic                             in2_tready,
    input  wire logic [8*IN2_BYTES-1:0]      in2_tdata,
    input  wire logic [IN2_BYTES-1:0]        in2_tkeep,
    input  wire logic                        in2_tlast,
    output logic                             out_tvalid,
    input  wire logic                        out_tready,
    output logic [8*OUT_PORT_BYTES-1:0]      out_tdata,
    output logic [OUT_PORT_BYTES-1:0]        out_tkeep,
    output logic                             out_tlast,

    // What happens in this cycle: multiply-accumulates, writes of skew registers, of drain
    // registers (of accumulators that move, without those), jobs that end.
    output logic [31:0]                      ev_macs,
    output logic [31:0]                      ev_skew_writes,
    output logic [31:0]                      ev_result_writes,
    output logic [31:0]                      ev_jobs
);

  localparam int ACC_BITS = 4 * OPERAND_BITS;
  localparam int SLOTS = ROWS + COLUMNS + 4;
  localparam int SLOT_BITS = $clog2(SLOTS);

  // FLAGS of a job.
  localparam int ACCUMULATE = 0, OUTPUT = 1, BIAS = 2, RELU = 3, REQUANTISE = 4, BIAS_BANK = 5,
      COLUMN_PARAMETERS = 8, CHANNEL_SCALES = 9;

  // The part of a job whose operands are taken, and the one in the drain.
  logic [1:0] waiting;
  logic [31:0] job_rows, job_columns, job_depth;
  logic [9:0] job_flags;
  logic advance, open, can_open;
  logic [SLOT_BITS-1:0] open_slot;
  logic [SLOTS-1:0] finish, computed;
  /* verilator lint_off UNUSEDSIGNAL */
  // No use for the part behind the current one, for K of the job in the drain, nor for TLAST; M and
  // N are small once the job was accepted.
  logic [95:0] next_shape, shape_a;
  logic [9:0] next_flags, flags_a, drain_flags;
  logic has_next;
  logic [31:0] drain_rows, drain_columns, drain_depth;
  logic unused_last;
  /* verilator lint_on UNUSEDSIGNAL */
  logic [132:0] drain_post;
  logic drain_last;

  assign unused_last = in1_tlast ^ in2_tlast;

  // Issue: the next step of the current job, the slot of which is known with its first one.
  logic [31:0] step;
  logic [SLOT_BITS-1:0] slot, slot_now;
  logic is_first, is_last, is_blocked, issue;

  // The drain: whether a job has it, which one, how many of its rows are left, and whether its last
  // MAC has taken place.
  logic draining, drain_ready, output_computed;
  logic [SLOT_BITS-1:0] drain_slot;
  logic [31:0] rows_left;
  logic can_take, row_leaves, is_last_row, stays_draining;

  logic [31:0] macs, captures, skew_writes_1, skew_writes_2;

  assign row_leaves = draining && drain_ready && can_take;
  assign is_last_row = rows_left == 1;
  assign stays_draining = draining && !(row_leaves && is_last_row);

  assign is_first = step == 0;
  assign is_last = step + 1 == job_depth;
  assign is_blocked = (is_first && !can_open)
      || (stays_draining && (DOUBLE_BUFFERED != 0 ? is_last && job_flags[OUTPUT] : is_first));
  assign issue = waiting != 0 && !is_blocked && in1_tvalid && in2_tvalid;
  assign in1_tready = issue;
  assign in2_tready = issue;

  assign open = issue && is_first;
  assign advance = issue && is_last;
  assign slot_now = is_first ? open_slot : slot;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      step <= '0;
      slot <= '0;
      draining <= 1'b0;
      drain_ready <= 1'b0;
      drain_slot <= '0;
      rows_left <= '0;
    end else begin
      if (issue) begin
        step <= is_last ? '0 : step + 1;
        slot <= slot_now;
      end
      draining <= stays_draining;
      drain_ready <= (drain_ready && stays_draining) || output_computed;
      if (row_leaves) rows_left <= rows_left - 1;
      if (advance && job_flags[OUTPUT]) begin
        draining <= 1'b1;
        drain_slot <= slot_now;
        rows_left <= job_rows;
      end
    end
  end

  // Operands, and the skew. Those of A have two flags: the sum starts from zero, the sum goes to
  // the drain.
  logic [ROWS-1:0] a_entering, a_valid, a_clears, a_captures;
  logic [COLUMNS-1:0] b_entering, b_valid;
  logic [OPERAND_BITS+1:0] a_data[ROWS];
  logic [OPERAND_BITS+1:0] a_skewed[ROWS];
  logic [OPERAND_BITS-1:0] a_in[ROWS];
  logic [OPERAND_BITS-1:0] b_data[COLUMNS];
  logic [OPERAND_BITS-1:0] b_in[COLUMNS];
  /* verilator lint_off UNUSEDSIGNAL */
  // A port may be wider than the array.
  logic [8*IN1_BYTES-1:0] in1_kept;
  logic [8*IN2_BYTES-1:0] in2_kept;
  /* verilator lint_on UNUSEDSIGNAL */

  always_comb begin
    for (int index = 0; index < IN1_BYTES; index++) begin
      in1_kept[8*index+:8] = in1_tkeep[index] ? in1_tdata[8*index+:8] : '0;
    end
    for (int row = 0; row < ROWS; row++) begin
      a_entering[row] = issue && row < job_rows;
      a_data[row] = {
        advance && job_flags[OUTPUT], is_first && !job_flags[ACCUMULATE],
        in1_kept[row*OPERAND_BITS+:OPERAND_BITS]
      };
      {a_captures[row], a_clears[row], a_in[row]} = a_skewed[row];
    end
  end

  always_comb begin
    for (int index = 0; index < IN2_BYTES; index++) begin
      in2_kept[8*index+:8] = in2_tkeep[index] ? in2_tdata[8*index+:8] : '0;
    end
    for (int column = 0; column < COLUMNS; column++) begin
      b_entering[column] = issue && column < job_columns;
      b_data[column] = in2_kept[column*OPERAND_BITS+:OPERAND_BITS];
    end
  end

  skew_triangle #(
      .LANES(ROWS),
      .WIDTH(OPERAND_BITS + 2)
  ) row_skew (
      .clk, .rst_n, .in_valid(a_entering), .in_data(a_data), .out_valid(a_valid),
      .out_data(a_skewed), .writes(skew_writes_1)
  );

  skew_triangle #(
      .LANES(COLUMNS),
      .WIDTH(OPERAND_BITS)
  ) column_skew (
      .clk, .rst_n, .in_valid(b_entering), .in_data(b_data), .out_valid(b_valid), .out_data(b_in),
      .writes(skew_writes_2)
  );

  logic [ACC_BITS-1:0] drain_row[COLUMNS];

  os_grid #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .OPERAND_BITS(OPERAND_BITS),
      .DOUBLE_BUFFERED(DOUBLE_BUFFERED)
  ) grid (
      .clk, .rst_n, .a_valid, .a_clears, .a_captures, .a_in, .b_valid, .b_in,
      .shift(row_leaves), .drain_rows(drain_rows[15:0]), .drain_columns(drain_columns[15:0]),
      .drain_row, .macs, .captures
  );

  // When jobs are computed: with output, in which case their rows can leave; without, which ends
  // them, by slot.
  logic [SLOTS-1:0] without_output;

  always_comb begin
    without_output = '0;
    if (advance && !job_flags[OUTPUT]) without_output[slot_now] = 1'b1;
  end

  wavefront_timer #(
      .STAGES(ROWS + COLUMNS - 1),
      .WIDTH(SLOTS + 1)
  ) timer (
      .clk, .rst_n, .entering({advance && job_flags[OUTPUT], without_output}),
      .delay(16'(job_rows + job_columns - 2)),
      .computed({output_computed, computed})
  );

  // The parameters of a row on its way out are those of its index, or of its columns.
  logic [31:0] biases[COLUMNS];
  logic [30:0] scales[COLUMNS];
  logic [5:0] shifts[COLUMNS];
  logic [7:0] row_index;
  logic ends;
  logic [SLOT_BITS-1:0] ended_slot;

  assign row_index = drain_rows[7:0] - rows_left[7:0];

  output_stage #(
      .COLUMNS(COLUMNS),
      .OPERAND_BITS(OPERAND_BITS),
      .OUT_BYTES(OUT_BYTES),
      .OUT_PORT_BYTES(OUT_PORT_BYTES),
      .SLOT_BITS(SLOT_BITS)
  ) out_stage (
      .clk, .rst_n, .can_take, .take(row_leaves), .accumulators(drain_row), .biases,
      .scales, .shifts,
      .count(drain_columns[15:0]), .adds_bias(drain_flags[BIAS]), .rectifies(drain_flags[RELU]),
      .requantises(drain_flags[REQUANTISE]), .has_scales(drain_flags[CHANNEL_SCALES]),
      .post(drain_post), .slot(drain_slot), .is_last(is_last_row), .ends_job(drain_last),
      .ends, .ended_slot,
      .out_tvalid, .out_tready, .out_tdata, .out_tkeep, .out_tlast
  );

  always_comb begin
    finish = computed;
    if (ends) finish[ended_slot] = 1'b1;
  end

  array_registers #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .OPERAND_BITS(OPERAND_BITS),
      .OUT_BYTES(OUT_BYTES),
      .WEIGHT_STATIONARY(0)
  ) registers (
      .clk, .rst_n,
      .reg_valid, .reg_write, .reg_offset, .reg_bytes, .reg_wdata, .reg_rdata, .reg_okay, .irq,
      .waiting, .current_shape({job_depth, job_columns, job_rows}), .current_flags(job_flags),
      .has_next, .next_shape, .next_flags, .advance, .open, .can_open, .open_slot, .finish,
      .ended(ev_jobs),
      .slot_a(drain_slot), .shape_a, .flags_a,
      .slot_b(drain_slot), .shape_b({drain_depth, drain_columns, drain_rows}),
      .flags_b(drain_flags), .post_b(drain_post), .last_b(drain_last),
      .bank(drain_flags[BIAS_BANK]), .bank_by_column(drain_flags[COLUMN_PARAMETERS]),
      .bank_index(row_index), .biases, .scales, .shifts
  );

  assign ev_macs = macs;
  assign ev_skew_writes = skew_writes_1 + skew_writes_2;
  assign ev_result_writes = captures + (row_leaves ? (rows_left - 1) * drain_columns : 0);

endmodule

`default_nettype wire

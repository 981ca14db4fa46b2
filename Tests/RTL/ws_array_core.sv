`default_nettype none

// Weight-stationary systolic array, integers: O = A · B with the rows of B in the array, one row
// of A per cycle.
//
// Handshakes are within the cycle: what is offered and ready has been taken at its end. Weights
// enter one row per cycle, into shadow registers, while the job before is still computing; the
// first vector takes them into use as its wavefront passes. Vector m enters in the cycle in which
// its beat is taken; element (k, c) works on it k + c cycles later, and its row is complete after
// ROWS + N − 1 cycles. In the cycle after that it goes to the accumulator buffer or, without
// accumulation, past it, to the output queue; from there, a cycle later at the earliest, to
// post-processing. The next load starts K − 1 cycles after the switch at the earliest. A job
// narrower than the one before waits until its rows cannot overtake; a vector with output waits
// until its row is sure to find room in the output queue. Tiles of a job (TILED) and passes over
// them (PASSES) are worked through like jobs of their own; see job_queue.
//
// Bytes of a beat that are not kept count as zeros. The ports may be wider than the array's own
// beats (IN1_BYTES, IN2_BYTES, OUT_PORT_BYTES): further lanes are ignored, or zero.
module ws_array_core #(
    parameter int ROWS = 8,
    parameter int COLUMNS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int OUT_BYTES = COLUMNS * OPERAND_BITS / 8,
    parameter int ACC_ROWS = 1024,
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

    // What happens in this cycle: multiply-accumulates, writes of skew registers, of de-skew
    // registers, of shadow and active weights, of partial sums, jobs that end.
    output logic [31:0]                      ev_macs,
    output logic [31:0]                      ev_skew_writes,
    output logic [31:0]                      ev_result_writes,
    output logic [31:0]                      ev_weight_writes,
    output logic [31:0]                      ev_partial_sum_writes,
    output logic [31:0]                      ev_jobs
);

  localparam int ACC_BITS = 4 * OPERAND_BITS;
  localparam int SLOTS = ROWS + COLUMNS + 4;
  localparam int SLOT_BITS = $clog2(SLOTS);
  localparam int ROW_BITS = $clog2(ROWS + 1);
  localparam int WEIGHT_BITS = 2 * ROW_BITS + OPERAND_BITS;
  // Enough for all rows inside an array that does not stall.
  localparam int QUEUE_ROWS = SLOTS;
  localparam int QUEUE_BITS = $clog2(QUEUE_ROWS + 1);
  localparam int INDEX_BITS = ACC_ROWS > 1 ? $clog2(ACC_ROWS) : 1;
  // Counts the cycles to the completion of the latest row.
  localparam int DUE_BITS = $clog2(ROWS + COLUMNS);

  // FLAGS of a job.
  localparam int ACCUMULATE = 0, OUTPUT = 1, BIAS = 2, RELU = 3, REQUANTISE = 4, BIAS_BANK = 5,
      REUSE_WEIGHTS = 6, CHANNEL_SCALES = 9;

  // The part of a job whose vectors are taken, the one behind it, the one whose row leaves the
  // array and the one whose row leaves the output queue.
  logic [1:0] waiting;
  logic [31:0] job_rows, job_columns, job_depth, next_columns, next_depth, leaving_rows;
  logic [9:0] job_flags;
  logic advance, open, can_open, has_next, sent_last;
  logic [SLOTS-1:0] finish;
  logic [132:0] sent_post;
  /* verilator lint_off UNUSEDSIGNAL */
  logic [SLOT_BITS-1:0] open_slot;
  // Parts of jobs that nobody asks for, upper halves of what is small once the job was accepted,
  // and TLAST.
  logic [9:0] next_flags, leaving_flags, sent_flags;
  logic [31:0] next_rows, leaving_columns, leaving_depth, sent_rows, sent_columns, sent_depth;
  logic unused_last;
  /* verilator lint_on UNUSEDSIGNAL */

  assign unused_last = in1_tlast ^ in2_tlast;

  // Rows from the output queue to post-processing.
  logic can_take, is_waiting, pop, row_last, ends;
  logic [SLOT_BITS-1:0] row_slot, ended_slot;
  logic [QUEUE_BITS-1:0] outputs_open, outputs_kept;

  assign pop = is_waiting && can_take;

  // `outputs_open` rows with output have been issued and have not left the queue.
  assign outputs_kept = outputs_open - QUEUE_BITS'(pop);

  // Issue: the next vector of the current job. The first one needs the job's weights.
  logic [31:0] vector;
  logic [DUE_BITS-1:0] due;
  logic weights_loaded, is_first, is_last, overtakes, is_blocked, issue, switches;

  assign is_first = vector == 0;
  assign is_last = vector + 1 == job_rows;
  assign overtakes = ROWS + job_columns - 1 <= 32'(due);
  assign is_blocked = (is_first
          && ((!job_flags[REUSE_WEIGHTS] && !weights_loaded) || overtakes || !can_open))
      || (job_flags[OUTPUT] && outputs_kept == QUEUE_BITS'(QUEUE_ROWS));
  assign issue = waiting != 0 && !is_blocked && in1_tvalid;
  assign in1_tready = issue;
  assign open = issue && is_first;
  assign advance = issue && is_last;
  assign switches = open && !job_flags[REUSE_WEIGHTS];

  // Loading: the weights of the current job, or of the next one once the current one's are in use.
  // The switch passes row r in column c after r + c cycles; a load, skewed alike, comes bottom row
  // first, and so may start when the switch is in the last used row.
  logic [ROW_BITS-1:0] weight_beats, beat, free_in, free_in_now, load_depth;
  logic loads_next, can_load, load, has_loaded;
  logic [31:0] load_columns;

  assign loads_next = issue || vector != 0 || job_flags[REUSE_WEIGHTS];
  assign can_load = waiting != 0
      && (!loads_next || (has_next && !next_flags[REUSE_WEIGHTS]));
  assign load_columns = loads_next ? next_columns : job_columns;
  assign load_depth = ROW_BITS'(loads_next ? next_depth : job_depth);
  assign has_loaded = weights_loaded && !switches;
  assign free_in_now = switches ? ROW_BITS'(job_depth - 1) : free_in;
  assign beat = switches ? '0 : weight_beats;
  assign load = can_load && !has_loaded && free_in_now == 0 && in2_tvalid;
  assign in2_tready = load;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      outputs_open <= '0;
      vector <= '0;
      due <= '0;
      weights_loaded <= 1'b0;
      weight_beats <= '0;
      free_in <= '0;
    end else begin
      outputs_open <= outputs_kept + QUEUE_BITS'(issue && job_flags[OUTPUT]);
      if (issue) vector <= is_last ? '0 : vector + 1;
      if (issue) due <= DUE_BITS'(ROWS + job_columns - 2);
      else if (due != 0) due <= due - 1'b1;
      weights_loaded <= has_loaded || (load && beat + 1'b1 == load_depth);
      weight_beats <= beat + ROW_BITS'(load);
      free_in <= free_in_now == 0 ? '0 : free_in_now - 1'b1;
    end
  end

  // What enters, and the skew: operands, of which the first vector's switch; which columns a
  // vector uses, and the last one of them; weights, with their beat and K.
  logic [ROWS-1:0] operand_entering, operand_valid, operand_switches;
  logic [COLUMNS-1:0] top_entering, top_valid, top_edge, weight_entering, weight_valid;
  logic [OPERAND_BITS:0] operand_data[ROWS];
  logic [OPERAND_BITS:0] operand_skewed[ROWS];
  logic [OPERAND_BITS-1:0] operand_in[ROWS];
  logic top_data[COLUMNS];
  logic top_skewed[COLUMNS];
  logic [WEIGHT_BITS-1:0] weight_data[COLUMNS];
  logic [WEIGHT_BITS-1:0] weight_skewed[COLUMNS];
  logic [OPERAND_BITS-1:0] weight_in[COLUMNS];
  logic [ROW_BITS-1:0] weight_beat[COLUMNS];
  logic [ROW_BITS-1:0] weight_depth[COLUMNS];
  logic [31:0] operand_skew_writes, weight_skew_writes;
  /* verilator lint_off UNUSEDSIGNAL */
  // A port may be wider than the array; marks of columns are not counted.
  logic [8*IN1_BYTES-1:0] in1_kept;
  logic [8*IN2_BYTES-1:0] in2_kept;
  logic [31:0] top_skew_writes;
  /* verilator lint_on UNUSEDSIGNAL */

  always_comb begin
    for (int index = 0; index < IN1_BYTES; index++) begin
      in1_kept[8*index+:8] = in1_tkeep[index] ? in1_tdata[8*index+:8] : '0;
    end
    for (int row = 0; row < ROWS; row++) begin
      operand_entering[row] = issue && row < job_depth;
      operand_data[row] = {switches, in1_kept[row*OPERAND_BITS+:OPERAND_BITS]};
      {operand_switches[row], operand_in[row]} = operand_skewed[row];
    end
    for (int column = 0; column < COLUMNS; column++) begin
      top_entering[column] = issue && column < job_columns;
      top_data[column] = column + 1 == job_columns;
      top_edge[column] = top_valid[column] && top_skewed[column];
    end
  end

  always_comb begin
    for (int index = 0; index < IN2_BYTES; index++) begin
      in2_kept[8*index+:8] = in2_tkeep[index] ? in2_tdata[8*index+:8] : '0;
    end
    for (int column = 0; column < COLUMNS; column++) begin
      weight_entering[column] = load && column < load_columns;
      weight_data[column] = {load_depth, beat, in2_kept[column*OPERAND_BITS+:OPERAND_BITS]};
      {weight_depth[column], weight_beat[column], weight_in[column]} = weight_skewed[column];
    end
  end

  skew_triangle #(
      .LANES(ROWS),
      .WIDTH(OPERAND_BITS + 1)
  ) operand_skew (
      .clk, .rst_n, .in_valid(operand_entering), .in_data(operand_data),
      .out_valid(operand_valid), .out_data(operand_skewed), .writes(operand_skew_writes)
  );

  skew_triangle #(
      .LANES(COLUMNS),
      .WIDTH(1)
  ) top_skew (
      .clk, .rst_n, .in_valid(top_entering), .in_data(top_data), .out_valid(top_valid),
      .out_data(top_skewed), .writes(top_skew_writes)
  );

  skew_triangle #(
      .LANES(COLUMNS),
      .WIDTH(WEIGHT_BITS)
  ) weight_skew (
      .clk, .rst_n, .in_valid(weight_entering), .in_data(weight_data), .out_valid(weight_valid),
      .out_data(weight_skewed), .writes(weight_skew_writes)
  );

  logic [COLUMNS-1:0] bottom_valid, bottom_edge;
  logic [ACC_BITS-1:0] bottom_sum[COLUMNS];

  ws_grid #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .OPERAND_BITS(OPERAND_BITS)
  ) grid (
      .clk, .rst_n, .operand_valid, .operand_switches, .operand_in, .top_valid, .top_edge,
      .weight_valid, .weight_in, .weight_beat, .weight_depth,
      .bottom_valid, .bottom_edge, .bottom_sum,
      .macs(ev_macs), .weight_writes(ev_weight_writes), .sum_writes(ev_partial_sum_writes)
  );

  assign ev_skew_writes = operand_skew_writes + weight_skew_writes;

  // Rows that leave the array, in the order of their jobs.
  logic row_leaves, is_last_leaving;
  logic [ACC_BITS-1:0] leaving[COLUMNS];
  logic [SLOT_BITS-1:0] leaving_slot;
  logic [31:0] leaving_row;

  ws_deskew #(
      .COLUMNS(COLUMNS),
      .ACC_BITS(ACC_BITS)
  ) deskew (
      .clk, .rst_n, .bottom_valid, .bottom_edge, .bottom_sum, .is_complete(row_leaves),
      .row(leaving), .writes(ev_result_writes)
  );

  assign is_last_leaving = leaving_row + 1 == leaving_rows;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      leaving_slot <= '0;
      leaving_row <= '0;
    end else if (row_leaves) begin
      leaving_row <= is_last_leaving ? '0 : leaving_row + 1;
      if (is_last_leaving) begin
        leaving_slot <= leaving_slot == SLOT_BITS'(SLOTS - 1) ? '0 : leaving_slot + 1'b1;
      end
    end
  end

  logic [ACC_BITS-1:0] row[COLUMNS];
  logic [31:0] biases[COLUMNS];
  logic [30:0] scales[COLUMNS];
  logic [5:0] shifts[COLUMNS];

  accumulator_buffer #(
      .COLUMNS(COLUMNS),
      .ACC_BITS(ACC_BITS),
      .ACC_ROWS(ACC_ROWS),
      .QUEUE_ROWS(QUEUE_ROWS),
      .SLOT_BITS(SLOT_BITS)
  ) accumulators (
      .clk, .rst_n, .receive(row_leaves), .received(leaving), .index(leaving_row[INDEX_BITS-1:0]),
      .count(leaving_columns[15:0]), .accumulates(leaving_flags[ACCUMULATE]),
      .has_output(leaving_flags[OUTPUT]), .slot(leaving_slot), .is_last(is_last_leaving),
      .is_waiting, .row, .row_slot, .row_last, .pop
  );

  output_stage #(
      .COLUMNS(COLUMNS),
      .OPERAND_BITS(OPERAND_BITS),
      .OUT_BYTES(OUT_BYTES),
      .OUT_PORT_BYTES(OUT_PORT_BYTES),
      .SLOT_BITS(SLOT_BITS)
  ) out_stage (
      .clk, .rst_n, .can_take, .take(pop), .accumulators(row), .biases,
      .scales, .shifts,
      .count(sent_columns[15:0]), .adds_bias(sent_flags[BIAS]), .rectifies(sent_flags[RELU]),
      .requantises(sent_flags[REQUANTISE]), .has_scales(sent_flags[CHANNEL_SCALES]),
      .post(sent_post), .slot(row_slot), .is_last(row_last), .ends_job(sent_last),
      .ends, .ended_slot,
      .out_tvalid, .out_tready, .out_tdata, .out_tkeep, .out_tlast
  );

  always_comb begin
    finish = '0;
    if (ends) finish[ended_slot] = 1'b1;
    if (row_leaves && is_last_leaving && !leaving_flags[OUTPUT]) finish[leaving_slot] = 1'b1;
  end

  array_registers #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .OPERAND_BITS(OPERAND_BITS),
      .OUT_BYTES(OUT_BYTES),
      .ACC_ROWS(ACC_ROWS),
      .WEIGHT_STATIONARY(1)
  ) registers (
      .clk, .rst_n,
      .reg_valid, .reg_write, .reg_offset, .reg_bytes, .reg_wdata, .reg_rdata, .reg_okay, .irq,
      .waiting, .current_shape({job_depth, job_columns, job_rows}), .current_flags(job_flags),
      .has_next, .next_shape({next_depth, next_columns, next_rows}), .next_flags, .advance, .open,
      .can_open, .open_slot, .finish, .ended(ev_jobs),
      .slot_a(leaving_slot), .shape_a({leaving_depth, leaving_columns, leaving_rows}),
      .flags_a(leaving_flags),
      .slot_b(row_slot), .shape_b({sent_depth, sent_columns, sent_rows}), .flags_b(sent_flags),
      .post_b(sent_post), .last_b(sent_last),
      .bank(sent_flags[BIAS_BANK]), .bank_by_column(1'b1), .bank_index(8'd0), .biases, .scales,
      .shifts
  );

endmodule

`default_nettype wire

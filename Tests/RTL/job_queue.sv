`default_nettype none

// The jobs of an array from START to their end, and the parts they are worked through in.
//
// Two entries wait for or take operands. A job's parts are its tiles of TILE_ROWS rows (one tile of
// all rows without TILED), and within each tile its passes: the first pass does what the flags say,
// the others accumulate, only the last one has output. `advance` says that the current part takes
// its last operand; with that of its last part a job leaves its entry.
//
// With its first operand (`open`) a part also takes a slot of the completion queue, through which
// parts end in order: `finish` marks slots, and all parts up to the first unfinished one end in the
// cycle in which it has been marked. A job ends with its last part. `append` puts a job behind the
// waiting ones at the end of the cycle, after `advance`. A job is its shape {K, N, M}, its passes,
// its flags and its post-processing (a bundle that only post_processing takes apart); of a part, M
// is the number of its own rows.
module job_queue #(
    parameter int SLOTS = 8,
    parameter int SLOT_BITS = $clog2(SLOTS),
    parameter int TILE_ROWS = 8,
    parameter int POST_BITS = 133
) (
    input  wire logic                 clk,
    input  wire logic                 rst_n,

    input  wire logic                 append,
    input  wire logic [95:0]          append_shape,
    input  wire logic [31:0]          append_passes,
    input  wire logic [9:0]           append_flags,
    input  wire logic [POST_BITS-1:0] append_post,

    // The part whose operands are taken now, if a job is waiting, and the one behind it, of which
    // M and the flags of a later pass are not meant.
    output logic [1:0]                waiting,
    output logic [95:0]               current_shape,
    output logic [9:0]                current_flags,
    output logic                      has_next,
    output logic [95:0]               next_shape,
    output logic [9:0]                next_flags,
    input  wire logic                 advance,

    input  wire logic                 open,
    output logic                      can_open,
    output logic [SLOT_BITS-1:0]      open_slot,
    input  wire logic [SLOTS-1:0]     finish,
    output logic                      is_busy,
    // Jobs that end in this cycle, with their last parts.
    output logic [31:0]               ended,

    // Two looks at parts in flight; `last_b` of a job's last one.
    input  wire logic [SLOT_BITS-1:0] slot_a,
    output logic [95:0]               shape_a,
    output logic [9:0]                flags_a,
    input  wire logic [SLOT_BITS-1:0] slot_b,
    output logic [95:0]               shape_b,
    output logic [9:0]                flags_b,
    output logic [POST_BITS-1:0]      post_b,
    output logic                      last_b
);

  // FLAGS.
  localparam int ACCUMULATE = 0, OUTPUT = 1, TILED = 7;

  localparam int PART_BITS = 96 + 10 + POST_BITS;
  localparam int JOB_BITS = PART_BITS + 32;
  localparam int COUNT_BITS = $clog2(SLOTS + 1);

  logic [JOB_BITS-1:0] entries[2];
  logic first;
  logic [PART_BITS-1:0] parts[SLOTS];
  logic [SLOTS-1:0] finished, finished_next, lasts, lasts_next;
  logic [SLOT_BITS-1:0] head, head_next;
  logic [COUNT_BITS-1:0] in_flight, in_flight_next;
  logic [95:0] job_shape, behind_shape;
  logic [9:0] job_flags, behind_flags;
  logic [POST_BITS-1:0] job_post;
  logic [31:0] job_passes;
  /* verilator lint_off UNUSEDSIGNAL */
  // Post-processing is looked at once, by whoever sends the result.
  logic [POST_BITS-1:0] behind_post, post_a;
  logic [31:0] behind_passes;
  /* verilator lint_on UNUSEDSIGNAL */

  assign {job_passes, job_shape, job_flags, job_post} = entries[first];
  assign {behind_passes, behind_shape, behind_flags, behind_post} = entries[!first];
  assign {shape_a, flags_a, post_a} = parts[slot_a];
  assign {shape_b, flags_b, post_b} = parts[slot_b];
  assign last_b = lasts[slot_b];

  // The current part: its rows of the job from `row` on, pass `pass`.
  logic [31:0] row, pass, rows_left, part_rows;
  logic is_last_pass, is_last_part, leaves;

  assign rows_left = job_shape[31:0] - row;
  assign part_rows = job_flags[TILED] && rows_left > TILE_ROWS ? TILE_ROWS : rows_left;
  assign is_last_pass = pass + 1 == job_passes;
  assign is_last_part = is_last_pass && part_rows == rows_left;
  assign leaves = advance && is_last_part;
  assign current_shape = {job_shape[95:32], part_rows};

  always_comb begin
    current_flags = job_flags;
    if (pass != 0) current_flags[ACCUMULATE] = 1'b1;
    if (!is_last_pass) current_flags[OUTPUT] = 1'b0;
  end

  assign has_next = waiting == 2 || !is_last_part;
  assign next_shape = is_last_part ? behind_shape : job_shape;
  assign next_flags = is_last_part ? behind_flags : job_flags;

  assign can_open = in_flight != COUNT_BITS'(SLOTS);
  assign is_busy = waiting != 0 || in_flight != 0;

  always_comb begin
    logic [31:0] place;
    place = 32'(head) + 32'(in_flight);
    open_slot = SLOT_BITS'(place >= SLOTS ? place - SLOTS : place);
  end

  always_comb begin
    finished_next = finished;
    lasts_next = lasts;
    if (open) begin
      finished_next[open_slot] = 1'b0;
      lasts_next[open_slot] = is_last_part;
    end
    finished_next = finished_next | finish;
  end

  // Usually the oldest part has not finished, or it alone has: the loop ends at once.
  always_comb begin
    ended = 0;
    head_next = head;
    in_flight_next = in_flight + COUNT_BITS'(open);
    for (int index = 0; index < SLOTS; index++) begin
      if (in_flight_next == 0 || !finished_next[head_next]) break;
      ended = ended + 32'(lasts_next[head_next]);
      head_next = head_next == SLOT_BITS'(SLOTS - 1) ? '0 : head_next + 1'b1;
      in_flight_next = in_flight_next - 1'b1;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      entries <= '{default: '0};
      first <= 1'b0;
      waiting <= '0;
      row <= '0;
      pass <= '0;
      parts <= '{default: '0};
      finished <= '0;
      lasts <= '0;
      head <= '0;
      in_flight <= '0;
    end else begin
      if (append) begin
        // The place behind the waiting ones; a job that leaves changes both numbers alike.
        entries[first^waiting[0]] <= {append_passes, append_shape, append_flags, append_post};
      end
      first <= first ^ leaves;
      waiting <= waiting - {1'b0, leaves} + {1'b0, append};
      if (advance) begin
        pass <= is_last_pass ? '0 : pass + 1;
        if (is_last_pass) row <= is_last_part ? '0 : row + part_rows;
      end
      if (open) parts[open_slot] <= {current_shape, current_flags, job_post};
      finished <= finished_next;
      lasts <= lasts_next;
      head <= head_next;
      in_flight <= in_flight_next;
    end
  end

endmodule

`default_nettype wire

`default_nettype none

// The jobs of an array from START to their end.
//
// Two entries wait for or take operands; `advance` says that the current job takes its last one.
// With its first operand (`open`) it also takes a slot of the completion queue, through which jobs
// end in order: `finish` marks slots, and all jobs up to the first unfinished one end in the cycle
// in which it has been marked. `append` puts a job behind the waiting ones at the end of the cycle,
// after `advance`. A job is its shape {K, N, M}, its flags and its post-processing (a bundle that
// only post_processing takes apart).
module job_queue #(
    parameter int SLOTS = 8,
    parameter int SLOT_BITS = $clog2(SLOTS),
    parameter int POST_BITS = 133
) (
    input  wire logic                 clk,
    input  wire logic                 rst_n,

    input  wire logic                 append,
    input  wire logic [95:0]          append_shape,
    input  wire logic [6:0]           append_flags,
    input  wire logic [POST_BITS-1:0] append_post,

    // The job whose operands are taken now and the one behind it, with `waiting` of 1 and 2.
    output logic [1:0]                waiting,
    output logic [95:0]               current_shape,
    output logic [6:0]                current_flags,
    output logic [95:0]               next_shape,
    output logic [6:0]                next_flags,
    input  wire logic                 advance,

    input  wire logic                 open,
    output logic                      can_open,
    output logic [SLOT_BITS-1:0]      open_slot,
    input  wire logic [SLOTS-1:0]     finish,
    output logic                      is_busy,
    // Jobs that end in this cycle.
    output logic [31:0]               ended,

    // Two looks at jobs in flight.
    input  wire logic [SLOT_BITS-1:0] slot_a,
    output logic [95:0]               shape_a,
    output logic [6:0]                flags_a,
    input  wire logic [SLOT_BITS-1:0] slot_b,
    output logic [95:0]               shape_b,
    output logic [6:0]                flags_b,
    output logic [POST_BITS-1:0]      post_b
);

  localparam int JOB_BITS = 96 + 7 + POST_BITS;
  localparam int COUNT_BITS = $clog2(SLOTS + 1);

  logic [JOB_BITS-1:0] entries[2];
  logic first;
  logic [JOB_BITS-1:0] jobs[SLOTS];
  logic [SLOTS-1:0] finished, finished_next;
  logic [SLOT_BITS-1:0] head, head_next;
  logic [COUNT_BITS-1:0] in_flight, in_flight_next;
  logic [1:0] waiting_kept;
  /* verilator lint_off UNUSEDSIGNAL */
  // Post-processing is looked at once, by whoever sends the result.
  logic [POST_BITS-1:0] current_post, next_post, post_a;
  /* verilator lint_on UNUSEDSIGNAL */

  assign {current_shape, current_flags, current_post} = entries[first];
  assign {next_shape, next_flags, next_post} = entries[!first];
  assign {shape_a, flags_a, post_a} = jobs[slot_a];
  assign {shape_b, flags_b, post_b} = jobs[slot_b];

  assign can_open = in_flight != COUNT_BITS'(SLOTS);
  assign is_busy = waiting != 0 || in_flight != 0;
  assign waiting_kept = waiting - {1'b0, advance};

  always_comb begin
    logic [31:0] place;
    place = 32'(head) + 32'(in_flight);
    open_slot = SLOT_BITS'(place >= SLOTS ? place - SLOTS : place);
  end

  always_comb begin
    finished_next = finished;
    if (open) finished_next[open_slot] = 1'b0;
    finished_next = finished_next | finish;
  end

  // Usually the oldest job has not finished, or it alone has: the loop ends at once.
  always_comb begin
    ended = 0;
    head_next = head;
    in_flight_next = in_flight + COUNT_BITS'(open);
    for (int index = 0; index < SLOTS; index++) begin
      if (in_flight_next == 0 || !finished_next[head_next]) break;
      head_next = head_next == SLOT_BITS'(SLOTS - 1) ? '0 : head_next + 1'b1;
      in_flight_next = in_flight_next - 1'b1;
      ended = ended + 1;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      entries <= '{default: '0};
      first <= 1'b0;
      waiting <= '0;
      jobs <= '{default: '0};
      finished <= '0;
      head <= '0;
      in_flight <= '0;
    end else begin
      if (append) begin
        // The place behind the waiting ones; `advance` changes both numbers alike.
        entries[first^waiting[0]] <= {append_shape, append_flags, append_post};
      end
      first <= first ^ advance;
      waiting <= waiting_kept + {1'b0, append};
      if (open) jobs[open_slot] <= entries[first];
      finished <= finished_next;
      head <= head_next;
      in_flight <= in_flight_next;
    end
  end

endmodule

`default_nettype wire

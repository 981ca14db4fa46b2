// Unpacks stream-wide beats and writes their bytes to memory in a pattern's order.
//
// Per cycle: one burst request, one bus word sent, one beat taken. A burst is requested only when
// its first byte has arrived, so that an idle source does not hold the memory's write channel.
//
// A cycle in this order: `start_first` (work begins in this cycle), an answer, a request, a word,
// then `abort` or `start_last` (both for the next cycle). Without `work` nothing moves.
`include "dma_walk.sv"
`default_nettype none

module dma_writer
  import dma_pattern::*;
  import dma_walk::*;
#(
    parameter int unsigned PORT_BYTES = 16,
    parameter int unsigned BUS_BYTES = 16,
    parameter int unsigned MAXIMUM_BURST_BEATS = 16,
    parameter int unsigned OUTSTANDING = 4,
    localparam int unsigned COUNT_BITS = $clog2(PORT_BYTES + 1)
) (
    input  wire                     clk,
    input  wire                     rst_n,
    input  wire                     start_first,
    input  pattern_t                first_pattern,
    input  wire                     start_last,
    input  pattern_t                last_pattern,
    input  wire                     abort,
    input  wire  [1:0]              abort_error,
    input  wire                     work,
    // After this cycle's work.
    output logic                    finished,
    output logic [1:0]              error,
    // Beats: how many wait, the first and the second of them.
    input  wire  [2:0]              queue_count,
    input  wire  [8*PORT_BYTES-1:0] front_data,
    input  wire  [COUNT_BITS-1:0]   front_bytes,
    input  wire  [8*PORT_BYTES-1:0] second_data,
    input  wire  [COUNT_BITS-1:0]   second_bytes,
    output logic                    pop,
    // Bus.
    output logic                    aw_valid,
    input  wire                     aw_ready,
    output logic [63:0]             aw_addr,
    output logic [31:0]             aw_bytes,
    output logic [15:0]             aw_len,
    output logic                    w_valid,
    input  wire                     w_ready,
    output logic [8*BUS_BYTES-1:0]  w_data,
    output logic [BUS_BYTES-1:0]    w_strb,
    output logic                    w_last,
    input  wire                     b_valid,
    output logic                    b_ready,
    input  wire  [1:0]              b_resp,
    // Activity.
    output logic                    ev_requested,
    output logic                    ev_word,
    output logic [31:0]             ev_bytes
);

  localparam int unsigned WORD_BITS = $clog2(BUS_BYTES + 1);
  typedef logic [WORD_BITS-1:0] word_bytes_t;

  // ---- State (_q: now, _d: after this cycle's work) ---------------------------------------------

  pattern_t               pattern_q, pattern;
  walk_t              walk_q, walk_d, walk;
  // The segment being written; bytes of it whose bursts were requested, and bytes already sent.
  logic                   writing_q, writing_d;
  address_t               address_q, address_d;
  bytes_t                 bytes_q, bytes_d, requested_q, requested_d, sent_q, sent_d;
  // The current word and how many bytes of it are gathered; it keeps what it held before.
  logic [8*BUS_BYTES-1:0] word_q, word_d;
  word_bytes_t            gathered_q, gathered_d;
  // Bytes of the front beat already used.
  logic [COUNT_BITS-1:0]  used_q, used_d;
  logic [6:0]             bursts_q, bursts_d;
  logic                   aborted_q, aborted, finished_q, finished_before;
  logic [1:0]             error_q;

  logic answer;

  always_comb begin
    pattern = start_first ? first_pattern : pattern_q;
    walk = start_first ? first(first_pattern) : walk_q;
    finished_before = start_first ? is_empty(first_pattern) : finished_q;
    aborted = aborted_q && !start_first;
    b_ready = work && !finished_before;
    answer = b_ready && b_valid;
    // The first error counts; nothing more is requested then.
    error = start_first ? OKAY : error_q;
    if (answer && error == OKAY) error = b_resp;
  end

  // ---- The segment ------------------------------------------------------------------------------

  // Whether a segment is being written in this cycle, also one that begins now.
  logic writing, ends;

  always_comb begin : take_segment
    step_t step;
    step = '0;
    writing = 1'b0;
    ends = 1'b0;
    walk_d = walk;
    address_d = address_q;
    bytes_d = bytes_q;
    if (work && !finished_before) begin
      if (writing_q && !start_first) begin
        writing = 1'b1;
        // An error stops the transfer at a burst boundary.
        if (sent_q == requested_q && error != OKAY) walk_d = none();
      end else if (walk.finished) begin
        ends = bursts_q == 7'(answer);
      end else if (aborted) begin
        walk_d = none();
      end else if (queue_count != 0) begin
        writing = 1'b1;
        step = next_piece(pattern, walk, 0);
        walk_d = error != OKAY ? none() : step.walk;
        address_d = step.segment.address;
        bytes_d = segment_bytes(step.segment, pattern.element_log2);
      end
    end
    finished = finished_before || ends;
  end

  // ---- Request, gather, send --------------------------------------------------------------------

  always_comb begin : send
    logic                    sending, second;
    logic [63:0]             burst;
    address_t                from;
    logic [31:0]             lane, wanted, room;
    logic [COUNT_BITS-1:0]   beat_bytes, beat_left;
    logic [8*PORT_BYTES-1:0] beat_data;
    word_bytes_t             bytes;

    requested_d = requested_q;
    sent_d = sent_q;
    gathered_d = gathered_q;
    if (!(writing_q && !start_first) && writing) begin
      requested_d = '0;
      sent_d = '0;
      gathered_d = '0;
    end
    used_d = start_first ? '0 : used_q;
    word_d = word_q;
    bursts_d = bursts_q - 7'(answer);
    writing_d = writing;
    pop = 1'b0;

    // A burst is requested when its first byte has arrived.
    from = address_d + 64'(sent_d);
    burst = burst_bytes(from, address_d + 64'(bytes_d), 64'(BUS_BYTES),
                        64'(MAXIMUM_BURST_BEATS * BUS_BYTES));
    aw_valid = 1'b0;
    aw_addr = from;
    aw_bytes = burst[31:0];
    aw_len = burst_beats(from, burst, 64'(BUS_BYTES)) - 16'd1;
    sending = writing;
    if (writing && sent_d == requested_d) begin
      if (error != OKAY) begin
        sending = 1'b0;
        writing_d = 1'b0;
      end else begin
        aw_valid = queue_count != 0 && 32'(bursts_d) < OUTSTANDING;
        sending = aw_valid && aw_ready;
        if (sending) begin
          bursts_d += 7'd1;
          requested_d += burst[35:0];
        end
      end
    end
    ev_requested = aw_valid && aw_ready;

    // Fill the current word from the front beat and, when that is used up, from the one behind.
    lane = 32'(from & (64'(BUS_BYTES) - 64'd1));
    wanted = BUS_BYTES - lane;
    if (requested_d - sent_d < 36'(wanted)) wanted = 32'(requested_d - sent_d);
    {second, room, beat_bytes, beat_left, beat_data, bytes} = '0;
    if (sending) begin
      for (int unsigned i = 0; i < 2; i++) begin
        if (32'(gathered_d) >= wanted || queue_count <= 3'(pop)) break;
        second = pop;
        beat_data = second ? second_data : front_data;
        beat_bytes = second ? second_bytes : front_bytes;
        beat_left = beat_bytes - used_d;
        room = wanted - 32'(gathered_d);
        bytes = word_bytes_t'(32'(beat_left) < room ? 32'(beat_left) : room);
        for (int unsigned j = 0; j < BUS_BYTES; j++) begin
          if (j >= 32'(bytes)) break;
          word_d[8*(lane+32'(gathered_d)+j)+:8] = beat_data[8*(32'(used_d)+j)+:8];
        end
        gathered_d += bytes;
        used_d += COUNT_BITS'(bytes);
        // One beat leaves per cycle: a second one that is used up, too, leaves in the next.
        if (used_d == beat_bytes && !second) begin
          pop = 1'b1;
          used_d = '0;
        end
      end
    end
    // After a failure of the source a burst already requested is completed with what is there.
    if (sending && aborted) gathered_d = word_bytes_t'(wanted);
    w_valid = sending && 32'(gathered_d) == wanted;
    w_data = word_d;
    w_strb = ~({BUS_BYTES{1'b1}} << wanted) << lane;
    w_last = sent_d + 36'(wanted) == requested_d;
    ev_word = w_valid && w_ready;
    ev_bytes = ev_word ? wanted : '0;
    if (ev_word) begin
      sent_d += 36'(wanted);
      gathered_d = '0;
      if (sent_d == bytes_d) writing_d = 1'b0;
    end

    // What is left of the last beat belongs to nobody.
    if (ends && used_d != 0) begin
      pop = 1'b1;
      used_d = '0;
    end
  end

  // ---- Registers --------------------------------------------------------------------------------

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      pattern_q <= '0;
      walk_q <= none();
      {writing_q, address_q, bytes_q, requested_q, sent_q} <= '0;
      {word_q, gathered_q, used_q, bursts_q, aborted_q, error_q} <= '0;
      finished_q <= 1'b1;
    end else begin
      pattern_q <= start_last ? last_pattern : pattern;
      walk_q <= start_last ? first(last_pattern) : walk_d;
      finished_q <= start_last ? is_empty(last_pattern) : finished;
      error_q <= error;
      if (abort && error == OKAY) error_q <= abort_error;
      if (start_last) error_q <= OKAY;
      aborted_q <= (aborted || abort) && !start_last;
      used_q <= start_last ? '0 : used_d;
      bursts_q <= bursts_d;
      address_q <= address_d;
      bytes_q <= bytes_d;
      requested_q <= requested_d;
      sent_q <= sent_d;
      word_q <= word_d;
      gathered_q <= gathered_d;
      // Without work a segment stays as it is.
      if (work) writing_q <= writing_d;
      if (start_last) writing_q <= 1'b0;
    end
  end

endmodule

`default_nettype wire

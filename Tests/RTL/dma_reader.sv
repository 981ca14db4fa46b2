// Reads a pattern from memory and packs its bytes densely into stream-wide beats.
//
// Per cycle: one burst request, one bus word received, one bus word taken apart, one beat
// completed. Padding costs no access. Room for all words of a burst is reserved before it is
// requested, so a stalled stream never leaves data standing in the memory's way. In a turned
// transfer the pieces pass the turn buffer on their way to the queue.
//
// A cycle in this order: `start_first` (work begins in this cycle), `stop`, packing, receiving,
// requesting, `start_last` (work begins in the next cycle). Without `work` nothing moves.
`include "dma_walk.sv"
`default_nettype none

module dma_reader
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
    input  wire                     stop,
    input  wire                     work,
    // Whether the transfer is over before this cycle's work (`start_first` included) and after it.
    output logic                    finished_before,
    output logic                    finished,
    output logic [1:0]              error,
    // Completed beats.
    input  wire                     queue_full,
    output logic                    push,
    output logic [8*PORT_BYTES-1:0] push_data,
    output logic [COUNT_BITS-1:0]   push_bytes,
    output logic                    push_last,
    // Bus.
    output logic                    ar_valid,
    input  wire                     ar_ready,
    output logic [63:0]             ar_addr,
    output logic [31:0]             ar_bytes,
    output logic [15:0]             ar_len,
    input  wire                     r_valid,
    output logic                    r_ready,
    input  wire  [8*BUS_BYTES-1:0]  r_data,
    input  wire  [1:0]              r_resp,
    input  wire                     r_last,
    // Activity.
    output logic                    ev_requested,
    output logic                    ev_word,
    output logic [31:0]             ev_padding_bytes,
    output logic                    ev_turned_piece
);

  localparam int unsigned SEGMENTS = 32;
  localparam int unsigned WORDS_HELD = MAXIMUM_BURST_BEATS > 16 ? 2 * MAXIMUM_BURST_BEATS : 32;
  localparam int unsigned WORD_INDEX_BITS = $clog2(WORDS_HELD);
  localparam int unsigned WORD_COUNT_BITS = $clog2(WORDS_HELD + 1);
  // Every step of the packing loop but two ends a segment of at least a byte, and a cycle packs
  // less than two beats.
  localparam int unsigned STEPS = 2 * PORT_BYTES + 4 < 36 ? 2 * PORT_BYTES + 4 : 36;
  localparam int unsigned GATHER = PORT_BYTES < BUS_BYTES ? PORT_BYTES : BUS_BYTES;

  localparam address_t LANE_MASK = 64'(BUS_BYTES) - 64'd1;

  typedef logic [WORD_INDEX_BITS-1:0] word_index_t;
  typedef logic [WORD_COUNT_BITS-1:0] word_count_t;

  function automatic word_index_t next_word(word_index_t index);
    return index == word_index_t'(WORDS_HELD - 1) ? '0 : index + 1'b1;
  endfunction

  function automatic address_t word_of(address_t address);
    return address & ~LANE_MASK;
  endfunction

  function automatic int unsigned lane_of(address_t address);
    return 32'(address & LANE_MASK);
  endfunction

  // ---- State (_q: now, _d: after this cycle's work) ---------------------------------------------

  pattern_t                pattern_q;
  walk_t               walk_q, walk_d;
  segment_t                segments_q[SEGMENTS], segments_d[SEGMENTS];
  logic [4:0]              segment_head_q, segment_head_d;
  logic [5:0]              segment_count_q, segment_count_d;
  // The piece whose requests are being sent: how far they got, and its end.
  logic                    requesting_q, requesting_d;
  address_t                requested_to_q, requested_to_d;
  address_t                request_end_q, request_end_d;
  logic [6:0]              bursts_q, bursts_d;
  // Words received and not used up; how many are reserved for bursts and words together.
  logic [8*BUS_BYTES-1:0]  word_data_q[WORDS_HELD];
  logic [1:0]              word_resp_q[WORDS_HELD];
  word_index_t             word_head_q, word_head_d, word_tail_q, word_tail_d;
  word_count_t             word_count_q, word_count_d, reserved_q, reserved_d;
  // Payload bytes of the front segment already packed, and the beat being filled.
  bytes_t                  taken_q, taken_d;
  logic [8*PORT_BYTES-1:0] assembly_q, assembly_d;
  logic [COUNT_BITS-1:0]   filled_q, filled_d;
  logic                    aborting_q, aborting_d, finished_q;
  // Whether all pieces of the pattern are in the turn buffer or gone.
  logic                    packed_q;
  logic [1:0]              error_q;

  // ---- A transfer that begins in this cycle -----------------------------------------------------

  pattern_t  pattern;
  walk_t walk;
  logic      aborting, was_requesting;
  logic      packing, dropping;

  assign finished_before = start_first ? is_empty(first_pattern) : finished_q;

  always_comb begin
    pattern = start_first ? first_pattern : pattern_q;
    walk = start_first ? first(first_pattern) : walk_q;
    was_requesting = requesting_q && !start_first;
    aborting = (aborting_q && !start_first) || (stop && !finished_before);
    dropping = work && !finished_before && aborting;
    packing = work && !finished_before && !aborting;
  end

  // ---- The turn buffer --------------------------------------------------------------------------

  logic                    turning, turn_full, turn_drained, turn_push, turn_last;
  logic [8*PORT_BYTES-1:0] turn_data;
  logic [COUNT_BITS-1:0]   turn_bytes;
  logic                    beat_valid, beat_last, beat_ends_group;
  logic [8*PORT_BYTES-1:0] beat_data;
  logic [COUNT_BITS-1:0]   beat_bytes;

  // Nothing is in it in the cycle in which a transfer begins.
  assign turning = pattern_q.turns && !start_first;

  dma_turn #(.PORT_BYTES(PORT_BYTES)) turn (
      .clk, .rst_n, .clear(start_first || start_last), .element_log2(pattern_q.element_log2),
      .drain(packing && turning), .queue_full, .push(turn_push), .push_data(turn_data),
      .push_bytes(turn_bytes), .push_last(turn_last), .drained(turn_drained), .full(turn_full),
      .write(beat_valid && turning), .write_data(beat_data), .write_bytes(beat_bytes),
      .write_ends_group(beat_ends_group), .write_last(beat_last));

  always_comb begin
    push = turning ? turn_push : beat_valid;
    push_data = turning ? turn_data : beat_data;
    push_bytes = turning ? turn_bytes : beat_bytes;
    push_last = turning ? turn_last : beat_last;
    ev_turned_piece = beat_valid && turning;
  end

  // ---- Packing: until a beat is completed, the bus word is used up, or data is missing ----------

  logic [4:0]              pack_head;
  logic [5:0]              pack_count;
  bytes_t                  pack_taken;
  logic [8*PORT_BYTES-1:0] pack_assembly;
  logic [COUNT_BITS-1:0]   pack_filled;
  logic                    took_word, failed, packed_all;

  always_comb begin : pack
    logic                    stopped, completed, segment_done, row_done, transfer_done;
    segment_t                segment;
    bytes_t                  bytes, room;
    address_t                word_address, address;
    logic [8*BUS_BYTES-1:0]  word;

    pack_head = segment_head_q;
    pack_count = segment_count_q;
    pack_taken = start_first ? '0 : taken_q;
    pack_assembly = assembly_q;
    pack_filled = start_first ? '0 : filled_q;
    took_word = 1'b0;
    failed = 1'b0;
    packed_all = 1'b0;
    beat_valid = 1'b0;
    beat_data = '0;
    beat_bytes = '0;
    beat_last = 1'b0;
    beat_ends_group = 1'b0;
    ev_padding_bytes = '0;

    stopped = !packing;
    completed = 1'b0;
    {segment_done, row_done, transfer_done} = '0;
    segment = '0;
    bytes = '0;
    room = '0;
    word_address = '0;
    address = '0;
    word = word_data_q[word_head_q];

    for (int unsigned step = 0; step < STEPS; step++) begin
      if (stopped || pack_count == 0) break;
      segment = segments_q[pack_head];
      bytes = segment_bytes(segment, pattern_q.unit_log2);
      if (segment.is_padding) begin
        room = 36'(PORT_BYTES) - 36'(pack_filled);
        if (bytes - pack_taken < room) room = bytes - pack_taken;
        for (int unsigned i = 0; i < PORT_BYTES; i++) begin
          if (i >= 32'(pack_filled) && i < 32'(pack_filled) + 32'(room)) begin
            pack_assembly[8*i+:8] = pattern_q.padding;
          end
        end
        pack_filled += room[COUNT_BITS-1:0];
        pack_taken += room;
        ev_padding_bytes += room[31:0];
      end else if (pack_taken < bytes && 32'(pack_filled) < PORT_BYTES) begin
        if (took_word || word_count_q == 0) break;
        if (word_resp_q[word_head_q] != OKAY) begin
          failed = 1'b1;
          break;
        end
        // The bytes of the waiting word, as far as the beat has room.
        word_address = word_of(byte_address(segment, pattern_q.unit_log2, pack_taken));
        for (int unsigned i = 0; i < GATHER; i++) begin
          address = byte_address(segment, pattern_q.unit_log2, pack_taken);
          if (pack_taken == bytes || 32'(pack_filled) == PORT_BYTES
              || word_of(address) != word_address) break;
          pack_assembly[8*pack_filled+:8] = word[8*lane_of(address)+:8];
          pack_filled += 1'b1;
          pack_taken += 36'd1;
        end
        // Used up when no byte of the segment that is still missing lies in it.
        address = byte_address(segment, pattern_q.unit_log2, pack_taken);
        took_word = pack_taken == bytes || word_of(address) != word_address;
      end
      segment_done = pack_taken == bytes;
      row_done = segment_done && segment.ends_row;
      transfer_done = segment_done && segment.ends_transfer;
      if (32'(pack_filled) == PORT_BYTES || (pack_filled != 0 && (transfer_done
          || (row_done && (pattern_q.align_rows || pattern_q.mark_rows))))) begin
        if (completed || (turning ? turn_full : queue_full)) break;
        beat_valid = 1'b1;
        beat_data = pack_assembly;
        beat_bytes = pack_filled;
        beat_last = transfer_done || (row_done && pattern_q.mark_rows);
        beat_ends_group = segment_done && segment.ends_group;
        pack_filled = '0;
        completed = 1'b1;
      end
      if (segment_done) begin
        pack_head += 5'd1;
        pack_count -= 6'd1;
        pack_taken = '0;
        if (transfer_done) begin
          packed_all = 1'b1;
          stopped = 1'b1;
        end
      end
    end
  end

  // ---- Receiving a word, or dropping it behind an error -----------------------------------------

  logic abort_now, drop, sent_all;

  always_comb begin
    // A failed transfer forgets what it holds; what is under way is still received and dropped.
    abort_now = failed || (stop && !finished_before && !(aborting_q && !start_first));
    drop = dropping || failed;
    r_ready = drop || (packing && !packed_all);
    ev_word = r_valid && r_ready;
    bursts_d = bursts_q - 7'(ev_word && r_last);
    // A turned transfer ends with the last beat that leaves the turn buffer.
    sent_all = turning ? packed_q && turn_push && turn_drained : packed_all;
    finished = finished_before || sent_all || (drop && bursts_d == 0);
    aborting_d = aborting || failed;
    error = start_first ? OKAY : error_q;
    if (abort_now) error = failed ? word_resp_q[word_head_q] : OKAY;

    word_head_d = took_word ? next_word(word_head_q) : word_head_q;
    word_tail_d = word_tail_q;
    word_count_d = word_count_q - word_count_t'(took_word);
    if (abort_now) begin
      word_tail_d = word_head_d;
      word_count_d = '0;
    end else if (ev_word && !drop) begin
      word_tail_d = next_word(word_tail_q);
      word_count_d = word_count_d + 1'b1;
    end
  end

  // ---- Requests ---------------------------------------------------------------------------------

  always_comb begin : request
    step_t       step;
    logic        active;
    logic [63:0] bytes;
    logic [15:0] beats;

    active = packing && !packed_all && !failed;
    step = '0;
    walk_d = walk;
    segments_d = segments_q;
    segment_head_d = pack_head;
    segment_count_d = pack_count;
    requesting_d = was_requesting;
    requested_to_d = requested_to_q;
    request_end_d = request_end_q;
    reserved_d = reserved_q - word_count_t'(took_word);
    if (abort_now) begin
      segment_head_d = '0;
      segment_count_d = '0;
      reserved_d = '0;
      requesting_d = 1'b0;
    end

    // The address generator passes over padding and stops at the next piece in memory.
    for (int unsigned i = 0; i < SEGMENTS; i++) begin
      if (!active || requesting_d || walk_d.finished || segment_count_d[5]) break;
      step = next_piece(pattern, walk_d, BUS_BYTES);
      walk_d = step.walk;
      segments_d[5'(segment_head_d+segment_count_d[4:0])] = step.segment;
      segment_count_d += 6'd1;
      if (!step.segment.is_padding) begin
        requesting_d = 1'b1;
        requested_to_d = step.segment.address;
        request_end_d = step.segment.address + segment_span(step.segment, pattern.unit_log2);
      end
    end

    bytes = burst_bytes(requested_to_d, request_end_d, 64'(BUS_BYTES),
                        64'(MAXIMUM_BURST_BEATS * BUS_BYTES));
    beats = burst_beats(requested_to_d, bytes, 64'(BUS_BYTES));
    ar_valid = active && requesting_d && 32'(bursts_d) < OUTSTANDING
        && 32'(reserved_d) + 32'(beats) <= WORDS_HELD;
    ar_addr = requested_to_d;
    ar_bytes = bytes[31:0];
    ar_len = beats - 16'd1;
    ev_requested = ar_valid && ar_ready;
    if (ev_requested) begin
      reserved_d = reserved_d + word_count_t'(beats);
      requested_to_d = requested_to_d + bytes;
      requesting_d = requested_to_d != request_end_d;
    end
    taken_d = pack_taken;
    filled_d = pack_filled;
    assembly_d = pack_assembly;
  end

  // ---- Registers --------------------------------------------------------------------------------

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      pattern_q <= '0;
      walk_q <= none();
      {segment_head_q, segment_count_q} <= '0;
      {requesting_q, requested_to_q, request_end_q, bursts_q} <= '0;
      {word_head_q, word_tail_q, word_count_q, reserved_q} <= '0;
      {taken_q, assembly_q, filled_q, aborting_q, error_q, packed_q} <= '0;
      finished_q <= 1'b1;
      segments_q <= '{default: '0};
      word_data_q <= '{default: '0};
      word_resp_q <= '{default: '0};
    end else begin
      pattern_q <= start_last ? last_pattern : pattern;
      walk_q <= start_last ? first(last_pattern) : walk_d;
      finished_q <= start_last ? is_empty(last_pattern) : finished;
      aborting_q <= aborting_d && !start_last;
      packed_q <= !start_first && !start_last && (packed_q || packed_all);
      error_q <= start_last ? OKAY : error;
      requesting_q <= requesting_d && !start_last;
      taken_q <= start_last ? '0 : taken_d;
      filled_q <= start_last ? '0 : filled_d;
      assembly_q <= assembly_d;
      segments_q <= segments_d;
      segment_head_q <= segment_head_d;
      segment_count_q <= segment_count_d;
      requested_to_q <= requested_to_d;
      request_end_q <= request_end_d;
      bursts_q <= bursts_d + 7'(ev_requested);
      reserved_q <= reserved_d;
      word_head_q <= word_head_d;
      word_tail_q <= word_tail_d;
      word_count_q <= word_count_d;
      if (ev_word && !drop) begin
        word_data_q[word_tail_q] <= r_data;
        word_resp_q[word_tail_q] <= r_resp;
      end
    end
  end

endmodule

`default_nettype wire

// One channel of a DMA: memory to stream, stream to memory, or memory to memory, with linked
// descriptors, a queue of two jobs and interrupts. Handshakes without FIFOs (see dma.sv).
//
// Timing: "ready" means taken in this cycle. A cycle in this order: the register access, a waiting
// job begins (its first work happens in the same cycle), data moves, a transfer or a descriptor
// ends, the interrupt level. Per cycle one burst request, one bus word and one stream beat.
// DIRECTION is 0 for memory to stream, 1 for stream to memory, 2 for memory to memory.
`include "dma_pattern.sv"
`default_nettype none

module dma_core
  import dma_pattern::*;
#(
    parameter int unsigned DIRECTION = 0,
    parameter int unsigned PORT_BYTES = 16,
    parameter int unsigned BUS_BYTES = 16,
    parameter int unsigned MAXIMUM_BURST_BEATS = 16,
    parameter int unsigned OUTSTANDING = 4
) (
    input  wire                     clk,
    input  wire                     rst_n,
    // Registers, answered in the same cycle.
    input  wire                     reg_valid,
    input  wire                     reg_write,
    input  wire  [15:0]             reg_offset,
    input  wire  [3:0]              reg_bytes,
    input  wire  [31:0]             reg_wdata,
    output logic [31:0]             reg_rdata,
    output logic                    reg_okay,
    output logic                    irq,
    // The stream that is written to memory.
    input  wire                     in_tvalid,
    output logic                    in_tready,
    input  wire  [8*PORT_BYTES-1:0] in_tdata,
    input  wire  [PORT_BYTES-1:0]   in_tkeep,
    input  wire                     in_tlast,
    // The stream that memory is read to.
    output logic                    out_tvalid,
    input  wire                     out_tready,
    output logic [8*PORT_BYTES-1:0] out_tdata,
    output logic [PORT_BYTES-1:0]   out_tkeep,
    output logic                    out_tlast,
    // Bus.
    output logic                    m_arvalid,
    input  wire                     m_arready,
    output logic [63:0]             m_araddr,
    output logic [31:0]             m_aruser,
    output logic [15:0]             m_arlen,
    output logic [15:0]             m_arid,
    output logic                    m_awvalid,
    input  wire                     m_awready,
    output logic [63:0]             m_awaddr,
    output logic [31:0]             m_awuser,
    output logic [15:0]             m_awlen,
    output logic [15:0]             m_awid,
    output logic                    m_wvalid,
    input  wire                     m_wready,
    output logic [8*BUS_BYTES-1:0]  m_wdata,
    output logic [BUS_BYTES-1:0]    m_wstrb,
    output logic                    m_wlast,
    input  wire                     m_rvalid,
    output logic                    m_rready,
    input  wire  [8*BUS_BYTES-1:0]  m_rdata,
    input  wire  [1:0]              m_rresp,
    input  wire                     m_rlast,
    input  wire                     m_bvalid,
    output logic                    m_bready,
    input  wire  [1:0]              m_bresp,
    // Activity in this cycle.
    output logic [31:0]             ev_bytes,
    output logic [31:0]             ev_bursts,
    output logic [31:0]             ev_bus_beats,
    output logic [31:0]             ev_words_read,
    output logic [31:0]             ev_stream_beats,
    output logic [31:0]             ev_beats_unpacked,
    output logic [31:0]             ev_padding_bytes,
    output logic [31:0]             ev_turned_pieces,
    output logic [31:0]             ev_descriptors,
    output logic [31:0]             ev_jobs,
    output logic [31:0]             ev_register_accesses
);

  localparam bit TO_STREAM = DIRECTION == 0;
  localparam bit FROM_STREAM = DIRECTION == 1;
  localparam bit COPY = DIRECTION == 2;

  localparam int unsigned COUNT_BITS = $clog2(PORT_BYTES + 1);
  // A linked descriptor in memory: the next pointer, then the words, padded to this size.
  localparam int unsigned LINKED_BYTES = 128;

  localparam logic [2:0] CODE_NONE = 3'd0;
  localparam logic [2:0] CODE_DECODE = 3'd1;
  localparam logic [2:0] CODE_TARGET = 3'd2;
  localparam logic [2:0] CODE_BAD_DESCRIPTOR = 3'd4;

  typedef enum logic [1:0] {IDLE, FETCHING, MOVING} phase_t;

  function automatic logic [2:0] code_of(logic [1:0] response);
    return response == DECODE_ERROR ? CODE_DECODE : response == OKAY ? CODE_NONE : CODE_TARGET;
  endfunction

  // What a descriptor's words start. `left` is what the stream has to deliver.
  typedef struct packed {
    logic     valid;
    pattern_t source;
    pattern_t destination;
    total_t   left;
  } transfer_t;

  function automatic transfer_t transfer(descriptor_t words);
    decoded_t  source, destination;
    transfer_t result;
    source = decode_source(words, TO_STREAM ? PORT_BYTES : 0);
    destination = decode_destination(words);
    result = '{valid: source.valid, source: source.pattern, destination: source.pattern,
               left: source.total};
    if (FROM_STREAM && source.pattern.is_image) result.valid = 1'b0;
    if (COPY) begin
      result.destination = destination.pattern;
      if (!destination.valid || destination.total != source.total) result.valid = 1'b0;
      // Rows mean nothing between two memories.
      result.source.align_rows = 1'b0;
      result.source.mark_rows = 1'b0;
    end
    return result;
  endfunction

  // ---- State ------------------------------------------------------------------------------------

  phase_t                      phase_q, phase_d;
  logic                        linked_q;
  logic [31:0]                 chain_q;
  logic [8*LINKED_BYTES-1:0]   fetched_q, fetched_d;
  logic [7:0]                  fetched_bytes_q, fetched_bytes_d;
  total_t                      left_q;

  // ---- Registers and the job that begins --------------------------------------------------------

  logic        job_valid, job_linked, job_taken;
  logic [31:0] job_chain;
  descriptor_t job_words;
  logic        complete;
  logic [2:0]  complete_code;

  dma_registers #(.PORT_BYTES(PORT_BYTES)) registers (
      .clk, .rst_n, .reg_valid, .reg_write, .reg_offset, .reg_bytes, .reg_wdata, .reg_rdata,
      .reg_okay, .busy(phase_q != IDLE), .job_valid, .job_linked, .job_chain, .job_words,
      .job_taken, .finish(complete), .finish_code(complete_code), .moved_bytes(ev_bytes), .irq);

  // What the cycle works on, with a job that begins in it.
  phase_t    phase;
  logic      linked;
  transfer_t begun;
  logic      begins_transfer, begins_fetch, begins_bad, begins_empty;

  always_comb begin
    job_taken = phase_q == IDLE && job_valid;
    begun = '0;
    if (job_taken && !job_linked) begun = transfer(job_words);
    begins_transfer = job_taken && !job_linked && begun.valid;
    begins_bad = job_taken && !job_linked && !begun.valid;
    begins_fetch = job_taken && job_linked && job_chain != 0;
    begins_empty = job_taken && job_linked && job_chain == 0;
    linked = job_taken ? job_linked : linked_q;
    phase = phase_q;
    if (begins_transfer) phase = MOVING;
    if (begins_fetch) phase = FETCHING;
  end

  // ---- The beats between the two sides ----------------------------------------------------------

  logic [2:0]              queue_count, queue_left;
  logic [8*PORT_BYTES-1:0] front_data, second_data, push_data, read_data;
  logic [COUNT_BITS-1:0]   front_bytes, second_bytes, push_bytes, read_bytes;
  logic                    front_last, push_last, read_last;
  logic                    pop_first, pop_last, push, read_push, queue_clear;

  dma_beat_queue #(.PORT_BYTES(PORT_BYTES)) queue (
      .clk, .rst_n, .pop_first, .push, .push_data, .push_bytes, .push_last, .pop_last,
      .clear(queue_clear), .count(queue_count), .front_data, .front_bytes, .front_last,
      .second_data, .second_bytes);

  // ---- The engines ------------------------------------------------------------------------------

  transfer_t  following;
  logic       reader_works, reader_stops, reader_finished_before, reader_finished;
  logic       reader_starts, writer_starts, fetch_starts;
  logic       reader_requested, reader_word, reader_turned;
  logic [1:0] reader_error;

  logic       writer_works, writer_finished, writer_aborts, writer_pop;
  logic       writer_requested, writer_word;
  logic [1:0] writer_error;
  logic [31:0] next_chain, written_bytes;

  dma_reader #(
      .PORT_BYTES(PORT_BYTES), .BUS_BYTES(BUS_BYTES), .MAXIMUM_BURST_BEATS(MAXIMUM_BURST_BEATS),
      .OUTSTANDING(OUTSTANDING)
  ) reader (
      .clk, .rst_n,
      .start_first(begins_fetch || (begins_transfer && !FROM_STREAM)),
      .first_pattern(begins_fetch ? plain(job_chain, LINKED_BYTES) : begun.source),
      .start_last(fetch_starts || (reader_starts && !FROM_STREAM)),
      .last_pattern(fetch_starts ? plain(next_chain, LINKED_BYTES) : following.source),
      .stop(reader_stops), .work(reader_works), .finished_before(reader_finished_before),
      .finished(reader_finished), .error(reader_error),
      .queue_full(queue_left[2]), .push(read_push), .push_data(read_data),
      .push_bytes(read_bytes), .push_last(read_last),
      .ar_valid(m_arvalid), .ar_ready(m_arready), .ar_addr(m_araddr), .ar_bytes(m_aruser),
      .ar_len(m_arlen), .r_valid(m_rvalid), .r_ready(m_rready), .r_data(m_rdata),
      .r_resp(m_rresp), .r_last(m_rlast),
      .ev_requested(reader_requested), .ev_word(reader_word), .ev_padding_bytes,
      .ev_turned_piece(reader_turned));

  if (TO_STREAM) begin : gen_no_writer
    // verilator lint_off UNUSEDSIGNAL
    logic unused;
    assign unused = &{writer_starts, writer_aborts, writer_works, m_awready, m_wready, m_bvalid,
                      m_bresp, second_data, second_bytes, begun.destination,
                      following.destination, begun.left, following.left};
    // verilator lint_on UNUSEDSIGNAL
    assign {writer_finished, writer_error, writer_pop, writer_requested, writer_word} = '0;
    assign written_bytes = '0;
    assign {m_awvalid, m_awaddr, m_awuser, m_awlen} = '0;
    assign {m_wvalid, m_wdata, m_wstrb, m_wlast, m_bready} = '0;
  end else begin : gen_writer
    dma_writer #(
        .PORT_BYTES(PORT_BYTES), .BUS_BYTES(BUS_BYTES),
        .MAXIMUM_BURST_BEATS(MAXIMUM_BURST_BEATS), .OUTSTANDING(OUTSTANDING)
    ) writer (
        .clk, .rst_n, .start_first(begins_transfer), .first_pattern(begun.destination),
        .start_last(writer_starts), .last_pattern(following.destination),
        .abort(writer_aborts), .abort_error(reader_error), .work(writer_works),
        .finished(writer_finished), .error(writer_error),
        .queue_count, .front_data, .front_bytes, .second_data, .second_bytes, .pop(writer_pop),
        .aw_valid(m_awvalid), .aw_ready(m_awready), .aw_addr(m_awaddr), .aw_bytes(m_awuser),
        .aw_len(m_awlen), .w_valid(m_wvalid), .w_ready(m_wready), .w_data(m_wdata),
        .w_strb(m_wstrb), .w_last(m_wlast), .b_valid(m_bvalid), .b_ready(m_bready),
        .b_resp(m_bresp),
        .ev_requested(writer_requested), .ev_word(writer_word), .ev_bytes(written_bytes));
  end

  assign m_arid = '0;
  assign m_awid = '0;

  // ---- Moving: beats leave the queue before new ones arrive -------------------------------------

  logic [COUNT_BITS-1:0] in_bytes;
  logic                  writer_ends;
  total_t                left;

  always_comb begin
    out_tvalid = TO_STREAM && phase == MOVING && queue_count != 0;
    out_tdata = front_data;
    out_tkeep = ~({PORT_BYTES{1'b1}} << front_bytes);
    out_tlast = front_last;
    pop_first = TO_STREAM ? out_tvalid && out_tready : writer_pop;
    queue_left = queue_count - 3'(pop_first);
  end

  assign writer_works = !TO_STREAM && phase == MOVING;

  always_comb begin
    // The writer is done: so is the transfer, unless words for a failed copy are still under way.
    writer_ends = writer_works && writer_finished && (FROM_STREAM || reader_finished_before);
    reader_stops = COPY && writer_works && writer_finished && !reader_finished_before
        && writer_error != OKAY;
    reader_works = phase == FETCHING
        || (phase == MOVING && !FROM_STREAM && !(COPY && writer_ends));
  end

  always_comb begin
    // Only as many beats as the transfer needs: others belong to the next one.
    left = begins_transfer ? begun.left : left_q;
    in_tready = FROM_STREAM && phase == MOVING && !queue_left[2] && !writer_finished
        && left != 0;
    in_bytes = COUNT_BITS'($countones(in_tkeep));
    push = read_push || (in_tvalid && in_tready);
    push_data = FROM_STREAM && !read_push ? in_tdata : read_data;
    push_bytes = FROM_STREAM && !read_push ? in_bytes : read_bytes;
    push_last = FROM_STREAM && !read_push ? in_tlast : read_last;
    if (in_tvalid && in_tready) left = left > 41'(in_bytes) ? left - 41'(in_bytes) : '0;
  end

  // ---- Fetching: beats pass through the queue within the cycle ----------------------------------

  logic fetched_all, fetched_good;

  always_comb begin
    pop_last = phase == FETCHING && read_push;
    fetched_d = fetched_q;
    fetched_bytes_d = begins_fetch ? '0 : fetched_bytes_q;
    if (pop_last) begin
      for (int unsigned i = 0; i < PORT_BYTES && i < LINKED_BYTES; i++) begin
        fetched_d[8*(fetched_bytes_d[6:0]+7'(i))+:8] = read_data[8*i+:8];
      end
      fetched_bytes_d += 8'(read_bytes);
    end
    fetched_all = phase == FETCHING && reader_finished;
    fetched_good = fetched_all && reader_error == OKAY;
    following = '0;
    if (fetched_good) following = transfer(fetched_d[32+:32*WORDS]);
    next_chain = fetched_good ? fetched_d[31:0] : job_taken ? job_chain : chain_q;
  end

  // ---- Ends -------------------------------------------------------------------------------------

  logic       ends;
  logic [1:0] end_response;

  always_comb begin
    ends = 1'b0;
    end_response = OKAY;
    if (TO_STREAM && phase == MOVING) begin
      ends = reader_finished
          && (queue_left + 3'(read_push) == 0 || reader_error != OKAY);
      end_response = reader_error;
    end else if (writer_ends) begin
      ends = 1'b1;
      end_response = FROM_STREAM || writer_error != OKAY ? writer_error : reader_error;
    end
    // What ends well is followed by the next descriptor, if there is one.
    fetch_starts = ends && end_response == OKAY && linked && next_chain != 0;
    reader_starts = fetched_good && following.valid;
    writer_starts = fetched_good && following.valid;
    // A source that fails takes its destination along.
    writer_aborts = COPY && phase == MOVING && reader_works && reader_finished
        && reader_error != OKAY && !writer_finished;

    complete = begins_bad || begins_empty || (ends && !fetch_starts)
        || (fetched_all && !(fetched_good && following.valid));
    complete_code = CODE_NONE;
    if (begins_bad || (fetched_good && !following.valid)) complete_code = CODE_BAD_DESCRIPTOR;
    else if (fetched_all) complete_code = code_of(reader_error);
    else if (ends) complete_code = code_of(end_response);
    queue_clear = complete || fetched_all || fetch_starts;
    phase_d = phase;
    if (complete) phase_d = IDLE;
    else if (fetch_starts) phase_d = FETCHING;
    else if (fetched_good) phase_d = MOVING;
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      phase_q <= IDLE;
      linked_q <= 1'b0;
      {chain_q, fetched_q, fetched_bytes_q, left_q} <= '0;
    end else begin
      phase_q <= phase_d;
      linked_q <= linked;
      chain_q <= next_chain;
      fetched_q <= fetched_d;
      fetched_bytes_q <= fetch_starts ? '0 : fetched_bytes_d;
      left_q <= fetched_good ? following.left : left;
    end
  end

  // ---- Activity ---------------------------------------------------------------------------------

  always_comb begin
    ev_bytes = written_bytes;
    if (out_tvalid && out_tready) ev_bytes = 32'(front_bytes);
    ev_bursts = 32'(reader_requested) + 32'(writer_requested);
    ev_bus_beats = 32'(reader_word) + 32'(writer_word);
    ev_words_read = 32'(reader_word);
    ev_stream_beats = 32'((out_tvalid && out_tready) || (in_tvalid && in_tready));
    ev_beats_unpacked = 32'(writer_pop);
    ev_turned_pieces = 32'(reader_turned);
    ev_descriptors = 32'(fetched_good);
    ev_jobs = 32'(complete && complete_code == CODE_NONE);
    ev_register_accesses = 32'(reg_valid);
  end

endmodule

`default_nettype wire

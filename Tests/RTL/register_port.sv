`default_nettype none

// The register side of a device: turns the five channels of a bus into single accesses.
//
// One access is served per cycle, a write before a read, each only when there is room for its
// answer; `reg_rdata` and `reg_okay` answer `reg_valid` within the cycle. Bursts and requests for
// more than 8 bytes are refused with SLVERR, two reads or two beats of a write per cycle, so that
// an access behind them is not delayed. Each channel has a queue of two places.
//
// Bytes of a read word that were not asked for are zero. An offset beyond 16 bits is given as
// 0xFFFF, which no device has as a register.
module register_port #(
    parameter int BUS_BYTES = 4,
    parameter logic [63:0] BASE = 64'd0
) (
    input  wire logic                   clk,
    input  wire logic                   rst_n,

    input  wire logic                   s_arvalid,
    output logic                        s_arready,
    input  wire logic [63:0]            s_araddr,
    input  wire logic [31:0]            s_aruser,
    input  wire logic [15:0]            s_arlen,
    input  wire logic [15:0]            s_arid,
    input  wire logic                   s_awvalid,
    output logic                        s_awready,
    input  wire logic [63:0]            s_awaddr,
    input  wire logic [31:0]            s_awuser,
    input  wire logic [15:0]            s_awlen,
    input  wire logic [15:0]            s_awid,
    input  wire logic                   s_wvalid,
    output logic                        s_wready,
    input  wire logic [8*BUS_BYTES-1:0] s_wdata,
    input  wire logic [BUS_BYTES-1:0]   s_wstrb,
    input  wire logic                   s_wlast,
    output logic                        s_rvalid,
    input  wire logic                   s_rready,
    output logic [8*BUS_BYTES-1:0]      s_rdata,
    output logic [1:0]                  s_rresp,
    output logic                        s_rlast,
    output logic [15:0]                 s_rid,
    output logic                        s_bvalid,
    input  wire logic                   s_bready,
    output logic [1:0]                  s_bresp,
    output logic [15:0]                 s_bid,

    output logic                        reg_valid,
    output logic                        reg_write,
    output logic [15:0]                 reg_offset,
    output logic [3:0]                  reg_bytes,
    output logic [31:0]                 reg_wdata,
    input  wire logic [31:0]            reg_rdata,
    input  wire logic                   reg_okay
);

  localparam int DATA_BITS = 8 * BUS_BYTES;
  localparam int LANE_BITS = $clog2(BUS_BYTES);
  localparam logic [1:0] OKAY = 2'd0;
  localparam logic [1:0] SLVERR = 2'd2;

  // A request as it waits: whether it must be refused, and what an access needs of it.
  localparam int REQUEST_BITS = 1 + 16 + 4 + LANE_BITS + 16;
  localparam int BEAT_BITS = DATA_BITS + BUS_BYTES + 1;
  localparam int READ_BITS = DATA_BITS + 2 + 16;
  localparam int ANSWER_BITS = 2 + 16;

  function automatic logic [REQUEST_BITS-1:0] request(
      input logic [63:0] address, input logic [31:0] bytes, input logic [15:0] length,
      input logic [15:0] id);
    logic [63:0] offset;
    offset = address - BASE;
    return {
      length != 0 || bytes > 8,
      offset[63:16] == 0 ? offset[15:0] : 16'hFFFF,
      bytes[3:0],
      address[LANE_BITS-1:0],
      id
    };
  endfunction

  // The queues. Of read requests and write beats both entries are looked at, and two read answers
  // may enter at once.
  logic [1:0] ar_count, ar_pops, w_count, w_pops, r_count, r_pushes;
  logic aw_valid, aw_pop, b_ready, b_push;
  logic [REQUEST_BITS-1:0] ar_front, ar_back, aw_front;
  logic [BEAT_BITS-1:0] w_front, w_back;
  logic [READ_BITS-1:0] r_first, r_second, r_front;
  logic [ANSWER_BITS-1:0] b_answer;
  /* verilator lint_off UNUSEDSIGNAL */
  // Only the front of the answers leaves.
  logic [READ_BITS-1:0] r_back;
  /* verilator lint_on UNUSEDSIGNAL */

  assign s_arready = ar_count != 2;
  assign s_wready = w_count != 2;
  assign s_rvalid = r_count != 0;
  assign {s_rdata, s_rresp, s_rid} = r_front;
  assign s_rlast = 1'b1;

  pair_fifo #(
      .WIDTH(REQUEST_BITS)
  ) read_requests (
      .clk, .rst_n,
      .push_count({1'b0, s_arvalid && s_arready}),
      .push_first(request(s_araddr, s_aruser, s_arlen, s_arid)), .push_second('0),
      .pop_count(ar_pops), .count(ar_count), .front(ar_front), .back(ar_back)
  );

  stream_fifo #(
      .WIDTH(REQUEST_BITS)
  ) write_requests (
      .clk, .rst_n,
      .in_valid(s_awvalid), .in_ready(s_awready),
      .in_data(request(s_awaddr, s_awuser, s_awlen, s_awid)),
      .out_valid(aw_valid), .out_ready(aw_pop), .out_data(aw_front)
  );

  pair_fifo #(
      .WIDTH(BEAT_BITS)
  ) write_beats (
      .clk, .rst_n,
      .push_count({1'b0, s_wvalid && s_wready}),
      .push_first({s_wdata, s_wstrb, s_wlast}), .push_second('0),
      .pop_count(w_pops), .count(w_count), .front(w_front), .back(w_back)
  );

  pair_fifo #(
      .WIDTH(READ_BITS)
  ) read_answers (
      .clk, .rst_n,
      .push_count(r_pushes), .push_first(r_first), .push_second(r_second),
      .pop_count({1'b0, s_rvalid && s_rready}), .count(r_count), .front(r_front), .back(r_back)
  );

  stream_fifo #(
      .WIDTH(ANSWER_BITS)
  ) write_answers (
      .clk, .rst_n,
      .in_valid(b_push), .in_ready(b_ready), .in_data(b_answer),
      .out_valid(s_bvalid), .out_ready(s_bready), .out_data({s_bresp, s_bid})
  );

  // What waits: reads, oldest first, the oldest write and its first beat.
  logic ar_bad[2], aw_bad, w_last[2];
  logic [15:0] ar_offset[2], ar_id[2], aw_offset, aw_id;
  logic [3:0] ar_bytes[2];
  logic [LANE_BITS-1:0] ar_lane[2];
  logic [DATA_BITS-1:0] w_data;
  logic [BUS_BYTES-1:0] w_strobe;
  /* verilator lint_off UNUSEDSIGNAL */
  // Where written bytes lie and how many they are is what the strobe says; a beat behind the first
  // one is looked at to be dropped.
  logic [3:0] aw_bytes;
  logic [LANE_BITS-1:0] aw_lane;
  logic [BEAT_BITS-2:0] w_second;
  /* verilator lint_on UNUSEDSIGNAL */

  assign {ar_bad[0], ar_offset[0], ar_bytes[0], ar_lane[0], ar_id[0]} = ar_front;
  assign {ar_bad[1], ar_offset[1], ar_bytes[1], ar_lane[1], ar_id[1]} = ar_back;
  assign {aw_bad, aw_offset, aw_bytes, aw_lane, aw_id} = aw_front;
  assign {w_data, w_strobe, w_last[0]} = w_front;
  assign {w_second, w_last[1]} = w_back;

  // Writes: a refused burst loses both beats that wait, and is answered with its last one. (Behind
  // its last beat never waits a beat of a request that waits too while there is room for two
  // answers: a beat is not left waiting unless its request, or room for the answer, is missing.)
  logic write_0, write_1, writes;

  assign write_0 = aw_valid && w_count != 0 && b_ready;
  assign write_1 = write_0 && aw_bad && !w_last[0] && w_count == 2;
  assign writes = write_0 && !aw_bad;
  assign w_pops = {1'b0, write_0} + {1'b0, write_1};
  assign aw_pop = writes || (write_0 && w_last[0]) || (write_1 && w_last[1]);
  assign b_push = aw_pop;

  // Reads, in a cycle without a write access: behind a refused one there is a second look.
  logic read_0, read_1, reads;

  assign read_0 = !writes && ar_count != 0 && r_count != 2;
  assign read_1 = read_0 && ar_bad[0] && ar_count == 2 && r_count == 0;
  assign reads = (read_0 && !ar_bad[0]) || (read_1 && !ar_bad[1]);
  assign ar_pops = {1'b0, read_0} + {1'b0, read_1};
  assign r_pushes = ar_pops;

  // The access.
  logic [3:0] write_bytes;
  logic [31:0] write_value;

  always_comb begin
    write_bytes = '0;
    write_value = '0;
    // A strobe of more than 15 bytes counts as 15: no register is that wide.
    for (int index = 0; index < BUS_BYTES; index++) begin
      if (w_strobe[index]) begin
        if (write_bytes < 4) write_value[8*write_bytes[1:0]+:8] = w_data[8*index+:8];
        if (write_bytes != 15) write_bytes = write_bytes + 1'b1;
      end
    end
  end

  assign reg_valid = writes || reads;
  assign reg_write = writes;
  assign reg_offset = writes ? aw_offset : ar_offset[read_1];
  assign reg_bytes = writes ? write_bytes : ar_bytes[read_1];
  assign reg_wdata = write_value;

  // The answers.
  logic [DATA_BITS-1:0] read_word;
  logic [1:0] access_response;

  assign access_response = reg_okay ? OKAY : SLVERR;
  assign b_answer = {aw_bad ? SLVERR : access_response, aw_id};

  always_comb begin
    read_word = '0;
    for (int index = 0; index < 4; index++) begin
      if (reg_okay && index < 32'(ar_bytes[read_1])) begin
        read_word[8*(32'(ar_lane[read_1])+index)+:8] = reg_rdata[8*index+:8];
      end
    end
  end

  assign r_first = {
    ar_bad[0] ? DATA_BITS'(0) : read_word, ar_bad[0] ? SLVERR : access_response, ar_id[0]
  };
  assign r_second = {
    ar_bad[1] ? DATA_BITS'(0) : read_word, ar_bad[1] ? SLVERR : access_response, ar_id[1]
  };

endmodule

`default_nettype wire

// Crossbar between INITIATORS and TARGETS over AXI4 channels, without the FIFOs at its ports.
//
// Read and write channels move independently. One grant per target, direction and cycle; write
// data follows in the order of the grants, so bursts of several initiators do not interleave. An
// initiator has at most OUTSTANDING bursts under way per direction, all at one target, so that
// responses come in order. An address without target, or a burst that leaves its window, is
// answered with DECERR: as many read beats as were asked for, or one write answer after swallowing
// the data.
//
// Timing: a beat at an input in cycle n is offered at the output in cycle n + LATENCY - 1. With
// LATENCY 1 the paths are combinational: `ready` means taken in this cycle, no `valid` depends on
// the `ready` of its own channel. What an ending response frees is granted in the same cycle.
//
// Port i of a vector lies in slice i. The IDs of requests are ignored: a target sees the number of
// the initiator's port, and so does the initiator in its responses (0 in those of refused bursts,
// whose data is 0). `ev_*` count what happens in a cycle.

`default_nettype none

module crossbar_core #(
  parameter int unsigned INITIATORS = 2,
  parameter int unsigned TARGETS = 2,
  parameter int unsigned BUS_BYTES = 4,
  parameter int unsigned LATENCY = 1,
  parameter int unsigned OUTSTANDING = 4,
  parameter int ROUND_ROBIN = 1,
  parameter int unsigned WINDOWS = 2,
  parameter logic [WINDOWS-1:0][63:0] WINDOW_BASE = {64'h1000, 64'h0},
  parameter logic [WINDOWS-1:0][63:0] WINDOW_LENGTH = {64'h1000, 64'h1000},
  parameter logic [WINDOWS-1:0][7:0] WINDOW_FIRST_TARGET = {8'd1, 8'd0},
  parameter logic [WINDOWS-1:0][7:0] WINDOW_TARGETS = {8'd1, 8'd1}
) (
  input  wire logic clk,
  input  wire logic rst_n,

  // The initiators' side.
  input  wire logic [INITIATORS-1:0] s_arvalid,
  output logic [INITIATORS-1:0] s_arready,
  input  wire logic [INITIATORS*64-1:0] s_araddr,
  input  wire logic [INITIATORS*32-1:0] s_aruser,
  input  wire logic [INITIATORS*16-1:0] s_arlen,
  input  wire logic [INITIATORS-1:0] s_awvalid,
  output logic [INITIATORS-1:0] s_awready,
  input  wire logic [INITIATORS*64-1:0] s_awaddr,
  input  wire logic [INITIATORS*32-1:0] s_awuser,
  input  wire logic [INITIATORS*16-1:0] s_awlen,
  input  wire logic [INITIATORS-1:0] s_wvalid,
  output logic [INITIATORS-1:0] s_wready,
  input  wire logic [INITIATORS*8*BUS_BYTES-1:0] s_wdata,
  input  wire logic [INITIATORS*BUS_BYTES-1:0] s_wstrb,
  input  wire logic [INITIATORS-1:0] s_wlast,
  output logic [INITIATORS-1:0] s_rvalid,
  input  wire logic [INITIATORS-1:0] s_rready,
  output logic [INITIATORS*8*BUS_BYTES-1:0] s_rdata,
  output logic [INITIATORS*2-1:0] s_rresp,
  output logic [INITIATORS-1:0] s_rlast,
  output logic [INITIATORS*16-1:0] s_rid,
  output logic [INITIATORS-1:0] s_bvalid,
  input  wire logic [INITIATORS-1:0] s_bready,
  output logic [INITIATORS*2-1:0] s_bresp,
  output logic [INITIATORS*16-1:0] s_bid,

  // The targets' side.
  output logic [TARGETS-1:0] m_arvalid,
  input  wire logic [TARGETS-1:0] m_arready,
  output logic [TARGETS*64-1:0] m_araddr,
  output logic [TARGETS*32-1:0] m_aruser,
  output logic [TARGETS*16-1:0] m_arlen,
  output logic [TARGETS*16-1:0] m_arid,
  output logic [TARGETS-1:0] m_awvalid,
  input  wire logic [TARGETS-1:0] m_awready,
  output logic [TARGETS*64-1:0] m_awaddr,
  output logic [TARGETS*32-1:0] m_awuser,
  output logic [TARGETS*16-1:0] m_awlen,
  output logic [TARGETS*16-1:0] m_awid,
  output logic [TARGETS-1:0] m_wvalid,
  input  wire logic [TARGETS-1:0] m_wready,
  output logic [TARGETS*8*BUS_BYTES-1:0] m_wdata,
  output logic [TARGETS*BUS_BYTES-1:0] m_wstrb,
  output logic [TARGETS-1:0] m_wlast,
  input  wire logic [TARGETS-1:0] m_rvalid,
  output logic [TARGETS-1:0] m_rready,
  input  wire logic [TARGETS*8*BUS_BYTES-1:0] m_rdata,
  input  wire logic [TARGETS*2-1:0] m_rresp,
  input  wire logic [TARGETS-1:0] m_rlast,
  input  wire logic [TARGETS*16-1:0] m_rid,
  input  wire logic [TARGETS-1:0] m_bvalid,
  output logic [TARGETS-1:0] m_bready,
  input  wire logic [TARGETS*2-1:0] m_bresp,
  input  wire logic [TARGETS*16-1:0] m_bid,

  output logic [31:0] ev_requests,
  output logic [31:0] ev_write_beats,
  output logic [31:0] ev_read_beats,
  output logic [31:0] ev_write_answers,
  output logic [31:0] ev_contested,
  output logic [31:0] ev_decode_errors
);
  localparam int unsigned SOURCE_BITS = INITIATORS > 1 ? $clog2(INITIATORS) : 1;
  localparam int unsigned DATA_BITS = 8 * BUS_BYTES;
  localparam int unsigned READ_BITS = DATA_BITS + 3;   // data, response, last
  localparam int unsigned WRITE_BITS = DATA_BITS + BUS_BYTES;  // data, strobe
  localparam logic [1:0] DECERR = 2'd3;

  // The paths up to their delay lines, named after the channels.
  logic [TARGETS-1:0] ar_valid, ar_ready, aw_valid, aw_ready, w_valid, w_ready, w_last;
  logic [TARGETS-1:0][63:0] ar_addr, aw_addr;
  logic [TARGETS-1:0][31:0] ar_user, aw_user;
  logic [TARGETS-1:0][15:0] ar_len, aw_len;
  logic [TARGETS-1:0][SOURCE_BITS-1:0] ar_winner, aw_winner;
  logic [TARGETS-1:0][WRITE_BITS-1:0] w_data;
  logic [INITIATORS-1:0] r_valid, r_ready, r_last, r_passed, b_valid, b_ready, b_passed;
  logic [INITIATORS-1:0][15:0] r_id, b_id;
  logic [INITIATORS-1:0][READ_BITS-1:0] r_data;
  logic [INITIATORS-1:0][1:0] b_data;

  // Which targets have bursts under way, grants that others had to wait for.
  logic [TARGETS-1:0] read_busy, write_busy, read_contested, write_contested;
  logic [INITIATORS-1:0] read_refused, write_refused;

  // ---- Refused bursts -----------------------------------------------------------------------

  // Beats of a refused read still to be answered, and whether a refused write is.
  logic [INITIATORS-1:0][15:0] error_beats, error_left;
  logic [INITIATORS-1:0] error_write;
  logic [INITIATORS-1:0] read_error_valid, read_error_ready, read_refusing;
  logic [INITIATORS-1:0] write_error_valid, write_error_ready, write_refusing, drop;
  logic [INITIATORS-1:0][READ_BITS-1:0] read_error_data;
  logic [INITIATORS-1:0][1:0] write_error_data;

  for (genvar i = 0; i < INITIATORS; i++) begin : g_refused
    assign read_error_valid[i] = error_beats[i] != '0;
    assign error_left[i] = error_beats[i] - 16'(read_error_valid[i] && read_error_ready[i]);
    assign read_refusing[i] = error_left[i] != '0;
    assign read_error_data[i] = {DATA_BITS'(0), DECERR, error_beats[i] == 16'd1};

    // The data is swallowed as it comes; the last beat needs room for the answer.
    assign write_error_valid[i] = error_write[i] && s_wvalid[i] && s_wlast[i];
    assign drop[i] = error_write[i] && s_wvalid[i] && (!s_wlast[i] || write_error_ready[i]);
    assign write_refusing[i] = error_write[i] && !(drop[i] && s_wlast[i]);
    assign write_error_data[i] = DECERR;

    always_ff @(posedge clk) begin
      if (!rst_n) begin
        error_beats[i] <= '0;
        error_write[i] <= 1'b0;
      end else begin
        error_beats[i] <= read_refused[i] ? s_arlen[i*16 +: 16] + 16'd1 : error_left[i];
        error_write[i] <= write_refused[i] || write_refusing[i];
      end
    end
  end

  // ---- Requests -----------------------------------------------------------------------------

  crossbar_requests #(
    .INITIATORS(INITIATORS), .TARGETS(TARGETS), .OUTSTANDING(OUTSTANDING),
    .ROUND_ROBIN(ROUND_ROBIN), .WINDOWS(WINDOWS), .WINDOW_BASE(WINDOW_BASE),
    .WINDOW_LENGTH(WINDOW_LENGTH), .WINDOW_FIRST_TARGET(WINDOW_FIRST_TARGET),
    .WINDOW_TARGETS(WINDOW_TARGETS)
  ) reads (
    .clk(clk), .rst_n(rst_n),
    .s_valid(s_arvalid), .s_ready(s_arready), .s_addr(s_araddr), .s_user(s_aruser),
    .s_len(s_arlen),
    .m_valid(ar_valid), .m_ready(ar_ready), .m_addr(ar_addr), .m_user(ar_user), .m_len(ar_len),
    .m_winner(ar_winner),
    .refusing(read_refusing), .refused(read_refused),
    .s_done(r_passed & r_last), .m_done(m_rvalid & m_rready & m_rlast),
    .busy(read_busy), .contested(read_contested)
  );

  crossbar_requests #(
    .INITIATORS(INITIATORS), .TARGETS(TARGETS), .OUTSTANDING(OUTSTANDING),
    .ROUND_ROBIN(ROUND_ROBIN), .WINDOWS(WINDOWS), .WINDOW_BASE(WINDOW_BASE),
    .WINDOW_LENGTH(WINDOW_LENGTH), .WINDOW_FIRST_TARGET(WINDOW_FIRST_TARGET),
    .WINDOW_TARGETS(WINDOW_TARGETS)
  ) writes (
    .clk(clk), .rst_n(rst_n),
    .s_valid(s_awvalid), .s_ready(s_awready), .s_addr(s_awaddr), .s_user(s_awuser),
    .s_len(s_awlen),
    .m_valid(aw_valid), .m_ready(aw_ready), .m_addr(aw_addr), .m_user(aw_user), .m_len(aw_len),
    .m_winner(aw_winner),
    .refusing(write_refusing), .refused(write_refused),
    .s_done(b_passed), .m_done(m_bvalid & m_bready),
    .busy(write_busy), .contested(write_contested)
  );

  // ---- Write data ---------------------------------------------------------------------------

  logic [INITIATORS-1:0][WRITE_BITS-1:0] s_write;
  for (genvar i = 0; i < INITIATORS; i++) begin : g_write
    assign s_write[i] = {s_wdata[i*DATA_BITS +: DATA_BITS], s_wstrb[i*BUS_BYTES +: BUS_BYTES]};
  end

  crossbar_write_data #(
    .INITIATORS(INITIATORS), .TARGETS(TARGETS), .OUTSTANDING(OUTSTANDING), .WIDTH(WRITE_BITS)
  ) write_data (
    .clk(clk), .rst_n(rst_n),
    .grant(aw_valid & aw_ready), .winner(aw_winner),
    .s_valid(s_wvalid), .s_ready(s_wready), .s_data(s_write), .s_last(s_wlast), .drop(drop),
    .m_valid(w_valid), .m_ready(w_ready), .m_data(w_data), .m_last(w_last)
  );

  // ---- Responses ----------------------------------------------------------------------------

  logic [TARGETS-1:0][READ_BITS-1:0] m_read;
  for (genvar t = 0; t < TARGETS; t++) begin : g_read
    assign m_read[t] = {m_rdata[t*DATA_BITS +: DATA_BITS], m_rresp[t*2 +: 2], m_rlast[t]};
  end

  crossbar_responses #(
    .INITIATORS(INITIATORS), .TARGETS(TARGETS), .WIDTH(READ_BITS)
  ) read_data (
    .m_valid(m_rvalid & read_busy), .m_ready(m_rready), .m_id(m_rid), .m_data(m_read),
    .e_valid(read_error_valid), .e_ready(read_error_ready), .e_data(read_error_data),
    .s_valid(r_valid), .s_ready(r_ready), .s_id(r_id), .s_data(r_data), .s_passed(r_passed)
  );

  crossbar_responses #(
    .INITIATORS(INITIATORS), .TARGETS(TARGETS), .WIDTH(2)
  ) write_answers (
    .m_valid(m_bvalid & write_busy), .m_ready(m_bready), .m_id(m_bid), .m_data(m_bresp),
    .e_valid(write_error_valid), .e_ready(write_error_ready), .e_data(write_error_data),
    .s_valid(b_valid), .s_ready(b_ready), .s_id(b_id), .s_data(b_data), .s_passed(b_passed)
  );

  // ---- Delay lines --------------------------------------------------------------------------

  for (genvar t = 0; t < TARGETS; t++) begin : g_target_lines
    delay_line #(.WIDTH(128), .STAGES(LATENCY)) read_line (
      .clk(clk), .rst_n(rst_n),
      .in_valid(ar_valid[t]), .in_ready(ar_ready[t]),
      .in_data({ar_addr[t], ar_user[t], ar_len[t], 16'(ar_winner[t])}),
      .out_valid(m_arvalid[t]), .out_ready(m_arready[t]),
      .out_data({m_araddr[t*64 +: 64], m_aruser[t*32 +: 32], m_arlen[t*16 +: 16],
                 m_arid[t*16 +: 16]})
    );
    delay_line #(.WIDTH(128), .STAGES(LATENCY)) write_line (
      .clk(clk), .rst_n(rst_n),
      .in_valid(aw_valid[t]), .in_ready(aw_ready[t]),
      .in_data({aw_addr[t], aw_user[t], aw_len[t], 16'(aw_winner[t])}),
      .out_valid(m_awvalid[t]), .out_ready(m_awready[t]),
      .out_data({m_awaddr[t*64 +: 64], m_awuser[t*32 +: 32], m_awlen[t*16 +: 16],
                 m_awid[t*16 +: 16]})
    );
    delay_line #(.WIDTH(WRITE_BITS + 1), .STAGES(LATENCY)) data_line (
      .clk(clk), .rst_n(rst_n),
      .in_valid(w_valid[t]), .in_ready(w_ready[t]), .in_data({w_data[t], w_last[t]}),
      .out_valid(m_wvalid[t]), .out_ready(m_wready[t]),
      .out_data({m_wdata[t*DATA_BITS +: DATA_BITS], m_wstrb[t*BUS_BYTES +: BUS_BYTES],
                 m_wlast[t]})
    );
  end

  for (genvar i = 0; i < INITIATORS; i++) begin : g_initiator_lines
    assign r_last[i] = r_data[i][0];

    delay_line #(.WIDTH(READ_BITS + 16), .STAGES(LATENCY)) read_line (
      .clk(clk), .rst_n(rst_n),
      .in_valid(r_valid[i]), .in_ready(r_ready[i]), .in_data({r_id[i], r_data[i]}),
      .out_valid(s_rvalid[i]), .out_ready(s_rready[i]),
      .out_data({s_rid[i*16 +: 16], s_rdata[i*DATA_BITS +: DATA_BITS], s_rresp[i*2 +: 2],
                 s_rlast[i]})
    );
    delay_line #(.WIDTH(18), .STAGES(LATENCY)) answer_line (
      .clk(clk), .rst_n(rst_n),
      .in_valid(b_valid[i]), .in_ready(b_ready[i]), .in_data({b_id[i], b_data[i]}),
      .out_valid(s_bvalid[i]), .out_ready(s_bready[i]),
      .out_data({s_bid[i*16 +: 16], s_bresp[i*2 +: 2]})
    );
  end

  // ---- Events -------------------------------------------------------------------------------

  assign ev_requests = $countones({ar_valid & ar_ready, aw_valid & aw_ready});
  assign ev_write_beats = $countones(w_valid & w_ready);
  assign ev_read_beats = $countones(r_passed);
  assign ev_write_answers = $countones(b_passed);
  assign ev_contested = $countones({read_contested, write_contested});
  assign ev_decode_errors = $countones({read_refused, write_refused});
endmodule

`default_nettype wire

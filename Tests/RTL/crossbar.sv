// Crossbar with a FIFO of two places at every channel of every port, so that all of its outputs are
// registers but for the selection of a place: what a chip instantiates. A beat that is pushed into
// an input at the edge that ends cycle n is visible at the output from cycle n + 1 + LATENCY on.
// crossbar_core says what it does; the parameters and the `ev_*` outputs are the core's.

`default_nettype none

module crossbar #(
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
  // verilator lint_off UNUSEDSIGNAL
  input  wire logic [INITIATORS*16-1:0] s_arid,  // the port's number stands for it
  input  wire logic [INITIATORS*16-1:0] s_awid,
  // verilator lint_on UNUSEDSIGNAL
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
  localparam int unsigned DATA_BITS = 8 * BUS_BYTES;

  // The core's pins behind the FIFOs: sc_* towards the initiators, mc_* towards the targets.
  logic [INITIATORS-1:0] sc_arvalid, sc_arready, sc_awvalid, sc_awready;
  logic [INITIATORS*64-1:0] sc_araddr, sc_awaddr;
  logic [INITIATORS*32-1:0] sc_aruser, sc_awuser;
  logic [INITIATORS*16-1:0] sc_arlen, sc_awlen, sc_rid, sc_bid;
  logic [INITIATORS-1:0] sc_wvalid, sc_wready, sc_wlast;
  logic [INITIATORS*DATA_BITS-1:0] sc_wdata, sc_rdata;
  logic [INITIATORS*BUS_BYTES-1:0] sc_wstrb;
  logic [INITIATORS-1:0] sc_rvalid, sc_rready, sc_rlast, sc_bvalid, sc_bready;
  logic [INITIATORS*2-1:0] sc_rresp, sc_bresp;

  logic [TARGETS-1:0] mc_arvalid, mc_arready, mc_awvalid, mc_awready;
  logic [TARGETS*64-1:0] mc_araddr, mc_awaddr;
  logic [TARGETS*32-1:0] mc_aruser, mc_awuser;
  logic [TARGETS*16-1:0] mc_arlen, mc_awlen, mc_arid, mc_awid, mc_rid, mc_bid;
  logic [TARGETS-1:0] mc_wvalid, mc_wready, mc_wlast;
  logic [TARGETS*DATA_BITS-1:0] mc_wdata, mc_rdata;
  logic [TARGETS*BUS_BYTES-1:0] mc_wstrb;
  logic [TARGETS-1:0] mc_rvalid, mc_rready, mc_rlast, mc_bvalid, mc_bready;
  logic [TARGETS*2-1:0] mc_rresp, mc_bresp;

  crossbar_core #(
    .INITIATORS(INITIATORS), .TARGETS(TARGETS), .BUS_BYTES(BUS_BYTES), .LATENCY(LATENCY),
    .OUTSTANDING(OUTSTANDING), .ROUND_ROBIN(ROUND_ROBIN), .WINDOWS(WINDOWS),
    .WINDOW_BASE(WINDOW_BASE), .WINDOW_LENGTH(WINDOW_LENGTH),
    .WINDOW_FIRST_TARGET(WINDOW_FIRST_TARGET), .WINDOW_TARGETS(WINDOW_TARGETS)
  ) core (
    .clk(clk), .rst_n(rst_n),
    .s_arvalid(sc_arvalid), .s_arready(sc_arready), .s_araddr(sc_araddr),
    .s_aruser(sc_aruser), .s_arlen(sc_arlen),
    .s_awvalid(sc_awvalid), .s_awready(sc_awready), .s_awaddr(sc_awaddr),
    .s_awuser(sc_awuser), .s_awlen(sc_awlen),
    .s_wvalid(sc_wvalid), .s_wready(sc_wready), .s_wdata(sc_wdata), .s_wstrb(sc_wstrb),
    .s_wlast(sc_wlast),
    .s_rvalid(sc_rvalid), .s_rready(sc_rready), .s_rdata(sc_rdata), .s_rresp(sc_rresp),
    .s_rlast(sc_rlast), .s_rid(sc_rid),
    .s_bvalid(sc_bvalid), .s_bready(sc_bready), .s_bresp(sc_bresp), .s_bid(sc_bid),
    .m_arvalid(mc_arvalid), .m_arready(mc_arready), .m_araddr(mc_araddr),
    .m_aruser(mc_aruser), .m_arlen(mc_arlen), .m_arid(mc_arid),
    .m_awvalid(mc_awvalid), .m_awready(mc_awready), .m_awaddr(mc_awaddr),
    .m_awuser(mc_awuser), .m_awlen(mc_awlen), .m_awid(mc_awid),
    .m_wvalid(mc_wvalid), .m_wready(mc_wready), .m_wdata(mc_wdata), .m_wstrb(mc_wstrb),
    .m_wlast(mc_wlast),
    .m_rvalid(mc_rvalid), .m_rready(mc_rready), .m_rdata(mc_rdata), .m_rresp(mc_rresp),
    .m_rlast(mc_rlast), .m_rid(mc_rid),
    .m_bvalid(mc_bvalid), .m_bready(mc_bready), .m_bresp(mc_bresp), .m_bid(mc_bid),
    .ev_requests(ev_requests), .ev_write_beats(ev_write_beats), .ev_read_beats(ev_read_beats),
    .ev_write_answers(ev_write_answers), .ev_contested(ev_contested),
    .ev_decode_errors(ev_decode_errors)
  );

  for (genvar i = 0; i < INITIATORS; i++) begin : g_initiator
    stream_fifo #(.WIDTH(112)) ar (
      .clk(clk), .rst_n(rst_n),
      .in_valid(s_arvalid[i]), .in_ready(s_arready[i]),
      .in_data({s_araddr[i*64 +: 64], s_aruser[i*32 +: 32], s_arlen[i*16 +: 16]}),
      .out_valid(sc_arvalid[i]), .out_ready(sc_arready[i]),
      .out_data({sc_araddr[i*64 +: 64], sc_aruser[i*32 +: 32], sc_arlen[i*16 +: 16]})
    );
    stream_fifo #(.WIDTH(112)) aw (
      .clk(clk), .rst_n(rst_n),
      .in_valid(s_awvalid[i]), .in_ready(s_awready[i]),
      .in_data({s_awaddr[i*64 +: 64], s_awuser[i*32 +: 32], s_awlen[i*16 +: 16]}),
      .out_valid(sc_awvalid[i]), .out_ready(sc_awready[i]),
      .out_data({sc_awaddr[i*64 +: 64], sc_awuser[i*32 +: 32], sc_awlen[i*16 +: 16]})
    );
    stream_fifo #(.WIDTH(9 * BUS_BYTES + 1)) w (
      .clk(clk), .rst_n(rst_n),
      .in_valid(s_wvalid[i]), .in_ready(s_wready[i]),
      .in_data({s_wdata[i*DATA_BITS +: DATA_BITS], s_wstrb[i*BUS_BYTES +: BUS_BYTES],
                s_wlast[i]}),
      .out_valid(sc_wvalid[i]), .out_ready(sc_wready[i]),
      .out_data({sc_wdata[i*DATA_BITS +: DATA_BITS], sc_wstrb[i*BUS_BYTES +: BUS_BYTES],
                 sc_wlast[i]})
    );
    stream_fifo #(.WIDTH(DATA_BITS + 19)) r (
      .clk(clk), .rst_n(rst_n),
      .in_valid(sc_rvalid[i]), .in_ready(sc_rready[i]),
      .in_data({sc_rdata[i*DATA_BITS +: DATA_BITS], sc_rresp[i*2 +: 2], sc_rlast[i],
                sc_rid[i*16 +: 16]}),
      .out_valid(s_rvalid[i]), .out_ready(s_rready[i]),
      .out_data({s_rdata[i*DATA_BITS +: DATA_BITS], s_rresp[i*2 +: 2], s_rlast[i],
                 s_rid[i*16 +: 16]})
    );
    stream_fifo #(.WIDTH(18)) b (
      .clk(clk), .rst_n(rst_n),
      .in_valid(sc_bvalid[i]), .in_ready(sc_bready[i]),
      .in_data({sc_bresp[i*2 +: 2], sc_bid[i*16 +: 16]}),
      .out_valid(s_bvalid[i]), .out_ready(s_bready[i]),
      .out_data({s_bresp[i*2 +: 2], s_bid[i*16 +: 16]})
    );
  end

  for (genvar t = 0; t < TARGETS; t++) begin : g_target
    stream_fifo #(.WIDTH(128)) ar (
      .clk(clk), .rst_n(rst_n),
      .in_valid(mc_arvalid[t]), .in_ready(mc_arready[t]),
      .in_data({mc_araddr[t*64 +: 64], mc_aruser[t*32 +: 32], mc_arlen[t*16 +: 16],
                mc_arid[t*16 +: 16]}),
      .out_valid(m_arvalid[t]), .out_ready(m_arready[t]),
      .out_data({m_araddr[t*64 +: 64], m_aruser[t*32 +: 32], m_arlen[t*16 +: 16],
                 m_arid[t*16 +: 16]})
    );
    stream_fifo #(.WIDTH(128)) aw (
      .clk(clk), .rst_n(rst_n),
      .in_valid(mc_awvalid[t]), .in_ready(mc_awready[t]),
      .in_data({mc_awaddr[t*64 +: 64], mc_awuser[t*32 +: 32], mc_awlen[t*16 +: 16],
                mc_awid[t*16 +: 16]}),
      .out_valid(m_awvalid[t]), .out_ready(m_awready[t]),
      .out_data({m_awaddr[t*64 +: 64], m_awuser[t*32 +: 32], m_awlen[t*16 +: 16],
                 m_awid[t*16 +: 16]})
    );
    stream_fifo #(.WIDTH(9 * BUS_BYTES + 1)) w (
      .clk(clk), .rst_n(rst_n),
      .in_valid(mc_wvalid[t]), .in_ready(mc_wready[t]),
      .in_data({mc_wdata[t*DATA_BITS +: DATA_BITS], mc_wstrb[t*BUS_BYTES +: BUS_BYTES],
                mc_wlast[t]}),
      .out_valid(m_wvalid[t]), .out_ready(m_wready[t]),
      .out_data({m_wdata[t*DATA_BITS +: DATA_BITS], m_wstrb[t*BUS_BYTES +: BUS_BYTES],
                 m_wlast[t]})
    );
    stream_fifo #(.WIDTH(DATA_BITS + 19)) r (
      .clk(clk), .rst_n(rst_n),
      .in_valid(m_rvalid[t]), .in_ready(m_rready[t]),
      .in_data({m_rdata[t*DATA_BITS +: DATA_BITS], m_rresp[t*2 +: 2], m_rlast[t],
                m_rid[t*16 +: 16]}),
      .out_valid(mc_rvalid[t]), .out_ready(mc_rready[t]),
      .out_data({mc_rdata[t*DATA_BITS +: DATA_BITS], mc_rresp[t*2 +: 2], mc_rlast[t],
                 mc_rid[t*16 +: 16]})
    );
    stream_fifo #(.WIDTH(18)) b (
      .clk(clk), .rst_n(rst_n),
      .in_valid(m_bvalid[t]), .in_ready(m_bready[t]),
      .in_data({m_bresp[t*2 +: 2], m_bid[t*16 +: 16]}),
      .out_valid(mc_bvalid[t]), .out_ready(mc_bready[t]),
      .out_data({mc_bresp[t*2 +: 2], mc_bid[t*16 +: 16]})
    );
  end
endmodule

`default_nettype wire

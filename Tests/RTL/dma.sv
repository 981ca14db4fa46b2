// A DMA channel as a chip instantiates it: dma_core with a FIFO of two places at every port, so
// that all outputs but the activity counts are functions of registers.
//
// BASE is the address of the channel's registers, REGISTER_BYTES the width of the bus they are on.
`default_nettype none

module dma #(
    parameter int unsigned DIRECTION = 0,
    parameter int unsigned PORT_BYTES = 16,
    parameter int unsigned BUS_BYTES = 16,
    parameter int unsigned MAXIMUM_BURST_BEATS = 16,
    parameter int unsigned OUTSTANDING = 4,
    parameter int unsigned REGISTER_BYTES = BUS_BYTES < 4 ? 4 : BUS_BYTES,
    parameter logic [63:0] BASE = 64'd0
) (
    input  wire                         clk,
    input  wire                         rst_n,
    output logic                        irq,
    // Registers.
    input  wire                         s_arvalid,
    output logic                        s_arready,
    input  wire  [63:0]                 s_araddr,
    input  wire  [31:0]                 s_aruser,
    input  wire  [15:0]                 s_arlen,
    input  wire  [15:0]                 s_arid,
    input  wire                         s_awvalid,
    output logic                        s_awready,
    input  wire  [63:0]                 s_awaddr,
    input  wire  [31:0]                 s_awuser,
    input  wire  [15:0]                 s_awlen,
    input  wire  [15:0]                 s_awid,
    input  wire                         s_wvalid,
    output logic                        s_wready,
    input  wire  [8*REGISTER_BYTES-1:0] s_wdata,
    input  wire  [REGISTER_BYTES-1:0]   s_wstrb,
    input  wire                         s_wlast,
    output logic                        s_rvalid,
    input  wire                         s_rready,
    output logic [8*REGISTER_BYTES-1:0] s_rdata,
    output logic [1:0]                  s_rresp,
    output logic                        s_rlast,
    output logic [15:0]                 s_rid,
    output logic                        s_bvalid,
    input  wire                         s_bready,
    output logic [1:0]                  s_bresp,
    output logic [15:0]                 s_bid,
    // The stream that is written to memory.
    input  wire                         in_tvalid,
    output logic                        in_tready,
    input  wire  [8*PORT_BYTES-1:0]     in_tdata,
    input  wire  [PORT_BYTES-1:0]       in_tkeep,
    input  wire                         in_tlast,
    // The stream that memory is read to.
    output logic                        out_tvalid,
    input  wire                         out_tready,
    output logic [8*PORT_BYTES-1:0]     out_tdata,
    output logic [PORT_BYTES-1:0]       out_tkeep,
    output logic                        out_tlast,
    // Bus.
    output logic                        m_arvalid,
    input  wire                         m_arready,
    output logic [63:0]                 m_araddr,
    output logic [31:0]                 m_aruser,
    output logic [15:0]                 m_arlen,
    output logic [15:0]                 m_arid,
    output logic                        m_awvalid,
    input  wire                         m_awready,
    output logic [63:0]                 m_awaddr,
    output logic [31:0]                 m_awuser,
    output logic [15:0]                 m_awlen,
    output logic [15:0]                 m_awid,
    output logic                        m_wvalid,
    input  wire                         m_wready,
    output logic [8*BUS_BYTES-1:0]      m_wdata,
    output logic [BUS_BYTES-1:0]        m_wstrb,
    output logic                        m_wlast,
    input  wire                         m_rvalid,
    output logic                        m_rready,
    input  wire  [8*BUS_BYTES-1:0]      m_rdata,
    input  wire  [1:0]                  m_rresp,
    input  wire                         m_rlast,
    // verilator lint_off UNUSEDSIGNAL
    input  wire  [15:0]                 m_rid,  // there is one source, and answers come in order
    input  wire  [15:0]                 m_bid,
    // verilator lint_on UNUSEDSIGNAL
    input  wire                         m_bvalid,
    output logic                        m_bready,
    input  wire  [1:0]                  m_bresp,
    // Activity in this cycle.
    output logic [31:0]                 ev_bytes,
    output logic [31:0]                 ev_bursts,
    output logic [31:0]                 ev_bus_beats,
    output logic [31:0]                 ev_words_read,
    output logic [31:0]                 ev_stream_beats,
    output logic [31:0]                 ev_beats_unpacked,
    output logic [31:0]                 ev_padding_bytes,
    output logic [31:0]                 ev_turned_pieces,
    output logic [31:0]                 ev_descriptors,
    output logic [31:0]                 ev_jobs,
    output logic [31:0]                 ev_register_accesses
);

  localparam int unsigned STREAM_BITS = 9 * PORT_BYTES + 1;
  localparam int unsigned REQUEST_BITS = 64 + 32 + 16 + 16;
  localparam int unsigned WRITE_BITS = 9 * BUS_BYTES + 1;
  localparam int unsigned READ_BITS = 8 * BUS_BYTES + 3;

  // ---- The core's pins --------------------------------------------------------------------------

  logic        reg_valid, reg_write, reg_okay;
  logic [15:0] reg_offset;
  logic [3:0]  reg_bytes;
  logic [31:0] reg_wdata, reg_rdata;

  logic                    ci_tvalid, ci_tready, ci_tlast, co_tvalid, co_tready, co_tlast;
  logic [8*PORT_BYTES-1:0] ci_tdata, co_tdata;
  logic [PORT_BYTES-1:0]   ci_tkeep, co_tkeep;

  logic                    c_arvalid, c_arready, c_awvalid, c_awready, c_wvalid, c_wready;
  logic [63:0]             c_araddr, c_awaddr;
  logic [31:0]             c_aruser, c_awuser;
  logic [15:0]             c_arlen, c_awlen, c_arid, c_awid;
  logic [8*BUS_BYTES-1:0]  c_wdata, c_rdata;
  logic [BUS_BYTES-1:0]    c_wstrb;
  logic                    c_wlast, c_rvalid, c_rready, c_rlast, c_bvalid, c_bready;
  logic [1:0]              c_rresp, c_bresp;

  dma_core #(
      .DIRECTION(DIRECTION), .PORT_BYTES(PORT_BYTES), .BUS_BYTES(BUS_BYTES),
      .MAXIMUM_BURST_BEATS(MAXIMUM_BURST_BEATS), .OUTSTANDING(OUTSTANDING)
  ) core (
      .clk, .rst_n, .irq,
      .reg_valid, .reg_write, .reg_offset, .reg_bytes, .reg_wdata, .reg_rdata, .reg_okay,
      .in_tvalid(ci_tvalid), .in_tready(ci_tready), .in_tdata(ci_tdata), .in_tkeep(ci_tkeep),
      .in_tlast(ci_tlast),
      .out_tvalid(co_tvalid), .out_tready(co_tready), .out_tdata(co_tdata),
      .out_tkeep(co_tkeep), .out_tlast(co_tlast),
      .m_arvalid(c_arvalid), .m_arready(c_arready), .m_araddr(c_araddr), .m_aruser(c_aruser),
      .m_arlen(c_arlen), .m_arid(c_arid),
      .m_awvalid(c_awvalid), .m_awready(c_awready), .m_awaddr(c_awaddr), .m_awuser(c_awuser),
      .m_awlen(c_awlen), .m_awid(c_awid),
      .m_wvalid(c_wvalid), .m_wready(c_wready), .m_wdata(c_wdata), .m_wstrb(c_wstrb),
      .m_wlast(c_wlast),
      .m_rvalid(c_rvalid), .m_rready(c_rready), .m_rdata(c_rdata), .m_rresp(c_rresp),
      .m_rlast(c_rlast),
      .m_bvalid(c_bvalid), .m_bready(c_bready), .m_bresp(c_bresp),
      .ev_bytes, .ev_bursts, .ev_bus_beats, .ev_words_read, .ev_stream_beats,
      .ev_beats_unpacked, .ev_padding_bytes, .ev_turned_pieces, .ev_descriptors, .ev_jobs,
      .ev_register_accesses);

  register_port #(.BUS_BYTES(REGISTER_BYTES), .BASE(BASE)) registers (
      .clk, .rst_n,
      .s_arvalid, .s_arready, .s_araddr, .s_aruser, .s_arlen, .s_arid,
      .s_awvalid, .s_awready, .s_awaddr, .s_awuser, .s_awlen, .s_awid,
      .s_wvalid, .s_wready, .s_wdata, .s_wstrb, .s_wlast,
      .s_rvalid, .s_rready, .s_rdata, .s_rresp, .s_rlast, .s_rid,
      .s_bvalid, .s_bready, .s_bresp, .s_bid,
      .reg_valid, .reg_write, .reg_offset, .reg_bytes, .reg_wdata, .reg_rdata, .reg_okay);

  // ---- Streams: the one that the direction does not have is inactive ----------------------------

  if (DIRECTION == 1) begin : gen_in
    stream_fifo #(.WIDTH(STREAM_BITS)) in_fifo (
        .clk, .rst_n, .in_valid(in_tvalid), .in_ready(in_tready),
        .in_data({in_tdata, in_tkeep, in_tlast}),
        .out_valid(ci_tvalid), .out_ready(ci_tready), .out_data({ci_tdata, ci_tkeep, ci_tlast}));
  end else begin : gen_no_in
    // verilator lint_off UNUSEDSIGNAL
    logic unused;
    assign unused = &{in_tvalid, in_tdata, in_tkeep, in_tlast, ci_tready};
    // verilator lint_on UNUSEDSIGNAL
    assign {in_tready, ci_tvalid, ci_tdata, ci_tkeep, ci_tlast} = '0;
  end

  if (DIRECTION == 0) begin : gen_out
    stream_fifo #(.WIDTH(STREAM_BITS)) out_fifo (
        .clk, .rst_n, .in_valid(co_tvalid), .in_ready(co_tready),
        .in_data({co_tdata, co_tkeep, co_tlast}),
        .out_valid(out_tvalid), .out_ready(out_tready),
        .out_data({out_tdata, out_tkeep, out_tlast}));
  end else begin : gen_no_out
    // verilator lint_off UNUSEDSIGNAL
    logic unused;
    assign unused = &{out_tready, co_tvalid, co_tdata, co_tkeep, co_tlast};
    // verilator lint_on UNUSEDSIGNAL
    assign {co_tready, out_tvalid, out_tdata, out_tkeep, out_tlast} = '0;
  end

  // ---- Bus --------------------------------------------------------------------------------------

  stream_fifo #(.WIDTH(REQUEST_BITS)) ar_fifo (
      .clk, .rst_n, .in_valid(c_arvalid), .in_ready(c_arready),
      .in_data({c_araddr, c_aruser, c_arlen, c_arid}),
      .out_valid(m_arvalid), .out_ready(m_arready),
      .out_data({m_araddr, m_aruser, m_arlen, m_arid}));

  stream_fifo #(.WIDTH(REQUEST_BITS)) aw_fifo (
      .clk, .rst_n, .in_valid(c_awvalid), .in_ready(c_awready),
      .in_data({c_awaddr, c_awuser, c_awlen, c_awid}),
      .out_valid(m_awvalid), .out_ready(m_awready),
      .out_data({m_awaddr, m_awuser, m_awlen, m_awid}));

  stream_fifo #(.WIDTH(WRITE_BITS)) w_fifo (
      .clk, .rst_n, .in_valid(c_wvalid), .in_ready(c_wready),
      .in_data({c_wdata, c_wstrb, c_wlast}),
      .out_valid(m_wvalid), .out_ready(m_wready), .out_data({m_wdata, m_wstrb, m_wlast}));

  stream_fifo #(.WIDTH(READ_BITS)) r_fifo (
      .clk, .rst_n, .in_valid(m_rvalid), .in_ready(m_rready),
      .in_data({m_rdata, m_rresp, m_rlast}),
      .out_valid(c_rvalid), .out_ready(c_rready), .out_data({c_rdata, c_rresp, c_rlast}));

  stream_fifo #(.WIDTH(2)) b_fifo (
      .clk, .rst_n, .in_valid(m_bvalid), .in_ready(m_bready), .in_data(m_bresp),
      .out_valid(c_bvalid), .out_ready(c_bready), .out_data(c_bresp));

endmodule

`default_nettype wire

`default_nettype none

// Weight-stationary systolic array with a queue of two places at every port: what a chip
// instantiates. All outputs but the events depend on registers alone; see ws_array_core for what
// the array does and when, to which every port adds a cycle. BASE is the address of the registers.
module ws_array #(
    parameter int ROWS = 8,
    parameter int COLUMNS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int OUT_BYTES = COLUMNS * OPERAND_BITS / 8,
    parameter int ACC_ROWS = 1024,
    parameter int IN1_BYTES = ROWS * OPERAND_BITS / 8,
    parameter int IN2_BYTES = COLUMNS * OPERAND_BITS / 8,
    parameter int OUT_PORT_BYTES = OUT_BYTES,
    parameter int BUS_BYTES = 4,
    parameter logic [63:0] BASE = 64'd0
) (
    input  wire logic                        clk,
    input  wire logic                        rst_n,

    input  wire logic                        s_arvalid,
    output logic                             s_arready,
    input  wire logic [63:0]                 s_araddr,
    input  wire logic [31:0]                 s_aruser,
    input  wire logic [15:0]                 s_arlen,
    input  wire logic [15:0]                 s_arid,
    input  wire logic                        s_awvalid,
    output logic                             s_awready,
    input  wire logic [63:0]                 s_awaddr,
    input  wire logic [31:0]                 s_awuser,
    input  wire logic [15:0]                 s_awlen,
    input  wire logic [15:0]                 s_awid,
    input  wire logic                        s_wvalid,
    output logic                             s_wready,
    input  wire logic [8*BUS_BYTES-1:0]      s_wdata,
    input  wire logic [BUS_BYTES-1:0]        s_wstrb,
    input  wire logic                        s_wlast,
    output logic                             s_rvalid,
    input  wire logic                        s_rready,
    output logic [8*BUS_BYTES-1:0]           s_rdata,
    output logic [1:0]                       s_rresp,
    output logic                             s_rlast,
    output logic [15:0]                      s_rid,
    output logic                             s_bvalid,
    input  wire logic                        s_bready,
    output logic [1:0]                       s_bresp,
    output logic [15:0]                      s_bid,
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

    output logic [31:0]                      ev_macs,
    output logic [31:0]                      ev_skew_writes,
    output logic [31:0]                      ev_result_writes,
    output logic [31:0]                      ev_weight_writes,
    output logic [31:0]                      ev_partial_sum_writes,
    output logic [31:0]                      ev_jobs
);

  // A beat in a queue: {tlast, tkeep, tdata}.
  localparam int IN1_BITS = 9 * IN1_BYTES + 1;
  localparam int IN2_BITS = 9 * IN2_BYTES + 1;
  localparam int OUT_BITS = 9 * OUT_PORT_BYTES + 1;

  logic in1_valid, in1_ready, in2_valid, in2_ready, out_valid, out_ready;
  logic [IN1_BITS-1:0] in1_beat;
  logic [IN2_BITS-1:0] in2_beat;
  logic [8*OUT_PORT_BYTES-1:0] out_data;
  logic [OUT_PORT_BYTES-1:0] out_keep;
  logic out_last;

  stream_fifo #(
      .WIDTH(IN1_BITS)
  ) in1_queue (
      .clk, .rst_n,
      .in_valid(in1_tvalid), .in_ready(in1_tready), .in_data({in1_tlast, in1_tkeep, in1_tdata}),
      .out_valid(in1_valid), .out_ready(in1_ready), .out_data(in1_beat)
  );

  stream_fifo #(
      .WIDTH(IN2_BITS)
  ) in2_queue (
      .clk, .rst_n,
      .in_valid(in2_tvalid), .in_ready(in2_tready), .in_data({in2_tlast, in2_tkeep, in2_tdata}),
      .out_valid(in2_valid), .out_ready(in2_ready), .out_data(in2_beat)
  );

  stream_fifo #(
      .WIDTH(OUT_BITS)
  ) out_queue (
      .clk, .rst_n,
      .in_valid(out_valid), .in_ready(out_ready), .in_data({out_last, out_keep, out_data}),
      .out_valid(out_tvalid), .out_ready(out_tready),
      .out_data({out_tlast, out_tkeep, out_tdata})
  );

  logic reg_valid, reg_write, reg_okay;
  logic [15:0] reg_offset;
  logic [3:0] reg_bytes;
  logic [31:0] reg_wdata, reg_rdata;

  register_port #(
      .BUS_BYTES(BUS_BYTES),
      .BASE(BASE)
  ) registers (
      .clk, .rst_n,
      .s_arvalid, .s_arready, .s_araddr, .s_aruser, .s_arlen, .s_arid,
      .s_awvalid, .s_awready, .s_awaddr, .s_awuser, .s_awlen, .s_awid,
      .s_wvalid, .s_wready, .s_wdata, .s_wstrb, .s_wlast,
      .s_rvalid, .s_rready, .s_rdata, .s_rresp, .s_rlast, .s_rid,
      .s_bvalid, .s_bready, .s_bresp, .s_bid,
      .reg_valid, .reg_write, .reg_offset, .reg_bytes, .reg_wdata, .reg_rdata, .reg_okay
  );

  ws_array_core #(
      .ROWS(ROWS),
      .COLUMNS(COLUMNS),
      .OPERAND_BITS(OPERAND_BITS),
      .OUT_BYTES(OUT_BYTES),
      .ACC_ROWS(ACC_ROWS),
      .IN1_BYTES(IN1_BYTES),
      .IN2_BYTES(IN2_BYTES),
      .OUT_PORT_BYTES(OUT_PORT_BYTES)
  ) core (
      .clk, .rst_n,
      .reg_valid, .reg_write, .reg_offset, .reg_bytes, .reg_wdata, .reg_rdata, .reg_okay, .irq,
      .in1_tvalid(in1_valid), .in1_tready(in1_ready), .in1_tdata(in1_beat[8*IN1_BYTES-1:0]),
      .in1_tkeep(in1_beat[8*IN1_BYTES+:IN1_BYTES]), .in1_tlast(in1_beat[IN1_BITS-1]),
      .in2_tvalid(in2_valid), .in2_tready(in2_ready), .in2_tdata(in2_beat[8*IN2_BYTES-1:0]),
      .in2_tkeep(in2_beat[8*IN2_BYTES+:IN2_BYTES]), .in2_tlast(in2_beat[IN2_BITS-1]),
      .out_tvalid(out_valid), .out_tready(out_ready), .out_tdata(out_data), .out_tkeep(out_keep),
      .out_tlast(out_last),
      .ev_macs, .ev_skew_writes, .ev_result_writes, .ev_weight_writes, .ev_partial_sum_writes,
      .ev_jobs
  );

endmodule

`default_nettype wire

`default_nettype none

// Multiplies the 16-bit integers of a stream by FACTOR / 2^SHIFT, rounds half up and saturates.
//
// A job is a packet: START in register CTRL lets the beats up to TLAST in; STATUS.DONE is set when
// the last of them has left, and raises `irq` if it is enabled.
//
// Timing: two stages, one beat per cycle. A beat that is taken at a clock edge is offered at `out`
// after the second edge from there. When `out` refuses, both stages fill up and then `in` waits.
// TKEEP and TLAST travel with their beat.
module vector_scale #(
    parameter int LANES = 4
) (
    input  wire logic                clk,
    input  wire logic                rst_n,
    // AXI4-Lite: control
    input  wire logic                s_axil_awvalid,
    output logic                     s_axil_awready,
    input  wire logic [11:0]         s_axil_awaddr,
    input  wire logic                s_axil_wvalid,
    output logic                     s_axil_wready,
    input  wire logic [31:0]         s_axil_wdata,
    input  wire logic [3:0]          s_axil_wstrb,
    output logic                     s_axil_bvalid,
    input  wire logic                s_axil_bready,
    output logic [1:0]               s_axil_bresp,
    input  wire logic                s_axil_arvalid,
    output logic                     s_axil_arready,
    input  wire logic [11:0]         s_axil_araddr,
    output logic                     s_axil_rvalid,
    input  wire logic                s_axil_rready,
    output logic [31:0]              s_axil_rdata,
    output logic [1:0]               s_axil_rresp,
    // AXI4-Stream: what is scaled
    input  wire logic                in_tvalid,
    output logic                     in_tready,
    input  wire logic [16*LANES-1:0] in_tdata,
    input  wire logic [2*LANES-1:0]  in_tkeep,
    input  wire logic                in_tlast,
    // AXI4-Stream: the result
    output logic                     out_tvalid,
    input  wire logic                out_tready,
    output logic [16*LANES-1:0]      out_tdata,
    output logic [2*LANES-1:0]       out_tkeep,
    output logic                     out_tlast,

    output logic        irq,
    // Multiplications of this cycle, for the energy of the model.
    output logic [31:0] ev_multiplications
);

  localparam int DATA_BITS = 16 * LANES;
  localparam int KEEP_BITS = 2 * LANES;

  logic start, finished;
  logic is_open;  // beats of the job may enter
  logic signed [15:0] factor;
  logic [4:0] shift;

  vector_scale_registers registers (
      .clk, .rst_n,
      .s_axil_awvalid, .s_axil_awready, .s_axil_awaddr,
      .s_axil_wvalid, .s_axil_wready, .s_axil_wdata, .s_axil_wstrb,
      .s_axil_bvalid, .s_axil_bready, .s_axil_bresp,
      .s_axil_arvalid, .s_axil_arready, .s_axil_araddr,
      .s_axil_rvalid, .s_axil_rready, .s_axil_rdata, .s_axil_rresp,
      .start, .finished, .factor, .shift, .irq
  );

  // A stage may take a beat when it is empty or its own beat leaves in this cycle.
  logic product_valid, product_ready, result_ready;
  logic take;
  assign result_ready = !out_tvalid || out_tready;
  assign product_ready = !product_valid || result_ready;
  assign in_tready = is_open && product_ready;
  assign take = in_tvalid && in_tready;
  assign finished = out_tvalid && out_tready && out_tlast;

  always_ff @(posedge clk) begin
    if (!rst_n) is_open <= 1'b0;
    else if (start) is_open <= 1'b1;
    else if (take && in_tlast) is_open <= 1'b0;
  end

  // Stage 1: products.
  logic signed [31:0] products[LANES];
  logic [KEEP_BITS-1:0] product_keep;
  logic product_last;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      product_valid <= 1'b0;
      product_keep <= '0;
      product_last <= 1'b0;
      for (int lane = 0; lane < LANES; lane++) products[lane] <= '0;
    end else if (product_ready) begin
      product_valid <= take;
      if (take) begin
        product_keep <= in_tkeep;
        product_last <= in_tlast;
        for (int lane = 0; lane < LANES; lane++)
          products[lane] <= 32'(signed'(in_tdata[16*lane+:16])) * 32'(factor);
      end
    end
  end

  // Stage 2: rounded, shifted, saturated.
  function automatic logic [15:0] scaled(input logic signed [31:0] product,
                                         input logic [4:0] places);
    logic signed [32:0] rounded;
    rounded = 33'(product);
    if (places != 0) rounded += 33'sd1 <<< (places - 5'd1);
    rounded >>>= places;
    if (rounded > 33'sd32767) return 16'h7FFF;
    if (rounded < -33'sd32768) return 16'h8000;
    return rounded[15:0];
  endfunction

  logic [DATA_BITS-1:0] results;
  always_comb begin
    for (int lane = 0; lane < LANES; lane++) results[16*lane+:16] = scaled(products[lane], shift);
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      out_tvalid <= 1'b0;
      out_tdata <= '0;
      out_tkeep <= '0;
      out_tlast <= 1'b0;
    end else if (result_ready) begin
      out_tvalid <= product_valid;
      if (product_valid) begin
        out_tdata <= results;
        out_tkeep <= product_keep;
        out_tlast <= product_last;
      end
    end
  end

  // TKEEP has one bit per byte: two per element.
  assign ev_multiplications = take ? 32'($countones(in_tkeep)) >> 1 : '0;

endmodule

`default_nettype wire

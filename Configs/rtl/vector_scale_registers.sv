`default_nettype none

// The registers of vector_scale behind AXI4-Lite.
//
//   0x00 CTRL    bit 0 START (write 1: begin a job; not while one runs), bit 1 IRQ_ENABLE
//   0x04 STATUS  bit 0 BUSY, bit 1 DONE (write 1 to clear)
//   0x08 FACTOR  bits 15:0, signed
//   0x0C SHIFT   bits 4:0
//
// Timing: address and data of a write may come in any order; it takes effect in the cycle after
// both are there, in which its answer is offered too. A read is answered in the cycle after its
// address. Other addresses and a START while a job runs are answered with SLVERR.
module vector_scale_registers (
    input  wire logic         clk,
    input  wire logic         rst_n,
    input  wire logic         s_axil_awvalid,
    output logic              s_axil_awready,
    input  wire logic [11:0]  s_axil_awaddr,
    input  wire logic         s_axil_wvalid,
    output logic              s_axil_wready,
    input  wire logic [31:0]  s_axil_wdata,
    input  wire logic [3:0]   s_axil_wstrb,
    output logic              s_axil_bvalid,
    input  wire logic         s_axil_bready,
    output logic [1:0]        s_axil_bresp,
    input  wire logic         s_axil_arvalid,
    output logic              s_axil_arready,
    input  wire logic [11:0]  s_axil_araddr,
    output logic              s_axil_rvalid,
    input  wire logic         s_axil_rready,
    output logic [31:0]       s_axil_rdata,
    output logic [1:0]        s_axil_rresp,

    output logic               start,     // for one cycle: begin a job
    input  wire logic          finished,  // its last beat leaves in this cycle
    output logic signed [15:0] factor,
    output logic [4:0]         shift,
    output logic               irq
);

  localparam logic [9:0] CTRL = 10'h0, STATUS = 10'h1, FACTOR = 10'h2, SHIFT = 10'h3;
  localparam logic [1:0] OKAY = 2'b00, SLVERR = 2'b10;

  logic irq_enable, busy, done;
  assign irq = done && irq_enable;

  // A write waits in these until address and data are there.
  logic aw_held, w_held;
  logic [9:0] aw_word;
  logic [31:0] w_data;
  logic [3:0] w_strobe;
  assign s_axil_awready = !aw_held;
  assign s_axil_wready = !w_held;

  logic write;
  assign write = aw_held && w_held && (!s_axil_bvalid || s_axil_bready);
  assign start = write && aw_word == CTRL && w_strobe[0] && w_data[0] && !busy;

  logic is_refused;
  assign is_refused = aw_word > SHIFT || (aw_word == CTRL && w_strobe[0] && w_data[0] && busy);

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      aw_held <= 1'b0;
      aw_word <= '0;
      w_held <= 1'b0;
      w_data <= '0;
      w_strobe <= '0;
      s_axil_bvalid <= 1'b0;
      s_axil_bresp <= OKAY;
    end else begin
      if (s_axil_awvalid && s_axil_awready) begin
        aw_held <= 1'b1;
        aw_word <= s_axil_awaddr[11:2];
      end else if (write) aw_held <= 1'b0;
      if (s_axil_wvalid && s_axil_wready) begin
        w_held <= 1'b1;
        w_data <= s_axil_wdata;
        w_strobe <= s_axil_wstrb;
      end else if (write) w_held <= 1'b0;
      if (write) begin
        s_axil_bvalid <= 1'b1;
        s_axil_bresp <= is_refused ? SLVERR : OKAY;
      end else if (s_axil_bready) s_axil_bvalid <= 1'b0;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      irq_enable <= 1'b0;
      busy <= 1'b0;
      done <= 1'b0;
      factor <= 16'sd1;
      shift <= '0;
    end else begin
      if (write && w_strobe[0]) begin
        unique case (aw_word)
          CTRL: irq_enable <= w_data[1];
          STATUS: if (w_data[1]) done <= 1'b0;
          FACTOR: factor[7:0] <= w_data[7:0];
          SHIFT: shift <= w_data[4:0];
          default: ;
        endcase
      end
      if (write && w_strobe[1] && aw_word == FACTOR) factor[15:8] <= w_data[15:8];
      if (start) busy <= 1'b1;
      if (finished) begin
        busy <= 1'b0;
        done <= 1'b1;  // an end in the cycle of a clear is not lost
      end
    end
  end

  // Reads.
  logic read;
  assign s_axil_arready = !s_axil_rvalid || s_axil_rready;
  assign read = s_axil_arvalid && s_axil_arready;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      s_axil_rvalid <= 1'b0;
      s_axil_rdata <= '0;
      s_axil_rresp <= OKAY;
    end else if (read) begin
      s_axil_rvalid <= 1'b1;
      s_axil_rresp <= s_axil_araddr[11:2] > SHIFT ? SLVERR : OKAY;
      unique case (s_axil_araddr[11:2])
        CTRL: s_axil_rdata <= {30'b0, irq_enable, 1'b0};
        STATUS: s_axil_rdata <= {30'b0, done, busy};
        FACTOR: s_axil_rdata <= 32'(factor);
        SHIFT: s_axil_rdata <= 32'(shift);
        default: s_axil_rdata <= '0;
      endcase
    end else if (s_axil_rready) s_axil_rvalid <= 1'b0;
  end

  // The two lowest address bits select bytes of a word; strobes and lanes do that here.
  logic unused;
  assign unused = ^{s_axil_awaddr[1:0], s_axil_araddr[1:0], w_strobe[3:2], w_data[31:16]};

endmodule

`default_nettype wire

/// Small RTL for the tests.
extension Design {
  /// Passes beats on; nothing in it is a register.
  static let passing = Design(
    "passing",
    """
    module passing #(parameter int BYTES = 4) (
        input  logic clk,
        input  logic in_tvalid, output logic in_tready, input logic [8*BYTES-1:0] in_tdata,
        input  logic [BYTES-1:0] in_tkeep, input logic in_tlast,
        output logic out_tvalid, input logic out_tready, output logic [8*BYTES-1:0] out_tdata,
        output logic [BYTES-1:0] out_tkeep, output logic out_tlast);
      assign in_tready = out_tready;
      assign out_tvalid = in_tvalid;
      assign out_tdata = in_tdata;
      assign out_tkeep = in_tkeep;
      assign out_tlast = in_tlast;
    endmodule

    """)

  /// The same without TKEEP and TLAST; something to count in every cycle.
  static let bare = Design(
    "bare",
    """
    module bare (
        input  logic clk,
        input  logic in_tvalid, output logic in_tready, input logic [31:0] in_tdata,
        output logic out_tvalid, input logic out_tready, output logic [31:0] out_tdata,
        output logic [1:0] ev_always);
      assign in_tready = out_tready;
      assign out_tvalid = in_tvalid;
      assign out_tdata = in_tdata;
      assign ev_always = 2;
    endmodule

    """)

  /// A write starts a countdown; at its end come the interrupt, for one cycle, and a beat. A second
  /// countdown starts by itself once the first beat was taken, if `second` is not 0.
  static let countdown = Design(
    "countdown", knobs: ["second"],
    """
    module countdown (
        input  logic clk, input logic rst_n, input logic [7:0] second,
        input  logic reg_valid, input logic reg_write, input logic [11:0] reg_offset,
        input  logic [31:0] reg_wdata, output logic [31:0] reg_rdata,
        output logic out_tvalid, input logic out_tready, output logic [31:0] out_tdata,
        output logic irq, output logic [7:0] ev_ticks);
      logic [31:0] left;
      logic is_first;
      assign reg_rdata = left;
      assign ev_ticks = left != 0 ? 8'd1 : 8'd0;
      always_ff @(posedge clk) begin
        if (!rst_n) begin
          left <= 0;
          is_first <= 1;
          out_tvalid <= 0;
          out_tdata <= 0;
          irq <= 0;
        end else begin
          irq <= left == 1;
          if (left != 0) left <= left - 1;
          if (left == 1) out_tvalid <= 1;
          else if (out_tready && out_tvalid) begin
            out_tvalid <= 0;
            out_tdata <= out_tdata + 1;
            if (second != 0 && is_first) begin
              left <= 32'(second);
              is_first <= 0;
            end
          end
          if (reg_valid && reg_write && reg_offset == 0) left <= reg_wdata;
        end
      end
    endmodule

    """)

  /// Four registers of the protocol `simple`, with all its pins.
  static let simpleRegisters = Design(
    "simple_registers",
    """
    module simple_registers (
        input  logic clk, input logic rst_n,
        input  logic reg_valid, input logic reg_write, input logic [3:0] reg_offset,
        input  logic [3:0] reg_bytes, input logic [31:0] reg_wdata,
        output logic [31:0] reg_rdata, output logic reg_okay);
      logic [31:0] values[3];
      assign reg_okay = reg_bytes == 4 && reg_offset[1:0] == 0 && reg_offset[3:2] != 3;
      assign reg_rdata = reg_okay ? values[reg_offset[3:2]] : 32'hDEAD;
      always_ff @(posedge clk) begin
        if (!rst_n) for (int i = 0; i < 3; i++) values[i] <= 32'h100 * i;
        else if (reg_valid && reg_write && reg_okay) values[reg_offset[3:2]] <= reg_wdata;
      end
    endmodule

    """)

  /// Registers behind AXI4-Lite whose channels are as slow as the inputs say: cycles before an
  /// address, data, an answer. Words 0 to 7 are there, others are answered with SLVERR.
  static let slowLite = Design(
    "slow_lite", knobs: ["aw_delay", "w_delay", "b_delay", "ar_delay", "r_delay"],
    """
    module slow_lite #(parameter int BITS = 32) (
        input  logic aclk, input logic aresetn,
        input  logic [3:0] aw_delay, w_delay, b_delay, ar_delay, r_delay,
        input  logic s_axi_awvalid, output logic s_axi_awready, input logic [7:0] s_axi_awaddr,
        input  logic [2:0] s_axi_awprot,
        input  logic s_axi_wvalid, output logic s_axi_wready, input logic [BITS-1:0] s_axi_wdata,
        input  logic [BITS/8-1:0] s_axi_wstrb,
        output logic s_axi_bvalid, input logic s_axi_bready, output logic [1:0] s_axi_bresp,
        input  logic s_axi_arvalid, output logic s_axi_arready, input logic [7:0] s_axi_araddr,
        input  logic [2:0] s_axi_arprot,
        output logic s_axi_rvalid, input logic s_axi_rready, output logic [BITS-1:0] s_axi_rdata,
        output logic [1:0] s_axi_rresp);
      localparam int LOW = $clog2(BITS / 8);
      logic [BITS-1:0] values[8];
      logic [3:0] aw, w, b, ar, r;
      logic has_aw, has_w, has_ar;
      logic [7-LOW:0] aw_word, ar_word;
      logic [BITS-1:0] data;
      logic [BITS/8-1:0] strobe;
      assign s_axi_awready = s_axi_awvalid && !has_aw && aw == aw_delay;
      assign s_axi_wready = s_axi_wvalid && !has_w && w == w_delay;
      assign s_axi_arready = s_axi_arvalid && !has_ar && ar == ar_delay;
      assign s_axi_bvalid = has_aw && has_w && b == b_delay;
      assign s_axi_rvalid = has_ar && r == r_delay;
      assign s_axi_bresp = aw_word > 7 ? 2'b10 : 2'b00;
      assign s_axi_rresp = ar_word > 7 ? 2'b10 : 2'b00;
      assign s_axi_rdata = ar_word > 7 ? '1 : values[ar_word[2:0]];
      always_ff @(posedge aclk) begin
        if (!aresetn) begin
          {aw, w, b, ar, r} <= '0;
          {has_aw, has_w, has_ar} <= '0;
          for (int i = 0; i < 8; i++) values[i] <= '0;
        end else begin
          aw <= s_axi_awvalid && !s_axi_awready && !has_aw ? aw + 1 : 0;
          w <= s_axi_wvalid && !s_axi_wready && !has_w ? w + 1 : 0;
          ar <= s_axi_arvalid && !s_axi_arready && !has_ar ? ar + 1 : 0;
          if (s_axi_awready) begin
            has_aw <= 1;
            aw_word <= s_axi_awaddr[7:LOW];
          end
          if (s_axi_wready) begin
            has_w <= 1;
            data <= s_axi_wdata;
            strobe <= s_axi_wstrb;
          end
          b <= has_aw && has_w && !s_axi_bvalid ? b + 1 : 0;
          if (s_axi_bvalid && s_axi_bready) begin
            {has_aw, has_w} <= '0;
            for (int i = 0; i < BITS / 8; i++)
              if (strobe[i] && aw_word <= 7) values[aw_word[2:0]][8*i+:8] <= data[8*i+:8];
          end
          if (s_axi_arready) begin
            has_ar <= 1;
            ar_word <= s_axi_araddr[7:LOW];
          end
          r <= has_ar && !s_axi_rvalid ? r + 1 : 0;
          if (s_axi_rvalid && s_axi_rready) has_ar <= 0;
        end
      end
    endmodule

    """)

  /// Adds 1 to beats of 4 bytes, one register deep, counts them in a register and interrupts after
  /// four. `fault` injects a difference from beat 5 on: 1 data, 2 TKEEP, 3 TLAST, 4 a cycle late, 5 the
  /// interrupt, 6 the register's value, 7 the register's answer, 8 beats too many.
  static let adding = Design(
    "adding", knobs: ["fault"],
    """
    module adding (
        input  logic clk, input logic rst_n, input logic [3:0] fault,
        input  logic reg_valid, input logic reg_write, input logic [11:0] reg_offset,
        input  logic [31:0] reg_wdata, output logic [31:0] reg_rdata, output logic reg_okay,
        input  logic in_tvalid, output logic in_tready, input logic [31:0] in_tdata,
        input  logic [3:0] in_tkeep, input logic in_tlast,
        output logic out_tvalid, input logic out_tready, output logic [31:0] out_tdata,
        output logic [3:0] out_tkeep, output logic out_tlast,
        output logic irq);
      logic has_beat, is_late;
      logic [31:0] taken, sent;
      logic fifth;
      assign fifth = sent == 4;
      assign in_tready = !has_beat || (out_tvalid && out_tready);
      assign out_tvalid = (has_beat && !(fault == 4 && fifth && !is_late)) || (fault == 8 && sent >= 5);
      assign reg_okay = !reg_write && reg_offset == 0 && !(fault == 7 && taken >= 5);
      assign reg_rdata = taken + (fault == 6 && taken >= 5 ? 1 : 0);
      logic [31:0] data;
      logic [3:0] keep;
      logic last;
      assign out_tdata = data ^ (fault == 1 && fifth ? 32'h100 : 0);
      assign out_tkeep = fault == 2 && fifth ? 4'b0111 : keep;
      assign out_tlast = last ^ (fault == 3 && fifth);
      assign irq = taken >= (fault == 5 ? 5 : 4);
      always_ff @(posedge clk) begin
        if (!rst_n) begin
          {has_beat, is_late, taken, sent, data, keep, last} <= '0;
        end else begin
          is_late <= has_beat && fifth;
          if (out_tvalid && out_tready) begin
            has_beat <= 0;
            sent <= sent + 1;
          end
          if (in_tvalid && in_tready) begin
            has_beat <= 1;
            data <= in_tdata + 1;
            keep <= in_tkeep;
            last <= in_tlast;
            taken <= taken + 1;
          end
        end
      end
    endmodule

    """)

  /// Does in its tenth cycle what `kind` says.
  static let halting = Design(
    "halting", knobs: ["kind"],
    """
    module halting (
        input  logic clk, input logic rst_n, input logic [2:0] kind,
        output logic out_tvalid, input logic out_tready, output logic [31:0] out_tdata,
        output logic [3:0] out_tkeep);
      int cycle;
      assign out_tvalid = kind == 4 && cycle == 10;
      assign out_tdata = 0;
      assign out_tkeep = 4'b1011;
      always_ff @(posedge clk) begin
        cycle <= rst_n ? cycle + 1 : 0;
        if (rst_n && cycle == 10) begin
          if (kind == 0) $finish;
          if (kind == 1) $fatal(1, "overflow of the accumulator");
          if (kind == 2) $error("not good");
          if (kind == 3) $stop;
        end
      end
    endmodule

    """)
}

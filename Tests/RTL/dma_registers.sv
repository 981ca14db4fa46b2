// The registers of a DMA channel, its queue of one waiting job, and the interrupt level.
//
// A cycle in this order: the register access acts, a waiting job (also one started by that access)
// is taken, a job ends. `irq` is a register: it shows the level computed in a cycle from the next
// cycle on.
`include "dma_pattern.sv"
`default_nettype none

module dma_registers
  import dma_pattern::*;
#(
    parameter int unsigned PORT_BYTES = 16
) (
    input  wire          clk,
    input  wire          rst_n,
    // One access, answered in the same cycle.
    input  wire          reg_valid,
    input  wire          reg_write,
    input  wire  [15:0]  reg_offset,
    input  wire  [3:0]   reg_bytes,
    input  wire  [31:0]  reg_wdata,
    output logic [31:0]  reg_rdata,
    output logic         reg_okay,
    // The channel.
    input  wire          busy,
    output logic         job_valid,
    output logic         job_linked,
    output logic [31:0]  job_chain,
    output descriptor_t  job_words,
    input  wire          job_taken,
    input  wire          finish,
    input  wire  [2:0]   finish_code,
    input  wire  [31:0]  moved_bytes,
    output logic         irq
);

  localparam logic [2:0] CODE_QUEUE_FULL = 3'd3;
  // Counts, dilations, the kernel and the output width start at 1, everything else at 0.
  localparam descriptor_t RESET_WORDS = reset_words();

  localparam logic [15:0] CONTROL = 16'h00;
  localparam logic [15:0] STATUS = 16'h04;
  localparam logic [15:0] BLOCK = 16'h08;
  localparam logic [15:0] CHAIN = 16'h80;
  localparam logic [15:0] BYTES = 16'h84;
  localparam logic [15:0] PORT_BITS = 16'h88;

  function automatic descriptor_t reset_words();
    descriptor_t words;
    words = '0;
    for (int unsigned i = 1; i < 4; i++) begin
      words[5'(W_COUNT0 + 2 * i)] = 32'd1;
      words[5'(W_DESTINATION + 1 + 2 * i)] = 32'd1;
    end
    words[W_KERNEL] = 32'h0101_0101;
    words[W_PADDING] = 32'h0101_0000;
    words[W_OUTPUT_WIDTH] = 32'd1;
    words[W_CHANNELS] = 32'd1;
    return words;
  endfunction

  descriptor_t block, waiting_words;
  logic [31:0] chain, waiting_chain, moved;
  logic        waiting, waiting_linked;
  logic        irq_done, irq_error, done;
  logic [2:0]  code;

  // ---- The access -------------------------------------------------------------------------------

  logic       in_block, exists, write;
  logic [4:0] index;
  logic       start;

  always_comb begin
    in_block = reg_offset >= BLOCK && reg_offset < CHAIN;
    index = 5'((reg_offset - BLOCK) >> 2);
    exists = in_block || reg_offset == CONTROL || reg_offset == STATUS || reg_offset == CHAIN
        || reg_offset == BYTES || reg_offset == PORT_BITS;
    reg_okay = exists && reg_bytes == 4'd4 && reg_offset[1:0] == 2'd0;
    write = reg_valid && reg_write && reg_okay;
    start = write && reg_offset == CONTROL && reg_wdata[0];
    reg_rdata = '0;
    if (reg_okay && !reg_write) begin
      unique case (reg_offset)
        CONTROL: reg_rdata = {28'd0, irq_error, irq_done, 2'd0};
        STATUS: begin
          reg_rdata[3:0] = {waiting, code != 0, done, busy};
          reg_rdata[10:8] = code;
          reg_rdata[17:16] = {1'b0, busy} + {1'b0, waiting};
        end
        CHAIN: reg_rdata = chain;
        BYTES: reg_rdata = moved;
        PORT_BITS: reg_rdata = 32'd8 * PORT_BYTES;
        default: reg_rdata = block[index];
      endcase
    end
  end

  // ---- The job that can be taken ----------------------------------------------------------------

  // A START that finds a job waiting is refused, even when that one is taken in the same cycle.
  logic start_accepted;

  always_comb begin
    start_accepted = start && !waiting;
    job_valid = waiting || start;
    job_linked = start_accepted ? reg_wdata[1] : waiting_linked;
    job_chain = start_accepted ? chain : waiting_chain;
    job_words = start_accepted ? block : waiting_words;
  end

  // ---- State ------------------------------------------------------------------------------------

  logic       irq_done_d, irq_error_d, done_d;
  logic [2:0] code_d;

  always_comb begin
    irq_done_d = irq_done;
    irq_error_d = irq_error;
    done_d = done;
    code_d = code;
    if (write && reg_offset == CONTROL) {irq_error_d, irq_done_d} = reg_wdata[3:2];
    if (write && reg_offset == STATUS && reg_wdata[1]) done_d = 1'b0;
    if (write && reg_offset == STATUS && reg_wdata[2]) code_d = '0;
    if (start && waiting) code_d = CODE_QUEUE_FULL;
    if (finish && finish_code == 0) done_d = 1'b1;
    if (finish && finish_code != 0) code_d = finish_code;
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      block <= RESET_WORDS;
      waiting_words <= '0;
      {chain, waiting_chain, moved} <= '0;
      {waiting, waiting_linked, irq_done, irq_error, done, irq} <= '0;
      code <= '0;
    end else begin
      if (write && in_block) block[index] <= reg_wdata;
      if (write && reg_offset == CHAIN) chain <= reg_wdata;
      if (start_accepted) begin
        waiting_words <= block;
        waiting_chain <= chain;
        waiting_linked <= reg_wdata[1];
      end
      // A job that fails drops the waiting one.
      waiting <= job_valid && !job_taken && !(finish && finish_code != 0);
      moved <= moved + moved_bytes;
      irq_done <= irq_done_d;
      irq_error <= irq_error_d;
      done <= done_d;
      code <= code_d;
      irq <= (done_d && irq_done_d) || (code_d != 0 && irq_error_d);
    end
  end

endmodule

`default_nettype wire

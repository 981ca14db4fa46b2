`default_nettype none

// The programmer's side of an array: registers, START, completion, interrupt. The same for both
// dataflows.
//
// An access is answered in the cycle in which it comes. A read gives the values of the cycle's
// beginning, a write takes effect at its end. Where software clears a flag that the hardware sets
// in the same cycle, it stays set. START looks at the queue as it was at the cycle's beginning.
module array_registers #(
    parameter int ROWS = 8,
    parameter int COLUMNS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int OUT_BYTES = 8,
    parameter int ACC_ROWS = 1024,
    parameter int WEIGHT_STATIONARY = 0,
    parameter int SLOTS = ROWS + COLUMNS + 4,
    parameter int SLOT_BITS = $clog2(SLOTS),
    parameter int POST_BITS = 133
) (
    input  wire logic                 clk,
    input  wire logic                 rst_n,

    input  wire logic                 reg_valid,
    input  wire logic                 reg_write,
    input  wire logic [15:0]          reg_offset,
    input  wire logic [3:0]           reg_bytes,
    input  wire logic [31:0]          reg_wdata,
    output logic [31:0]               reg_rdata,
    output logic                      reg_okay,
    output logic                      irq,

    // Jobs; see job_queue.
    output logic [1:0]                waiting,
    output logic [95:0]               current_shape,
    output logic [9:0]                current_flags,
    output logic                      has_next,
    output logic [95:0]               next_shape,
    output logic [9:0]                next_flags,
    input  wire logic                 advance,
    input  wire logic                 open,
    output logic                      can_open,
    output logic [SLOT_BITS-1:0]      open_slot,
    input  wire logic [SLOTS-1:0]     finish,
    output logic [31:0]               ended,
    input  wire logic [SLOT_BITS-1:0] slot_a,
    output logic [95:0]               shape_a,
    output logic [9:0]                flags_a,
    input  wire logic [SLOT_BITS-1:0] slot_b,
    output logic [95:0]               shape_b,
    output logic [9:0]                flags_b,
    output logic [POST_BITS-1:0]      post_b,
    output logic                      last_b,

    // The parameters of a row's elements: those of a bank by column, or all those of `bank_index`.
    input  wire logic                 bank,
    input  wire logic                 bank_by_column,
    input  wire logic [7:0]           bank_index,
    output logic [31:0]               biases[COLUMNS],
    output logic [30:0]               scales[COLUMNS],
    output logic [5:0]                shifts[COLUMNS]
);

  // Word addresses.
  localparam logic [13:0] CTRL = 14'h000, STATUS = 14'h001, M = 14'h002, N = 14'h003, K = 14'h004,
      FLAGS = 14'h005, SCALE = 14'h006, SHIFT = 14'h007, ZERO_POINT = 14'h008, CLAMP_MIN = 14'h009,
      CLAMP_MAX = 14'h00A, XDIM = 14'h00B, YDIM = 14'h00C, DATA_TYPE = 14'h00D, DATAFLOW = 14'h00E,
      ACCUMULATOR_ROWS = 14'h00F, JOBS = 14'h010, OUT_BITS = 14'h011, PASSES = 14'h012,
      SLOPE = 14'h013;

  // ERROR_CODE.
  localparam logic [7:0] NONE = 8'd0, BAD_SHAPE = 8'd1, BAD_FLAGS = 8'd2, QUEUE_FULL = 8'd3;

  // FLAGS.
  localparam int ACCUMULATE = 0, OUTPUT = 1, TILED = 7, LEAKY = 10, CLAMP = 11;
  localparam logic [11:0] FLAGS_MASK = WEIGHT_STATIONARY != 0 ? 12'hFFF : 12'hFBF;

  logic interrupt_enable, is_done, is_error;
  logic [7:0] error_code;
  logic [31:0] jobs_ended, m, n, k, zero_point, clamp_min, clamp_max, passes, slope;
  logic [11:0] flags;
  logic [30:0] scale;
  logic [5:0] shift;
  logic [31:0] bias[512];
  logic [30:0] scale_bank[512];
  logic [5:0] shift_bank[512];

  logic is_busy;
  logic [13:0] word;
  logic is_bias, is_scale, is_shift, is_known, is_writable;
  logic writes, start, clears_done, clears_error;
  logic [31:0] status, bias_word;

  assign word = reg_offset[15:2];
  assign is_bias = word[13:9] == 0 && word[8] || word[13:9] == 1 && !word[8];
  assign is_scale = word[13:9] == 2;
  assign is_shift = word[13:9] == 3;
  assign bias_word = bias[{word[9], word[7:0]}];
  assign status = {
    8'd0, 6'd0, waiting, error_code, 4'd0, waiting == 2, is_error, is_done, is_busy
  };

  // Reads, and which registers there are.
  always_comb begin
    is_known = 1'b1;
    case (word)
      CTRL: reg_rdata = {29'd0, interrupt_enable, 2'd0};
      STATUS: reg_rdata = status;
      M: reg_rdata = m;
      N: reg_rdata = n;
      K: reg_rdata = k;
      FLAGS: reg_rdata = {20'd0, flags};
      SCALE: reg_rdata = {1'b0, scale};
      SHIFT: reg_rdata = {26'd0, shift};
      ZERO_POINT: reg_rdata = zero_point;
      CLAMP_MIN: reg_rdata = clamp_min;
      CLAMP_MAX: reg_rdata = clamp_max;
      XDIM: reg_rdata = COLUMNS;
      YDIM: reg_rdata = ROWS;
      DATA_TYPE: reg_rdata = OPERAND_BITS == 8 ? 1 : 2;
      DATAFLOW: reg_rdata = WEIGHT_STATIONARY;
      ACCUMULATOR_ROWS: begin
        reg_rdata = ACC_ROWS;
        is_known = WEIGHT_STATIONARY != 0;
      end
      JOBS: reg_rdata = jobs_ended;
      OUT_BITS: reg_rdata = 8 * OUT_BYTES;
      PASSES: begin
        reg_rdata = passes;
        is_known = WEIGHT_STATIONARY != 0;
      end
      SLOPE: reg_rdata = slope;
      default: begin
        reg_rdata = bias_word;
        if (is_scale) reg_rdata = {1'b0, scale_bank[word[8:0]]};
        if (is_shift) reg_rdata = {26'd0, shift_bank[word[8:0]]};
        is_known = is_bias || is_scale || is_shift;
      end
    endcase
  end

  assign is_writable = is_bias || is_scale || is_shift || word <= CLAMP_MAX || word == PASSES
      || word == SLOPE;
  assign reg_okay = reg_bytes == 4 && reg_offset[1:0] == 0 && is_known
      && (!reg_write || is_writable);

  // Writes.
  assign writes = reg_valid && reg_write && reg_okay;
  assign start = writes && word == CTRL && reg_wdata[0];
  assign clears_done = writes && word == STATUS && reg_wdata[1];
  assign clears_error = writes && word == STATUS && reg_wdata[2];

  // START: what the registers ask for, and whether the array can do it.
  logic fits, is_foreign, refuses, enable_next, done_next, error_next, uses_buffer;

  assign uses_buffer = flags[ACCUMULATE] || !flags[OUTPUT] || passes > 1;
  // Only floating-point arrays have these.
  assign is_foreign = flags[LEAKY] || flags[CLAMP];

  always_comb begin
    fits = m != 0 && n != 0 && k != 0 && passes != 0 && n <= COLUMNS;
    if (WEIGHT_STATIONARY != 0) begin
      if (k > ROWS || (uses_buffer && !flags[TILED] && m > ACC_ROWS)) fits = 1'b0;
    end else begin
      if (!flags[TILED] && m > ROWS) fits = 1'b0;
    end
  end

  assign refuses = start && (!fits || is_foreign || waiting == 2);
  assign enable_next = writes && word == CTRL ? reg_wdata[2] : interrupt_enable;
  assign done_next = (is_done && !clears_done) || ended != 0;
  assign error_next = (is_error && !clears_error) || refuses;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      interrupt_enable <= 1'b0;
      is_done <= 1'b0;
      is_error <= 1'b0;
      error_code <= NONE;
      jobs_ended <= '0;
      irq <= 1'b0;
    end else begin
      interrupt_enable <= enable_next;
      is_done <= done_next;
      is_error <= error_next;
      if (clears_error) error_code <= NONE;
      if (refuses) error_code <= !fits ? BAD_SHAPE : is_foreign ? BAD_FLAGS : QUEUE_FULL;
      jobs_ended <= jobs_ended + ended;
      irq <= enable_next && (done_next || error_next);
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      m <= '0;
      n <= '0;
      k <= '0;
      flags <= '0;
      scale <= '0;
      shift <= '0;
      zero_point <= '0;
      clamp_min <= -(32'd1 << (OPERAND_BITS - 1));
      clamp_max <= (32'd1 << (OPERAND_BITS - 1)) - 1;
      passes <= 32'd1;
      slope <= '0;
      bias <= '{default: '0};
      scale_bank <= '{default: '0};
      shift_bank <= '{default: '0};
    end else if (writes) begin
      case (word)
        CTRL, STATUS: ;
        M: m <= reg_wdata;
        N: n <= reg_wdata;
        K: k <= reg_wdata;
        FLAGS: flags <= reg_wdata[11:0] & FLAGS_MASK;
        SCALE: scale <= reg_wdata[30:0];
        SHIFT: shift <= reg_wdata[5:0];
        ZERO_POINT: zero_point <= reg_wdata;
        CLAMP_MIN: clamp_min <= reg_wdata;
        CLAMP_MAX: clamp_max <= reg_wdata;
        PASSES: passes <= reg_wdata;
        SLOPE: slope <= reg_wdata;
        default: begin
          if (is_scale) scale_bank[word[8:0]] <= reg_wdata[30:0];
          else if (is_shift) shift_bank[word[8:0]] <= reg_wdata[5:0];
          else bias[{word[9], word[7:0]}] <= reg_wdata;
        end
      endcase
    end
  end

  always_comb begin
    for (int column = 0; column < COLUMNS; column++) begin
      logic [8:0] place;
      place = {bank, bank_by_column ? 8'(column) : bank_index};
      biases[column] = bias[place];
      scales[column] = scale_bank[place];
      shifts[column] = shift_bank[place];
    end
  end

  job_queue #(
      .SLOTS(SLOTS),
      .TILE_ROWS(WEIGHT_STATIONARY != 0 ? ACC_ROWS : ROWS),
      .POST_BITS(POST_BITS)
  ) queue (
      .clk, .rst_n,
      .append(start && !refuses),
      .append_shape({k, n, m}),
      .append_passes(passes),
      .append_flags(flags[9:0]),
      .append_post({clamp_max, clamp_min, zero_point, shift, scale}),
      .waiting, .current_shape, .current_flags, .has_next, .next_shape, .next_flags, .advance,
      .open, .can_open, .open_slot, .finish, .is_busy, .ended,
      .slot_a, .shape_a, .flags_a, .slot_b, .shape_b, .flags_b, .post_b, .last_b
  );

endmodule

`default_nettype wire

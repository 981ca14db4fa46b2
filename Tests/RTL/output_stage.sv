`default_nettype none

// The post-processing unit of an array and the serialiser behind it: two registers of one row each.
//
// A row taken in cycle d is in the first register (bias added, negative values zero) in d + 1, in
// the second (scaled, bounded, narrowed) in d + 2, and its first beat is sent in d + 2 at the
// earliest. Each register takes a row in the cycle in which the one before it leaves, so a row of
// one beat can follow every cycle. A row is sent in beats of OUT_BYTES, element 0 first; the last
// beat's bytes behind the row are zero and not kept.
module output_stage #(
    parameter int COLUMNS = 8,
    parameter int OPERAND_BITS = 8,
    parameter int ACC_BITS = 4 * OPERAND_BITS,
    parameter int OUT_BYTES = 8,
    parameter int OUT_PORT_BYTES = OUT_BYTES,
    parameter int SLOT_BITS = 4
) (
    input  wire logic                        clk,
    input  wire logic                        rst_n,

    // A row: `count` elements of the part of a job in `slot`; `is_last` of the part's last row,
    // `ends_job` of the job's last part.
    output logic                             can_take,
    input  wire logic                        take,
    input  wire logic [ACC_BITS-1:0]         accumulators[COLUMNS],
    input  wire logic [31:0]                 biases[COLUMNS],
    input  wire logic [30:0]                 scales[COLUMNS],
    input  wire logic [5:0]                  shifts[COLUMNS],
    input  wire logic [15:0]                 count,
    input  wire logic                        adds_bias,
    input  wire logic                        rectifies,
    input  wire logic                        requantises,
    // Factors and shifts are those of the row, not the job's.
    input  wire logic                        has_scales,
    input  wire logic [132:0]                post,
    input  wire logic [SLOT_BITS-1:0]        slot,
    input  wire logic                        is_last,
    input  wire logic                        ends_job,

    // The part whose last beat is sent in this cycle.
    output logic                             ends,
    output logic [SLOT_BITS-1:0]             ended_slot,

    output logic                             out_tvalid,
    input  wire logic                        out_tready,
    output logic [8*OUT_PORT_BYTES-1:0]      out_tdata,
    output logic [OUT_PORT_BYTES-1:0]        out_tkeep,
    output logic                             out_tlast
);

  localparam int ACC_BYTES = ACC_BITS / 8;
  localparam int OPERAND_BYTES = OPERAND_BITS / 8;
  localparam int ROW_BYTES = COLUMNS * ACC_BYTES;
  localparam int BUFFER_BYTES = ROW_BYTES > OUT_BYTES ? ROW_BYTES : OUT_BYTES;

  // First register.
  logic has_processed, processed_requantises, processed_last, processed_ends_job;
  logic [ACC_BITS-1:0] processed[COLUMNS];
  logic [30:0] processed_scales[COLUMNS];
  logic [5:0] processed_shifts[COLUMNS];
  logic [15:0] processed_count;
  logic [95:0] processed_bounds;
  logic [SLOT_BITS-1:0] processed_slot;

  // Second register; `left` bytes of its row are still to be sent, the next ones at the bottom.
  logic is_sending, sending_last, sending_ends_job;
  logic [8*BUFFER_BYTES-1:0] sending;
  logic [15:0] left;
  logic [SLOT_BITS-1:0] sending_slot;

  logic sends, is_row_end, moves;

  assign is_row_end = left <= 16'(OUT_BYTES);
  assign sends = is_sending && out_tready;
  assign moves = has_processed && (!is_sending || (sends && is_row_end));
  assign can_take = !has_processed || moves;
  assign ends = sends && is_row_end && sending_last;
  assign ended_slot = sending_slot;

  assign out_tvalid = is_sending;
  assign out_tlast = is_row_end && sending_last && sending_ends_job;
  assign out_tdata = (8 * OUT_PORT_BYTES)'(sending[8*OUT_BYTES-1:0]);

  always_comb begin
    for (int index = 0; index < OUT_PORT_BYTES; index++) begin
      out_tkeep[index] = index < OUT_BYTES && 16'(index) < left;
    end
  end

  logic [ACC_BITS-1:0] biased[COLUMNS];
  logic [OPERAND_BITS-1:0] scaled[COLUMNS];

  for (genvar column = 0; column < COLUMNS; column++) begin : g_column
    post_processing #(
        .OPERAND_BITS(OPERAND_BITS),
        .ACC_BITS(ACC_BITS)
    ) element (
        .adds_bias, .rectifies, .bias(biases[column]), .accumulator(accumulators[column]),
        .biased(biased[column]),
        .enable(moves && processed_requantises), .value(processed[column]),
        .scale(processed_scales[column]), .shift(processed_shifts[column]),
        .bounds(processed_bounds), .scaled(scaled[column])
    );
  end

  // The bytes of the row in the first register.
  logic [8*BUFFER_BYTES-1:0] row;

  always_comb begin
    row = '0;
    for (int column = 0; column < COLUMNS; column++) begin
      if (16'(column) < processed_count) begin
        if (processed_requantises) row[column*OPERAND_BITS+:OPERAND_BITS] = scaled[column];
        else row[column*ACC_BITS+:ACC_BITS] = processed[column];
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      has_processed <= 1'b0;
      processed_requantises <= 1'b0;
      processed_last <= 1'b0;
      processed_ends_job <= 1'b0;
      processed <= '{default: '0};
      processed_scales <= '{default: '0};
      processed_shifts <= '{default: '0};
      processed_count <= '0;
      processed_bounds <= '0;
      processed_slot <= '0;
    end else begin
      has_processed <= take || (has_processed && !moves);
      if (take) begin
        processed_requantises <= requantises;
        processed_last <= is_last;
        processed_ends_job <= ends_job;
        processed <= biased;
        for (int column = 0; column < COLUMNS; column++) begin
          processed_scales[column] <= has_scales ? scales[column] : post[30:0];
          processed_shifts[column] <= has_scales ? shifts[column] : post[36:31];
        end
        processed_count <= count;
        processed_bounds <= post[132:37];
        processed_slot <= slot;
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      is_sending <= 1'b0;
      sending_last <= 1'b0;
      sending_ends_job <= 1'b0;
      sending <= '0;
      left <= '0;
      sending_slot <= '0;
    end else if (moves) begin
      is_sending <= 1'b1;
      sending_last <= processed_last;
      sending_ends_job <= processed_ends_job;
      sending <= row;
      left <= processed_count * (processed_requantises ? 16'(OPERAND_BYTES) : 16'(ACC_BYTES));
      sending_slot <= processed_slot;
    end else if (sends) begin
      is_sending <= !is_row_end;
      sending <= sending >> (8 * OUT_BYTES);
      left <= left - 16'(OUT_BYTES);
    end
  end

endmodule

`default_nettype wire

`default_nettype none

// The accumulator buffer at the bottom of a weight-stationary array and the queue of rows that wait
// for post-processing.
//
// A row that is received is added to its row of the buffer (`accumulates`), or overwrites it (no
// output either), or passes it by. With output the result enters the queue at the end of the cycle
// and can leave it in the next one. Only `count` columns of the buffer change.
module accumulator_buffer #(
    parameter int COLUMNS = 8,
    parameter int ACC_BITS = 32,
    parameter int ACC_ROWS = 1024,
    parameter int QUEUE_ROWS = 20,
    parameter int SLOT_BITS = 5,
    parameter int INDEX_BITS = ACC_ROWS > 1 ? $clog2(ACC_ROWS) : 1
) (
    input  wire logic                  clk,
    input  wire logic                  rst_n,

    input  wire logic                  receive,
    input  wire logic [ACC_BITS-1:0]   received[COLUMNS],
    input  wire logic [INDEX_BITS-1:0] index,
    input  wire logic [15:0]           count,
    input  wire logic                  accumulates,
    input  wire logic                  has_output,
    input  wire logic [SLOT_BITS-1:0]  slot,
    input  wire logic                  is_last,

    // The oldest row of the queue.
    output logic                       is_waiting,
    output logic [ACC_BITS-1:0]        row[COLUMNS],
    output logic [SLOT_BITS-1:0]       row_slot,
    output logic                       row_last,
    input  wire logic                  pop
);

  localparam int ROW_BITS = COLUMNS * ACC_BITS;

  logic [ROW_BITS-1:0] buffer[ACC_ROWS];
  logic [ROW_BITS-1:0] stored, result, written;
  logic writes;

  assign writes = receive && (accumulates || !has_output);

  always_comb begin
    stored = '0;
    result = '0;
    written = '0;
    if (receive) begin
      if (writes) stored = buffer[index];
      written = stored;
      for (int column = 0; column < COLUMNS; column++) begin
        result[column*ACC_BITS+:ACC_BITS] = received[column];
        if (accumulates) begin
          result[column*ACC_BITS+:ACC_BITS] =
              received[column] + stored[column*ACC_BITS+:ACC_BITS];
        end
        if (16'(column) < count) begin
          written[column*ACC_BITS+:ACC_BITS] = result[column*ACC_BITS+:ACC_BITS];
        end
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) buffer <= '{default: '0};
    else if (writes) buffer[index] <= written;
  end

  logic [ROW_BITS-1:0] oldest;
  /* verilator lint_off UNUSEDSIGNAL */
  // The array issues a vector with output only when its row will find room.
  logic has_room;
  /* verilator lint_on UNUSEDSIGNAL */

  stream_fifo #(
      .WIDTH(ROW_BITS + SLOT_BITS + 1),
      .DEPTH(QUEUE_ROWS)
  ) queue (
      .clk, .rst_n,
      .in_valid(receive && has_output), .in_ready(has_room), .in_data({is_last, slot, result}),
      .out_valid(is_waiting), .out_ready(pop), .out_data({row_last, row_slot, oldest})
  );

  always_comb begin
    for (int column = 0; column < COLUMNS; column++) begin
      row[column] = oldest[column*ACC_BITS+:ACC_BITS];
    end
  end

endmodule

`default_nettype wire

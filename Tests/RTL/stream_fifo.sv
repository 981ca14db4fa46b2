`default_nettype none

// A first-in first-out queue whose flags come from registers alone.
//
// What enters at one clock edge is visible behind it, and so is a place that became free:
// `in_ready` never depends on `out_ready`, nor `out_valid` on `in_valid`. Two places (the default)
// therefore give one transfer per cycle, one place every other cycle.
module stream_fifo #(
    parameter int WIDTH = 8,
    parameter int DEPTH = 2
) (
    input  wire logic             clk,
    input  wire logic             rst_n,
    input  wire logic             in_valid,
    output logic                  in_ready,
    input  wire logic [WIDTH-1:0] in_data,
    output logic                  out_valid,
    input  wire logic             out_ready,
    output logic [WIDTH-1:0]      out_data
);

  localparam int PLACE_BITS = DEPTH > 1 ? $clog2(DEPTH) : 1;
  localparam int COUNT_BITS = $clog2(DEPTH + 1);
  localparam logic [PLACE_BITS-1:0] LAST_PLACE = PLACE_BITS'(DEPTH - 1);

  logic [WIDTH-1:0] places[DEPTH];
  logic [PLACE_BITS-1:0] head, tail;
  logic [COUNT_BITS-1:0] count;
  logic enters, leaves;

  assign in_ready = count != COUNT_BITS'(DEPTH);
  assign out_valid = count != 0;
  assign out_data = places[head];
  assign enters = in_valid && in_ready;
  assign leaves = out_valid && out_ready;

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      places <= '{default: '0};
      head <= '0;
      tail <= '0;
      count <= '0;
    end else begin
      if (enters) begin
        places[tail] <= in_data;
        tail <= tail == LAST_PLACE ? '0 : tail + 1'b1;
      end
      if (leaves) head <= head == LAST_PLACE ? '0 : head + 1'b1;
      if (enters && !leaves) count <= count + 1'b1;
      if (leaves && !enters) count <= count - 1'b1;
    end
  end

endmodule

`default_nettype wire

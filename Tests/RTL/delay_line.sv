// Delay line: a pipeline of STAGES cycles between an input and an output channel of a crossbar.
//
// What is taken in cycle n is offered from cycle n + STAGES - 1 on; the channel behind it registers
// once more. It holds up to STAGES payloads, so it keeps one transfer per cycle while the output
// moves, and it fills up while the output stands still. A full line takes a payload in the cycle in
// which it gives one away. With one stage it is a plain wire.

`default_nettype none

module delay_line #(
  parameter int unsigned WIDTH = 8,
  parameter int unsigned STAGES = 2
) (
  // verilator lint_off UNUSEDSIGNAL
  input  wire logic clk,  // a wire needs neither
  input  wire logic rst_n,
  // verilator lint_on UNUSEDSIGNAL
  input  wire logic in_valid,
  output logic in_ready,
  input  wire logic [WIDTH-1:0] in_data,
  output logic out_valid,
  input  wire logic out_ready,
  output logic [WIDTH-1:0] out_data
);
  if (STAGES == 1) begin : g_wire
    assign in_ready = out_ready;
    assign out_valid = in_valid;
    assign out_data = in_data;
  end else begin : g_line
    localparam int unsigned INDEX_BITS = $clog2(STAGES);
    localparam int unsigned COUNT_BITS = $clog2(STAGES + 1);
    localparam int unsigned WAIT_BITS = STAGES > 2 ? $clog2(STAGES - 1) : 1;
    localparam logic [INDEX_BITS-1:0] LAST = INDEX_BITS'(STAGES - 1);
    localparam logic [COUNT_BITS-1:0] FULL = COUNT_BITS'(STAGES);

    logic [STAGES-1:0][WIDTH-1:0] payloads;
    // Cycles that a payload still has to wait; all count down, since payloads age while they queue.
    logic [STAGES-1:0][WAIT_BITS-1:0] waits;
    logic [INDEX_BITS-1:0] head, tail;
    logic [COUNT_BITS-1:0] count;
    logic take, give;

    assign out_valid = count != '0 && waits[head] == '0;
    assign out_data = payloads[head];
    assign give = out_valid && out_ready;
    assign in_ready = count != FULL || give;
    assign take = in_valid && in_ready;

    always_ff @(posedge clk) begin
      if (!rst_n) begin
        head <= '0;
        tail <= '0;
        count <= '0;
        payloads <= '0;
        waits <= '0;
      end else begin
        for (int i = 0; i < STAGES; i++) if (waits[i] != '0) waits[i] <= waits[i] - 1'b1;
        if (take) begin
          payloads[tail] <= in_data;
          waits[tail] <= WAIT_BITS'(STAGES - 2);
          tail <= tail == LAST ? '0 : tail + 1'b1;
        end
        if (give) head <= head == LAST ? '0 : head + 1'b1;
        count <= count + COUNT_BITS'(take) - COUNT_BITS'(give);
      end
    end
  end
endmodule

`default_nettype wire

// Address decoder of a crossbar: which target serves a burst of one initiator.
//
// A burst hits a window when all of its bytes lie inside. Windows do not overlap; if they did, the
// one with the lowest number would win. A window with several targets (the ports of a memory) gives
// initiator i the one with number i mod count. Combinational.

`default_nettype none

module address_decoder #(
  parameter int unsigned INITIATOR = 0,  // whose bursts are decoded
  parameter int unsigned TARGET_BITS = 1,
  parameter int unsigned WINDOWS = 1,
  parameter logic [WINDOWS-1:0][63:0] WINDOW_BASE = '0,
  parameter logic [WINDOWS-1:0][63:0] WINDOW_LENGTH = '1,
  parameter logic [WINDOWS-1:0][7:0] WINDOW_FIRST_TARGET = '0,
  parameter logic [WINDOWS-1:0][7:0] WINDOW_TARGETS = '1
) (
  input  wire logic [63:0] address,
  input  wire logic [31:0] bytes,
  output logic hit,
  output logic [TARGET_BITS-1:0] target
);
  logic [WINDOWS-1:0] hits;
  logic [WINDOWS-1:0][TARGET_BITS-1:0] targets;

  for (genvar w = 0; w < WINDOWS; w++) begin : g_window
    // The port is known when the circuit is made: no divider.
    localparam int unsigned PORT = INITIATOR % 32'(WINDOW_TARGETS[w]);
    logic [63:0] offset;
    assign offset = address - WINDOW_BASE[w];
    assign hits[w] =
      offset < WINDOW_LENGTH[w] && 64'(bytes) <= WINDOW_LENGTH[w] - offset;
    assign targets[w] = TARGET_BITS'(32'(WINDOW_FIRST_TARGET[w]) + PORT);
  end

  assign hit = |hits;

  always_comb begin
    target = '0;
    for (int w = WINDOWS - 1; w >= 0; w--) if (hits[w]) target = targets[w];
  end
endmodule

`default_nettype wire

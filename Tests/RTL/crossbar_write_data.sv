// The write data path of a crossbar: data follows in the order of the grants.
//
// Each target remembers whose data is due, in the order of its write grants, and takes the beats of
// the first until the last one of the burst. A grant counts from the next cycle on. The data of
// refused bursts (`drop`) is swallowed. Combinational but for the order; `m_valid` does not depend
// on `m_ready`.

`default_nettype none

module crossbar_write_data #(
  parameter int unsigned INITIATORS = 2,
  parameter int unsigned TARGETS = 2,
  parameter int unsigned OUTSTANDING = 1,
  parameter int unsigned WIDTH = 9,  // data and strobe
  localparam int unsigned SOURCE_BITS = INITIATORS > 1 ? $clog2(INITIATORS) : 1
) (
  input  wire logic clk,
  input  wire logic rst_n,
  // The write requests granted in this cycle.
  input  wire logic [TARGETS-1:0] grant,
  input  wire logic [TARGETS-1:0][SOURCE_BITS-1:0] winner,
  // From the initiators.
  input  wire logic [INITIATORS-1:0] s_valid,
  output logic [INITIATORS-1:0] s_ready,
  input  wire logic [INITIATORS-1:0][WIDTH-1:0] s_data,
  input  wire logic [INITIATORS-1:0] s_last,
  // Swallow the beat of this initiator.
  input  wire logic [INITIATORS-1:0] drop,
  // To the targets.
  output logic [TARGETS-1:0] m_valid,
  input  wire logic [TARGETS-1:0] m_ready,
  output logic [TARGETS-1:0][WIDTH-1:0] m_data,
  output logic [TARGETS-1:0] m_last
);
  logic [TARGETS-1:0] due_valid;
  logic [TARGETS-1:0][SOURCE_BITS-1:0] due;

  for (genvar t = 0; t < TARGETS; t++) begin : g_target
    stream_fifo #(
      .WIDTH(SOURCE_BITS),
      .DEPTH(INITIATORS * OUTSTANDING)
    ) order (
      .clk(clk),
      .rst_n(rst_n),
      .in_valid(grant[t]),
      // Always room: there are never more bursts under way than it has places.
      // verilator lint_off PINCONNECTEMPTY
      .in_ready(),
      // verilator lint_on PINCONNECTEMPTY
      .in_data(winner[t]),
      .out_valid(due_valid[t]),
      .out_ready(m_valid[t] && m_ready[t] && m_last[t]),
      .out_data(due[t])
    );

    assign m_valid[t] = due_valid[t] && s_valid[due[t]];
    assign m_data[t] = s_data[due[t]];
    assign m_last[t] = s_last[due[t]];
  end

  always_comb begin
    s_ready = drop;
    for (int t = 0; t < TARGETS; t++) if (m_valid[t] && m_ready[t]) s_ready[due[t]] = 1'b1;
  end
endmodule

`default_nettype wire

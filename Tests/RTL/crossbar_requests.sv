// The request path of a crossbar in one direction (read or write): address decode, the rule that
// keeps responses in order, one arbiter per target, and the count of the bursts under way.
//
// An initiator has at most OUTSTANDING bursts under way, all at the same target ("single slave per
// ID"). A request whose address has no target is refused as soon as the initiator has nothing else
// under way; the crossbar then answers it itself. Responses that pass in a cycle (`s_done`,
// `m_done`, and `refusing` gone low) count in the grants of the same cycle.
//
// Grants are combinational: `s_ready` says that a request is taken in this cycle, granted or
// refused. `m_valid` does not depend on `m_ready`. A source number comes with every grant:
// `m_winner`.

`default_nettype none

module crossbar_requests #(
  parameter int unsigned INITIATORS = 2,
  parameter int unsigned TARGETS = 2,
  parameter int unsigned OUTSTANDING = 1,
  parameter int ROUND_ROBIN = 1,
  parameter int unsigned WINDOWS = 1,
  parameter logic [WINDOWS-1:0][63:0] WINDOW_BASE = '0,
  parameter logic [WINDOWS-1:0][63:0] WINDOW_LENGTH = '1,
  parameter logic [WINDOWS-1:0][7:0] WINDOW_FIRST_TARGET = '0,
  parameter logic [WINDOWS-1:0][7:0] WINDOW_TARGETS = '1,
  localparam int unsigned SOURCE_BITS = INITIATORS > 1 ? $clog2(INITIATORS) : 1,
  localparam int unsigned TARGET_BITS = TARGETS > 1 ? $clog2(TARGETS) : 1
) (
  input  wire logic clk,
  input  wire logic rst_n,
  // Requests of the initiators: address, bytes, beats - 1.
  input  wire logic [INITIATORS-1:0] s_valid,
  output logic [INITIATORS-1:0] s_ready,
  input  wire logic [INITIATORS-1:0][63:0] s_addr,
  input  wire logic [INITIATORS-1:0][31:0] s_user,
  input  wire logic [INITIATORS-1:0][15:0] s_len,
  // Grants to the targets.
  output logic [TARGETS-1:0] m_valid,
  input  wire logic [TARGETS-1:0] m_ready,
  output logic [TARGETS-1:0][63:0] m_addr,
  output logic [TARGETS-1:0][31:0] m_user,
  output logic [TARGETS-1:0][15:0] m_len,
  output logic [TARGETS-1:0][SOURCE_BITS-1:0] m_winner,
  // The initiator's refused burst is not answered in full yet, even after this cycle.
  input  wire logic [INITIATORS-1:0] refusing,
  // Its request is refused in this cycle.
  output logic [INITIATORS-1:0] refused,
  // The last response of a burst passes in this cycle: for the initiator, from the target.
  input  wire logic [INITIATORS-1:0] s_done,
  input  wire logic [TARGETS-1:0] m_done,
  // The target has had bursts under way since an earlier cycle.
  output logic [TARGETS-1:0] busy,
  // The grant of this cycle left another initiator waiting that was allowed, too.
  output logic [TARGETS-1:0] contested
);
  localparam int unsigned COUNT_BITS = $clog2(OUTSTANDING + 1);
  localparam int unsigned TOTAL_BITS = $clog2(INITIATORS * OUTSTANDING + 1);

  logic [INITIATORS-1:0] hit;
  logic [INITIATORS-1:0][TARGET_BITS-1:0] target;
  // Bursts under way per initiator, all of them at one target; and per target.
  logic [INITIATORS-1:0][COUNT_BITS-1:0] under_way, left;
  logic [INITIATORS-1:0][TARGET_BITS-1:0] at;
  logic [TARGETS-1:0][TOTAL_BITS-1:0] total;
  logic [INITIATORS-1:0] allowed, granted;
  logic [TARGETS-1:0][INITIATORS-1:0] rivals;
  logic [TARGETS-1:0] grant;

  for (genvar i = 0; i < INITIATORS; i++) begin : g_initiator
    address_decoder #(
      .INITIATOR(i),
      .TARGET_BITS(TARGET_BITS),
      .WINDOWS(WINDOWS),
      .WINDOW_BASE(WINDOW_BASE),
      .WINDOW_LENGTH(WINDOW_LENGTH),
      .WINDOW_FIRST_TARGET(WINDOW_FIRST_TARGET),
      .WINDOW_TARGETS(WINDOW_TARGETS)
    ) decoder (
      .address(s_addr[i]),
      .bytes(s_user[i]),
      .hit(hit[i]),
      .target(target[i])
    );

    assign left[i] = under_way[i] - COUNT_BITS'(s_done[i]);
    assign allowed[i] = s_valid[i] && hit[i] && !refusing[i] && left[i] < COUNT_BITS'(OUTSTANDING)
      && (left[i] == '0 || at[i] == target[i]);
    // Answers of earlier bursts go first, so that responses stay in order.
    assign refused[i] = s_valid[i] && !hit[i] && !refusing[i] && left[i] == '0;
    assign s_ready[i] = granted[i] || refused[i];

    always_ff @(posedge clk) begin
      if (!rst_n) begin
        under_way[i] <= '0;
        at[i] <= '0;
      end else begin
        under_way[i] <= left[i] + COUNT_BITS'(granted[i]);
        if (granted[i]) at[i] <= target[i];
      end
    end
  end

  for (genvar t = 0; t < TARGETS; t++) begin : g_target
    for (genvar i = 0; i < INITIATORS; i++) begin : g_rival
      assign rivals[t][i] = allowed[i] && target[i] == TARGET_BITS'(t);
    end

    arbiter #(
      .REQUESTERS(INITIATORS),
      .ROUND_ROBIN(ROUND_ROBIN != 0)
    ) choice (
      .clk(clk),
      .rst_n(rst_n),
      .requests(rivals[t]),
      .take(grant[t]),
      .winner(m_winner[t])
    );

    assign m_valid[t] = rivals[t] != '0;
    assign m_addr[t] = s_addr[m_winner[t]];
    assign m_user[t] = s_user[m_winner[t]];
    assign m_len[t] = s_len[m_winner[t]];
    assign grant[t] = m_valid[t] && m_ready[t];
    assign contested[t] = grant[t] && $countones(rivals[t]) > 1;
    assign busy[t] = total[t] != '0;

    always_ff @(posedge clk) begin
      if (!rst_n) total[t] <= '0;
      else total[t] <= total[t] + TOTAL_BITS'(grant[t]) - TOTAL_BITS'(m_done[t]);
    end
  end

  always_comb begin
    granted = '0;
    for (int t = 0; t < TARGETS; t++) if (grant[t]) granted[m_winner[t]] = 1'b1;
  end
endmodule

`default_nettype wire

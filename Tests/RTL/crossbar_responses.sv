// The response path of a crossbar in one direction (read data or write answers): every response
// goes to the initiator whose number it carries.
//
// An initiator takes one response per cycle. Should two targets answer the same one at once, which
// correct targets cannot do, the target with the lower number goes first. Responses that the
// crossbar makes itself (`e_*`, for refused bursts) come last. Combinational; `s_valid` does not
// depend on `s_ready`.

`default_nettype none

module crossbar_responses #(
  parameter int unsigned INITIATORS = 2,
  parameter int unsigned TARGETS = 2,
  parameter int unsigned WIDTH = 2
) (
  // From the targets.
  input  wire logic [TARGETS-1:0] m_valid,
  output logic [TARGETS-1:0] m_ready,
  input  wire logic [TARGETS-1:0][15:0] m_id,
  input  wire logic [TARGETS-1:0][WIDTH-1:0] m_data,
  // The crossbar's own answers.
  input  wire logic [INITIATORS-1:0] e_valid,
  output logic [INITIATORS-1:0] e_ready,
  input  wire logic [INITIATORS-1:0][WIDTH-1:0] e_data,
  // To the initiators.
  output logic [INITIATORS-1:0] s_valid,
  input  wire logic [INITIATORS-1:0] s_ready,
  output logic [INITIATORS-1:0][15:0] s_id,
  output logic [INITIATORS-1:0][WIDTH-1:0] s_data,
  // The response taken in this cycle comes from a target.
  output logic [INITIATORS-1:0] s_passed
);
  // What each initiator is offered; at most one target is its source.
  logic [INITIATORS-1:0][TARGETS-1:0] offers, source;

  for (genvar i = 0; i < INITIATORS; i++) begin : g_initiator
    for (genvar t = 0; t < TARGETS; t++) begin : g_offer
      assign offers[i][t] = m_valid[t] && m_id[t] == 16'(i);
    end
    // The lowest set bit.
    assign source[i] = offers[i] & (~offers[i] + 1'b1);

    assign s_valid[i] = offers[i] != '0 || e_valid[i];
    assign s_passed[i] = offers[i] != '0 && s_ready[i];
    assign e_ready[i] = offers[i] == '0 && s_ready[i];
    assign s_id[i] = offers[i] != '0 ? 16'(i) : '0;

    always_comb begin
      s_data[i] = offers[i] != '0 ? '0 : e_data[i];
      for (int t = 0; t < TARGETS; t++) if (source[i][t]) s_data[i] |= m_data[t];
    end
  end

  always_comb begin
    m_ready = '0;
    for (int i = 0; i < INITIATORS; i++) if (s_ready[i]) m_ready |= source[i];
  end
endmodule

`default_nettype wire

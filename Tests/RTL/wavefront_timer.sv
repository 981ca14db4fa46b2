`default_nettype none

// Knows when the last MACs of jobs take place: a delay line in which a job starts as many stages
// before the end as its last operands need cycles to the last processing element.
//
// A job that enters with a `delay` of 0 is computed in the same cycle. Several can be in a stage.
module wavefront_timer #(
    parameter int STAGES = 8,
    parameter int WIDTH = 8
) (
    input  wire logic             clk,
    input  wire logic             rst_n,
    input  wire logic [WIDTH-1:0] entering,
    input  wire logic [15:0]      delay,
    output logic [WIDTH-1:0]      computed
);

  // Those computed in this cycle, in the next one, ...
  logic [WIDTH-1:0] stages[STAGES];
  logic [WIDTH-1:0] stages_next[STAGES];

  always_comb begin
    computed = stages[0] | (delay == 0 ? entering : '0);
    for (int index = 0; index < STAGES; index++) begin
      stages_next[index] = index + 1 < STAGES ? stages[index+1] : '0;
      if (16'(index) + 1 == delay) stages_next[index] = stages_next[index] | entering;
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) stages <= '{default: '0};
    else stages <= stages_next;
  end

endmodule

`default_nettype wire

// The corner turn of a DMA channel: the pieces of a group go in one per cycle, their elements leave
// transposed, one beat per element of a piece.
//
// Two square banks, one is filled while the other is drained. Within a cycle a beat leaves first
// (`drain`), then a piece goes in (`write`), also into the bank that just became free.
`default_nettype none

module dma_turn #(
    parameter int unsigned PORT_BYTES = 16,
    localparam int unsigned COUNT_BITS = $clog2(PORT_BYTES + 1)
) (
    input  wire                     clk,
    input  wire                     rst_n,
    // Forgets everything at the end of the cycle.
    input  wire                     clear,
    input  wire  [1:0]              element_log2,
    // Whether a beat may leave, and whether there is room for it.
    input  wire                     drain,
    input  wire                     queue_full,
    output logic                    push,
    output logic [8*PORT_BYTES-1:0] push_data,
    output logic [COUNT_BITS-1:0]   push_bytes,
    output logic                    push_last,
    // Whether all full banks were drained, and whether there is no room for a piece; both after the
    // beat of this cycle.
    output logic                    drained,
    output logic                    full,
    input  wire                     write,
    input  wire  [8*PORT_BYTES-1:0] write_data,
    input  wire  [COUNT_BITS-1:0]   write_bytes,
    input  wire                     write_ends_group,
    input  wire                     write_last
);

  logic [1:0][PORT_BYTES-1:0][8*PORT_BYTES-1:0] pieces;
  // What leaves a bank: so many beats of so many bytes. No beats: the bank is free.
  logic [COUNT_BITS-1:0]   beats[2], beat_bytes[2];
  logic                    last[2];
  logic                    filling, draining;
  logic [COUNT_BITS-1:0]   piece_count, drained_beats, next_count, next_beat;

  logic ends_bank;

  always_comb begin
    next_beat = drained_beats + 1'b1;
    push = drain && beats[draining] != 0 && !queue_full;
    ends_bank = push && next_beat == beats[draining];
    push_bytes = beat_bytes[draining];
    push_last = ends_bank && last[draining];
    drained = beats[draining^ends_bank] == 0;
    full = beats[filling] != 0 && !(ends_bank && filling == draining);
    next_count = piece_count + 1'b1;
  end

  // Byte b of the element that leaves, of every piece.
  always_comb begin : transpose
    int unsigned from, to;
    push_data = '0;
    from = 0;
    to = 0;
    for (int unsigned p = 0; p < PORT_BYTES; p++) begin
      for (int unsigned b = 0; b < 8; b++) begin
        from = (32'(drained_beats) << element_log2) + b;
        to = (p << element_log2) + b;
        if (b < 32'd1 << element_log2 && from < PORT_BYTES && to < PORT_BYTES) begin
          push_data[8*to+:8] = pieces[draining][p][8*from+:8];
        end
      end
    end
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      pieces <= '0;
      beats <= '{default: '0};
      beat_bytes <= '{default: '0};
      last <= '{default: '0};
      {filling, draining, piece_count, drained_beats} <= '0;
    end else if (clear) begin
      beats <= '{default: '0};
      {filling, draining, piece_count, drained_beats} <= '0;
    end else begin
      if (push) drained_beats <= ends_bank ? '0 : next_beat;
      if (ends_bank) begin
        beats[draining] <= '0;
        draining <= !draining;
      end
      if (write) begin
        for (int unsigned p = 0; p < PORT_BYTES; p++) begin
          if (32'(piece_count) == p) pieces[filling][p] <= write_data;
        end
        piece_count <= write_ends_group ? '0 : next_count;
        if (write_ends_group) begin
          beats[filling] <= write_bytes >> element_log2;
          beat_bytes[filling] <= next_count << element_log2;
          last[filling] <= write_last;
          filling <= !filling;
        end
      end
    end
  end

endmodule

`default_nettype wire

// The four stream-wide beats between the two sides of a DMA channel.
//
// Within a cycle beats leave first (`pop_first`), then one arrives (`push`), then it may leave at
// once (`pop_last`: descriptors pass through), then `clear` empties the queue. Bytes of a slot
// beyond a beat's own keep what they were.
`default_nettype none

module dma_beat_queue #(
    parameter int unsigned PORT_BYTES = 16,
    localparam int unsigned COUNT_BITS = $clog2(PORT_BYTES + 1)
) (
    input  wire                     clk,
    input  wire                     rst_n,
    input  wire                     pop_first,
    input  wire                     push,
    input  wire  [8*PORT_BYTES-1:0] push_data,
    input  wire  [COUNT_BITS-1:0]   push_bytes,
    input  wire                     push_last,
    input  wire                     pop_last,
    input  wire                     clear,
    // Beats held when the cycle begins, the first and the second of them.
    output logic [2:0]              count,
    output logic [8*PORT_BYTES-1:0] front_data,
    output logic [COUNT_BITS-1:0]   front_bytes,
    output logic                    front_last,
    output logic [8*PORT_BYTES-1:0] second_data,
    output logic [COUNT_BITS-1:0]   second_bytes
);

  logic [8*PORT_BYTES-1:0] data[4];
  logic [COUNT_BITS-1:0]   bytes[4];
  logic                    last[4];
  logic [1:0]              head, tail;
  logic [8*PORT_BYTES-1:0] merged;

  always_comb begin
    merged = data[tail];
    for (int unsigned i = 0; i < PORT_BYTES; i++) begin
      if (i < 32'(push_bytes)) merged[8*i+:8] = push_data[8*i+:8];
    end
    front_data = data[head];
    front_bytes = bytes[head];
    front_last = last[head];
    second_data = data[head+2'd1];
    second_bytes = bytes[head+2'd1];
  end

  always_ff @(posedge clk) begin
    if (!rst_n) begin
      head <= '0;
      tail <= '0;
      count <= '0;
      data <= '{default: '0};
      bytes <= '{default: '0};
      last <= '{default: '0};
    end else begin
      if (push) begin
        data[tail] <= merged;
        bytes[tail] <= push_bytes;
        last[tail] <= push_last;
      end
      if (clear) begin
        head <= '0;
        tail <= '0;
        count <= '0;
      end else begin
        head <= head + 2'(pop_first) + 2'(pop_last);
        tail <= tail + 2'(push);
        count <= count + 3'(push) - 3'(pop_first) - 3'(pop_last);
      end
    end
  end

endmodule

`default_nettype wire

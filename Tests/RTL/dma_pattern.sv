// What a transfer's pattern is and how the descriptor words say it; see dma_walk for the walk
// through it.
//
// A pattern is four nested dimensions with byte strides, the im2col view of an image (CHW), or a
// window: the im2col view of an image (HWC) in pieces, tile by tile. Everything here is
// combinational; the engines hold the state. A file that uses this package includes it.
`ifndef DMA_PATTERN
`define DMA_PATTERN
`default_nettype none

package dma_pattern;

  typedef logic [63:0] address_t;
  // Bytes of one segment: 2^32 elements of 8 bytes at most.
  typedef logic [35:0] bytes_t;
  // A pixel coordinate: 2^33 pixels times an 8-bit step, signed.
  typedef logic signed [47:0] coordinate_t;
  // Bytes of a whole transfer: 2^40 at most.
  typedef logic [40:0] total_t;

  localparam total_t LARGEST_TRANSFER = {1'b1, 40'b0};

  typedef enum logic [1:0] {OKAY = 2'd0, SLAVE_ERROR = 2'd2, DECODE_ERROR = 2'd3} response_t;

  // The descriptor: the words of the registers MODE (0) to DST_STRIDE3 (29).
  localparam int unsigned WORDS = 30;
  typedef logic [WORDS-1:0][31:0] descriptor_t;

  localparam int unsigned W_MODE = 0;
  localparam int unsigned W_ADDRESS = 1;
  localparam int unsigned W_COUNT0 = 2;
  localparam int unsigned W_IMAGE_SIZE = 10;
  localparam int unsigned W_KERNEL = 11;
  localparam int unsigned W_PADDING = 12;
  localparam int unsigned W_OUTPUT_WIDTH = 13;
  localparam int unsigned W_FIRST_PIXEL = 14;
  localparam int unsigned W_CHANNELS = 15;
  localparam int unsigned W_PADDING_VALUE = 16;
  localparam int unsigned W_CHANNEL_PITCH = 17;
  localparam int unsigned W_ROW_PITCH = 18;
  localparam int unsigned W_DESTINATION = 19;

  typedef struct packed {
    logic        is_image;
    logic        is_window;
    logic        turns;
    logic        align_rows;
    logic        mark_rows;
    // What segments are counted in (windows: bytes), and the size of an element.
    logic [1:0]  unit_log2;
    logic [1:0]  element_log2;
    logic [63:0] base;
    // Innermost first; for images and windows: pixels, kernel width, kernel height, channels.
    logic [3:0][31:0] count;
    logic signed [3:0][31:0] stride;
    logic [15:0] height;
    logic [15:0] width;
    logic [7:0]  step_y;
    logic [7:0]  step_x;
    logic [7:0]  top;
    logic [7:0]  left;
    logic [7:0]  dilation_y;
    logic [7:0]  dilation_x;
    logic [31:0] output_width;
    logic [31:0] first_pixel;
    logic [7:0]  padding;
    logic [31:0] channel_pitch;
    logic [31:0] row_pitch;
    // A window: repetitions `stride[1]` apart, pixels of a group, whether all columns of a kernel
    // row are one run, bytes at an image position, of a run and of a block.
    logic [31:0] repetitions;
    logic [31:0] group;
    logic        merges;
    coordinate_t position_bytes;
    coordinate_t run_bytes;
    logic [15:0] block_bytes;
  } pattern_t;

  // Where the walk stands.
  typedef struct packed {
    logic        finished;
    // A window: pixel of the group, kernel column and row, repetition.
    logic [3:0][31:0] index;
    // A window: the group's first pixel, the block's first byte in the run, bytes of the piece
    // that are behind.
    logic [31:0] group_start;
    coordinate_t block_start;
    logic [15:0] done;
  } walk_t;

  typedef struct packed {
    address_t    address;
    logic [31:0] count;
    logic [15:0] stride;
    logic        is_padding;
    logic        ends_row;
    logic        ends_group;
    logic        ends_transfer;
  } segment_t;

  typedef struct packed {
    segment_t  segment;
    walk_t walk;
  } step_t;

  // A pattern read from a descriptor; `valid` is clear when a field is out of range.
  typedef struct packed {
    logic     valid;
    total_t   total;
    pattern_t pattern;
  } decoded_t;

  // Functions look only at those fields that they need.
  // verilator lint_off UNUSEDSIGNAL

  // ---- Descriptors ------------------------------------------------------------------------------

  // A transfer without bytes.
  function automatic logic is_empty(pattern_t pattern);
    return pattern.count[0] == 0 || pattern.count[1] == 0 || pattern.count[2] == 0
        || pattern.count[3] == 0 || (pattern.is_window && pattern.repetitions == 0);
  endfunction

  // Multiplies the size of what is known so far; the top bit says that it became too large.
  function automatic logic [41:0] grow(logic [41:0] size, logic [31:0] count);
    logic [72:0] product;
    product = 73'(size[40:0]) * 73'(count);
    return {size[41] || product > 73'(LARGEST_TRANSFER), product[40:0]};
  endfunction

  // The size is judged after every factor: a product too large stays so whatever follows.
  function automatic decoded_t with_size(pattern_t pattern, logic fields_valid);
    logic [41:0] size;
    size = grow(42'd1 << pattern.element_log2, pattern.count[0]);
    if (pattern.is_image || pattern.is_window) begin
      size = grow(grow(grow(size, pattern.count[3]), pattern.count[2]), pattern.count[1]);
      if (pattern.is_window) size = grow(size, pattern.repetitions);
    end else begin
      size = grow(grow(grow(size, pattern.count[1]), pattern.count[2]), pattern.count[3]);
    end
    return '{valid: fields_valid && !size[41], total: size[40:0], pattern: pattern};
  endfunction

  // The pattern whose base is word `address` and whose four counts and strides start at `counts`.
  function automatic pattern_t strided(descriptor_t words, int unsigned address,
                                       int unsigned counts);
    pattern_t pattern;
    pattern = '0;
    pattern.base = 64'(words[5'(address)]);
    pattern.element_log2 = words[W_MODE][9:8];
    pattern.unit_log2 = pattern.element_log2;
    for (int unsigned i = 0; i < 4; i++) begin
      pattern.count[2'(i)] = words[5'(counts + 2 * i)];
      pattern.stride[2'(i)] = words[5'(counts + 2 * i + 1)];
    end
    return pattern;
  endfunction

  // The memory side of a transfer. `port_bytes` is the width of the stream that memory is read to,
  // 0 for other directions, which have neither windows nor turned transfers.
  function automatic decoded_t decode_source(descriptor_t words, int unsigned port_bytes);
    pattern_t pattern;
    logic     fields_valid;
    pattern = strided(words, W_ADDRESS, W_COUNT0);
    pattern.turns = words[W_MODE][6];
    pattern.mark_rows = words[W_MODE][5];
    pattern.is_image = words[W_MODE][1:0] == 2'd1;
    pattern.is_window = words[W_MODE][1:0] == 2'd2;
    pattern.align_rows = words[W_MODE][4] || pattern.turns || pattern.is_window;
    fields_valid = words[W_MODE][1:0] != 2'd3;
    if (pattern.is_window) begin
      pattern.repetitions = pattern.count[1];
      pattern.group = pattern.count[2] == 0 || pattern.count[2] > pattern.count[0]
          ? pattern.count[0] : pattern.count[2];
      pattern.merges = words[W_COUNT0+7][0];
      pattern.block_bytes = pattern.count[3] == 0 ? 16'(port_bytes) : pattern.count[3][15:0];
      pattern.unit_log2 = '0;
    end
    if (pattern.is_image || pattern.is_window) begin
      {pattern.width, pattern.height} = words[W_IMAGE_SIZE];
      pattern.count[1] = 32'(words[W_KERNEL][15:8]);
      pattern.count[2] = 32'(words[W_KERNEL][7:0]);
      pattern.count[3] = words[W_CHANNELS];
      {pattern.step_x, pattern.step_y} = words[W_KERNEL][31:16];
      {pattern.dilation_x, pattern.dilation_y, pattern.left, pattern.top} = words[W_PADDING];
      pattern.output_width = words[W_OUTPUT_WIDTH];
      pattern.first_pixel = words[W_FIRST_PIXEL];
      pattern.padding = words[W_PADDING_VALUE][7:0];
      pattern.channel_pitch = words[W_CHANNEL_PITCH];
      pattern.row_pitch = words[W_ROW_PITCH];
      pattern.position_bytes = 48'(pattern.count[3]) << pattern.element_log2;
      pattern.run_bytes = pattern.position_bytes;
      if (pattern.merges) pattern.run_bytes = pattern.run_bytes * 48'(pattern.count[1]);
      fields_valid = pattern.output_width != 0 && pattern.step_x != 0 && pattern.step_y != 0
          && pattern.dilation_x != 0 && pattern.dilation_y != 0;
    end
    if (pattern.is_window || pattern.turns) begin
      if (!fits(words, pattern, port_bytes)) fields_valid = 1'b0;
    end
    return with_size(pattern, fields_valid);
  endfunction

  // Whether the pieces of a window or a turned transfer fit in the stream and in the turn buffer.
  function automatic logic fits(descriptor_t words, pattern_t pattern, int unsigned port_bytes);
    logic [35:0] piece, group;
    piece = 36'(pattern.count[0]) << pattern.element_log2;
    group = 36'(pattern.count[1]);
    if (pattern.is_window) begin
      piece = words[W_COUNT0+6] == 0 ? 36'(port_bytes) : 36'(words[W_COUNT0+6]);
      group = 36'(pattern.group);
      // A run across columns is contiguous.
      if (pattern.merges && (pattern.dilation_x != 8'd1
          || 48'($signed(pattern.channel_pitch)) != pattern.position_bytes)) return 1'b0;
    end
    if (pattern.is_image || port_bytes == 0 || piece > 36'(port_bytes)) return 1'b0;
    return !pattern.turns || ((group << pattern.element_log2) <= 36'(port_bytes)
        && (piece & ((36'd1 << pattern.element_log2) - 36'd1)) == 0);
  endfunction

  // The second pattern of a transfer from memory to memory.
  function automatic decoded_t decode_destination(descriptor_t words);
    return with_size(strided(words, W_DESTINATION, W_DESTINATION + 1), 1'b1);
  endfunction

  // A plain row of bytes, as linked descriptors are read.
  function automatic pattern_t plain(logic [31:0] base, logic [31:0] bytes);
    pattern_t pattern;
    pattern = '0;
    pattern.base = 64'(base);
    pattern.count = {32'd1, 32'd1, 32'd1, bytes};
    pattern.stride[0] = 32'd1;
    return pattern;
  endfunction

  // verilator lint_on UNUSEDSIGNAL

endpackage

`default_nettype wire
`endif

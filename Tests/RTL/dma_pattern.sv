// The address generator of a DMA channel: what a transfer's pattern is, how the descriptor words
// say it, and the walk through it piece by piece.
//
// A pattern is four nested dimensions with byte strides, or the im2col view of an image. The walk
// gives one segment per step: elements of one row that one access can serve, or padding. Everything
// here is combinational; the engines hold the state. A file that uses this package includes it.
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
    logic        align_rows;
    logic        mark_rows;
    logic [1:0]  element_log2;
    logic [63:0] base;
    // Innermost first; for an image: pixels, kernel width, kernel height, channels.
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
  } pattern_t;

  // Where the walk stands.
  typedef struct packed {
    logic        finished;
    logic [3:0][31:0] index;
  } walk_t;

  typedef struct packed {
    address_t    address;
    logic [31:0] count;
    logic [15:0] stride;
    logic        is_padding;
    logic        ends_row;
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
        || pattern.count[3] == 0;
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
    if (pattern.is_image) begin
      size = grow(grow(grow(size, pattern.count[3]), pattern.count[2]), pattern.count[1]);
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
    for (int unsigned i = 0; i < 4; i++) begin
      pattern.count[2'(i)] = words[5'(counts + 2 * i)];
      pattern.stride[2'(i)] = words[5'(counts + 2 * i + 1)];
    end
    return pattern;
  endfunction

  // The memory side of a transfer.
  function automatic decoded_t decode_source(descriptor_t words);
    pattern_t pattern;
    logic     fields_valid;
    pattern = strided(words, W_ADDRESS, W_COUNT0);
    pattern.align_rows = words[W_MODE][4];
    pattern.mark_rows = words[W_MODE][5];
    fields_valid = !words[W_MODE][1];
    if (words[W_MODE][1:0] == 2'd1) begin
      pattern.is_image = 1'b1;
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
      fields_valid = pattern.output_width != 0 && pattern.step_x != 0 && pattern.step_y != 0
          && pattern.dilation_x != 0 && pattern.dilation_y != 0;
    end
    return with_size(pattern, fields_valid);
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

  // ---- The walk ---------------------------------------------------------------------------------

  function automatic walk_t first(pattern_t pattern);
    return '{finished: is_empty(pattern), index: '0};
  endfunction

  // A walk that is over.
  function automatic walk_t none();
    return '{finished: 1'b1, index: '0};
  endfunction

  // A signed product of an index and a 32-bit stride; indices are unsigned.
  function automatic address_t offset(logic [31:0] index, logic [31:0] stride);
    return 64'(index) * {{32{stride[31]}}, stride};
  endfunction

  // As many of `remaining` elements as one access can serve: strides up to `widest_gather` bytes
  // are taken out of one continuous burst, others take one access per element.
  function automatic segment_t piece(address_t address, logic [31:0] remaining,
                                     logic signed [31:0] stride, logic [1:0] element_log2,
                                     int unsigned widest_gather);
    logic signed [31:0] element;
    logic               is_span;
    element = 32'd1 << element_log2;
    is_span = stride == element || (stride > element && stride <= $signed(widest_gather));
    return '{address: address, count: is_span ? remaining : 32'd1,
             stride: is_span ? stride[15:0] : element[15:0], default: '0};
  endfunction

  function automatic segment_t strided_piece(pattern_t pattern, walk_t walk,
                                             int unsigned widest_gather);
    address_t address;
    address = pattern.base;
    for (int unsigned i = 0; i < 4; i++) begin
      address += offset(walk.index[2'(i)], pattern.stride[2'(i)]);
    end
    return piece(address, pattern.count[0] - walk.index[0], pattern.stride[0],
                 pattern.element_log2, widest_gather);
  endfunction

  function automatic segment_t image_piece(pattern_t pattern, walk_t walk,
                                           int unsigned widest_gather);
    logic [32:0] pixel, row, column, in_row, run;
    logic [15:0] distance;
    coordinate_t input_y, input_x;
    address_t    address;
    segment_t    padding;
    pixel = 33'(pattern.first_pixel) + 33'(walk.index[0]);
    row = pixel / 33'(pattern.output_width);
    column = pixel % 33'(pattern.output_width);
    // Pixels left in this row of the output.
    in_row = 33'(pattern.output_width) - column;
    if (in_row > 33'(pattern.count[0] - walk.index[0])) begin
      in_row = 33'(pattern.count[0] - walk.index[0]);
    end
    // The kernel is at most 255 by 255: eight bits of its indices say it all.
    input_y = 48'(row) * 48'(pattern.step_y) - 48'(pattern.top)
        + 48'(walk.index[2][7:0]) * 48'(pattern.dilation_y);
    input_x = 48'(column) * 48'(pattern.step_x) - 48'(pattern.left)
        + 48'(walk.index[1][7:0]) * 48'(pattern.dilation_x);
    padding = '{stride: 16'd1 << pattern.element_log2, is_padding: 1'b1, default: '0};
    padding.count = in_row[31:0];
    if (input_y < 0 || input_y >= $signed(48'(pattern.height))
        || input_x >= $signed(48'(pattern.width))) begin
      return padding;
    end
    if (input_x < 0) begin
      // The steps that still fall on the left of the image; the distance is at most 255 pixels.
      distance = 16'(pattern.step_x) - 16'd1 - input_x[15:0];
      run = 33'(distance) / 33'(pattern.step_x);
      if (run < in_row) padding.count = run[31:0];
      return padding;
    end
    distance = pattern.width - 16'd1 - input_x[15:0];
    run = 33'(distance) / 33'(pattern.step_x) + 33'd1;
    if (run > in_row) run = in_row;
    address = pattern.base + offset(walk.index[3], pattern.channel_pitch)
        + offset(32'(input_y[15:0]), pattern.row_pitch)
        + (64'(input_x[15:0]) << pattern.element_log2);
    return piece(address, run[31:0], 32'(pattern.step_x) << pattern.element_log2,
                 pattern.element_log2, widest_gather);
  endfunction

  // The next piece and the walk behind it; the walk must not be finished.
  function automatic step_t next_piece(pattern_t pattern, walk_t walk,
                                       int unsigned widest_gather);
    segment_t    segment;
    walk_t   after;
    logic [32:0] reached;
    segment = pattern.is_image ? image_piece(pattern, walk, widest_gather)
                               : strided_piece(pattern, walk, widest_gather);
    after = walk;
    reached = 33'(walk.index[0]) + 33'(segment.count);
    after.index[0] = reached[31:0];
    if (reached >= 33'(pattern.count[0])) begin
      segment.ends_row = 1'b1;
      after.index[0] = '0;
      after.index[1] = walk.index[1] + 32'd1;
      if (after.index[1] == pattern.count[1]) begin
        after.index[1] = '0;
        after.index[2] = walk.index[2] + 32'd1;
        if (after.index[2] == pattern.count[2]) begin
          after.index[2] = '0;
          after.index[3] = walk.index[3] + 32'd1;
          if (after.index[3] == pattern.count[3]) begin
            after.finished = 1'b1;
            segment.ends_transfer = 1'b1;
          end
        end
      end
    end
    return '{segment: segment, walk: after};
  endfunction

  // Payload bytes of a segment.
  function automatic bytes_t segment_bytes(segment_t segment, logic [1:0] element_log2);
    return 36'(segment.count) << element_log2;
  endfunction

  // Bytes of memory from the first to the last payload byte; 2^32 elements, 1 KiB apart at most.
  function automatic address_t segment_span(segment_t segment, logic [1:0] element_log2);
    return (64'(segment.count) - 64'd1) * 64'(segment.stride) + (64'd1 << element_log2);
  endfunction

  // The address of payload byte `index` of a segment.
  function automatic address_t byte_address(segment_t segment, logic [1:0] element_log2,
                                            bytes_t index);
    bytes_t element, rest;
    element = index >> element_log2;
    rest = index - (element << element_log2);
    return segment.address + 64'(element) * 64'(segment.stride) + 64'(rest);
  endfunction

  // The length of the next burst from `from` towards `to`: at most `maximum` bytes of whole words
  // and never across a 4 KiB boundary (AXI4).
  function automatic logic [63:0] burst_bytes(address_t from, address_t to, address_t bus_bytes,
                                              address_t maximum);
    address_t limit, boundary;
    // Distances, not addresses: the end of the address space is a boundary, too.
    limit = maximum - (from & (bus_bytes - 64'd1));
    boundary = 64'd4096 - 64'(from[11:0]);
    if (boundary < limit) limit = boundary;
    return to - from < limit ? to - from : limit;
  endfunction

  // The beats of a burst; the length field has 16 bits.
  function automatic logic [15:0] burst_beats(address_t from, logic [63:0] bytes,
                                              address_t bus_bytes);
    logic [63:0] words;
    words = ((from & (bus_bytes - 64'd1)) + bytes + bus_bytes - 64'd1) / bus_bytes;
    return words[15:0];
  endfunction

  // verilator lint_on UNUSEDSIGNAL

endpackage

`default_nettype wire
`endif

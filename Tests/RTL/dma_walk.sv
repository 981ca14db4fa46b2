// The address generator of a DMA channel: the walk through a transfer's pattern piece by piece.
//
// Every step gives one segment: elements of one row that one access can serve, or padding.
// Everything here is combinational; the engines hold the state. A file that uses this package
// includes it.
`include "dma_pattern.sv"
`ifndef DMA_WALK
`define DMA_WALK
`default_nettype none

package dma_walk;

  import dma_pattern::*;

  // Functions look only at those fields that they need.
  // verilator lint_off UNUSEDSIGNAL

  // ---- The walk ---------------------------------------------------------------------------------

  function automatic walk_t first(pattern_t pattern);
    return '{finished: is_empty(pattern), default: '0};
  endfunction

  // A walk that is over.
  function automatic walk_t none();
    return '{finished: 1'b1, default: '0};
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

  // Bytes of the pieces at which the walk through a window stands.
  function automatic logic [15:0] piece_bytes(pattern_t pattern, walk_t walk);
    coordinate_t left;
    left = pattern.run_bytes - walk.block_start;
    return left < 48'(pattern.block_bytes) ? left[15:0] : pattern.block_bytes;
  endfunction

  // A piece of a window is padding on the left, bytes in memory and padding on the right; most have
  // only one of the three.
  function automatic segment_t window_piece(pattern_t pattern, walk_t walk);
    logic [33:0] pixel, row, column;
    coordinate_t input_y, input_x, positions, left, right, image_from, image_to, from, to;
    segment_t    segment;
    pixel = 34'(pattern.first_pixel) + 34'(walk.group_start) + 34'(walk.index[0]);
    row = pixel / 34'(pattern.output_width);
    column = pixel % 34'(pattern.output_width);
    input_y = 48'(row) * 48'(pattern.step_y) - 48'(pattern.top)
        + 48'(walk.index[2][7:0]) * 48'(pattern.dilation_y);
    input_x = 48'(column) * 48'(pattern.step_x) - 48'(pattern.left)
        + 48'(walk.index[1][7:0]) * 48'(pattern.dilation_x);
    // Image positions of the run: those on the left of the image, and those before its right edge.
    positions = pattern.merges ? 48'(pattern.count[1][7:0]) : 48'd1;
    left = -input_x;
    if (left < 0) left = 48'd0;
    if (left > positions) left = positions;
    right = 48'(pattern.width) - input_x;
    if (right < 0) right = 48'd0;
    if (right > positions) right = positions;
    image_from = left * pattern.position_bytes;
    image_to = right * pattern.position_bytes;
    from = walk.block_start + 48'(walk.done);
    to = walk.block_start + 48'(piece_bytes(pattern, walk));
    segment = '{stride: 16'd1, is_padding: 1'b1, default: '0};
    if (input_y >= 0 && input_y < $signed(48'(pattern.height))) begin
      if (from >= image_from && from < image_to) begin
        segment.is_padding = 1'b0;
        segment.address = pattern.base + offset(walk.index[3], pattern.stride[1])
            + offset(32'(input_y[15:0]), pattern.row_pitch)
            + 64'(input_x) * {{32{pattern.channel_pitch[31]}}, pattern.channel_pitch} + 64'(from);
        if (image_to < to) to = image_to;
      end else if (from < image_from) begin
        if (image_from < to) to = image_from;
      end
    end
    segment.count = 32'(to - from);
    return segment;
  endfunction

  function automatic step_t next_window(pattern_t pattern, walk_t walk);
    segment_t    segment;
    walk_t       after;
    logic [31:0] left;
    segment = window_piece(pattern, walk);
    after = walk;
    after.done = walk.done + segment.count[15:0];
    left = pattern.count[0] - walk.group_start;
    if (after.done == piece_bytes(pattern, walk)) begin
      segment.ends_row = 1'b1;
      after.done = '0;
      after.index[0] = walk.index[0] + 32'd1;
      if (after.index[0] == (left < pattern.group ? left : pattern.group)) begin
        segment.ends_group = 1'b1;
        after.index[0] = '0;
        after.block_start = walk.block_start + 48'(piece_bytes(pattern, walk));
        if (after.block_start == pattern.run_bytes) begin
          after.block_start = '0;
          after.index[1] = walk.index[1] + 32'd1;
          if (pattern.merges || after.index[1] == pattern.count[1]) begin
            after.index[1] = '0;
            after.index[2] = walk.index[2] + 32'd1;
            if (after.index[2] == pattern.count[2]) begin
              after.index[2] = '0;
              after.group_start = walk.group_start + pattern.group;
              if (left <= pattern.group) begin
                after.group_start = '0;
                after.index[3] = walk.index[3] + 32'd1;
                if (after.index[3] == pattern.repetitions) begin
                  after.finished = 1'b1;
                  segment.ends_transfer = 1'b1;
                end
              end
            end
          end
        end
      end
    end
    return '{segment: segment, walk: after};
  endfunction

  // The next piece and the walk behind it; the walk must not be finished.
  function automatic step_t next_piece(pattern_t pattern, walk_t walk,
                                       int unsigned widest_gather);
    return pattern.is_window ? next_window(pattern, walk)
                             : next_of_rows(pattern, walk, widest_gather);
  endfunction

  function automatic step_t next_of_rows(pattern_t pattern, walk_t walk,
                                         int unsigned widest_gather);
    segment_t    segment;
    walk_t       after;
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
        segment.ends_group = 1'b1;
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

/// The right operand of a convolution seen as a matrix product: a lane is a place in the result, a depth is a channel and
/// a place in the window.
///
/// The operand has been copied with its padding, so the address of an element is a sum of two offsets.
struct ConvolutionPatches: PanelSource {
  /// The padded operand, from the first channel of the group.
  var base: UnsafePointer<Float>
  /// Where the window of each result begins.
  var laneOffsets: UnsafePointer<Int>
  /// Where each channel and place of the window is in the window.
  var depthOffsets: UnsafePointer<Int>

  func pack(
    lanes: Range<Int>, depth: Range<Int>, width: Int, into panels: UnsafeMutablePointer<Float>
  ) {
    precondition(width == 8)
    var target = panels
    let depthOffsets = depthOffsets + depth.lowerBound
    let depth = depth.count
    var lane = lanes.lowerBound
    while lane < lanes.upperBound {
      let offsets = laneOffsets + lane
      let present = min(8, lanes.upperBound - lane)
      if present == 8, offsets[7] - offsets[0] == 7 {
        let source = UnsafeRawPointer(base + offsets[0])
        let out = UnsafeMutableRawPointer(target)
        for d in 0..<depth {
          out.storeBytes(
            of: source.loadUnaligned(fromByteOffset: depthOffsets[d] * 4, as: SIMD8<Float>.self),
            toByteOffset: d * 32, as: SIMD8<Float>.self)
        }
      } else if present == 8 {
        let (o0, o1, o2, o3) = (offsets[0], offsets[1], offsets[2], offsets[3])
        let (o4, o5, o6, o7) = (offsets[4], offsets[5], offsets[6], offsets[7])
        for d in 0..<depth {
          let source = base + depthOffsets[d]
          let out = target + d * 8
          out[0] = source[o0]
          out[1] = source[o1]
          out[2] = source[o2]
          out[3] = source[o3]
          out[4] = source[o4]
          out[5] = source[o5]
          out[6] = source[o6]
          out[7] = source[o7]
        }
      } else {
        for d in 0..<depth {
          let source = base + depthOffsets[d]
          for l in 0..<8 { target[d * 8 + l] = l < present ? source[offsets[l]] : 0 }
        }
      }
      target += 8 * depth
      lane += 8
    }
  }
}

/// Where the elements of windows are in a padded operand.
struct PatchOffsets {
  /// Sides of the padded operand.
  var padded: [Int]
  /// Per place in the result, where its window begins in a channel.
  var lanes: [Int]
  /// Per channel and place in the window, where it is.
  var depths: [Int]

  /// Computes the offsets of a window over so many channels.
  init(_ geometry: WindowGeometry, channels: Int) {
    let rank = geometry.input.count
    padded = geometry.padded
    let strides = Axis.strides(padded)
    let plane = padded.reduce(1, *)
    var lanes = [0]
    var taps = [0]
    for axis in 0..<rank {
      let step = geometry.strides[axis] * strides[axis]
      lanes = lanes.flatMap { base in (0..<geometry.output[axis]).map { base + $0 * step } }
      let dilation = geometry.dilations[axis] * strides[axis]
      taps = taps.flatMap { base in (0..<geometry.kernel[axis]).map { base + $0 * dilation } }
    }
    self.lanes = lanes
    depths = (0..<channels).flatMap { channel in taps.map { channel * plane + $0 } }
  }

  /// Elements of a padded channel.
  var plane: Int { padded.reduce(1, *) }
}

/// Copies channels into a padded buffer.
enum Padding {
  /// Copies `channels` planes; the padding becomes 0.
  static func copy(
    _ source: UnsafePointer<Float>, channels: Int,
    geometry: WindowGeometry, padded: [Int], into target: UnsafeMutablePointer<Float>
  ) {
    let rank = padded.count
    let row = geometry.input.last ?? 1
    let outerInput = Array(geometry.input.dropLast())
    let outerPads = Array(geometry.padsBegin.dropLast())
    let strides = Axis.strides(padded)
    let rows = outerInput.reduce(1, *)
    let plane = padded.reduce(1, *)
    target.update(repeating: 0, count: channels * plane)
    guard row > 0, rows > 0 else { return }
    // Where each row of a channel begins.
    var starts = [0]
    for axis in 0..<max(0, rank - 1) {
      starts = starts.flatMap { base in
        (0..<outerInput[axis]).map { base + ($0 + outerPads[axis]) * strides[axis] }
      }
    }
    let first = geometry.padsBegin.last ?? 0
    for channel in 0..<channels {
      for (index, start) in starts.enumerated() {
        let from = source + (channel * rows + index) * row
        let to = target + (channel * plane + start + first)
        to.update(from: from, count: row)
      }
    }
  }
}

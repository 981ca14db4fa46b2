/// Convolution in which each filter sees one channel, over one or two spatial axes.
enum DepthwiseConvolution {
  /// Adds the convolution to `out`, or stores it there.
  static func run(
    _ shape: ConvolutionShape, _ geometry: WindowGeometry, _ x: UnsafePointer<Float>,
    _ w: UnsafePointer<Float>, _ out: UnsafeMutablePointer<Float>, accumulates: Bool
  ) {
    let offsets = PatchOffsets(geometry, channels: 1)
    let columns = geometry.output.last ?? 1
    let step = columns > 1 ? geometry.strides.last ?? 1 : 1
    // Eight results are computed at once, so a row of windows may be read past its end.
    let slack = 8 * step
    let padded = Scratch.allocate(offsets.plane + slack)
    defer { Scratch.deallocate(padded) }
    let plane = geometry.input.reduce(1, *)
    let places = geometry.output.reduce(1, *)
    let multiplier = shape.filters / shape.groups
    let taps = offsets.depths.count
    padded.update(repeating: 0, count: offsets.plane + slack)
    guard columns > 0 else { return }
    for image in 0..<shape.images {
      for channel in 0..<shape.channels {
        Padding.copy(
          x + (image * shape.channels + channel) * plane, channels: 1, geometry: geometry,
          padded: offsets.padded, into: padded)
        for filter in channel * multiplier..<(channel + 1) * multiplier {
          let output = out + (image * shape.filters + filter) * places
          offsets.depths.reading { depths in
            offsets.lanes.reading { lanes in
              for first in stride(from: 0, to: places, by: columns) {
                row(
                  padded + lanes[first], step, w + filter * taps, depths,
                  taps, output + first, columns, accumulates)
              }
            }
          }
        }
      }
    }
  }

  /// One row of results.
  @inline(__always)
  private static func row(
    _ x: UnsafePointer<Float>, _ step: Int, _ w: UnsafePointer<Float>,
    _ depths: UnsafePointer<Int>, _ taps: Int, _ out: UnsafeMutablePointer<Float>, _ columns: Int,
    _ accumulates: Bool
  ) {
    var column = 0
    while column < columns {
      let source = x + column * step
      var sum = SIMD8<Float>()
      if step == 1 {
        for tap in 0..<taps {
          let values = UnsafeRawPointer(source + depths[tap])
            .loadUnaligned(as: SIMD8<Float>.self)
          sum += values * w[tap]
        }
      } else {
        for tap in 0..<taps {
          let from = source + depths[tap]
          let values = SIMD8<Float>(
            from[0], from[step], from[2 * step], from[3 * step], from[4 * step], from[5 * step],
            from[6 * step], from[7 * step])
          sum += values * w[tap]
        }
      }
      if columns - column >= 8 {
        Tile.store(sum, out + column, accumulates)
      } else {
        Tile.store(sum, columns - column, out + column, accumulates)
      }
      column += 8
    }
  }
}

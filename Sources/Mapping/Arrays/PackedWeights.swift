internal import Networks

/// Weights of one strip in the order in which an array takes them: row k holds the filters' elements k, k in the order
/// kernel row, kernel column, channel.
enum PackedWeights {
  /// Packs a strip.
  ///
  /// - Parameters:
  ///   - padded: rows per piece; shorter pieces are filled up with zero rows (weight-stationary arrays load as many
  ///     rows in every pass). nil packs without gaps.
  /// - Returns: bytes, row after row.
  static func pack(
    _ source: WeightSource, _ geometry: ProductGeometry, _ strip: Strip, _ blocks: WindowBlocks,
    paddedTo padded: Int?
  ) -> [UInt8] {
    switch source.tensor.elements {
    case .int8(let values):
      return pack(values, 0, source, geometry, strip, blocks, padded).map(UInt8.init(bitPattern:))
    case .float32(let values):
      let elements = pack(values, 0, source, geometry, strip, blocks, padded)
      return elements.withUnsafeBytes(Array.init)
    default: preconditionFailure("arrays take weights of int8 or fp32")
    }
  }

  private static func pack<Element>(
    _ values: [Element], _ zero: Element, _ source: WeightSource, _ geometry: ProductGeometry,
    _ strip: Strip, _ blocks: WindowBlocks, _ padded: Int?
  ) -> [Element] {
    let width = strip.outputs.count
    let rows = blocks.blocks.reduce(0) { $0 + (padded ?? $1.count) }
    var packed = [Element](repeating: zero, count: rows * width)
    let (perGroup, outputs) = (geometry.groupChannels, geometry.groupOutputs)
    packed.withUnsafeMutableBufferPointer { packed in
      values.withUnsafeBufferPointer { values in
        var row = 0
        for block in blocks.blocks {
          for index in 0..<block.count {
            let (column, channel) = blocks.place(block, index)
            let input = strip.inputs.lowerBound + channel
            let place = block.kernelRow * source.rowStride + column * source.columnStride
            for (position, output) in strip.outputs.enumerated() {
              // Filters of other groups do not see this channel.
              let own = input - output / outputs * perGroup
              guard own >= 0, own < perGroup else { continue }
              packed[(row + index) * width + position] =
                values[output * source.outputStride + own * source.channelStride + place]
            }
          }
          row += padded ?? block.count
        }
      }
    }
    return packed
  }
}

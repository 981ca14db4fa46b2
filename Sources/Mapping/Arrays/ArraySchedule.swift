internal import Networks

/// A layer on an array, cut to size: strips, groups, pieces and where operands come from.
struct ArraySchedule {
  let layer: ArrayLayer
  let array: Platform.Array
  let strips: [Strip]
  /// How the window of each strip is cut.
  let blocks: [WindowBlocks]

  var order = LayerChoice.Order.weightsOuter
  var tileRows: Int
  var groupStrips = 1
  var input = LayerChoice.Source.direct
  var weights = LayerChoice.Source.direct

  init(_ layer: ArrayLayer, on array: Platform.Array, inputPitch: Int) {
    self.layer = layer
    self.array = array
    let geometry = layer.geometry
    strips = Self.strips(geometry, columns: array.columns)
    let limit =
      array.dataflow == .weightStationary
      ? array.rows : array.input.portBytes / array.element.byteCount
    let isContiguous = geometry.groups == 1 && inputPitch == geometry.channels
    blocks = strips.map {
      WindowBlocks(
        geometry, channels: $0.inputs.count, limit: limit, isContiguous: isContiguous)
    }
    tileRows = geometry.outputHeight
  }

  private static func strips(_ geometry: ProductGeometry, columns: Int) -> [Strip] {
    var strips: [Strip] = []
    let (perGroup, outputs) = (geometry.groupChannels, geometry.groupOutputs)
    var first = 0
    while first < geometry.outputChannels {
      var end = min(first + columns, geometry.outputChannels)
      // Strips of one group each, or of whole groups: then all need as many input channels.
      if outputs >= columns {
        end = min(end, (first / outputs + 1) * outputs)
      } else if geometry.groups > 1 {
        end = min(first + columns / outputs * outputs, geometry.outputChannels)
      }
      let groups = first / outputs...(end - 1) / outputs
      strips.append(
        Strip(
          outputs: first..<end,
          inputs: groups.lowerBound * perGroup..<(groups.upperBound + 1) * perGroup))
      first = end
    }
    return strips
  }

  var element: Int { array.element.byteCount }
  /// Whether all strips see the same input channels.
  var isDense: Bool { layer.geometry.groups == 1 }
  /// Passes of a job: one for each piece of the window on weight-stationary arrays.
  func passes(_ strip: Int) -> Int {
    array.dataflow == .weightStationary ? blocks[strip].blocks.count : 1
  }
  /// K of a job.
  func jobDepth(_ strip: Int) -> Int {
    array.dataflow == .weightStationary
      ? blocks[strip].longest : blocks[strip].blocks.reduce(0) { $0 + $1.count }
  }
  /// Rows of B, those that fill up short pieces included.
  func depth(_ strip: Int) -> Int { passes(strip) * jobDepth(strip) }
  /// Bytes of packed weights.
  func bytes(_ strip: Int) -> Int { depth(strip) * strips[strip].outputs.count * element }
  /// Bytes of the packed weights of the largest strip.
  var stripBytes: Int { strips.indices.map(bytes).max() ?? 0 }
  /// Bytes of weights in all.
  var weightBytes: Int { strips.indices.reduce(0) { $0 + bytes($1) } }
  /// Pieces of the input.
  var pieces: [Range<Int>] {
    stride(from: 0, to: layer.geometry.outputHeight, by: tileRows).map {
      $0..<min($0 + tileRows, layer.geometry.outputHeight)
    }
  }
  /// Groups of strips.
  var groups: [Range<Int>] {
    stride(from: 0, to: strips.count, by: groupStrips).map {
      $0..<min($0 + groupStrips, strips.count)
    }
  }

  /// Array cycles of one strip over some output rows, were no operand late.
  func cycles(_ strip: Int, rows: Int) -> Int {
    let pixels = rows * layer.geometry.outputWidth
    var cycles = 0
    var left = pixels
    while left > 0 {
      let tile = min(left, array.tileRows)
      if array.dataflow == .weightStationary {
        cycles += passes(strip) * max(tile, jobDepth(strip))
      } else {
        // Short pieces take as long to collect as full ones.
        cycles += blocks[strip].blocks.reduce(0) { $0 + max($1.count, tile) }
      }
      left -= tile
    }
    return cycles
  }

  /// Array cycles of the layer, were no operand late.
  var cycles: Int {
    let perImage = pieces.reduce(0) { sum, piece in
      sum + strips.indices.reduce(0) { $0 + cycles($1, rows: piece.count) }
    }
    return perImage * layer.geometry.images
  }
}

/// The library's tile of a convolution: how much one `LOOP_CONV_WS` computes.
struct ConvolutionTiling: Equatable {
  var batches = 1
  var pooledRows = 1
  var pooledColumns = 1
  var outputChannels = 1
  var kernelRows = 1
  var kernelColumns = 1
  var inputChannels = 1

  /// Tile sizes in the library's order.
  private subscript(index: Int) -> Int {
    get {
      switch index {
      case 0: batches
      case 1: pooledRows
      case 2: pooledColumns
      case 3: outputChannels
      case 4: kernelRows
      case 5: kernelColumns
      default: inputChannels
      }
    }
    set {
      switch index {
      case 0: batches = newValue
      case 1: pooledRows = newValue
      case 2: pooledColumns = newValue
      case 3: outputChannels = newValue
      case 4: kernelRows = newValue
      case 5: kernelColumns = newValue
      default: inputChannels = newValue
      }
    }
  }

  /// Start with the whole layer, shrink the largest size until it fits, then grow what still
  /// can (`tiled_conv_auto` in `gemmini-rocc-tests` at `13e7e1f`, `include/gemmini.h`).
  init(_ layer: GemminiConvolution, _ configuration: GemminiConfiguration) {
    let dimension = configuration.dimension
    let shape = ConvolutionShape(layer)
    batches = layer.batch
    pooledRows = layer.pooledSize
    pooledColumns = layer.pooledSize
    outputChannels = layer.outputChannels
    kernelRows = layer.kernel
    kernelColumns = layer.kernel
    inputChannels = layer.inputChannels
    let limit = self
    let scratchpad = configuration.scratchpadRows / 2
    let accumulator = configuration.accumulatorRows / 2

    while !fits(shape, dimension, scratchpad, accumulator) {
      var largest = 0
      var chosen = -1
      for index in 0..<7 where self[index] > largest {
        if index == 2, pooledColumns <= dimension, pooledRows > 1 { continue }
        largest = self[index]
        chosen = index
      }
      if chosen == 3 || chosen == 6 {
        let size = self[chosen]
        self[chosen] = max(size % dimension == 0 ? size - dimension : size - size % dimension, 1)
      } else {
        self[chosen] -= 1
      }
    }
    grow(2, limit, shape, dimension, scratchpad, accumulator)
    var grows = true
    while grows {
      grows = false
      for index in 0..<7 where self[index] < limit[index] {
        var larger = self
        larger[index] += 1
        if larger.fits(shape, dimension, scratchpad, accumulator) {
          self = larger
          grows = true
        }
      }
    }
  }

  private mutating func grow(
    _ index: Int, _ limit: ConvolutionTiling, _ shape: ConvolutionShape, _ dimension: Int,
    _ scratchpad: Int, _ accumulator: Int
  ) {
    while self[index] < limit[index] {
      var larger = self
      larger[index] += 1
      guard larger.fits(shape, dimension, scratchpad, accumulator) else { return }
      self = larger
    }
  }

  private func fits(
    _ shape: ConvolutionShape, _ dimension: Int, _ scratchpad: Int, _ accumulator: Int
  ) -> Bool {
    let rows = pooledRows * shape.poolStride + shape.poolSize - 1
    let columns = pooledColumns * shape.poolStride + shape.poolSize - 1
    let inputRows = rows * shape.stride + kernelRows - 1
    let inputColumns = columns * shape.stride + kernelColumns - 1
    let channelGroups = (inputChannels + dimension - 1) / dimension
    let outputGroups = (outputChannels + dimension - 1) / dimension
    let inputs =
      channelGroups * batches * (inputRows >> shape.downsample) * (inputColumns >> shape.downsample)
    let weights = outputGroups * kernelColumns * kernelRows * inputChannels
    return inputs + weights <= scratchpad && outputGroups * batches * rows * columns <= accumulator
  }
}

/// A layer's sizes with the library's conventions: no pooling is a 1 x 1 window.
struct ConvolutionShape {
  let stride: Int
  let padding: Int
  let poolSize: Int
  let poolStride: Int
  let poolPadding: Int
  /// 1 when a strided 1 x 1 kernel is fetched as a smaller image.
  let downsample: Int
  let outputSize: Int
  let pooledSize: Int

  init(_ layer: GemminiConvolution) {
    stride = layer.stride
    padding = layer.padding
    poolSize = layer.pool?.size ?? 1
    poolStride = layer.pool?.stride ?? 1
    poolPadding = layer.pool?.padding ?? 0
    outputSize = layer.outputSize
    pooledSize = layer.pooledSize
    downsample =
      layer.stride == 2 && layer.kernel == 1 && layer.padding == 0 && layer.pool == nil
        && layer.inputSize % 2 == 0 ? 1 : 0
  }
}

extension ConvolutionTiling {
  /// What the array and its memories do for the whole layer.
  func executeActions(
    _ layer: GemminiConvolution, _ shape: ConvolutionShape, dimension: Int
  ) -> GemminiActions {
    var actions = GemminiActions()
    let positions = layer.outputSize * layer.outputSize * layer.kernel * layer.kernel
    actions.macs = layer.batch * positions * layer.inputChannels * layer.outputChannels
    let counts = ConvolutionTileCounts(self, layer)
    for index in 0..<counts.total {
      let tile = ConvolutionTile(
        index, of: self, counts: counts, layer, shape, dimension: dimension)
      let outputs = (tile.outputChannels + dimension - 1) / dimension
      let columns = (tile.kernelColumns + tile.pixels - 1) / tile.pixels
      let channels = (tile.inputChannels + dimension - 1) / dimension
      let groups = outputs * tile.kernelRows * columns * channels
      let runs = (tile.columns + dimension - 1) / dimension
      let rows = tile.batches * tile.rows * tile.columns
      actions.preloads += groups * tile.batches * tile.rows * runs
      actions.scratchpadReads +=
        groups * rows + outputs * tile.kernelRows * tile.kernelColumns * tile.inputChannels
      actions.accumulatorAccumulations += groups * rows
    }
    actions.computes = actions.preloads
    return actions
  }
}

/// One `LOOP_CONV_WS`: sizes after clipping, paddings, addresses.
struct ConvolutionTile {
  var batches = 0
  var pooledRows = 0
  var pooledColumns = 0
  var outputChannels = 0
  var kernelRows = 0
  var kernelColumns = 0
  var inputChannels = 0
  /// Unpooled rows and columns computed.
  var rows = 0
  var columns = 0
  var inputRows = 0
  var inputColumns = 0
  var top = 0
  var bottom = 0
  var left = 0
  var right = 0
  var poolTop = 0
  var poolLeft = 0
  /// Byte addresses of the tile in input, weights, output and bias.
  var inputAddress = 0
  var weightAddress = 0
  var outputAddress = 0
  var biasAddress = 0
  var isFirst = false
  var isLast = false
  /// Pixels packed into one scratchpad row.
  var pixels = 1

  init() {}

  /// Tile `index` in the library's order, the last loop innermost: batch, pooled row, pooled
  /// column, output channel, kernel row, kernel column, input channel.
  init(
    _ index: Int, of tiling: ConvolutionTiling, counts: ConvolutionTileCounts,
    _ layer: GemminiConvolution, _ shape: ConvolutionShape, dimension: Int
  ) {
    var rest = index
    let channel = rest % counts.inputChannels * tiling.inputChannels
    rest /= counts.inputChannels
    let kernelColumn = rest % counts.kernelColumns * tiling.kernelColumns
    rest /= counts.kernelColumns
    let kernelRow = rest % counts.kernelRows * tiling.kernelRows
    rest /= counts.kernelRows
    let output = rest % counts.outputChannels * tiling.outputChannels
    rest /= counts.outputChannels
    let pooledColumn = rest % counts.pooledColumns * tiling.pooledColumns
    rest /= counts.pooledColumns
    let pooledRow = rest % counts.pooledRows * tiling.pooledRows
    rest /= counts.pooledRows
    let image = rest * tiling.batches

    batches = min(tiling.batches, layer.batch - image)
    pooledRows = min(tiling.pooledRows, shape.pooledSize - pooledRow)
    pooledColumns = min(tiling.pooledColumns, shape.pooledSize - pooledColumn)
    outputChannels = min(tiling.outputChannels, layer.outputChannels - output)
    kernelRows = min(tiling.kernelRows, layer.kernel - kernelRow)
    kernelColumns = min(tiling.kernelColumns, layer.kernel - kernelColumn)
    inputChannels = min(tiling.inputChannels, layer.inputChannels - channel)

    let row = pooledRow * shape.poolStride - shape.poolPadding
    let column = pooledColumn * shape.poolStride - shape.poolPadding
    let inputRow = max(row, 0) * shape.stride + kernelRow - shape.padding
    let inputColumn = max(column, 0) * shape.stride + kernelColumn - shape.padding
    let allRows = pooledRows * shape.poolStride + shape.poolSize - 1
    let allColumns = pooledColumns * shape.poolStride + shape.poolSize - 1
    poolTop = max(0, -row)
    poolLeft = max(0, -column)
    rows = allRows - poolTop - max(0, row + allRows - shape.outputSize)
    columns = allColumns - poolLeft - max(0, column + allColumns - shape.outputSize)
    inputRows = rows * shape.stride + kernelRows - 1
    inputColumns = columns * shape.stride + kernelColumns - 1
    top = max(0, -inputRow)
    left = max(0, -inputColumn)
    bottom = max(0, inputRow + inputRows - layer.inputSize)
    right = max(0, inputColumn + inputColumns - layer.inputSize)

    let pixelBase = image * layer.inputSize * layer.inputSize
    inputAddress =
      OperandBase.inputs + (pixelBase + (inputRow + top) * layer.inputSize + inputColumn + left)
      * layer.inputChannels
      + channel
    weightAddress =
      OperandBase.weights
      + ((kernelRow * layer.kernel + kernelColumn) * layer.inputChannels + channel)
      * layer.outputChannels + output
    outputAddress =
      OperandBase.outputs
      + ((image * shape.pooledSize + pooledRow) * shape.pooledSize + pooledColumn)
      * layer.outputChannels + output
    biasAddress = OperandBase.bias + 4 * output
    isFirst = kernelRow == 0 && kernelColumn == 0 && channel == 0
    isLast =
      kernelRow + kernelRows == layer.kernel && kernelColumn + kernelColumns == layer.kernel
      && channel + inputChannels == layer.inputChannels
    pixels =
      shape.downsample == 1 || inputChannels > dimension
      ? 1 : min(dimension / inputChannels, kernelColumns)
  }
}

extension ConvolutionTile {
  /// Equal for tiles that do the same: shape, padding, place in the loops, alignment.
  func signature(_ layer: GemminiConvolution) -> Int {
    var signature = Signature()
    signature.add(batches << 40 | pooledRows << 20 | pooledColumns)
    signature.add(outputChannels << 20 | inputChannels)
    signature.add(kernelRows << 20 | kernelColumns)
    signature.add(rows << 40 | columns << 20 | inputRows)
    signature.add(top << 48 | bottom << 32 | left << 16 | right)
    signature.add(poolTop << 20 | poolLeft)
    signature.add(inputColumns << 4 | (isFirst ? 1 : 0) | (isLast ? 2 : 0))
    signature.add(
      rowsAt: inputAddress, bytes: min(64, inputChannels), stride: layer.inputChannels)
    signature.add(
      rowsAt: weightAddress, bytes: min(64, outputChannels), stride: layer.outputChannels)
    signature.add(
      rowsAt: outputAddress, bytes: min(16, outputChannels), stride: layer.outputChannels)
    signature.add(biasAddress & 63)
    return signature.value
  }
}

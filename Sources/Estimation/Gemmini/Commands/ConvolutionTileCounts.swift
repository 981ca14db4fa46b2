/// How many tiles a layer has along each loop.
struct ConvolutionTileCounts {
  let batches: Int
  let pooledRows: Int
  let pooledColumns: Int
  let outputChannels: Int
  let kernelRows: Int
  let kernelColumns: Int
  let inputChannels: Int

  init(_ tiling: ConvolutionTiling, _ layer: GemminiConvolution) {
    func ceiling(_ value: Int, _ step: Int) -> Int { (value + step - 1) / step }
    batches = ceiling(layer.batch, tiling.batches)
    pooledRows = ceiling(layer.pooledSize, tiling.pooledRows)
    pooledColumns = ceiling(layer.pooledSize, tiling.pooledColumns)
    outputChannels = ceiling(layer.outputChannels, tiling.outputChannels)
    kernelRows = ceiling(layer.kernel, tiling.kernelRows)
    kernelColumns = ceiling(layer.kernel, tiling.kernelColumns)
    inputChannels = ceiling(layer.inputChannels, tiling.inputChannels)
  }

  var total: Int {
    batches * pooledRows * pooledColumns * outputChannels * kernelRows * kernelColumns
      * inputChannels
  }
}

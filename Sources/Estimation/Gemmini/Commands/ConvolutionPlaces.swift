/// The commands of each stream of a convolution loop: order, places in the local memories,
/// DRAM addresses.
struct ConvolutionPlaces {
  private let halfRows: Int
  private let halfAccumulator: Int
  private let accumulatorBankRows: Int
  /// Operations in the reservation station.
  private let inFlight: Int
  private let layer: GemminiConvolution
  private let shape: ConvolutionShape

  init(
    _ configuration: GemminiConfiguration, _ layer: GemminiConvolution, _ shape: ConvolutionShape
  ) {
    halfRows = configuration.scratchpadRows / 2
    halfAccumulator = configuration.accumulatorRows / 2
    accumulatorBankRows = configuration.accumulatorRows / configuration.accumulatorBanks
    inFlight = configuration.executeEntries / 2
    self.layer = layer
    self.shape = shape
  }

  /// Rows of one group of 16 input channels.
  private func inputGroupRows(_ tile: ConvolutionTile) -> Int {
    tile.batches * (tile.inputRows >> shape.downsample) * (tile.inputColumns >> shape.downsample)
  }

  private func inputRow(
    _ stream: ConvolutionStream, channel: Int, batch: Int, row: Int, column: Int
  ) -> Int {
    let tile = stream.tile
    let d = shape.downsample
    let columns = tile.inputColumns >> d
    return halfRows * (stream.loop & 1) + channel / 16 * inputGroupRows(tile)
      + batch * (tile.inputRows >> d) * columns + (row >> d) * columns + (column >> d)
  }

  private func weightGroupRows(_ tile: ConvolutionTile) -> Int {
    tile.kernelRows * tile.kernelColumns * tile.inputChannels
  }

  private func weightRow(
    _ stream: ConvolutionStream, output: Int, kernelRow: Int, kernelColumn: Int, channel: Int
  ) -> Int {
    let tile = stream.tile
    let group = weightGroupRows(tile)
    return halfRows * ((stream.loop & 1) + 1) - (tile.outputChannels + 15) / 16 * group
      + output / 16 * group
      + (kernelRow * tile.kernelColumns + kernelColumn) * tile.inputChannels + channel
  }

  private func resultRow(
    _ stream: ConvolutionStream, output: Int, batch: Int, row: Int, column: Int
  ) -> Int {
    let tile = stream.tile
    return halfAccumulator * stream.half
      + ((output / 16 * tile.batches + batch) * tile.rows + row) * tile.columns + column
  }

  func loadBias(_ stream: inout ConvolutionStream) -> GemminiCommand {
    if stream.configured == 0 {
      stream.configured = 1
      return GemminiCommand(.configureLoad)
    }
    let tile = stream.tile
    let run = min(16, tile.columns - stream.column)
    var command = GemminiCommand(layer.hasBias ? .moveIn : .zeroFill)
    command.wide = true
    command.rows = run
    command.bytes = 4 * min(16, tile.outputChannels - stream.output)
    command.address = tile.biasAddress + 4 * stream.output
    command.first = GemminiCommand.Rows(
      accumulator: resultRow(
        stream, output: stream.output, batch: stream.batch, row: stream.row,
        column: stream.column), count: run)
    stream.output += 16
    if stream.output >= tile.outputChannels {
      stream.output = 0
      nextPixel(&stream)
    }
    return command
  }

  /// Columns in runs of 16, rows, images.
  private func nextPixel(_ stream: inout ConvolutionStream) {
    let tile = stream.tile
    stream.column += 16
    if stream.column >= tile.columns {
      stream.column = 0
      stream.row += 1
      if stream.row == tile.rows {
        stream.row = 0
        stream.batch += 1
        stream.isDone = stream.batch == tile.batches
      }
    }
  }

  func loadInputs(_ stream: inout ConvolutionStream) -> GemminiCommand {
    if stream.configured == 0 {
      stream.configured = 1
      return GemminiCommand(.configureLoad)
    }
    let tile = stream.tile
    let d = shape.downsample
    // Rows and columns count from the padding's edge.
    let bodyEnd = tile.inputColumns - tile.right
    let run: Int
    var isPadding = stream.row < tile.top || stream.row >= tile.inputRows - tile.bottom
    if stream.column < tile.left {
      run = min(tile.left - stream.column, 16)
      isPadding = true
    } else if stream.column < bodyEnd {
      run = min(bodyEnd - stream.column, 16 << d)
    } else {
      run = min(tile.inputColumns - stream.column, 16)
      isPadding = true
    }
    var command = GemminiCommand(isPadding ? .zeroFill : .moveIn)
    command.rows = run >> d
    command.bytes = min(64, tile.inputChannels - stream.channel)
    command.stride = layer.inputChannels << d
    command.blockStride = inputGroupRows(tile)
    command.repeats = tile.pixels
    let y = stream.row - tile.top
    let x = stream.column - tile.left
    let image = stream.batch * layer.inputSize * layer.inputSize
    command.address =
      tile.inputAddress
      + (image + y * layer.inputSize + x) * layer.inputChannels + stream.channel
    let blocks = (command.bytes + 15) / 16
    let first = inputRow(
      stream, channel: stream.channel, batch: stream.batch, row: stream.row,
      column: stream.column)
    let start = max(first - (tile.pixels - 1), halfRows * (stream.loop & 1))
    command.first = GemminiCommand.Rows(
      start, count: (blocks - 1) * command.blockStride + command.rows)

    stream.channel += 64
    if stream.channel >= tile.inputChannels {
      stream.channel = 0
      stream.column += run
      if stream.column >= tile.inputColumns {
        stream.column = 0
        stream.row += 1 << d
        if stream.row >= tile.inputRows {
          stream.row = 0
          stream.batch += 1
          stream.isDone = stream.batch == tile.batches
        }
      }
    }
    return command
  }

  func loadWeights(_ stream: inout ConvolutionStream) -> GemminiCommand {
    if stream.configured == 0 {
      stream.configured = 1
      return GemminiCommand(.configureLoad)
    }
    let tile = stream.tile
    var command = GemminiCommand(.moveIn)
    command.rows = min(16, tile.inputChannels - stream.channel)
    command.bytes = min(64, tile.outputChannels - stream.output)
    command.stride = layer.outputChannels
    command.blockStride = weightGroupRows(tile)
    command.address =
      tile.weightAddress
      + ((stream.kernelRow * layer.kernel + stream.kernelColumn) * layer.inputChannels
        + stream.channel) * layer.outputChannels + stream.output
    let blocks = (command.bytes + 15) / 16
    command.first = GemminiCommand.Rows(
      weightRow(
        stream, output: stream.output, kernelRow: stream.kernelRow,
        kernelColumn: stream.kernelColumn, channel: stream.channel),
      count: (blocks - 1) * command.blockStride + command.rows)

    stream.channel += 16
    if stream.channel >= tile.inputChannels {
      stream.channel = 0
      stream.kernelColumn += 1
      if stream.kernelColumn == tile.kernelColumns {
        stream.kernelColumn = 0
        stream.kernelRow += 1
        if stream.kernelRow == tile.kernelRows {
          stream.kernelRow = 0
          stream.output += 64
          stream.isDone = stream.output >= tile.outputChannels
        }
      }
    }
    return command
  }

  func execute(_ stream: inout ConvolutionStream) -> GemminiCommand {
    let tile = stream.tile
    let run = min(16, tile.columns - stream.column)
    if !stream.isCompute {
      stream.isCompute = true
      var command = GemminiCommand(.preload)
      if stream.batch == 0, stream.row == 0, stream.column == 0 {
        let pixels = min(tile.pixels, tile.kernelColumns - stream.kernelColumn)
        command.second = GemminiCommand.Rows(
          weightRow(
            stream, output: stream.output, kernelRow: stream.kernelRow,
            kernelColumn: stream.kernelColumn, channel: stream.channel),
          count: pixels * min(16, tile.inputChannels - stream.channel))
      }
      command.first = GemminiCommand.Rows(
        accumulator: resultRow(
          stream, output: stream.output, batch: stream.batch, row: stream.row,
          column: stream.column), count: run)
      command.accumulates = true
      command.rows = 16
      return command
    }
    stream.isCompute = false
    var command = GemminiCommand(.compute)
    command.rows = run
    command.first = GemminiCommand.Rows(
      inputRow(
        stream, channel: stream.channel, batch: stream.batch,
        row: stream.row * shape.stride + stream.kernelRow,
        column: stream.column * shape.stride + stream.kernelColumn),
      count: run * (shape.stride >> shape.downsample))
    nextPixel(&stream)
    if stream.isDone {
      stream.isDone = false
      stream.batch = 0
      stream.channel += 16
      if stream.channel >= tile.inputChannels {
        stream.channel = 0
        stream.kernelColumn += tile.pixels
        if stream.kernelColumn >= tile.kernelColumns {
          stream.kernelColumn = 0
          stream.kernelRow += 1
          if stream.kernelRow == tile.kernelRows {
            stream.kernelRow = 0
            stream.output += 16
            stream.isDone = stream.output >= tile.outputChannels
          }
        }
      }
    }
    return command
  }

  func store(_ stream: inout ConvolutionStream) -> GemminiCommand {
    let tile = stream.tile
    if layer.pool != nil, stream.configured == 0 {
      stream.configured = 1
      return GemminiCommand(.configureStore)
    }
    if stream.batch == tile.batches {
      stream.isDone = true
      return GemminiCommand(.configureStore)
    }
    var command = GemminiCommand(.moveOut)
    command.bytes = min(16, tile.outputChannels - stream.output)
    command.stride = layer.outputChannels
    let start = resultRow(
      stream, output: stream.output, batch: stream.batch, row: stream.row,
      column: stream.column)
    let image = stream.batch * shape.pooledSize * shape.pooledSize
    let pixel = image + stream.row * shape.pooledSize + stream.column
    command.address = tile.outputAddress + pixel * layer.outputChannels + stream.output
    stream.output += 16
    if layer.pool != nil {
      command.isPooled = true
      command.pool = GemminiPoolWindow(
        size: UInt8(truncatingIfNeeded: shape.poolSize),
        stride: UInt8(truncatingIfNeeded: shape.poolStride),
        top: UInt8(truncatingIfNeeded: tile.poolTop),
        left: UInt8(truncatingIfNeeded: tile.poolLeft),
        pooledRows: UInt16(truncatingIfNeeded: tile.pooledRows),
        pooledColumns: UInt16(truncatingIfNeeded: tile.pooledColumns),
        rows: UInt16(truncatingIfNeeded: tile.rows),
        columns: UInt16(truncatingIfNeeded: tile.columns),
        imageColumns: UInt16(truncatingIfNeeded: shape.pooledSize))
      // It orders against the rest of its accumulator bank.
      command.first = GemminiCommand.Rows(
        accumulator: start, count: accumulatorBankRows - start % accumulatorBankRows)
      if stream.output >= tile.outputChannels {
        stream.output = 0
        stream.batch += 1
      }
      return command
    }
    command.rows = min(16, tile.columns - stream.column)
    command.first = GemminiCommand.Rows(accumulator: start, count: command.rows)
    if stream.output >= tile.outputChannels {
      stream.output = 0
      nextPixel(&stream)
    }
    return command
  }
}

/// Groups of execute commands: one for each weight block.
extension ConvolutionPlaces {
  private func groupCounts(_ tile: ConvolutionTile) -> (columns: Int, channels: Int, total: Int) {
    let columns = (tile.kernelColumns + tile.pixels - 1) / tile.pixels
    let channels = (tile.inputChannels + 15) / 16
    let outputs = (tile.outputChannels + 15) / 16
    return (columns, channels, outputs * tile.kernelRows * columns * channels)
  }

  private func group(_ stream: ConvolutionStream) -> Int {
    let counts = groupCounts(stream.tile)
    return
      ((stream.output / 16 * stream.tile.kernelRows + stream.kernelRow) * counts.columns
      + stream.kernelColumn / stream.tile.pixels) * counts.channels + stream.channel / 16
  }

  /// Moves a stream to the start of a group.
  private func place(_ stream: inout ConvolutionStream, at group: Int) {
    let counts = groupCounts(stream.tile)
    stream.channel = group % counts.channels * 16
    let position = group / counts.channels
    stream.kernelColumn = position % counts.columns * stream.tile.pixels
    let row = position / counts.columns
    stream.kernelRow = row % stream.tile.kernelRows
    stream.output = row / stream.tile.kernelRows * 16
  }

  func skip(_ stream: inout ConvolutionStream, groups: Int) {
    place(&stream, at: group(stream) + groups)
  }

  /// Whether the weights of a group lie in the bank of the last input rows of the one before.
  private func conflicts(_ stream: ConvolutionStream, _ group: Int) -> Bool {
    var weights = stream
    place(&weights, at: group)
    var inputs = stream
    place(&inputs, at: group - 1)
    let bankRows = halfRows / 2
    let tile = stream.tile
    let weight = weightRow(
      stream, output: weights.output, kernelRow: weights.kernelRow,
      kernelColumn: weights.kernelColumn, channel: weights.channel)
    let input = inputRow(
      stream, channel: inputs.channel, batch: tile.batches - 1,
      row: (tile.rows - 1) * shape.stride + inputs.kernelRow,
      column: (tile.columns - 1) / 16 * 16 * shape.stride + inputs.kernelColumn)
    return weight / bankRows == input / bankRows
  }

  /// Groups from here on that are like the ones being worked on.
  func steadyGroups(_ stream: ConvolutionStream) -> Int {
    let current = group(stream)
    let total = groupCounts(stream.tile).total
    let first = max(1, current - 8)
    guard current > 0 else { return 0 }
    let conflict = conflicts(stream, first)
    var end = first
    while end < total, conflicts(stream, end) == conflict { end += 1 }
    // What is skipped leaves old results in flight: let them drain before the stores.
    let operations = stream.tile.batches * stream.tile.rows * ((stream.tile.columns + 15) / 16)
    let margin = 1 + (inFlight + operations) / operations
    return max(0, end - margin - current)
  }
}

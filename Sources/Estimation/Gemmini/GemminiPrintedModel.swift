/// The published analytical model of a Gemmini, exactly as printed.
///
/// Equations 4.1 to 4.4 of T. Hotfilter's dissertation (KIT, 2024), section 4.4.3, first
/// published at RAPIDO 2023 (doi 10.1145/3579170.3579258), with `comp_peak = DIM * DIM` MACs per
/// cycle, `bw_peak` = 128 bit per cycle and `alpha` = 1 (no value is printed):
///
/// - every compute command occupies the whole array: `compute_preload` for `DIM` rows,
///   `compute_accumulate` for its own `l` rows (4.4);
/// - a block of `row x col` bytes takes `ceil(col / bw_peak) * row` bus words (4.2) and
///   `ceil(cols / DIM) * rows` local accesses, a preload `n`;
/// - cycles are the larger of computation and movement (4.3), so there is no latency, no
///   start-up, no dependency and no conflict;
/// - max pooling happens on write-back: each window element takes the place of a bus word;
/// - convolutions unroll over input channels, one channel group and kernel position at a time;
///   with 3 input channels 13 of 16 rows idle.
///
/// Tiles are the C library's.
public struct GemminiPrintedModel: Sendable {
  /// The accelerator.
  public var configuration: GemminiConfiguration

  /// A model of the accelerator.
  public init(configuration: GemminiConfiguration = GemminiConfiguration()) {
    self.configuration = configuration
  }

  /// The estimate of one layer; the memory's latency and the command pace do not enter.
  public func estimate(_ workload: GemminiWorkload) -> GemminiEstimate {
    switch workload {
    case .matmul(let matmul): estimate(matmul)
    case .convolution(let convolution): estimate(convolution)
    }
  }

  /// The estimate of one matrix product.
  public func estimate(_ matmul: GemminiMatmul) -> GemminiEstimate {
    var work = GemminiPrintedWork(configuration)
    let tiling = MatmulTiling(matmul, configuration)
    let counts = tiling.counts
    let dimension = configuration.dimension
    for index in 0..<(counts.i * counts.j * counts.k) {
      let tile = MatmulTile(index, of: tiling, matmul, dimension: dimension)
      let rows = tile.i * dimension - tile.padI
      let columns = tile.j * dimension - tile.padJ
      let depth = tile.k * dimension - tile.padK
      work.moveIn(rows: rows, bytes: depth)
      work.moveIn(rows: depth, bytes: columns)
      if matmul.hasBias && tile.isFirstK { work.moveInBias(rows: rows, columns: columns) }
      let accumulates = matmul.hasBias || !tile.isFirstK
      if matmul.driver.isOutputStationary {
        // The first block along K starts the sums, the others go on with them.
        work.outputStationary(rows: rows, columns: columns, depth: depth)
        work.write(rows: rows, columns: columns, accumulates: accumulates)
      } else {
        work.weightStationary(rows: rows, firstRows: tile.rowsI(0), columns: columns, depth: depth)
        work.write(rows: rows, columns: columns, accumulates: accumulates)
        for _ in 1..<max(tile.k, 1) {
          work.write(rows: rows, columns: columns, accumulates: true)
        }
      }
      if tile.isLastK {
        work.moveOut(rows: rows, bytes: columns * (matmul.outputBits / 8), columns: columns)
      }
    }
    work.actions.macs = matmul.rows * matmul.columns * matmul.depth
    return work.estimate
  }

  /// The estimate of one convolution.
  public func estimate(_ layer: GemminiConvolution) -> GemminiEstimate {
    var work = GemminiPrintedWork(configuration)
    let dimension = configuration.dimension
    let shape = ConvolutionShape(layer)
    let tiling = ConvolutionTiling(layer, configuration)
    let counts = ConvolutionTileCounts(tiling, layer)
    for index in 0..<counts.total {
      let tile = ConvolutionTile(
        index, of: tiling, counts: counts, layer, shape, dimension: dimension)
      let outputs = tile.batches * tile.rows * tile.columns
      let height = (tile.inputRows - tile.top - tile.bottom) >> shape.downsample
      let width = (tile.inputColumns - tile.left - tile.right) >> shape.downsample
      work.moveIn(rows: tile.batches * height * width, bytes: tile.inputChannels)
      work.moveIn(
        rows: tile.kernelRows * tile.kernelColumns * tile.inputChannels,
        bytes: tile.outputChannels)
      if layer.hasBias && tile.isFirst {
        work.moveInBias(rows: outputs, columns: tile.outputChannels)
      }
      for position in 0..<(tile.kernelRows * tile.kernelColumns) {
        work.weightStationary(
          rows: outputs, firstRows: min(dimension, tile.columns), columns: tile.outputChannels,
          depth: tile.inputChannels)
        let groups = (tile.inputChannels + dimension - 1) / dimension
        for group in 0..<groups {
          let isFirst = position == 0 && group == 0 && tile.isFirst && !layer.hasBias
          work.write(rows: outputs, columns: tile.outputChannels, accumulates: !isFirst)
        }
      }
      if tile.isLast {
        let pooled = tile.batches * tile.pooledRows * tile.pooledColumns
        work.moveOut(
          rows: pooled, bytes: tile.outputChannels, columns: tile.outputChannels,
          window: shape.poolSize * shape.poolSize)
      }
    }
    let positions = layer.outputSize * layer.outputSize * layer.kernel * layer.kernel
    work.actions.macs = layer.batch * positions * layer.inputChannels * layer.outputChannels
    return work.estimate
  }
}

/// The sums of equations 4.1 to 4.4 over the blocks of a layer.
public struct GemminiPrintedWork: Sendable {
  private let dimension: Int
  private let busBytes: Int
  /// MACs scaled by fragmentation (4.1, 4.4).
  public private(set) var scaledMacs = 0
  /// Bytes scaled by partly filled bus words (4.2).
  public private(set) var scaledBytes = 0
  /// Action counts.
  public internal(set) var actions = GemminiActions()

  /// Nothing yet, on this accelerator.
  public init(_ configuration: GemminiConfiguration = GemminiConfiguration()) {
    dimension = configuration.dimension
    busBytes = configuration.beatBytes
  }

  /// A compute command on `A[l x m]` and `B[m x n]` (4.4): with a preload the array is occupied
  /// for `DIM` rows, else for `l`.
  public mutating func compute(l: Int, m: Int, n: Int, preload: Bool) {
    // l * m * n * (DIM / m) * (DIM / n) * delta, delta = DIM / l after a preload.
    scaledMacs += (preload ? dimension : l) * dimension * dimension
    actions.computes += 1
    actions.scratchpadReads += l
    if preload {
      actions.preloads += 1
      actions.scratchpadReads += n
    }
  }

  /// A block moved in from memory.
  public mutating func moveIn(rows: Int, bytes: Int) {
    move(rows: rows, bytes: bytes)
    actions.moveInBytes += rows * bytes
    actions.readBeats += words(bytes) * rows
    actions.scratchpadWrites += blocks(bytes) * rows
  }

  /// A block moved out to memory, each row the maximum of `window` local rows.
  public mutating func moveOut(rows: Int, bytes: Int, columns: Int, window: Int = 1) {
    move(rows: rows * window, bytes: bytes)
    actions.moveOutBytes += rows * bytes
    actions.writeBeats += words(bytes) * rows
    actions.accumulatorReads += blocks(columns) * rows * window
  }

  /// Bytes per scaled MAC turned round: MACs per byte (4.3).
  public var intensity: Double { Double(scaledMacs) / Double(max(scaledBytes, 1)) }

  /// Attainable scaled MACs per cycle (4.3).
  public var performance: Double {
    min(intensity * Double(busBytes), Double(dimension * dimension))
  }

  /// `macs_scale / performance`, rounded up to a whole cycle.
  public var cycles: Int {
    let compute = (scaledMacs + dimension * dimension - 1) / (dimension * dimension)
    return max(compute, (scaledBytes + busBytes - 1) / busBytes)
  }

  var estimate: GemminiEstimate { GemminiEstimate(cycles: cycles, actions: actions) }

  private func words(_ bytes: Int) -> Int { (bytes + busBytes - 1) / busBytes }
  private func blocks(_ columns: Int) -> Int { (columns + dimension - 1) / dimension }

  private mutating func move(rows: Int, bytes: Int) {
    scaledBytes += words(bytes) * rows * busBytes
  }

  /// int32 rows for the accumulator.
  mutating func moveInBias(rows: Int, columns: Int) {
    let bytes = 4 * columns
    move(rows: rows, bytes: bytes)
    actions.moveInBytes += rows * bytes
    actions.readBeats += words(bytes) * rows
    actions.accumulatorOverwrites += blocks(columns) * rows
  }

  /// For each weight block one preload with the first rows, then the other rows.
  mutating func weightStationary(rows: Int, firstRows: Int, columns: Int, depth: Int) {
    let pairs = blocks(columns) * blocks(depth)
    let first = min(rows, firstRows)
    let others = (rows - first + dimension - 1) / dimension
    scaledMacs += pairs * (dimension + rows - first) * dimension * dimension
    actions.preloads += pairs
    actions.computes += pairs * (1 + others)
    actions.scratchpadReads += pairs * rows + blocks(depth) * columns
  }

  /// For each block of C one preload at the first block along K, then the others.
  mutating func outputStationary(rows: Int, columns: Int, depth: Int) {
    let outputs = blocks(rows) * blocks(columns)
    let others = blocks(depth) - 1
    scaledMacs += outputs * dimension * dimension * dimension
    scaledMacs += blocks(columns) * rows * others * dimension * dimension
    actions.preloads += outputs
    actions.computes += outputs * blocks(depth)
    actions.scratchpadReads +=
      blocks(columns) * blocks(depth) * rows + blocks(rows) * blocks(columns) * depth
  }

  /// Rows of C that reach the accumulator, replaced or added.
  mutating func write(rows: Int, columns: Int, accumulates: Bool) {
    let accesses = blocks(columns) * rows
    if accumulates {
      actions.accumulatorAccumulations += accesses
    } else {
      actions.accumulatorOverwrites += accesses
    }
  }
}

/// The matmul loop unroller (`LOOP_WS`): five streams, two loops in flight, one command a cycle.
struct LoopMatmulSource: GemminiCommandSource {
  /// Position of one stream: the loop it works on and its indices there, in blocks.
  private struct Stream {
    var loop = 0
    var tile = MatmulTile()
    var i = 0
    var j = 0
    var k = 0
    /// Accumulator half.
    var half = 0
  }

  private let matmul: GemminiMatmul
  private let tiling: MatmulTiling
  private let tiles: Int
  private let loadEntries: Int
  private let executeEntries: Int
  private let storeEntries: Int
  private let halfRows: Int
  private let halfAccumulator: Int
  private var pace: CommandPace
  /// Configuration commands still to come before the next run command is taken.
  private var configurations: Int
  /// Loops whose run command was taken, and the first cycle of the youngest one.
  private(set) var started = 0
  private var startTimes = (0, 0)
  private var inputs: Stream
  private var weights: Stream
  private var bias: Stream
  private var products: Stream
  private var stores: Stream
  private var isCompute = false
  private(set) var groups = 0
  private var lastTaken = -1

  /// A completion is seen by the unroller in the next cycle, its command is in the reservation
  /// station one later.
  let completionDelay = 2

  init(_ matmul: GemminiMatmul, _ configuration: GemminiConfiguration, gap: Int) {
    self.matmul = matmul
    tiling = MatmulTiling(matmul, configuration)
    let counts = tiling.counts
    tiles = counts.i * counts.j * counts.k
    loadEntries = configuration.loadEntries
    executeEntries = configuration.executeEntries
    storeEntries = configuration.storeEntries
    halfRows = configuration.scratchpadRows / 2
    halfAccumulator = configuration.accumulatorRows / 2
    // RoCC queue, conv unroller, matmul unroller: two entries each, one cycle each.
    pace = CommandPace(gap: gap, depth: 6, forward: 3)
    // Five commands set the unit up, five more describe the loop.
    configurations = 10
    let first = Stream(
      tile: MatmulTile(0, of: tiling, matmul, dimension: configuration.dimension))
    inputs = first
    weights = first
    bias = first
    products = first
    stores = first
  }

  var commands: Int { 5 + 6 * tiles }

  mutating func offer(at time: Int, loads: Int, executes: Int, stores: Int) -> GemminiOffer {
    // A loop is dropped when all five streams are past it; then the next one is described.
    let oldest = min(
      min(inputs.loop, weights.loop), min(bias.loop, products.loop), self.stores.loop)
    while started < tiles, started - oldest < 2 { start(at: time) }
    skipAbsent()
    let limit = started - (time < startTimes.1 ? 1 : 0) - (time < startTimes.0 ? 1 : 0)
    if let command = next(limit, loads, executes, stores) { return .command(command) }
    if oldest == tiles { return .finished }
    if limit == started { return .blocked }
    return .wait(until: time < startTimes.0 ? startTimes.0 : startTimes.1)
  }

  /// Loops without bias or without results have nothing for these streams.
  private mutating func skipAbsent() {
    while bias.loop < started, !(matmul.hasBias && bias.tile.isFirstK) { advance(&bias) }
    while stores.loop < started, !stores.tile.isLastK { advance(&stores) }
  }

  /// Takes the configuration and run commands of the next loop; `free` is the first cycle in
  /// which its place is empty.
  private mutating func start(at free: Int) {
    for index in 0...configurations {
      let isSetUp = configurations == 10 && index < 5
      lastTaken = max(pace.next, lastTaken + 1, isSetUp ? 0 : free)
      pace.take(at: lastTaken)
    }
    configurations = 5
    started += 1
    startTimes = (startTimes.1, lastTaken + 3)
  }

  /// The command of this cycle: stores first, then execute, bias, and A or B.
  private mutating func next(
    _ limit: Int, _ loads: Int, _ executes: Int, _ stores: Int
  ) -> GemminiCommand? {
    if self.stores.loop < limit, stores < storeEntries, canStore {
      return store()
    }
    if products.loop < limit, executes < executeEntries, isCompute || canExecute {
      return isCompute ? compute() : preload()
    }
    guard loads < loadEntries else { return nil }
    if bias.loop < limit { return loadBias() }
    let hasInputs = inputs.loop < limit
    let hasWeights = weights.loop < limit
    guard hasInputs || hasWeights else { return nil }
    if !hasInputs { return loadWeights() }
    if !hasWeights { return loadInputs() }
    if inputs.loop != weights.loop {
      return inputs.loop < weights.loop ? loadInputs() : loadWeights()
    }
    let weightsFirst = inputs.k > weights.k || (weights.k == 0 && weights.j == 0)
    return weightsFirst ? loadWeights() : loadInputs()
  }

  private var canStore: Bool {
    if products.loop > stores.loop { return true }
    guard products.loop == stores.loop, products.k == products.tile.k - 1 else { return false }
    let last = min(stores.j + storeBlocks, stores.tile.j) - 1
    return products.j > last || (products.j == last && products.i > stores.i)
  }

  private var canExecute: Bool {
    let p = products
    if bias.loop <= p.loop { return false }
    let hasA =
      inputs.loop > p.loop || inputs.k > p.k || (inputs.k == p.k && inputs.i > p.i)
    // As in the RTL, the second case compares with A's k.
    let hasB =
      weights.loop > p.loop || weights.k > p.k || (inputs.k == p.k && weights.j > p.j)
    return hasA && hasB
  }

  /// Blocks of one move-out: four of int8, one of int32.
  private var storeBlocks: Int { matmul.outputBits == 32 ? 1 : 4 }

  private func advance(_ stream: inout Stream) {
    stream.i = 0
    stream.j = 0
    stream.k = 0
    advance(&stream, tiles: 1)
  }

  private func advance(_ stream: inout Stream, tiles count: Int) {
    stream.loop += count
    if stream.loop < tiles {
      stream.tile = MatmulTile(stream.loop, of: tiling, matmul, dimension: 16)
      stream.half = stream.loop / tiling.counts.k & 1
    }
  }

  private func inputRow(_ stream: Stream, _ i: Int, _ k: Int) -> Int {
    halfRows * (stream.loop & 1) + (i * stream.tile.k + k) * 16
  }

  private func weightRow(_ stream: Stream, _ k: Int, _ j: Int) -> Int {
    let tile = stream.tile
    return halfRows * (stream.loop & 1 + 1) - 16 * tile.k * tile.j + (k * tile.j + j) * 16
  }

  private func resultRow(_ stream: Stream, _ i: Int, _ j: Int) -> Int {
    halfAccumulator * stream.half + (i * stream.tile.j + j) * 16
  }

  private mutating func loadInputs() -> GemminiCommand {
    let tile = inputs.tile
    let n = min(4, tile.k - inputs.k)
    var command = GemminiCommand(.moveIn)
    command.rows = tile.rowsI(inputs.i)
    command.first = GemminiCommand.Rows(
      inputRow(inputs, inputs.i, inputs.k), count: (n - 1) * 16 + command.rows)
    command.bytes = 16 * (n - 1) + tile.columnsK(inputs.k + n - 1)
    command.stride = matmul.depth
    command.address =
      OperandBase.inputs + (tile.i0 + inputs.i) * 16 * matmul.depth + (tile.k0 + inputs.k) * 16
    inputs.i += 1
    if inputs.i == tile.i {
      inputs.i = 0
      inputs.k += 4
    }
    if inputs.k >= tile.k { advance(&inputs) }
    return command
  }

  private mutating func loadWeights() -> GemminiCommand {
    let tile = weights.tile
    let n = min(4, tile.j - weights.j)
    var command = GemminiCommand(.moveIn)
    // The unroller always asks for whole blocks of rows.
    command.rows = 16
    command.first = GemminiCommand.Rows(
      weightRow(weights, weights.k, weights.j), count: (n - 1) * 16 + 16)
    command.bytes = 16 * (n - 1) + tile.columnsJ(weights.j + n - 1)
    command.stride = matmul.columns
    command.address =
      OperandBase.weights + (tile.k0 + weights.k) * 16 * matmul.columns
      + (tile.j0 + weights.j) * 16
    weights.j += 4
    if weights.j >= tile.j {
      weights.j = 0
      weights.k += 1
    }
    if weights.k == tile.k { advance(&weights) }
    return command
  }

  private mutating func loadBias() -> GemminiCommand {
    let tile = bias.tile
    var command = GemminiCommand(.moveIn)
    command.wide = true
    command.rows = tile.rowsI(bias.i)
    command.first = GemminiCommand.Rows(
      accumulator: resultRow(bias, bias.i, bias.j), count: command.rows)
    command.bytes = tile.columnsJ(bias.j) * 4
    command.address = OperandBase.bias + (tile.j0 + bias.j) * 64
    bias.i += 1
    if bias.i == tile.i {
      bias.i = 0
      bias.j += 1
    }
    if bias.j == tile.j { advance(&bias) }
    return command
  }

  private mutating func preload() -> GemminiCommand {
    let p = products
    if p.i == 0 { groups += 1 }
    var command = GemminiCommand(.preload)
    if p.i == 0 {
      command.second = GemminiCommand.Rows(
        weightRow(p, p.k, p.j), count: p.tile.columnsK(p.k))
    }
    command.first = GemminiCommand.Rows(
      accumulator: resultRow(p, p.i, p.j), count: p.tile.rowsI(p.i))
    command.accumulates = p.k > 0 || matmul.hasBias || !p.tile.isFirstK
    command.rows = 16
    isCompute = true
    return command
  }

  private mutating func compute() -> GemminiCommand {
    var command = GemminiCommand(.compute)
    let tile = products.tile
    command.rows = tile.rowsI(products.i)
    command.first = GemminiCommand.Rows(
      inputRow(products, products.i, products.k), count: command.rows)
    isCompute = false
    products.i += 1
    if products.i == tile.i {
      products.i = 0
      products.j += 1
    }
    if products.j == tile.j {
      products.j = 0
      products.k += 1
    }
    if products.k == tile.k { advance(&products) }
    return command
  }

  private mutating func store() -> GemminiCommand {
    let tile = stores.tile
    let n = min(storeBlocks, tile.j - stores.j)
    let element = matmul.outputBits / 8
    var command = GemminiCommand(.moveOut)
    command.wide = matmul.outputBits == 32
    command.rows = tile.rowsI(stores.i)
    command.first = GemminiCommand.Rows(
      accumulator: resultRow(stores, stores.i, stores.j), count: (n - 1) * 16 + command.rows)
    command.bytes = (16 * (n - 1) + tile.columnsJ(stores.j + n - 1)) * element
    command.stride = matmul.columns * element
    command.address =
      OperandBase.outputs
      + ((tile.i0 + stores.i) * 16 * matmul.columns + (tile.j0 + stores.j) * 16) * element
    stores.i += 1
    if stores.i == tile.i {
      stores.i = 0
      stores.j += storeBlocks
    }
    if stores.j >= tile.j { advance(&stores) }
    return command
  }
}

/// What repeats.
extension LoopMatmulSource {
  var signatures: [Int] { tiling.signatures(of: matmul, tiles: tiles) }

  var periods: [Int] { tiling.periods }

  var unit: Int { 2 * tiling.counts.k }

  mutating func skip(tiles count: Int) {
    started += count
    advance(&inputs, tiles: count)
    advance(&weights, tiles: count)
    advance(&bias, tiles: count)
    advance(&products, tiles: count)
    advance(&stores, tiles: count)
  }

  func steadyGroups(at time: Int) -> Int {
    let tile = products.tile
    let oldest = min(products.loop, stores.loop)
    let isLoaded = inputs.loop == started && weights.loop == started && bias.loop == started
    guard isLoaded, time >= startTimes.1, started == tiles || started - oldest == 2,
      oldest == products.loop,
      // Operands in banks of their own: no conflict anywhere.
      16 * tile.i * tile.k <= halfRows / 2, 16 * tile.k * tile.j <= halfRows / 2
    else { return 0 }
    // Stores come with the last block along K.
    let end = stores.loop > products.loop ? tile.k * tile.j - 1 : (tile.k - 1) * tile.j
    // What is skipped leaves old results in flight: let them drain before the stores.
    let margin = (executeEntries / 2 + tile.i) / tile.i
    return max(0, end - margin - (products.k * tile.j + products.j))
  }

  mutating func skip(groups count: Int) {
    let group = products.k * products.tile.j + products.j + count
    products.k = group / products.tile.j
    products.j = group % products.tile.j
    groups += count
  }

  func note(relativeTo time: Int, into state: inout [Int]) {}
}

/// The convolution loop unroller (`LOOP_CONV_WS`): five streams, two loops in flight.
struct LoopConvolutionSource: GemminiCommandSource {
  private let layer: GemminiConvolution
  private let shape: ConvolutionShape
  private let tiling: ConvolutionTiling
  private let counts: ConvolutionTileCounts
  private let tiles: Int
  /// Consecutive tiles that sum up the same outputs.
  private let tilesPerOutput: Int
  private let loadEntries: Int
  private let executeEntries: Int
  private let storeEntries: Int
  private var pace: CommandPace
  private var configurations: Int
  private(set) var started = 0
  private(set) var groups = 0
  private var startTimes = (0, 0)
  private var lastTaken = -1
  private var bias: ConvolutionStream
  private var inputs: ConvolutionStream
  private var weights: ConvolutionStream
  private var products: ConvolutionStream
  private var stores: ConvolutionStream
  /// First cycles in which the execute and the store stream may give a command of their loop.
  private var productsReady = 0
  private var storesReady = 0
  private let places: ConvolutionPlaces

  private enum Delay {
    /// Run command taken to its first command in the reservation station.
    static let start = 6
    /// Last load out to first execute, last execute out to first store.
    static let execute = 4
    static let store = 4
  }

  let completionDelay = 2

  init(_ layer: GemminiConvolution, _ configuration: GemminiConfiguration, gap: Int) {
    self.layer = layer
    shape = ConvolutionShape(layer)
    tiling = ConvolutionTiling(layer, configuration)
    counts = ConvolutionTileCounts(tiling, layer)
    tiles = counts.total
    tilesPerOutput = counts.kernelRows * counts.kernelColumns * counts.inputChannels
    loadEntries = configuration.loadEntries
    executeEntries = configuration.executeEntries
    storeEntries = configuration.storeEntries
    // RoCC queue and conv unroller: two entries each, one cycle each.
    pace = CommandPace(gap: gap, depth: 4, forward: 2)
    // Two commands set the unit up, six describe the loop.
    configurations = 8
    places = ConvolutionPlaces(configuration, layer, shape)
    let first = ConvolutionStream(
      tile: ConvolutionTile(
        0, of: tiling, counts: counts, layer, shape, dimension: configuration.dimension))
    bias = first
    inputs = first
    weights = first
    products = first
    stores = first
  }

  var commands: Int { 2 + 7 * tiles }

  mutating func offer(at time: Int, loads: Int, executes: Int, stores: Int) -> GemminiOffer {
    let oldest = min(
      min(inputs.loop, weights.loop), min(bias.loop, products.loop), self.stores.loop)
    while started < tiles, started - oldest < 2 { start(at: time) }
    while bias.loop < started, !bias.tile.isFirst { advance(&bias) }
    while self.stores.loop < started, !self.stores.tile.isLast { advance(&self.stores) }
    let limit = started - (time < startTimes.1 ? 1 : 0) - (time < startTimes.0 ? 1 : 0)
    if let command = next(at: time, limit, loads, executes, stores) { return .command(command) }
    if oldest == tiles { return .finished }
    var wake = Int.max
    if limit < started { wake = time < startTimes.0 ? startTimes.0 : startTimes.1 }
    if productsReady > time { wake = min(wake, productsReady) }
    if storesReady > time { wake = min(wake, storesReady) }
    return wake == Int.max ? .blocked : .wait(until: wake)
  }

  private mutating func start(at free: Int) {
    for index in 0...configurations {
      let isSetUp = configurations == 8 && index < 2
      lastTaken = max(pace.next, lastTaken + 1, isSetUp ? 0 : free)
      pace.take(at: lastTaken)
    }
    configurations = 6
    started += 1
    startTimes = (startTimes.1, lastTaken + Delay.start)
  }

  private func advance(_ stream: inout ConvolutionStream) {
    stream = ConvolutionStream(loop: stream.loop + 1, tile: stream.tile)
    if stream.loop < tiles {
      stream.tile = ConvolutionTile(
        stream.loop, of: tiling, counts: counts, layer, shape, dimension: 16)
      stream.half = stream.loop / tilesPerOutput & 1
    }
  }

  private var loadsDone: Int { min(bias.loop, min(inputs.loop, weights.loop)) }

  private mutating func next(
    at time: Int, _ limit: Int, _ loads: Int, _ executes: Int, _ stores: Int
  ) -> GemminiCommand? {
    if self.stores.loop < limit, products.loop > self.stores.loop, stores < storeEntries,
      time >= storesReady
    {
      let command = places.store(&self.stores)
      if self.stores.isDone { advance(&self.stores) }
      return command
    }
    if products.loop < limit, loadsDone > products.loop, executes < executeEntries,
      time >= productsReady
    {
      if products.isGroupStart { groups += 1 }
      let command = places.execute(&products)
      if products.isDone {
        advance(&products)
        if self.stores.loop == products.loop - 1 { storesReady = time + Delay.store }
        if loadsDone > products.loop { productsReady = time + Delay.execute }
      }
      return command
    }
    guard loads < loadEntries else { return nil }
    // Loads run at most one loop ahead of an execute stream that waits for them.
    let reach = loadsDone > products.loop ? limit : min(limit, products.loop + 1)
    let command: GemminiCommand
    if bias.loop < reach {
      command = places.loadBias(&bias)
      if bias.isDone { advance(&bias) }
    } else if weights.loop < reach {
      command = places.loadWeights(&weights)
      if weights.isDone { advance(&weights) }
    } else if inputs.loop < reach {
      command = places.loadInputs(&inputs)
      if inputs.isDone { advance(&inputs) }
    } else {
      return nil
    }
    if loadsDone == products.loop + 1, productsReady <= time {
      productsReady = time + Delay.execute
    }
    return command
  }
}

/// What repeats.
extension LoopConvolutionSource {
  var signatures: [Int] {
    (0..<tiles).map { index in
      let tile = ConvolutionTile(index, of: tiling, counts: counts, layer, shape, dimension: 16)
      return tile.signature(layer)
    }
  }

  var periods: [Int] {
    var periods: [Int] = []
    var base = 1
    for count in [
      1, tilesPerOutput, counts.outputChannels, counts.pooledColumns, counts.pooledRows,
    ] {
      base *= count
      for factor in [1, 2, 4] where !periods.contains(base * factor) {
        periods.append(base * factor)
      }
    }
    return periods
  }

  var unit: Int { 2 * tilesPerOutput }

  mutating func skip(tiles count: Int) {
    started += count
    skip(&inputs, count)
    skip(&weights, count)
    skip(&bias, count)
    skip(&products, count)
    skip(&stores, count)
  }

  private func skip(_ stream: inout ConvolutionStream, _ count: Int) {
    stream.loop += count
    if stream.loop < tiles {
      stream.tile = ConvolutionTile(
        stream.loop, of: tiling, counts: counts, layer, shape, dimension: 16)
    }
  }

  func steadyGroups(at time: Int) -> Int {
    let oldest = min(products.loop, stores.loop)
    guard inputs.loop == started, weights.loop == started, bias.loop == started,
      time >= startTimes.1, started == tiles || started - oldest == 2, oldest == products.loop
    else { return 0 }
    return places.steadyGroups(products)
  }

  mutating func skip(groups count: Int) {
    places.skip(&products, groups: count)
    groups += count
  }

  func note(relativeTo time: Int, into state: inout [Int]) {}
}

/// Position of one stream: the loop it works on and its indices there.
struct ConvolutionStream {
  var loop = 0
  var tile: ConvolutionTile
  /// Accumulator half.
  var half = 0
  /// Configuration commands given so far.
  var configured = 0
  var batch = 0
  var row = 0
  var column = 0
  var output = 0
  var kernelRow = 0
  var kernelColumn = 0
  var channel = 0
  var isCompute = false
  var isDone = false

  /// The next execute command is the first one with its weights.
  var isGroupStart: Bool { !isCompute && batch == 0 && row == 0 && column == 0 }
}

/// Cycles and action counts of a planned network on a SoC with systolic arrays, in closed form.
///
/// A layer on an array is cut as the mapper cuts it: strips of as many output channels as the array
/// has
/// columns, groups of strips whose weights fit a buffer, pieces of the input. All tiles of a strip
/// take the same number of cycles, that of the slowest of array, streams, ports, pins and way out
/// (``TiledTiles``). Groups and pieces are copied from the main memory into two buffers each, one
/// ahead
/// of the array: a recurrence over groups and pieces gives what of the copying is hidden. Between
/// layers results reach memory, the core hands over, and the array fills again. The replay
/// (`PlanTimeline`) does the same job by job.
public struct TiledModel: Sendable {
  /// What a layer takes, in cycles of the reference clock.
  public struct Layer: BitwiseCopyable, Sendable {
    /// From the end of the layer before to its own.
    public var cycles = 0.0
    /// Cycles in which the array would be busy, were every operand there.
    public var compute = 0.0
  }

  private let network: TiledNetwork
  private let system: TiledSystem
  private let engines: [Staging]
  private var counts: [TiledCounts]
  private var time: Double
  private var states: [Staging]

  /// Where the copying of an array's operands stands.
  private struct Staging: BitwiseCopyable {
    var loader: TiledLoader
    var weights = TiledBuffers()
    var input = TiledBuffers()
  }

  /// Prepares an evaluation.
  public init(_ network: TiledNetwork, on system: TiledSystem) {
    self.network = network
    self.system = system
    engines = system.arrays.map { Staging(loader: TiledLoader($0, system)) }
    states = engines
    counts = [TiledCounts](repeating: TiledCounts(), count: max(1, system.arrays.count))
    time = 0
  }

  /// Evaluates all layers one after the other.
  ///
  /// - Parameter report: told every layer's index, cycles, and counts of its array so far.
  /// - Returns: cycles of the reference clock in all, and the counts by array.
  public mutating func run(
    _ report: (Int, Layer, TiledCounts) -> Void = { _, _, _ in }
  ) -> (cycles: Double, counts: [TiledCounts]) {
    states = engines
    time = network.issue.start
    for index in counts.indices { counts[index] = TiledCounts() }
    for index in network.layers.indices {
      let layer = network.layers[index]
      let before = time
      var result = Layer()
      switch layer.engine {
      case .core: core(layer)
      case .vector: vector(layer)
      case .array: result.compute = array(layer)
      }
      result.cycles = time - before
      counts[layer.array][.mainReads] = counts[layer.array][.mainReadWords] * system.busBytes
      report(index, result, counts[layer.array])
    }
    return (time, counts)
  }

  // MARK: Layers of the core

  private mutating func core(_ layer: TiledLayer) {
    time += network.issue.kernel + Double(layer.instructions) * network.issue.instruction
    let index = layer.array
    counts[index][.instructions] += layer.instructions
    counts[index][.activationLoads] += layer.activations.loads
    counts[index][.activationStores] += layer.activations.stores
    counts[index][.coreWeightLoads] += layer.weights.loads
    counts[index][.coreWeightStores] += layer.weights.stores
    counts[index][.coreLoadedBytes] += layer.main.loadedBytes
    counts[index][.coreStoredBytes] += layer.main.storedBytes
  }

  // MARK: Layers of a vector unit alone

  private mutating func vector(_ layer: TiledLayer) {
    let array = system.arrays[layer.array]
    let channels = layer.shape.outputChannels
    let pixels = layer.shape.images * layer.shape.pixels
    let (runs, left) = channels.quotientAndRemainder(dividingBy: array.lanes)
    let rates = TiledRates(
      layer, array, system, wordsPerPixel: 0, stagesWeights: false)
    let pairs = layer.finish.contains(.side)
    var cycles = 0.0
    for (count, width) in [(runs, array.lanes), (left > 0 ? 1 : 0, left)] where count > 0 {
      let strips = rates.strips(count: count, columns: width, depth: 0, passes: 1)
      let memory = layer.source == .direct ? system.main : system.activations
      let side = TiledStream(array.side, memory, system)
      let words = tiledWords(
        width * layer.resultBytes, step: layer.inputPitch | width * layer.resultBytes,
        bus: system.busBytes)
      let beats = Double((width * layer.resultBytes).tiles(of: array.side.portBytes))
      let operands = max(beats, words * side.read(words)) * (pairs ? 2 : 1)
      let rate = max(strips.leaving, operands)
      cycles +=
        Double(count) * (rate * Double(pixels) + (network.issue.service + layer.vectorIssue))
      counts[layer.array].addResults(
        layer, strips, pixels: pixels * count, sideWords: pairs ? 2 * words : words, isAlone: true,
        hasVectorUnit: true)
    }
    time += network.issue.handover + network.issue.step / 2 + cycles + 20
    counts[layer.array][.vectorRegisters] += 8 * (runs + 1)
  }

  // MARK: Layers on an array

  private mutating func array(_ layer: TiledLayer) -> Double {
    let array = system.arrays[layer.array]
    let tiles = TiledTiles(layer, array, system)
    let schedule = TiledSchedule(layer, array, tiles)
    let tileRows = array.tileRows
    let handover = network.issue.handover
    let rowsOfTile = min(tileRows, schedule.pixels(piece: 0))
    let columns = tiles.full.count > 0 ? tiles.full.columns : tiles.rest.columns
    let issue =
      network.issue.column * Double(columns) + layer.vectorIssue + 2 * network.issue.service
    // A table may only be written when no job uses it: the vector unit then gets its next job late,
    // and the array stops with its first tile.
    var (stall, lead) = (0.0, handover + tiles.filling(rows: rowsOfTile))
    if layer.finish.contains(.table) {
      let late = network.issue.service + layer.vectorIssue
      let first = tiles.period(
        tiles.full.count > 0 ? tiles.full : tiles.rest, rows: Double(rowsOfTile))
      stall = max(0, late + Double(array.rows) + 8 - first)
      lead += layer.firstVectorIssue
    }
    // Where a group ends, the core issues a job of the next one before or after what a copy waits
    // for.
    let boundary = handover + issue / 2
    let interference = tiles.interference(array, system, rows: rowsOfTile)
    var copied = 0.0
    // The array begins when the layer before is in memory and the core has made it known.
    var end = time + lead
    var compute = 0.0
    var state = states[layer.array]
    for image in 0..<layer.shape.images {
      for outer in 0..<schedule.outerCount {
        for inner in 0..<schedule.innerCount {
          let (piece, group) = schedule.isInputOuter ? (outer, inner) : (inner, outer)
          var begin = end
          if schedule.loadsWeights(outer: outer, inner: inner, image: image) {
            let bytes = schedule.weightBytes(group: group, tiles)
            begin = max(begin, state.weights.copy(bytes, &state.loader, after: 0) + boundary)
            copied += Double(bytes.tiles(of: system.busBytes))
          }
          if schedule.loadsInput(outer: outer, inner: inner) {
            let bytes = schedule.inputBytes(piece: piece)
            let loaded = state.input.copy(bytes, &state.loader, after: time + handover)
            begin = max(begin, loaded + lead)
          }
          let pixels = schedule.pixels(piece: piece)
          let strips = schedule.strips(group: group)
          var work = 0.0
          if strips.full > 0 {
            work += Double(strips.full) * tiles.job(tiles.full, pixels: pixels, tileRows: tileRows)
          }
          if strips.rest > 0 {
            work += Double(strips.rest) * tiles.job(tiles.rest, pixels: pixels, tileRows: tileRows)
          }
          work += copied * interference
          copied = 0
          // The core issues the jobs of a step one by one.
          let jobs = Double(strips.full + strips.rest)
          end = begin + max(work + jobs * stall, network.issue.step + jobs * issue)
          compute += work
          // The core lets the loader have the buffer.
          state.weights.use(until: end + boundary)
          state.input.use(until: end + boundary)
        }
      }
    }
    states[layer.array] = state
    let last = tiles.rest.count > 0 ? tiles.rest : tiles.full
    let finalRows = (schedule.pixels(piece: schedule.pieces - 1) - 1) % tileRows + 1
    time = end + tiles.draining(rows: finalRows, leaving: last.leaving)
    count(layer, array, tiles, schedule)
    return compute
  }

  private mutating func count(
    _ layer: TiledLayer, _ array: TiledSystem.Array, _ tiles: TiledTiles, _ schedule: TiledSchedule
  ) {
    let index = layer.array
    let images = layer.shape.images
    var jobs = 0
    // All pieces but the last are alike.
    let last = schedule.pieces - 1
    for (piece, pieces) in [(0, last), (last, 1)] where pieces > 0 {
      let pixels = schedule.pixels(piece: piece)
      for strips in [tiles.full, tiles.rest] where strips.count > 0 {
        let times = strips.count * images * pieces
        counts[index].addJob(layer, array, tiles, strips, pixels: pixels, times: times)
        counts[index].addResults(
          layer, strips, pixels: pixels * times, sideWords: strips.sideWords, isAlone: false,
          hasVectorUnit: array.hasVectorUnit)
        jobs += times
      }
    }
    let copied = schedule.copiedBytes(tiles)
    counts[index].addLoads(
      weightBytes: copied.weights, inputBytes: copied.input, busBytes: system.busBytes,
      burstBeats: array.load?.burstBeats ?? 1)
    counts[index].addControl(
      network.issue, jobs: jobs, columns: jobs * max(tiles.full.columns, tiles.rest.columns),
      steps: schedule.pieces * schedule.groups * images)
  }
}

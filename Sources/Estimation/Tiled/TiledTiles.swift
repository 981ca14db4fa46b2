/// How long tiles of a layer take on an array, and what they move: rates that hold from tile to
/// tile.
struct TiledTiles: BitwiseCopyable {
  /// Strips of output channels that are alike.
  struct Strips: BitwiseCopyable {
    /// How many, and the columns of each.
    var count = 0
    var columns = 0
    /// Cycles per full tile beside those that grow with its rows, and cycles per row.
    var weights = 0.0
    /// Bus words of the weights of a tile and of a row that is written; beats of a row.
    var weightWords = 0.0
    var weightBeats = 0
    var weightBursts = 0.0
    var outputWords = 0.0
    var outputBeats = 0
    var sideWords = 0.0
    /// Cycles per row that leaves the array.
    var leaving = 1.0
    /// Words per row that the busiest of shared ports serves; 0 when no port is shared.
    var port = 0.0
    /// Cycles per row at the pins off the chip, those of weights apart.
    var pins = 0.0
    var weightPins = 0.0
    /// Cycles per row that the input loses to others at its banks, and per tile to the weights.
    var lost = 0.0
    var lostToWeights = 0.0
  }

  let full: Strips
  let rest: Strips
  /// Elements of a pass and passes of a tile.
  let depth: Int
  let passes: Int
  /// Places of the window, blocks of one place that are full and the rest, in elements.
  let places: Double
  let fullBlocks: Int
  let blockElements: Int
  let restElements: Int
  /// Cycles per pixel of a full block and of the rest.
  let fullCost: Double
  let restCost: Double
  /// Bus words per pixel of a place.
  let wordsPerPlace: Double
  /// Latencies at both ends of a layer.
  let firstLatency: Double
  let answer: Double
  private let isWeightStationary: Bool
  private let isDoubleBuffered: Bool
  private let rows: Double
  /// Bytes of the packed weights of a full strip and of the last one.
  let stripBytes: Int
  let restBytes: Int
  /// Whether weights are copied into a buffer ahead of their use.
  let stagesWeights: Bool
  /// Bytes of all packed weights.
  var totalBytes: Int { full.count * stripBytes + rest.count * restBytes }

  init(_ layer: TiledLayer, _ array: TiledSystem.Array, _ system: TiledSystem) {
    let shape = layer.shape
    let bus = system.busBytes
    let element = array.elementBytes
    isWeightStationary = array.isWeightStationary
    isDoubleBuffered = array.isDoubleBuffered
    rows = Double(array.rows)
    let cut = Cut(shape, columns: array.columns)
    let channels = cut.channels
    // Pieces of the window: what a beat of the port or a pass of the array holds.
    let limit =
      isWeightStationary ? array.rows : max(1, array.input.portBytes / element)
    let isContiguous = shape.groups == 1 && layer.inputPitch == channels * element
    let isMerged =
      isContiguous && shape.dilationX == 1 && shape.kernelWidth > 1 && channels % limit != 0
    let run = isMerged ? shape.kernelWidth * channels : channels
    let placeCount = shape.kernelHeight * (isMerged ? 1 : shape.kernelWidth)
    (fullBlocks, restElements) = run.quotientAndRemainder(dividingBy: limit)
    blockElements = limit
    places = Double(placeCount)
    let blocks = fullBlocks + (restElements > 0 ? 1 : 0)
    passes = isWeightStationary ? placeCount * blocks : 1
    depth = isWeightStationary ? (fullBlocks > 0 ? limit : restElements) : placeCount * run

    let source = layer.source == .direct ? system.main : system.activations
    let input = TiledStream(array.input, source, system)
    let inside = layer.inside
    let step = shape.strideX * layer.inputPitch
    func cost(_ elements: Int) -> (cycles: Double, words: Double) {
      let words = tiledWords(elements * element, step: step | (elements * element), bus: bus)
      return (max(1, inside * words * input.read(words) + 1 - inside), inside * words)
    }
    let (fullParts, restParts) = (cost(limit), cost(max(1, restElements)))
    fullCost = fullBlocks > 0 ? fullParts.cycles : 0
    restCost = restElements > 0 ? restParts.cycles : 0
    wordsPerPlace =
      Double(fullBlocks) * fullParts.words + (restElements > 0 ? restParts.words : 0)
    firstLatency = input.latency + 3
    answer =
      TiledStream(
        array.output, layer.finish.contains(.resultInMain) ? system.main : system.activations,
        system
      ).answer + 3

    restBytes = depth * passes * cut.restColumns * element
    stripBytes = cut.full > 0 ? depth * passes * cut.columns * element : restBytes
    // A byte that is used once need not be stored on the way.
    stagesWeights =
      !layer.finish.contains(.computedWeights) && array.load != nil
      && stripBytes <= array.weightCapacity
      && (shape.pixels > array.tileRows || shape.images > 1 || layer.pieceRows < shape.outputHeight)
    let rates = TiledRates(
      layer, array, system, wordsPerPixel: wordsPerPlace * places, stagesWeights: stagesWeights)
    full = rates.strips(count: cut.full, columns: cut.columns, depth: depth, passes: passes)
    rest = rates.strips(count: cut.rest, columns: cut.restColumns, depth: depth, passes: passes)
  }

  /// Strips of output channels.
  struct Cut {
    var full = 0
    var columns = 0
    var rest = 0
    var restColumns = 0
    /// Input channels of a strip.
    var channels = 0

    init(_ shape: LayerShape, columns sides: Int) {
      let outputs = shape.groupOutputs
      if outputs >= sides {
        let (count, left) = outputs.quotientAndRemainder(dividingBy: sides)
        (full, columns) = (count * shape.groups, sides)
        (rest, restColumns) = (left > 0 ? shape.groups : 0, left)
        channels = shape.groupChannels
      } else {
        let together = shape.groups > 1 ? min(sides / outputs, shape.groups) : 1
        let (count, left) = shape.groups.quotientAndRemainder(dividingBy: together)
        (full, columns) = (count, together * outputs)
        (rest, restColumns) = (left > 0 ? 1 : 0, left * outputs)
        channels = together * shape.groupChannels
      }
    }
  }

  // MARK: Cycles

  /// Cycles from one tile of `count` pixels to the next.
  @inline(__always)
  func period(_ strips: Strips, rows count: Double) -> Double {
    let leaving = count * strips.leaving
    let shared = max(strips.port, strips.pins) * count + strips.weightPins
    let lost = strips.lost * count + strips.lostToWeights
    if isWeightStationary {
      // Every pass streams the tile; its weights are loaded while the one before it computes, as
      // soon
      // as the switch has left the shadow registers.
      let passCount = Double(passes)
      let vectors =
        places * (Double(fullBlocks) * fullCost + restCost) * count + lost
      let pass = max(
        count, 2 * Double(depth) - 1, vectors / passCount, strips.weights / passCount,
        shared / passCount)
      return max(pass * passCount, leaving)
    }
    let steps = max(Double(depth), inputPeriod(count) + lost, strips.weights, shared)
    // The last row leaves as many cycles after the last operand as the array is high and wide, and
    // the
    // tile as long as it has rows; the drain registers are free then.
    let drain = 2 * count + Double(strips.columns) - 1
    return isDoubleBuffered ? max(steps, drain, leaving) : steps + max(drain, leaving)
  }

  /// Cycles to collect and send the window of a tile of `count` pixels, turned: a block is
  /// collected pixel by pixel while the
  /// one before it leaves element by element.
  @inline(__always)
  private func inputPeriod(_ count: Double) -> Double {
    let (fullTime, restTime) = (fullCost * count, restCost * count)
    let (elements, left) = (Double(blockElements), Double(restElements))
    guard fullBlocks > 0 else { return places * max(restTime, left) }
    guard restElements > 0 else {
      return places * Double(fullBlocks) * max(fullTime, elements)
    }
    return places
      * (Double(fullBlocks - 1) * max(fullTime, elements) + max(restTime, elements)
        + max(fullTime, left))
  }

  /// Cycles of a job over `pixels` pixels.
  @inline(__always)
  func job(_ strips: Strips, pixels: Int, tileRows: Int) -> Double {
    let (tiles, left) = pixels.quotientAndRemainder(dividingBy: tileRows)
    var cycles = 0.0
    if tiles > 0 { cycles = Double(tiles) * period(strips, rows: Double(tileRows)) }
    if left > 0 { cycles += period(strips, rows: Double(left)) }
    return cycles
  }

  /// Cycles that the array loses per word which is copied into the memory of the weights, when
  /// those are
  /// read in nearly every cycle: the reader loses every word at its own port, and at another one's
  /// a share
  /// of their meetings in a bank (see `CopyInterference`).
  func interference(
    _ array: TiledSystem.Array, _ system: TiledSystem, rows count: Int
  ) -> Double {
    let strips = full.count > 0 ? full : rest
    guard stagesWeights, let load = array.load else { return 0 }
    let use = strips.weightWords / max(1, period(strips, rows: Double(count)))
    guard use > 0.9 else { return 0 }
    let ports = max(1, system.weights.ports)
    if load.initiator % ports == array.weights.initiator % ports { return min(1, use) }
    let isSlow = TiledStream(load, system.main, system).pins >= 1.5
    return use * (isSlow ? 0.6 / Double(max(1, system.weights.banks)) : 0.4 / 16)
  }

  /// Cycles before the first operand is there, beside its own tile's.
  func filling(rows count: Int) -> Double {
    let block = fullBlocks > 0 ? fullCost : restCost
    return firstLatency + (isWeightStationary ? Double(depth) : block * Double(count) + 2)
  }

  /// Cycles from the last operand to the last result's being in memory.
  func draining(rows count: Int, leaving: Double) -> Double {
    let columns = Double(full.count > 0 ? full.columns : rest.columns)
    if isWeightStationary { return rows + columns + 10 + answer }
    return Double(count) + columns + Double(count) * leaving + 8 + answer
  }
}

/// What the streams around an array take per tile and row of a strip.
struct TiledRates {
  private let layer: TiledLayer
  private let array: TiledSystem.Array
  private let system: TiledSystem
  private let wordsPerPixel: Double
  private let weightMemory: TiledSystem.Memory
  private let resultMemory: TiledSystem.Memory
  private let sideMemory: TiledSystem.Memory
  private let isDirect: Bool

  /// Banks times the cycles that the input loses per word of weights, and of results and second
  /// operands; measured on waveforms of runs (see `ArrayJobTimes`).
  private static let lostPerWeight = 1.4
  private static let lostPerResult = 0.5

  init(
    _ layer: TiledLayer, _ array: TiledSystem.Array, _ system: TiledSystem, wordsPerPixel: Double,
    stagesWeights: Bool
  ) {
    self.layer = layer
    self.array = array
    self.system = system
    self.wordsPerPixel = wordsPerPixel
    isDirect = layer.source == .direct
    weightMemory =
      layer.finish.contains(.computedWeights)
      ? system.activations : stagesWeights ? system.weights : system.main
    resultMemory = layer.finish.contains(.resultInMain) ? system.main : system.activations
    sideMemory = layer.finish.contains(.sideInMain) ? system.main : system.activations
  }

  func strips(count: Int, columns: Int, depth: Int, passes: Int) -> TiledTiles.Strips {
    var strips = TiledTiles.Strips()
    guard count > 0, columns > 0 else { return strips }
    strips.count = count
    strips.columns = columns
    addWeights(&strips, depth: depth * passes)
    addResults(&strips)
    addMemories(&strips)
    return strips
  }

  /// The same rows of weights for every tile.
  private func addWeights(_ strips: inout TiledTiles.Strips, depth: Int) {
    let bus = system.busBytes
    let row = strips.columns * array.elementBytes
    let port = array.weights.portBytes
    let stream = TiledStream(array.weights, weightMemory, system)
    if row == port {
      strips.weightWords = Double(row * depth) / Double(bus)
      strips.weightBeats = depth
      strips.weightBursts = (strips.weightWords / Double(array.weights.burstBeats)).rounded(.up)
      strips.weights = max(
        Double(depth), strips.weightWords * stream.read(strips.weightWords))
    } else {
      let words = tiledWords(row, step: row, bus: bus)
      strips.weightWords = words * Double(depth)
      strips.weightBeats = depth * row.tiles(of: port)
      strips.weightBursts = Double(depth)
      strips.weights = max(Double(strips.weightBeats), strips.weightWords * stream.read(words))
    }
    strips.weightPins = strips.weightWords * stream.pinCycles
  }

  /// Pixels that are written, and read as second operands.
  private func addResults(_ strips: inout TiledTiles.Strips) {
    let bytes = strips.columns * layer.resultBytes
    let step = layer.outputPitch | bytes
    let output = TiledStream(array.output, resultMemory, system)
    strips.outputWords = tiledWords(bytes, step: step, bus: system.busBytes)
    strips.outputBeats = bytes.tiles(of: array.output.portBytes)
    // Of a pooled image fewer pixels are written than leave the array.
    var written = 1.0
    var vector = 1.0
    if let pool = layer.pool {
      written =
        Double(pool.outHeight * pool.outWidth) / Double(max(1, layer.shape.pixels))
      vector = pool.cyclesPerBeat
    }
    var leaving = max(
      1, vector,
      written
        * max(Double(strips.outputBeats), strips.outputWords * output.write(strips.outputWords)))
    if layer.finish.contains(.side) {
      let side = TiledStream(array.side, sideMemory, system)
      strips.sideWords = strips.outputWords
      leaving = max(
        leaving, Double(bytes.tiles(of: array.side.portBytes)),
        strips.sideWords * side.read(strips.sideWords))
      strips.pins += strips.sideWords * side.pinCycles
    }
    strips.outputWords *= written
    strips.pins += strips.outputWords * output.pinCycles
    // Pixels that lie whole rows of banks apart are all in one bank, with their second operands.
    let banks = resultMemory.banks * system.busBytes
    if banks > 0, layer.outputPitch % banks == 0, resultMemory.bitsPerCycle == 0 {
      let side = resultMemory.index == sideMemory.index ? strips.sideWords : 0
      leaving = max(leaving, strips.outputWords + side)
    }
    strips.leaving = leaving
  }

  /// What streams lose to each other at the ports and banks of their memories.
  private func addMemories(_ strips: inout TiledTiles.Strips) {
    let inputMemory = isDirect ? system.main : system.activations
    strips.pins +=
      isDirect ? wordsPerPixel * TiledStream(array.input, system.main, system).pinCycles : 0
    let tileRows = Double(max(1, min(array.tileRows, layer.shape.pixels)))
    func port(_ memory: TiledSystem.Memory, _ dma: TiledSystem.DMA) -> Int {
      memory.index << 8 | dma.initiator % max(1, memory.ports)
    }
    let own = port(inputMemory, array.input)
    let weight = port(weightMemory, array.weights)
    let result = port(resultMemory, array.output)
    let side = port(sideMemory, array.side)
    let weightWords = strips.weightWords / tileRows
    let hasSide = strips.sideWords > 0
    func load(_ place: Int) -> Double {
      (own == place ? wordsPerPixel : 0) + (weight == place ? weightWords : 0)
        + (result == place ? strips.outputWords : 0)
        + (hasSide && side == place ? strips.sideWords : 0)
    }
    func isShared(_ place: Int) -> Bool {
      (own == place ? 1 : 0) + (weight == place ? 1 : 0) + (result == place ? 1 : 0)
        + (hasSide && side == place ? 1 : 0) > 1
    }
    if isShared(own) { strips.port = load(own) }
    if isShared(result) { strips.port = max(strips.port, load(result)) }
    if hasSide, isShared(side) { strips.port = max(strips.port, load(side)) }
    let banks = Double(max(1, inputMemory.banks))
    if weight >> 8 == own >> 8, weight != own {
      strips.lostToWeights = Self.lostPerWeight * strips.weightWords / banks
    }
    if result >> 8 == own >> 8, result != own {
      strips.lost += Self.lostPerResult * strips.outputWords / banks
    }
    if hasSide, side >> 8 == own >> 8, side != own {
      strips.lost += Self.lostPerResult * strips.sideWords / banks
    }
  }
}

extension TiledLayer.Pool {
  /// Updates of running results per cycle of the vector unit.
  private static let updatesPerCycle = 9

  /// Cycles that a pixel takes: every result whose window it is in is updated.
  var cyclesPerBeat: Double {
    let open =
      max(1, (rows + strideY - 1) / strideY) * max(1, (columns + strideX - 1) / strideX)
    return Double((open + Self.updatesPerCycle - 1) / Self.updatesPerCycle)
  }
}

/// What happens in jobs, counted as the modules count it (see `ArrayActions`, `VectorActions`,
/// `DMAActions`).
extension TiledCounts {
  /// 0 + 1 + … + (count − 1): writes of a triangle of registers that delay lane i by i cycles.
  private static func triangle(_ count: Int) -> Int { count * (count - 1) / 2 }

  /// Adds `times` jobs over `pixels` pixels each, with what feeds them.
  mutating func addJob(
    _ layer: TiledLayer, _ array: TiledSystem.Array, _ tiles: TiledTiles,
    _ strips: TiledTiles.Strips, pixels: Int, times: Int
  ) {
    let tileRows = array.tileRows
    let (whole, left) = pixels.quotientAndRemainder(dividingBy: tileRows)
    let tileCount = whole + (left > 0 ? 1 : 0)
    let (columns, depth, passes) = (strips.columns, tiles.depth, tiles.passes)
    let parts = passes * tileCount
    let rowTriangles = whole * Self.triangle(tileRows) + Self.triangle(left)
    self[.macs] += pixels * columns * depth * passes * times
    let rows = pixels * times
    self[.results] += rows * columns
    self[.resultRows] += rows
    if layer.finish.contains(.bias) { self[.biases] += rows * columns }
    if layer.finish.contains(.rectify) { self[.rectified] += rows * columns }
    if layer.finish.contains(.requantise) { self[.requantised] += rows * columns }
    if layer.finish.contains(.scaleColumns) { self[.channelScaled] += rows * columns }
    if array.isWeightStationary {
      let issues = pixels * passes
      let loads = depth * parts
      self[.steps] += issues * times
      self[.skewWrites] +=
        (issues * Self.triangle(depth) + loads * Self.triangle(columns)) * times
      self[.weightWrites] += parts * columns * (Self.triangle(depth + 1) + depth) * times
      self[.partialSums] += issues * array.rows * columns * times
      self[.deskewWrites] += issues * Self.triangle(columns) * times
      self[.accumulatorReads] += pixels * (passes - 1) * times
      self[.accumulatorAdditions] += pixels * (passes - 1) * columns * times
      if passes > 1 { self[.accumulatorWrites] += issues * times }
    } else {
      self[.steps] += depth * parts * times
      self[.skewWrites] += depth * (rowTriangles + parts * Self.triangle(columns)) * times
      if array.isDoubleBuffered { self[.drainCaptures] += rows * columns }
      self[.drainShifts] += columns * rowTriangles * times
    }
    addOperands(layer, array, tiles, strips, pixels: pixels, tileCount: tileCount, times: times)
  }

  /// What brings the operands of jobs.
  private mutating func addOperands(
    _ layer: TiledLayer, _ array: TiledSystem.Array, _ tiles: TiledTiles,
    _ strips: TiledTiles.Strips, pixels: Int, tileCount: Int, times: Int
  ) {
    let blocks = tiles.fullBlocks + (tiles.restElements > 0 ? 1 : 0)
    let pieces = Double(pixels * blocks * times) * tiles.places
    let words = Int((tiles.wordsPerPlace * tiles.places * Double(pixels * times)).rounded())
    // Pieces that lie in the padding are made without an access.
    let bursts = Int((pieces * layer.inside).rounded())
    self[.inputWords] += words
    self[.inputBursts] += bursts
    if array.isWeightStationary {
      self[.inputBeats] += Int(pieces)
    } else {
      self[.inputBeats] += tileCount * tiles.depth * times
      self[.inputTurned] += Int(pieces)
    }
    let weightWords = Int((strips.weightWords * Double(tileCount * times)).rounded())
    let weightBursts = Int(strips.weightBursts * Double(tileCount * times))
    self[.weightWords] += weightWords
    self[.weightBursts] += weightBursts
    self[.weightBeats] += strips.weightBeats * tileCount * times
    read(words, from: layer.source == .direct ? .main : .activations, bursts: bursts)
    let weightPlace: Place =
      layer.finish.contains(.computedWeights)
      ? .activations : tiles.stagesWeights ? .weights : .main
    read(weightWords, from: weightPlace, bursts: weightBursts)
  }

  /// A memory.
  enum Place {
    case activations, weights, main
  }

  private mutating func read(_ words: Int, from place: Place, bursts: Int) {
    switch place {
    case .activations: self[.activationReads] += words
    case .weights: self[.weightReads] += words
    case .main: self[.mainReadWords] += words
    }
    self[.requests] += bursts
    self[.readBeats] += words
  }

  private mutating func write(_ words: Int, to place: Place, bursts: Int, bytes: Int) {
    switch place {
    case .activations: self[.activationWrites] += words
    case .weights: self[.weightStores] += words
    case .main:
      self[.mainWrites] += words
      self[.mainWrittenBytes] += bytes
    }
    self[.requests] += bursts
    self[.writeBeats] += words
    self[.writeAnswers] += bursts
  }

  /// Adds results of `pixels` pixels of a strip on their way to memory.
  mutating func addResults(
    _ layer: TiledLayer, _ strips: TiledTiles.Strips, pixels: Int, sideWords: Double,
    isAlone: Bool, hasVectorUnit: Bool
  ) {
    let elements = pixels * strips.columns
    var written = pixels
    if let pool = layer.pool {
      written =
        pixels * pool.outHeight * pool.outWidth / max(1, layer.shape.pixels)
    }
    if hasVectorUnit {
      addVector(layer, pixels: pixels, elements: elements, written: written, strips)
    }
    let words = Int((strips.outputWords * Double(pixels)).rounded())
    self[.outputWords] += words
    self[.outputBursts] += written
    self[.outputBeats] += written * strips.outputBeats
    write(
      words, to: layer.finish.contains(.resultInMain) ? .main : .activations, bursts: written,
      bytes: written * strips.columns * layer.resultBytes)
    guard sideWords > 0 else { return }
    let operands = Int((sideWords * Double(pixels)).rounded())
    let count = isAlone && layer.finish.contains(.side) ? 2 * pixels : pixels
    self[.sideWords] += operands
    self[.sideBursts] += count
    self[.sideBeats] += count
    let inMain =
      isAlone ? layer.source == .direct : layer.finish.contains(.sideInMain)
    read(operands, from: inMain ? .main : .activations, bursts: count)
  }

  private mutating func addVector(
    _ layer: TiledLayer, pixels: Int, elements: Int, written: Int, _ strips: TiledTiles.Strips
  ) {
    self[.vectorOperands] += elements
    self[.vectorResults] += written * strips.columns
    let isFloat = layer.resultBytes > 1
    if layer.finish.contains(.side) {
      self[.vectorOperands] += elements
      if isFloat {
        self[.products] += elements
      } else if layer.finish.contains(.adds) {
        self[.products] += 2 * elements
        self[.conversions] += 3 * elements
      } else {
        self[.integerProducts] += elements
        self[.products] += elements
        self[.conversions] += 2 * elements
      }
    }
    if layer.finish.contains(.table) { self[.lookups] += elements }
    if layer.finish.contains(.clamp) { self[.comparisons] += 2 * elements }
    guard let pool = layer.pool else { return }
    self[.poolUpdates] += written * pool.rows * pool.columns * strips.columns
    self[.lineAccesses] += written * (pool.rows - 1)
    if pool.isAverage {
      self[.products] += written * strips.columns
      if !isFloat { self[.conversions] += 2 * written * strips.columns }
    }
  }

  /// Adds copies from the main memory into the scratchpads.
  mutating func addLoads(weightBytes: Int, inputBytes: Int, busBytes: Int, burstBeats: Int) {
    for (bytes, place) in [(weightBytes, Place.weights), (inputBytes, .activations)]
    where bytes > 0 {
      let words = bytes.tiles(of: busBytes)
      let bursts = words.tiles(of: burstBeats)
      self[.loadReads] += words
      self[.loadBeats] += 2 * words
      self[.loadBursts] += 2 * bursts
      read(words, from: .main, bursts: bursts)
      write(words, to: place, bursts: bursts, bytes: bytes)
    }
  }

  /// Adds what the core does to issue jobs and steps.
  mutating func addControl(_ issue: TiledIssue, jobs: Int, columns: Int, steps: Int) {
    let registers = Int(Double(columns) * issue.columnRegisters)
    let transfers = steps * issue.stepRegisters
    self[.arrayRegisters] += registers
    self[.inputRegisters] += transfers / 4
    self[.weightRegisters] += transfers / 4
    self[.outputRegisters] += transfers / 4
    self[.loadRegisters] += transfers - 3 * (transfers / 4)
    self[.instructions] +=
      Int(Double(columns) * issue.columnInstructions) + jobs * issue.serviceInstructions
      + steps * issue.stepInstructions
    self[.requests] += registers + transfers
    self[.writeBeats] += registers + transfers
    self[.writeAnswers] += registers + transfers
  }
}

import Estimation
import Testing

/// The tiled model: cycles of single layers that follow by hand, and how they change with a design.
@Suite("Tiled model")
struct TiledModelTests {
  /// An array of 8 × 8 behind ports and a bus that keep up with it, all operands on the chip.
  private static func system(
    weightStationary: Bool = false, _ change: (inout TiledSystem) -> Void = { _ in }
  ) -> TiledSystem {
    var system = TiledSystem()
    system.activations.ports = 4
    system.activations.banks = 8
    system.activations.index = 1
    system.weights.ports = 2
    system.weights.banks = 4
    system.weights.index = 2
    system.main.index = 0
    system.main.bitsPerCycle = 128
    system.main.readDelay = 30
    system.main.writeDelay = 30
    var array = TiledSystem.Array()
    array.isWeightStationary = weightStationary
    array.rows = 8
    array.columns = 8
    array.accumulatorRows = 256
    array.lanes = 8
    var dma = TiledSystem.DMA()
    dma.portBytes = 8
    dma.outstanding = 32
    dma.initiator = 1
    array.input = dma
    dma.initiator = 2
    array.output = dma
    dma.initiator = 3
    array.side = dma
    dma.initiator = 5
    array.weights = dma
    dma.initiator = 4
    dma.portBytes = 16
    array.load = dma
    array.weightCapacity = 128 << 10
    system.arrays = [array]
    change(&system)
    return system
  }

  /// A product whose input lies on the chip.
  private static func layer(
    _ rows: Int, _ depth: Int, _ columns: Int, _ change: (inout TiledLayer) -> Void = { _ in }
  ) -> TiledLayer {
    var layer = TiledLayer(shape: .product(rows: rows, depth: depth, columns: columns))
    layer.engine = .array
    layer.inputPitch = depth
    layer.outputPitch = columns
    change(&layer)
    return layer
  }

  private static func run(
    _ layers: [TiledLayer], _ system: TiledSystem, _ issue: TiledIssue = TiledIssue()
  ) -> (cycles: Double, counts: TiledCounts) {
    let network = TiledNetwork(
      names: layers.map { _ in "layer" }, layers: layers, issue: issue)
    var model = TiledModel(network, on: system)
    let result = model.run()
    return (result.cycles, result.counts[0])
  }

  @Test("Output stationary: a tile takes as many cycles as the window has elements")
  func outputStationary() {
    let result = Self.run([Self.layer(512, 64, 16)], Self.system())
    // 64 tiles, 2 strips, 64 steps; then latencies at both ends.
    #expect(result.cycles > 64 * 2 * 64)
    #expect(result.cycles < 64 * 2 * 64 + 300)
    #expect(result.counts[.macs] == 512 * 64 * 16)
    #expect(result.counts[.steps] == 64 * 2 * 64)
    #expect(result.counts[.results] == 512 * 16)
    #expect(result.counts[.drainShifts] == 64 * 2 * 8 * 28)
  }

  @Test("Output stationary: short windows wait for the drain, twice the height and the width")
  func drain() {
    let result = Self.run([Self.layer(512, 8, 8)], Self.system())
    #expect(result.cycles > 64 * 23)
    #expect(result.cycles < 64 * 23 + 120)
  }

  @Test("Weight stationary: a pass takes as many cycles as the tile has rows")
  func weightStationary() {
    let result = Self.run([Self.layer(512, 64, 16)], Self.system(weightStationary: true))
    // 2 tiles of 256 rows, 8 passes, 2 strips.
    #expect(result.cycles > 2 * 8 * 2 * 256)
    #expect(result.cycles < 2 * 8 * 2 * 256 + 300)
    #expect(result.counts[.steps] == 2 * 8 * 2 * 256)
    #expect(result.counts[.accumulatorReads] == 512 * 7 * 2)
    #expect(result.counts[.macs] == 512 * 64 * 16)
  }

  @Test("Weight stationary: few rows wait for the shadow registers")
  func shadowRegisters() {
    let result = Self.run([Self.layer(4, 64, 8)], Self.system(weightStationary: true))
    // 8 passes; each loads 8 rows of weights after the switch has passed the 8 before.
    #expect(result.cycles > 8 * 15)
    #expect(result.counts[.macs] == 4 * 64 * 8)
  }

  @Test("Few bursts under way: the latency of the memory limits the input")
  func latency() {
    let fast = Self.run([Self.layer(512, 64, 16)], Self.system()).cycles
    let slow = Self.run(
      [Self.layer(512, 64, 16)], Self.system { $0.arrays[0].input.outstanding = 2 }
    ).cycles
    // A word takes (4 + 4 + 1) / 2 cycles instead of one.
    #expect(slow / fast > 3 && slow / fast < 5)
  }

  @Test("Weights from DRAM: what the pins do not deliver in time is waited for")
  func mainMemory() {
    let layers = [Self.layer(64, 512, 512)]
    let fast = Self.run(layers, Self.system()).cycles
    let slow = Self.run(layers, Self.system { $0.main.bitsPerCycle = 8 }).cycles
    // 64 strips of 8 tiles of 512 steps; 256 KiB at 16 bytes per cycle are hidden behind them, at 1
    // byte per cycle they are not.
    #expect(fast > 64 * 8 * 512 && fast < 1.08 * 64 * 8 * 512)
    // Two groups: the first is waited for, the second comes while the first is in use.
    #expect(slow > 1.3 * fast && slow < 1.7 * fast)
  }

  @Test("No room for a strip of weights: they are read from DRAM for every tile")
  func capacity() {
    let layers = [Self.layer(64, 512, 64)]
    let staged = Self.run(layers, Self.system())
    let direct = Self.run(layers, Self.system { $0.arrays[0].weightCapacity = 1024 })
    #expect(staged.counts[.mainReads] == 512 * 64)
    #expect(direct.counts[.mainReads] == 512 * 64 * 8)
    #expect(direct.counts[.weightReads] == 0)
  }

  @Test("An input off the chip is copied piece by piece, once or for every group of weights")
  func stagedInput() {
    var layer = TiledLayer(
      shape: .convolution(height: 32, width: 32, channels: 16, filters: 64, kernel: 3, padding: 1))
    layer.engine = .array
    layer.inputPitch = 16
    layer.outputPitch = 64
    layer.source = .staged
    layer.pieceRows = 8
    let roomy = Self.run([layer], Self.system()).counts
    // Pieces overlap by a row on either side: 9 + 10 + 10 + 9 rows.
    #expect(roomy[.mainReads] == 38 * 32 * 16 + 64 * 9 * 16)
    let tight = Self.run([layer], Self.system { $0.arrays[0].weightCapacity = 8 * 144 }).counts
    // Eight groups of one strip, or four pieces: weights are less, they come again for every piece.
    #expect(tight[.mainReads] == 38 * 32 * 16 + 4 * 64 * 9 * 16)
  }

  @Test("Both operands at one port of a memory share it")
  func sharedPort() {
    let apart = Self.run([Self.layer(512, 64, 8)], Self.system()).cycles
    let together = Self.run(
      [Self.layer(512, 64, 8) { $0.finish = [.side] }],
      Self.system { $0.arrays[0].output.initiator = 3 + 4 }
    ).cycles
    #expect(together >= apart)
    let narrow = Self.run(
      [Self.layer(512, 64, 8) { $0.finish = [.computedWeights] }],
      Self.system { $0.activations.ports = 1 }
    ).cycles
    // Input: 64 pieces of a word and row; weights: half a word each, for 8 rows.
    #expect(narrow > 1.4 * apart)
  }

  @Test("Padding costs no accesses, but time")
  func padding() {
    func counts(_ padding: Int, _ side: Int) -> TiledCounts {
      var layer = TiledLayer(
        shape: .convolution(
          height: side, width: side, channels: 8, filters: 8, kernel: 3, padding: padding))
      layer.engine = .array
      layer.inputPitch = 8
      layer.outputPitch = 8
      return Self.run([layer], Self.system()).counts
    }
    let padded = counts(1, 8)
    let inside = counts(0, 10)
    #expect(padded[.steps] == inside[.steps])
    // Of 3 · 8 rows of window places 2 lie outside, in both directions: (22 / 24)².
    #expect(inside[.inputBursts] == 64 * 9)
    #expect(padded[.inputBursts] == 22 * 22)
  }

  @Test("What the core issues limits short jobs, and layers follow each other")
  func issue() {
    var issue = TiledIssue()
    issue.column = 625
    issue.start = 100
    issue.handover = 70
    let one = Self.run([Self.layer(8, 8, 64)], Self.system(), issue).cycles
    #expect(one > 8 * 5000 && one < 8 * 5000 + 400)
    let two = Self.run(
      [Self.layer(8, 8, 64), Self.layer(8, 8, 64)], Self.system(), issue
    ).cycles
    #expect(abs(two - 2 * one + 100) < 1)
    var core = TiledLayer(shape: .product(rows: 1, depth: 1, columns: 1))
    core.instructions = 1234
    issue.instruction = 2
    #expect(Self.run([core], Self.system(), issue).cycles == 100 + 2468)
  }

  @Test("Pooling lets fewer pixels reach memory")
  func pooling() {
    var layer = TiledLayer(
      shape: .convolution(height: 16, width: 16, channels: 64, filters: 8, kernel: 1))
    layer.engine = .array
    layer.inputPitch = 64
    layer.outputPitch = 8
    var pool = TiledLayer.Pool()
    (pool.rows, pool.columns, pool.strideY, pool.strideX) = (2, 2, 2, 2)
    (pool.outHeight, pool.outWidth) = (8, 8)
    let plain = Self.run([layer], Self.system()).counts
    layer.pool = pool
    let pooled = Self.run([layer], Self.system()).counts
    #expect(plain[.outputBursts] == 256 && pooled[.outputBursts] == 64)
    #expect(pooled[.poolUpdates] == 256 * 8)
    #expect(plain[.activationWrites] == 4 * pooled[.activationWrites])
  }

  @Test("Every counter names a module and counters of its own")
  func counters() {
    var places: Set<String> = []
    for counter in TiledCounter.allCases {
      for name in counter.place.names {
        #expect(places.insert("\(counter.place.role).\(name)").inserted, "\(counter) \(name)")
      }
      #expect(!counter.place.names.isEmpty && counter.rawValue < 80)
    }
  }
}

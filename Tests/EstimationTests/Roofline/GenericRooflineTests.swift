import Estimation
import Testing

/// The examples that the dissertation works out, with its misprints corrected: 16,777,216 (printed
/// 16,277,216), 3136 (once 3126), 200,704 (200,064).
struct GenericRooflineTests {
  static let square = ArrayDesign(rows: 16, columns: 16, busBytes: 16)

  @Test("V1: 24 x 16 on a 16 x 16 array uses three quarters of it")
  func temporal() {
    #expect(GenericRoofline.temporalFragmentation(of: 24, on: 16) == 4.0 / 3)
    #expect(GenericRoofline.fragmentation(of: 24, on: 16) == 4.0 / 3)
    #expect(GenericRoofline.fragmentation(of: 16, on: 16) == 1)
    let cycles = GenericRoofline.evaluate(
      .product(rows: 24, depth: 64, columns: 16), on: Self.square)
    #expect(cycles.compute == 128)
    #expect(cycles.actions.macs * 4 == cycles.actions.paddedMACs * 3)
  }

  @Test("V2: 8 x 8 operands on 16 x 16 use a quarter of it")
  func spatial() {
    #expect(GenericRoofline.spatialFragmentation(of: 8, on: 16) == 2)
    #expect(GenericRoofline.fragmentation(of: 8, on: 16) == 2)
    let actions = GenericRoofline.evaluate(
      .product(rows: 8, depth: 64, columns: 8), on: Self.square
    ).actions
    #expect(actions.paddedMACs == 4 * actions.macs)
  }

  @Test("Where a dimension is smaller than the array, both factors are the same: one is applied")
  func trap() {
    #expect(
      GenericRoofline.spatialFragmentation(of: 8, on: 16)
        == GenericRoofline.temporalFragmentation(of: 8, on: 16))
    for extent in 1...70 {
      let padded = GenericRoofline.fragmentation(of: extent, on: 16) * Double(extent)
      #expect(abs(padded - Double((extent + 15) / 16 * 16)) < 1e-9)
    }
  }

  @Test("V3: 129 x 129 on 128 x 128 in both readings")
  func readings() {
    let design = ArrayDesign(rows: 128, columns: 128)
    let product = MatrixProduct(rows: 129, depth: 129, columns: 129)
    #expect(product.macs == 2_146_689)
    for stationary in StationaryOperand.allCases {
      var design = design
      design.stationary = stationary
      #expect(GenericRoofline.paddedMACs(product, on: design) == 8_454_144)
      #expect(
        GenericRoofline.paddedMACs(product, on: design, padding: .allDimensions) == 16_777_216)
    }
  }

  @Test("V4: one byte over a 256-bit bus is one word")
  func busWord() {
    #expect(GenericRoofline.busWords(rows: 1, rowBytes: 1, busBytes: 32) == 1)
    #expect(GenericRoofline.busWords(rows: 5, rowBytes: 33, busBytes: 32) == 10)
    let tiny = GenericRoofline.evaluate(
      .product(rows: 1, depth: 1, columns: 1), on: ArrayDesign(rows: 1, columns: 1, busBytes: 32))
    #expect(tiny.actions.bytesMoved == 3 * 32)
  }

  @Test("V6: passes are the product of three rounded quotients")
  func passes() {
    let product = MatrixProduct(rows: 3136, depth: 576, columns: 512)
    #expect(GenericRoofline.passes(product, side: 64) == 3528)
    #expect(GenericRoofline.passes(product, side: 8) == 1_806_336)
  }

  @Test("V7: ResNet-50 without reuse moves 15.45 G words, 61.8 GB of 4 bytes")
  func noReuse() {
    let design = ArrayDesign(
      rows: 16, columns: 16, elementBytes: 4, resultBytes: 4, busBytes: 4)
    let words = ResNet50.layers.reduce(0) {
      $0 + GenericRoofline.busWords($1, on: design, reuse: .none)
    }
    #expect(words == 4 * ResNet50.layers.reduce(0) { $0 + $1.macs })
    // The printed figure is rounded and says nothing about where the strides lie: within 0.2 %.
    #expect(abs(Double(words) / 15.45e9 - 1) < 0.002)
    #expect(abs(Double(words * design.busBytes) / 61.8e9 - 1) < 0.002)
  }

  @Test("Three 16 x 16 tiles over a 16-byte bus bound one multiplication on a 16 x 16 array")
  func memoryBound() {
    for stationary in StationaryOperand.allCases {
      for reuse in [RooflineOptions.Reuse.once, .perPass] {
        var design = Self.square
        design.stationary = stationary
        let cycles = GenericRoofline.evaluate(
          .product(rows: 16, depth: 16, columns: 16), on: design,
          options: RooflineOptions(reuse: reuse))
        #expect(cycles.actions.paddedMACs == 4096)
        #expect(cycles.actions.bytesMoved == 768)
        #expect(cycles.total == 48)
        #expect(cycles.compute == 16)
        #expect(cycles.bound == .transfer)
      }
    }
    let point = RooflinePoint(macs: 4096, bytes: 768, peakMACs: 256, peakBytes: 16)
    #expect(abs(point.intensity - 16.0 / 3) < 1e-12)
    #expect(abs(point.performance - 256.0 / 3) < 1e-9)
    #expect(abs(point.cycles - 48) < 1e-9)
  }

  @Test("Cycles are the larger of compute and transfer, as in equation 4.3")
  func closedForm() {
    var random = SplitMix64(seed: 7)
    for _ in 0..<500 {
      let layer = LayerShape.product(
        rows: Int.random(in: 1...300, using: &random),
        depth: Int.random(in: 1...300, using: &random),
        columns: Int.random(in: 1...300, using: &random),
        count: Int.random(in: 1...3, using: &random))
      var design = ArrayDesign(
        rows: Int.random(in: 1...64, using: &random),
        columns: Int.random(in: 1...64, using: &random),
        stationary: StationaryOperand.allCases[Int.random(in: 0..<3, using: &random)],
        busBytes: 1 << Int.random(in: 0...6, using: &random))
      design.accumulatorRows = Int.random(in: 1...400, using: &random)
      let cycles = GenericRoofline.evaluate(
        layer, on: design, options: RooflineOptions(reuse: .perPass))
      let point = RooflinePoint(
        macs: Double(cycles.actions.paddedMACs), bytes: Double(cycles.actions.bytesMoved),
        peakMACs: design.peakMACs, peakBytes: Double(design.busBytes))
      #expect(cycles.total == Int((point.cycles - 1e-6).rounded(.up)))
      #expect(cycles.actions.paddedMACs >= cycles.actions.macs)
      let once = GenericRoofline.evaluate(layer, on: design)
      #expect(once.transfer <= cycles.transfer + 1, "a tile moved twice is not cheaper")
    }
  }

  @Test("Words per pass are those of every tile, counted one by one")
  func tiles() {
    var random = SplitMix64(seed: 11)
    for _ in 0..<200 {
      let (l, m, n) = (
        Int.random(in: 1...60, using: &random), Int.random(in: 1...60, using: &random),
        Int.random(in: 1...60, using: &random)
      )
      var design = ArrayDesign(
        rows: Int.random(in: 1...20, using: &random),
        columns: Int.random(in: 1...20, using: &random),
        elementBytes: Int.random(in: 1...4, using: &random),
        busBytes: Int.random(in: 1...16, using: &random))
      design.resultBytes = design.elementBytes
      design.accumulatorRows = Int.random(in: 1...30, using: &random)
      for stationary in StationaryOperand.allCases {
        design.stationary = stationary
        #expect(
          GenericRoofline.busWords(
            .product(rows: l, depth: m, columns: n), on: design, reuse: .perPass)
            == Self.countedWords(l, m, n, design), "\(l) \(m) \(n) \(design)")
      }
    }
  }

  /// Bus words by visiting every tile.
  static func countedWords(_ l: Int, _ m: Int, _ n: Int, _ design: ArrayDesign) -> Int {
    func pieces(_ extent: Int, _ side: Int) -> [Int] {
      stride(from: 0, to: extent, by: side).map { min(side, extent - $0) }
    }
    func words(_ rows: Int, _ columns: Int) -> Int {
      GenericRoofline.busWords(
        rows: rows, rowBytes: columns * design.elementBytes, busBytes: design.busBytes)
    }
    var sum = words(l, n)
    switch design.stationary {
    case .output:
      for rows in pieces(l, design.rows) {
        for columns in pieces(n, design.columns) { sum += words(rows, m) + words(m, columns) }
      }
    case .weights:
      for columns in pieces(n, design.columns) {
        for depth in pieces(m, design.rows) {
          for rows in pieces(l, design.accumulatorRows) {
            sum += words(rows, depth) + words(depth, columns)
          }
        }
      }
    case .input:
      for rows in pieces(l, design.columns) {
        for depth in pieces(m, design.rows) {
          // The input is loaded anew for every filling of the accumulators; weights pass in rows of
          // all output channels.
          sum += pieces(n, design.accumulatorRows).count * words(rows, depth) + words(depth, n)
        }
      }
    }
    return sum
  }

  @Test("Slow memory, a slow MAC and the bus overhead lengthen what they should")
  func limits() {
    let layer = LayerShape.convolution(
      height: 28, width: 28, channels: 32, filters: 64, kernel: 3, padding: 1)
    let base = GenericRoofline.evaluate(layer, on: Self.square)
    #expect(base.bound == .compute)
    #expect(base.compute == 49 * 4 * 288)
    #expect(base.utilisation(of: Self.square) == 1)
    var slow = Self.square
    slow.macsPerElement = 0.25
    #expect(GenericRoofline.evaluate(layer, on: slow).total == 4 * base.total)
    var narrow = Self.square
    narrow.memoryBytes = 0.5
    let bound = GenericRoofline.evaluate(layer, on: narrow)
    #expect(bound.total == 2 * base.actions.bytesMoved)
    #expect(bound.bound == .transfer)
    let overhead = GenericRoofline.evaluate(
      layer, on: Self.square, options: RooflineOptions(busOverhead: 1.5))
    #expect(overhead.transfer == Int((1.5 * Double(base.transfer)).rounded(.up)))
    #expect(
      GenericRoofline.cycles(of: [layer, layer, layer], on: Self.square) == 3 * base.total)
    #expect(
      GenericRoofline.cycles(of: [layer], onEach: [Self.square, slow])
        == [base.total, 4 * base.total])
  }

  @Test("Pooling on the way out moves fewer bytes")
  func pooling() {
    var layer = LayerShape.convolution(
      height: 32, width: 32, channels: 16, filters: 32, kernel: 3, padding: 1)
    let plain = GenericRoofline.evaluate(layer, on: Self.square)
    layer.pool = PoolWindow(
      height: 2, width: 2, strideY: 2, strideX: 2, outputHeight: 16, outputWidth: 16)
    let pooled = GenericRoofline.evaluate(layer, on: Self.square)
    #expect(plain.actions.bytesMoved - pooled.actions.bytesMoved == 32 * (1024 - 256))
    #expect(plain.compute == pooled.compute)
  }
}

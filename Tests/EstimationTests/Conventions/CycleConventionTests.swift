import Accelerators
import Estimation
import Testing

/// Golden numbers of the conventions' own tools. Layers are those of the topology files in
/// SCALE-Sim's repository (scalesim-project/scale-sim-v3, `fab89b7`), which state no padding.
struct CycleConventionTests {
  static func design(_ stationary: StationaryOperand, _ rows: Int, _ columns: Int) -> ArrayDesign {
    ArrayDesign(rows: rows, columns: columns, stationary: stationary)
  }

  static func cycles(
    _ convention: CycleConvention, _ layer: LayerShape, _ stationary: StationaryOperand, _ side: Int
  ) -> Int? {
    convention.evaluate(layer, on: design(stationary, side, side))?.total
  }

  /// A layer of a topology file: side, kernel, channels, filters, stride. Output sides are
  /// ⌈(side − kernel + stride) / stride⌉, also where the stride does not divide.
  static func layer(
    _ side: Int, _ kernel: Int, _ channels: Int, _ filters: Int, _ stride: Int
  ) -> LayerShape {
    let output = (side - kernel + stride + stride - 1) / stride
    return LayerShape(
      inputHeight: side, inputWidth: side, inputChannels: channels, kernelHeight: kernel,
      kernelWidth: kernel, strideY: stride, strideX: stride, outputHeight: output,
      outputWidth: output, outputChannels: filters)
  }

  static let alexNet = [
    layer(224, 11, 3, 96, 4), layer(27, 5, 96, 256, 1), layer(13, 3, 256, 384, 1),
    layer(13, 3, 384, 384, 1), layer(13, 3, 384, 256, 1),
  ]

  static let visionBlock = [
    LayerShape.product(rows: 196, depth: 768, columns: 192),
    .product(rows: 196, depth: 64, columns: 1176), .product(rows: 196, depth: 1176, columns: 64),
    .product(rows: 196, depth: 768, columns: 3072), .product(rows: 196, depth: 3072, columns: 768),
  ]

  @Test("SCALE-Sim prints one cycle too few for its GEMM example")
  func gemm() {
    let gemm = LayerShape.product(rows: 256, depth: 256, columns: 128)
    for (stationary, printed) in [
      (StationaryOperand.output, 10175), (.weights, 11199), (.input, 14207),
    ] {
      #expect(Self.cycles(.scalesimPrinted, gemm, stationary, 32) == printed)
      #expect(Self.cycles(.scalesim, gemm, stationary, 32) == printed + 1)
    }
    // Overall utilisation as printed: 80.51, 73.15 and 57.7 %.
    for (stationary, percent) in [
      (StationaryOperand.output, 80.51), (.weights, 73.15), (.input, 57.66),
    ] {
      let design = Self.design(stationary, 32, 32)
      let used = CycleConvention.scalesimPrinted.evaluate(gemm, on: design)?
        .utilisation(of: design)
      #expect(abs((used ?? 0) * 100 - percent) < 0.01)
    }
  }

  @Test("AlexNet's printed totals, layer by layer")
  func alexNetLayers() {
    #expect(
      Self.alexNet.map { Self.cycles(.scalesimPrinted, $0, .output, 32) }
        == [121124, 334831, 113567, 168863, 112575])
    #expect(Self.cycles(.scalesimPrinted, Self.alexNet[0], .weights, 32) == 112283)
    #expect(Self.alexNet.reduce(0) { $0 + $1.macs } == 805_118_496)
  }

  @Test(
    "Totals of AlexNet and of a vision transformer's block on six arrays and three dataflows",
    arguments: [
      (8, [13_112_036, 13_890_456, 14_243_668], [15_907_450, 17_087_712, 16_078_850]),
      (16, [3_333_588, 3_823_830, 3_920_996], [4_205_084, 4_743_200, 4_295_252]),
      (32, [850_965, 1_136_244, 1_158_210], [1_169_098, 1_421_000, 1_217_902]),
      (64, [238_680, 382_984, 386_388], [355_528, 473_236, 383_616]),
      (128, [67_572, 139_906, 146_722], [102_276, 184_960, 115_572]),
      (256, [36_732, 73_752, 92_106], [31_916, 81_770, 38_888]),
    ])
  func networks(side: Int, alexNet: [Int], visionBlock: [Int]) {
    for (layers, totals) in [(Self.alexNet, alexNet), (Self.visionBlock, visionBlock)] {
      for (stationary, total) in zip([StationaryOperand.output, .weights, .input], totals) {
        let sum = layers.reduce(0) { $0 + (Self.cycles(.scalesim, $1, stationary, side) ?? 0) }
        #expect(sum == total, "\(stationary)")
      }
    }
  }

  @Test(
    "ResNet-18's layers on 32 x 32 in three dataflows",
    arguments: [
      (layer(224, 7, 3, 64, 2), 158_422, 121_940, 299_410),
      (layer(56, 3, 64, 64, 1), 117_392, 108_360, 261_648),
      (layer(56, 3, 64, 128, 2), 63800, 63216, 99900),
      (layer(28, 3, 128, 128, 1), 106_832, 110_880, 175_824),
      (layer(56, 1, 64, 128, 2), 13608, 7480, 11988),
      (layer(28, 3, 128, 256, 2), 67984, 83520, 88200),
      (layer(14, 3, 256, 256, 1), 94640, 137_088, 126_000),
      (layer(28, 1, 128, 256, 2), 12160, 10208, 11200),
      (layer(14, 3, 256, 512, 2), 75712, 164_736, 87264),
      (layer(7, 3, 512, 512, 1), 74720, 274_176, 87264),
      (layer(14, 1, 256, 512, 2), 10176, 20224, 9696),
      (layer(1, 1, 512, 1000, 1), 18368, 48640, 17504),
    ])
  func resNet18(layer: LayerShape, os: Int, ws: Int, inputStationary: Int) {
    #expect(Self.cycles(.scalesim, layer, .output, 32) == os)
    #expect(Self.cycles(.scalesim, layer, .weights, 32) == ws)
    #expect(Self.cycles(.scalesim, layer, .input, 32) == inputStationary)
  }

  @Test("SCALE-Sim's paper counts the drain of an output-stationary tile")
  func paper() {
    let gemm = LayerShape.product(rows: 256, depth: 256, columns: 128)
    #expect(Self.cycles(.scalesimPaper, gemm, .output, 32) == 32 * (64 + 32 + 256 - 2))
    #expect(Self.cycles(.scalesimPaper, gemm, .weights, 32) == 11200)
  }

  @Test("SCALE-Sim's Verilog array, measured under Verilator")
  func verilog() {
    for (rows, columns, depth, total) in [
      (4, 4, 4, 15), (4, 6, 5, 18), (8, 8, 8, 31), (8, 8, 64, 87),
    ] {
      #expect(
        CycleConvention.scalesimVerilog.evaluate(
          .product(rows: rows, depth: depth, columns: columns),
          on: Self.design(.output, rows, columns))?.total == total)
    }
    for (rows, columns, vectors, total) in [
      (4, 4, 4, 19), (4, 6, 5, 22), (8, 8, 8, 39), (8, 8, 64, 95),
    ] {
      #expect(
        CycleConvention.scalesimVerilog.evaluate(
          .product(rows: vectors, depth: rows, columns: columns),
          on: Self.design(.weights, rows, columns))?.total == total)
    }
  }

  @Test(
    "STONNE's mesh, measured runs",
    arguments: [
      (4, 4, 4, 16, 27), (4, 4, 4, 32, 43), (8, 8, 8, 16, 35), (16, 16, 16, 16, 51),
      (16, 16, 16, 32, 67), (16, 32, 32, 32, 268), (16, 64, 64, 64, 1584),
      (16, 128, 128, 128, 10432), (32, 32, 32, 64, 131), (8, 5, 7, 13, 28),
    ])
  func stonne(side: Int, rows: Int, columns: Int, depth: Int, cycles: Int) {
    let layer = LayerShape.product(rows: rows, depth: depth, columns: columns)
    #expect(Self.cycles(.stonne, layer, .output, side) == cycles)
    #expect(Self.cycles(.stonne, layer, .weights, side) == nil)
  }

  @Test("One run of STONNE is a cycle short of its own formula")
  func stonneDeviation() {
    // M=5, N=2, K=2 on 4 x 4 took 18 cycles in the measured run; two tiles make 11 + 8.
    let layer = LayerShape.product(rows: 5, depth: 2, columns: 2)
    #expect(Self.cycles(.stonne, layer, .output, 4) == 19)
  }

  @Test("A single preload and compute of Gemmini, and its steady blocks")
  func gemmini() {
    for (rows, cycles) in [(16, 78), (8, 70), (4, 66), (1, 66)] {
      #expect(
        Self.cycles(
          .gemminiSteady, .product(rows: rows, depth: 16, columns: 16), .weights, 16) == cycles)
    }
    #expect(
      Self.cycles(.gemminiSteady, .product(rows: 16, depth: 16, columns: 16), .output, 16) == 94)
    // Each further block: 16 cycles; with kept weights only its own rows.
    #expect(
      Self.cycles(.gemminiSteady, .product(rows: 160, depth: 32, columns: 48), .weights, 16)
        == 78 + 59 * 16)
    #expect(
      Self.cycles(.gemminiSteady, .product(rows: 24, depth: 16, columns: 16), .weights, 16)
        == 78 + 8)
    #expect(
      CycleConvention.gemminiSteady.evaluate(
        .product(rows: 16, depth: 16, columns: 16), on: Self.design(.weights, 16, 8)) == nil)
  }

  @Test("Closed sums over tiles equal the jobs counted one by one")
  func closedForm() {
    var random = SplitMix64(seed: 3)
    for _ in 0..<300 {
      let shape = JobShape(
        rows: Int.random(in: 1...90, using: &random),
        columns: Int.random(in: 1...90, using: &random),
        depth: Int.random(in: 1...90, using: &random))
      let (rows, columns) = (
        Int.random(in: 1...40, using: &random), Int.random(in: 1...40, using: &random)
      )
      let layer = LayerShape.product(
        rows: shape.rows, depth: shape.depth, columns: shape.columns, count: 2)
      for (convention, theirs) in [
        (CycleConvention.scalesim, ArrayConvention.scalesim), (.scalesimVerilog, .rtl),
        (.scalesimPaper, .scalesimPaper), (.stonne, .stonne),
      ] {
        for (stationary, dataflow) in [
          (StationaryOperand.output, ArrayDataflow.outputStationary), (.weights, .weightStationary),
        ] {
          let expected = theirs.cycles(
            dataflow: dataflow, rows: rows, columns: columns,
            jobs: shape.jobs(dataflow: dataflow, arrayRows: rows, arrayColumns: columns))
          #expect(
            convention.evaluate(layer, on: Self.design(stationary, rows, columns))?.total
              == expected.map { 2 * $0 })
        }
      }
    }
  }

  @Test("Every convention never takes fewer cycles than an ideal array")
  func ideal() {
    let layer = LayerShape.convolution(
      height: 30, width: 30, channels: 24, filters: 40, kernel: 3, padding: 1)
    for convention in CycleConvention.allCases {
      for stationary in StationaryOperand.allCases {
        guard let cycles = convention.evaluate(layer, on: Self.design(stationary, 16, 16)) else {
          continue
        }
        #expect(cycles.total * 256 >= layer.macs)
        #expect(cycles.actions.macs == layer.macs)
      }
    }
  }
}

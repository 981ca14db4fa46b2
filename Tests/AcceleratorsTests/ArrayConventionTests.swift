import Accelerators
import SimKernel
import Testing

/// Counts of other tools, and where ours meet them.
struct ArrayConventionTests {
  /// A layer as SCALE-Sim's topology files describe it, without padding.
  struct Layer {
    var name: String
    var side: Int
    var kernel: Int
    var channels: Int
    var filters: Int
    var stride: Int
    var count = 1

    var shape: JobShape {
      let output = (side - kernel + stride + stride - 1) / stride
      return JobShape(
        rows: output * output, columns: filters, depth: kernel * kernel * channels)
    }
  }

  static let alexNet = [
    Layer(name: "conv1", side: 224, kernel: 11, channels: 3, filters: 96, stride: 4),
    Layer(name: "conv2", side: 27, kernel: 5, channels: 96, filters: 256, stride: 1),
    Layer(name: "conv3", side: 13, kernel: 3, channels: 256, filters: 384, stride: 1),
    Layer(name: "conv4", side: 13, kernel: 3, channels: 384, filters: 384, stride: 1),
    Layer(name: "conv5", side: 13, kernel: 3, channels: 384, filters: 256, stride: 1),
  ]

  static let resNet18 = [
    Layer(name: "Conv1", side: 224, kernel: 7, channels: 3, filters: 64, stride: 2),
    Layer(name: "Conv2", side: 56, kernel: 3, channels: 64, filters: 64, stride: 1, count: 4),
    Layer(name: "Conv3_1a", side: 56, kernel: 3, channels: 64, filters: 128, stride: 2),
    Layer(name: "Conv3_1b", side: 28, kernel: 3, channels: 128, filters: 128, stride: 1, count: 3),
    Layer(name: "Conv3_s", side: 56, kernel: 1, channels: 64, filters: 128, stride: 2),
    Layer(name: "Conv4_1a", side: 28, kernel: 3, channels: 128, filters: 256, stride: 2),
    Layer(name: "Conv4_1b", side: 14, kernel: 3, channels: 256, filters: 256, stride: 1, count: 3),
    Layer(name: "Conv4_s", side: 28, kernel: 1, channels: 128, filters: 256, stride: 2),
    Layer(name: "Conv5_1a", side: 14, kernel: 3, channels: 256, filters: 512, stride: 2),
    Layer(name: "Conv5_1b", side: 7, kernel: 3, channels: 512, filters: 512, stride: 1, count: 3),
    Layer(name: "Conv5_s", side: 14, kernel: 1, channels: 256, filters: 512, stride: 2),
    Layer(name: "FC", side: 1, kernel: 1, channels: 512, filters: 1000, stride: 1),
  ]

  private static func cycles(
    _ convention: ArrayConvention, _ dataflow: ArrayDataflow, _ shape: JobShape, rows: Int,
    columns: Int
  ) -> Int? {
    convention.cycles(
      dataflow: dataflow, rows: rows, columns: columns,
      jobs: shape.jobs(dataflow: dataflow, arrayRows: rows, arrayColumns: columns))
  }

  @Test("SCALE-Sim's printed totals of its GEMM example on 32x32 are reproduced")
  func gemmGoldens() {
    let layer = JobShape(rows: 256, columns: 128, depth: 256)
    for (dataflow, printed) in [
      (ArrayDataflow.outputStationary, 10175), (.weightStationary, 11199),
    ] {
      #expect(
        ArrayConvention.scalesimPrinted(dataflow: dataflow, rows: 32, columns: 32, layer: layer)
          == printed)
    }
  }

  @Test("SCALE-Sim's printed totals of AlexNet's layers are reproduced")
  func alexNetLayers() {
    let printed = Self.alexNet.map {
      ArrayConvention.scalesimPrinted(
        dataflow: .outputStationary, rows: 32, columns: 32, layer: $0.shape)
    }
    #expect(printed == [121124, 334831, 113567, 168863, 112575])
    #expect(Self.alexNet.reduce(0) { $0 + $1.shape.macs } == 805_118_496)
    #expect(
      ArrayConvention.scalesimPrinted(
        dataflow: .weightStationary, rows: 32, columns: 32, layer: Self.alexNet[0].shape)
        == 112283)
  }

  @Test("SCALE-Sim's totals of AlexNet on six array sizes are reproduced")
  func alexNetTotals() {
    let expected: [(side: Int, os: Int, ws: Int)] = [
      (8, 13_112_036, 13_890_456), (16, 3_333_588, 3_823_830), (32, 850_965, 1_136_244),
      (64, 238_680, 382_984), (128, 67_572, 139_906), (256, 36_732, 73_752),
    ]
    for (side, os, ws) in expected {
      for (dataflow, total) in [(ArrayDataflow.outputStationary, os), (.weightStationary, ws)] {
        let sum = Self.alexNet.compactMap {
          Self.cycles(.scalesim, dataflow, $0.shape, rows: side, columns: side)
        }.reduce(0, +)
        #expect(sum == total, "\(dataflow) \(side)")
      }
    }
  }

  @Test("SCALE-Sim's totals of ResNet-18's layers on 32x32 are reproduced")
  func resNetLayers() {
    let os = [
      158422, 117392, 63800, 106832, 13608, 67984, 94640, 12160, 75712, 74720, 10176, 18368,
    ]
    let ws = [
      121940, 108360, 63216, 110880, 7480, 83520, 137088, 10208, 164736, 274176, 20224, 48640,
    ]
    for (index, layer) in Self.resNet18.enumerated() {
      for (dataflow, expected) in [
        (ArrayDataflow.outputStationary, os[index]), (.weightStationary, ws[index]),
      ] {
        #expect(
          Self.cycles(.scalesim, dataflow, layer.shape, rows: 32, columns: 32) == expected,
          "\(layer.name) \(dataflow)")
      }
    }
    #expect(Self.resNet18.reduce(0) { $0 + $1.count * $1.shape.macs } == 1_471_181_568)
    #expect(zip(Self.resNet18, os).reduce(0) { $0 + $1.0.count * $1.1 } == 1_718_374)
    #expect(zip(Self.resNet18, ws).reduce(0) { $0 + $1.0.count * $1.1 } == 2_519_836)
  }

  @Test("The measured schedules of SCALE-Sim's Verilog array are reproduced")
  func rtlTable() {
    let outputStationary = [(4, 4, 4, 15), (4, 6, 5, 18), (8, 8, 8, 31), (8, 8, 64, 87)]
    for (rows, columns, k, total) in outputStationary {
      let shape = JobShape(rows: rows, columns: columns, depth: k)
      #expect(
        Self.cycles(.rtl, .outputStationary, shape, rows: rows, columns: columns) == total)
    }
    let weightStationary = [(4, 4, 4, 19), (4, 6, 5, 22), (8, 8, 8, 39), (8, 8, 64, 95)]
    for (rows, columns, m, total) in weightStationary {
      let shape = JobShape(rows: m, columns: columns, depth: rows)
      #expect(
        Self.cycles(.rtl, .weightStationary, shape, rows: rows, columns: columns) == total)
    }
  }

  @Test("STONNE's measured mesh counts are reproduced")
  func stonneTable() {
    let runs: [(side: Int, shape: JobShape, cycles: Int)] = [
      (4, JobShape(rows: 4, columns: 4, depth: 16), 27),
      (4, JobShape(rows: 4, columns: 4, depth: 32), 43),
      (8, JobShape(rows: 8, columns: 8, depth: 16), 35),
      (16, JobShape(rows: 16, columns: 16, depth: 16), 51),
      (16, JobShape(rows: 16, columns: 16, depth: 32), 67),
      (16, JobShape(rows: 32, columns: 32, depth: 32), 268),
      (16, JobShape(rows: 64, columns: 64, depth: 64), 1584),
      (16, JobShape(rows: 128, columns: 128, depth: 128), 10432),
      (32, JobShape(rows: 32, columns: 32, depth: 64), 131),
      (8, JobShape(rows: 5, columns: 7, depth: 13), 28),
    ]
    for (side, shape, cycles) in runs {
      #expect(
        Self.cycles(.stonne, .outputStationary, shape, rows: side, columns: side) == cycles)
    }
    let shape = JobShape(rows: 4, columns: 4, depth: 4)
    #expect(Self.cycles(.stonne, .weightStationary, shape, rows: 4, columns: 4) == nil)
  }

  @Test(
    "A full output-stationary tile takes what the conventions say, up to their documented constants",
    arguments: [(4, 4, 4), (4, 6, 5), (8, 8, 64), (16, 16, 32)])
  func simulatedOutputStationaryTile(rows: Int, columns: Int, k: Int) throws {
    let shape = JobShape(rows: rows, columns: columns, depth: k)
    func count(_ convention: ArrayConvention) -> Int? {
      Self.cycles(convention, .outputStationary, shape, rows: rows, columns: columns)
    }
    let (run, _) = ArrayBench().run(
      ArrayScenario(
        .outputStationary, SystolicArrayConfiguration(rows: rows, columns: columns),
        shapes: [shape], flags: 0x12))
    let first = try #require(run.high("step").first)
    let firstRow = try #require(run.high("row").first)
    let lastRow = try #require(run.high("row").last)
    let toLastMAC = Int(firstRow - first)
    let toLastRow = Int(lastRow - first) + 1
    #expect(toLastMAC == count(.scalesim))
    #expect(toLastRow == count(.scalesimPaper))
    #expect(toLastRow + 1 == count(.rtl))
    #expect(toLastMAC + 5 == count(.stonne))
  }

  @Test(
    "A full weight-stationary tile takes what SCALE-Sim says, R cycles less than its Verilog",
    arguments: [(4, 4, 4), (4, 6, 5), (8, 8, 64), (16, 16, 32)])
  func simulatedWeightStationaryTile(rows: Int, columns: Int, m: Int) throws {
    let shape = JobShape(rows: m, columns: columns, depth: rows)
    func count(_ convention: ArrayConvention) -> Int? {
      Self.cycles(convention, .weightStationary, shape, rows: rows, columns: columns)
    }
    let (run, _) = ArrayBench().run(
      ArrayScenario(
        .weightStationary, SystolicArrayConfiguration(rows: rows, columns: columns),
        shapes: [shape], flags: 0x12))
    let load = try #require(run.firstCycle(in: "load-weights"))
    let lastRow = try #require(run.high("row").last)
    // A row leaves in the cycle after its last MAC.
    let toLastMAC = Int(lastRow - load)
    #expect(toLastMAC == count(.scalesim))
    #expect(toLastMAC == count(.scalesimPaper))
    #expect(toLastMAC + rows + 1 == count(.rtl))
  }

  @Test("The counters of a run give the totals that conventions need")
  func totalsFromCounters() {
    let shapes = [
      JobShape(rows: 4, columns: 3, depth: 9), JobShape(rows: 1, columns: 5, depth: 2),
    ]
    let (run, _) = ArrayBench().run(
      ArrayScenario(
        .outputStationary, SystolicArrayConfiguration(rows: 4, columns: 5), shapes: shapes,
        flags: 2))
    #expect(
      JobTotals(
        jobs: run.counter("jobs"), rows: run.counter("job_rows"),
        columns: run.counter("job_columns"), depth: run.counter("job_depth"))
        == JobTotals(shapes))
  }

  @Test("Every convention explains itself in a sentence")
  func explanations() {
    for convention in ArrayConvention.allCases {
      for dataflow in ArrayDataflow.allCases {
        #expect(convention.explanation(dataflow: dataflow).hasSuffix("."))
      }
    }
  }
}

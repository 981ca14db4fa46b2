import Accelerators
import SimKernel

/// An element or accumulator of any data type.
enum Scalar: Equatable {
  case int(Int64)
  case float(Float)
}

/// One job with its operands, for benches and references.
struct TestJob {
  /// K is that of one pass.
  var shape: JobShape
  var flags: UInt32
  var passes = 1
  var scale: UInt32 = 1
  var shift: UInt32 = 0
  var zeroPoint: Int32 = 0
  var clampMinimum: Int32
  var clampMaximum: Int32
  /// A pattern.
  var slope: UInt32 = 0
  /// A, M rows of K for each pass.
  var a: [[Scalar]]
  /// B, K rows of N for each pass.
  var b: [[Scalar]]

  var accumulates: Bool { flags & 1 != 0 }
  var hasOutput: Bool { flags & 2 != 0 }
  var addsBias: Bool { flags & 4 != 0 }
  var rectifies: Bool { flags & 8 != 0 }
  var requantises: Bool { flags & 16 != 0 }
  var biasBank: Int { flags & 32 != 0 ? 1 : 0 }
  var reusesWeights: Bool { flags & 64 != 0 }
  var isTiled: Bool { flags & 128 != 0 }
  var hasColumnParameters: Bool { flags & 256 != 0 }
  var hasChannelScales: Bool { flags & 512 != 0 }
  var leaks: Bool { flags & 1024 != 0 }
  var clamps: Bool { flags & 2048 != 0 }

  /// The jobs without TILED and PASSES that do the same on an array with tiles of `height` rows.
  func parts(height: Int) -> [TestJob] {
    let starts = isTiled ? Array(stride(from: 0, to: shape.rows, by: height)) : [0]
    return starts.flatMap { start in
      let rows = isTiled ? min(height, shape.rows - start) : shape.rows
      return (0..<passes).map { pass in
        let depths = pass * shape.depth..<(pass + 1) * shape.depth
        var part = self
        part.shape.rows = rows
        part.passes = 1
        part.flags &= ~128
        if pass > 0 { part.flags |= 1 }
        if pass < passes - 1 { part.flags &= ~2 }
        part.a = a[start..<start + rows].map { Array($0[depths]) }
        part.b = Array(b[depths])
        return part
      }
    }
  }
}

/// Jobs on one array, and how its streams stall.
struct ArrayScenario {
  var dataflow: ArrayDataflow
  var configuration: SystolicArrayConfiguration
  var jobs: [TestJob]
  /// Both banks.
  var biases: [[UInt32]]
  /// Both banks of factors and of shifts.
  var scales: [[UInt32]] = [[], []]
  var shifts: [[UInt32]] = [[], []]
  var seed: UInt64
  var in1PausePercent = 0
  var in2PausePercent = 0
  var outStallPercent = 0
  /// Whether zeros at the end of an operand beat are left out.
  var trimsZeros = false
  /// Whether software, too, takes its time.
  var isRandom = false

  /// Jobs of given shapes with random operands and streams that never stall.
  init(
    _ dataflow: ArrayDataflow, _ configuration: SystolicArrayConfiguration, shapes: [JobShape],
    flags: UInt32, seed: UInt64 = 1
  ) {
    self.dataflow = dataflow
    self.configuration = configuration
    self.seed = seed
    var random = SplitMix64(seed: seed)
    biases = Self.randomBiases(configuration, &random)
    jobs = shapes.map { Self.job($0, flags: flags, configuration.dataType, &random) }
  }

  /// Everything at random: shape, type, jobs, post-processing, stalls.
  init(_ dataflow: ArrayDataflow, randomFrom seed: UInt64) {
    var random = SplitMix64(seed: seed)
    self.dataflow = dataflow
    self.seed = seed
    isRandom = true
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let type = ArrayDataType.allCases[pick(0...2)]
    configuration = SystolicArrayConfiguration(
      rows: pick(1...20), columns: pick(1...20), dataType: type,
      outBits: [nil, 16, 64, 136, 1024][pick(0...4)], accumulatorRows: pick(4...40),
      doubleBuffered: pick(0...2) > 0)
    in1PausePercent = [0, 10, 60][pick(0...2)]
    in2PausePercent = [0, 10, 60][pick(0...2)]
    outStallPercent = [0, 30, 90][pick(0...2)]
    biases = []
    jobs = []
    biases = Self.randomBiases(configuration, &random)
    drawScales(&random)
    for _ in 0..<pick(1...7) {
      // Repeating a job leaves all registers as they are, so that it is queued at once.
      if let last = jobs.last, pick(0...2) == 0 {
        jobs.append(
          Self.job(
            last.shape, flags: last.flags, passes: last.passes, type, &random, like: last))
        continue
      }
      var flags = UInt32(pick(0...0xFFF))
      if dataflow == .outputStationary { flags &= ~0x40 }
      flags &= type == .fp32 ? ~0x210 : ~0xC00
      let passes = dataflow == .weightStationary && pick(0...2) == 0 ? pick(2...4) : 1
      if pick(0...1) == 0 { flags |= 2 }
      let inner = pick(0...1) == 0 ? configuration.rows : pick(1...configuration.rows)
      let columns = pick(0...1) == 0 ? configuration.columns : pick(1...configuration.columns)
      let isTiled = flags & 0x80 != 0
      let isLong = pick(0...9) == 0 && !isTiled && passes == 1
      var long = isLong ? pick(100...600) : pick(1...30)
      if dataflow == .weightStationary, flags & 3 != 2 || passes > 1, !isTiled {
        long = min(long, configuration.accumulatorRows)
      }
      let shape =
        switch dataflow {
        case .outputStationary:
          JobShape(
            rows: isTiled ? pick(1...4 * configuration.rows) : inner, columns: columns, depth: long)
        case .weightStationary:
          JobShape(
            rows: isTiled ? pick(1...3 * configuration.accumulatorRows) : long, columns: columns,
            depth: inner)
        }
      jobs.append(Self.job(shape, flags: flags, passes: passes, type, &random))
    }
  }

  /// Fills the banks of factors and shifts.
  mutating func drawScales(_ random: inout SplitMix64) {
    let count = max(configuration.rows, configuration.columns)
    shifts = (0..<2).map { _ in (0..<count).map { _ in UInt32.random(in: 0...62, using: &random) } }
    scales = shifts.map { $0.map { Self.scale(shift: $0, &random) } }
  }

  /// A scale that puts typical sums into the operand's range, with exact ties for small shifts.
  private static func scale(shift: UInt32, _ random: inout SplitMix64) -> UInt32 {
    let most = UInt64(1) << UInt64(min(30, max(0, Int(shift) - 4)))
    return UInt32(UInt64.random(in: 0...most, using: &random))
  }

  /// Rows of a tile.
  var tileRows: Int {
    dataflow == .outputStationary ? configuration.rows : configuration.accumulatorRows
  }

  /// The same work as jobs of one tile and one pass each.
  var split: ArrayScenario {
    var scenario = self
    scenario.jobs = jobs.flatMap { $0.parts(height: tileRows) }
    return scenario
  }

  private static func randomBiases(
    _ configuration: SystolicArrayConfiguration, _ random: inout SplitMix64
  ) -> [[UInt32]] {
    (0..<2).map { _ in
      (0..<max(configuration.rows, configuration.columns)).map { _ in
        switch configuration.dataType {
        case .fp32: Float.random(in: -4...4, using: &random).bitPattern
        default: UInt32.random(in: 0...UInt32.max, using: &random) >> 8 &- (1 << 23)
        }
      }
    }
  }

  static func job(
    _ shape: JobShape, flags: UInt32, passes: Int = 1, _ type: ArrayDataType,
    _ random: inout SplitMix64, like model: TestJob? = nil
  ) -> TestJob {
    let bounds: ClosedRange<Int32> =
      switch type {
      case .int8: -128...127
      case .int16: -32768...32767
      case .fp32: 0...0
      }
    let isNarrow = Bool.random(using: &random)
    var job = TestJob(
      shape: shape, flags: flags, passes: passes,
      clampMinimum: isNarrow ? bounds.lowerBound / 3 : bounds.lowerBound,
      clampMaximum: isNarrow ? bounds.upperBound / 2 : bounds.upperBound,
      a: matrix(shape.rows, passes * shape.depth, type, &random),
      b: matrix(passes * shape.depth, shape.columns, type, &random))
    if type == .fp32 {
      job.clampMinimum = Int32(bitPattern: Float.random(in: -6...0, using: &random).bitPattern)
      job.clampMaximum = Int32(bitPattern: Float.random(in: 0...6, using: &random).bitPattern)
      job.slope = Float.random(in: -1...1, using: &random).bitPattern
    }
    if let model {
      job.slope = model.slope
      (job.scale, job.shift, job.zeroPoint) = (model.scale, model.shift, model.zeroPoint)
      (job.clampMinimum, job.clampMaximum) = (model.clampMinimum, model.clampMaximum)
    } else if flags & 16 != 0 {
      job.shift = UInt32.random(in: 0...62, using: &random)
      job.scale = scale(shift: job.shift, &random)
      job.zeroPoint = Int32.random(in: -20...20, using: &random)
    }
    return job
  }

  private static func choice(_ random: inout SplitMix64) -> Int {
    min(2, Int.random(in: 0...3, using: &random))
  }

  private static func matrix(
    _ rows: Int, _ columns: Int, _ type: ArrayDataType, _ random: inout SplitMix64
  ) -> [[Scalar]] {
    (0..<rows).map { _ in
      (0..<columns).map { _ in
        switch type {
        // Half of the integers are extreme, where sums of products are tightest.
        case .int8:
          .int([-128, 127, Int64.random(in: -128...127, using: &random)][choice(&random)])
        case .int16:
          .int([-32768, 32767, Int64.random(in: -32768...32767, using: &random)][choice(&random)])
        case .fp32: .float(Float.random(in: -2...2, using: &random))
        }
      }
    }
  }
}

import Accelerators
import SimKernel

/// An element or accumulator of any data type.
enum Scalar: Equatable {
  case int(Int64)
  case float(Float)
}

/// One job with its operands, for benches and references.
struct TestJob {
  var shape: JobShape
  var flags: UInt32
  var scale: UInt32 = 1
  var shift: UInt32 = 0
  var zeroPoint: Int32 = 0
  var clampMinimum: Int32
  var clampMaximum: Int32
  /// A, M rows of K.
  var a: [[Scalar]]
  /// B, K rows of N.
  var b: [[Scalar]]

  var accumulates: Bool { flags & 1 != 0 }
  var hasOutput: Bool { flags & 2 != 0 }
  var addsBias: Bool { flags & 4 != 0 }
  var rectifies: Bool { flags & 8 != 0 }
  var requantises: Bool { flags & 16 != 0 }
  var biasBank: Int { flags & 32 != 0 ? 1 : 0 }
  var reusesWeights: Bool { flags & 64 != 0 }
}

/// Jobs on one array, and how its streams stall.
struct ArrayScenario {
  var dataflow: ArrayDataflow
  var configuration: SystolicArrayConfiguration
  var jobs: [TestJob]
  /// Both banks.
  var biases: [[UInt32]]
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
    for _ in 0..<pick(1...7) {
      // Repeating a job leaves all registers as they are, so that it is queued at once.
      if let last = jobs.last, pick(0...2) == 0 {
        jobs.append(Self.job(last.shape, flags: last.flags, type, &random, like: last))
        continue
      }
      var flags = UInt32(pick(0...127))
      if dataflow == .outputStationary { flags &= 0x3F }
      if type == .fp32 { flags &= ~0x10 }
      if pick(0...1) == 0 { flags |= 2 }
      let inner = pick(0...1) == 0 ? configuration.rows : pick(1...configuration.rows)
      let columns = pick(0...1) == 0 ? configuration.columns : pick(1...configuration.columns)
      let isLong = pick(0...9) == 0
      var long = isLong ? pick(100...600) : pick(1...30)
      if dataflow == .weightStationary, flags & 3 != 2 {
        long = min(long, configuration.accumulatorRows)
      }
      let shape =
        dataflow == .outputStationary
        ? JobShape(rows: inner, columns: columns, depth: long)
        : JobShape(rows: long, columns: columns, depth: inner)
      jobs.append(Self.job(shape, flags: flags, type, &random))
    }
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

  private static func job(
    _ shape: JobShape, flags: UInt32, _ type: ArrayDataType, _ random: inout SplitMix64,
    like model: TestJob? = nil
  ) -> TestJob {
    let bounds: ClosedRange<Int32> =
      switch type {
      case .int8: -128...127
      case .int16: -32768...32767
      case .fp32: 0...0
      }
    let isNarrow = Bool.random(using: &random)
    var job = TestJob(
      shape: shape, flags: flags,
      clampMinimum: isNarrow ? bounds.lowerBound / 3 : bounds.lowerBound,
      clampMaximum: isNarrow ? bounds.upperBound / 2 : bounds.upperBound,
      a: matrix(shape.rows, shape.depth, type, &random),
      b: matrix(shape.depth, shape.columns, type, &random))
    if let model {
      (job.scale, job.shift, job.zeroPoint) = (model.scale, model.shift, model.zeroPoint)
      (job.clampMinimum, job.clampMaximum) = (model.clampMinimum, model.clampMaximum)
    } else if flags & 16 != 0 {
      job.shift = UInt32.random(in: 0...62, using: &random)
      // A scale that puts typical sums into the operand's range, with exact ties for small shifts.
      let most = UInt64(1) << UInt64(min(30, max(0, Int(job.shift) - 4)))
      job.scale = UInt32(UInt64.random(in: 0...most, using: &random))
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

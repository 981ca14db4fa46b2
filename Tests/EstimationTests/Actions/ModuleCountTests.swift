import Accelerators
import Estimation
import Mapping
import SimKernel
import Testing

@Suite("Counts of jobs against the modules")
struct ModuleCountTests {
  /// Compares every counter of a module; how its registers are accessed is the bench's own affair.
  private func compare(
    _ counted: [String: UInt64], _ run: [String: UInt64], _ comment: Comment
  ) {
    for (name, value) in run where name != "register_accesses" {
      #expect(counted[name] == value, "\(name): \(comment)")
    }
    #expect(Set(counted.keys) == Set(run.keys), comment)
  }

  @Test(
    "A random job of an array counts what the array counts",
    arguments: [ArrayDataflow.outputStationary, .weightStationary],
    1...60 as ClosedRange<UInt64>)
  func arrays(dataflow: ArrayDataflow, seed: UInt64) throws {
    let patterns = try WorkPatterns.shared.get()
    var random = SplitMix64(seed: seed &* 5309)
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func coin() -> Bool { pick(0...1) == 1 }
    let type = ArrayDataType.allCases[pick(0...2)]
    let isFloat = type == .fp32
    let configuration = SystolicArrayConfiguration(
      rows: pick(1...12), columns: pick(1...12), dataType: type,
      outBits: [nil, 16, 136, 1024][pick(0...3)], accumulatorRows: pick(2...20),
      doubleBuffered: coin())
    let isOutputStationary = dataflow == .outputStationary
    var job = patterns.job
    job.tileRows = isOutputStationary ? configuration.rows : configuration.accumulatorRows
    job.rows = pick(1...3 * job.tileRows)
    job.columns = pick(1...configuration.columns)
    job.depth = isOutputStationary ? pick(1...30) : pick(1...configuration.rows)
    job.passes = isOutputStationary ? 1 : pick(1...4)
    job.addsBias = coin()
    job.rectifies = coin()
    job.requantises = !isFloat && coin()
    job.scalesColumns = job.requantises && coin()
    job.hasSlope = isFloat && coin()
    if job.hasSlope { job.rectifies = true }
    job.clamps = isFloat && coin()
    job.resultBytes =
      job.requantises ? type.operandBytes : isFloat ? 4 : type.accumulatorBytes
    var flags: UInt32 = 1 << 1 | 1 << 7
    if job.addsBias { flags |= 1 << 2 }
    if job.rectifies, !job.hasSlope { flags |= 1 << 3 }
    if job.requantises { flags |= 1 << 4 }
    if job.scalesColumns { flags |= 1 << 9 | 1 << 8 }
    if job.hasSlope { flags |= 1 << 10 }
    if job.clamps { flags |= 1 << 11 }
    var registers: [(offset: UInt64, value: UInt32)] = [
      (0x08, UInt32(job.rows)), (0x0C, UInt32(job.columns)), (0x10, UInt32(job.depth)),
      (0x14, flags),
    ]
    if !isOutputStationary { registers.append((0x48, UInt32(job.passes))) }
    let tiles = (job.rows + job.tileRows - 1) / job.tileRows
    let weights = tiles * job.passes * job.depth
    let run = try #require(
      ModuleBench().array(
        dataflow, configuration, registers: registers,
        beats: (isOutputStationary ? weights : job.rows * job.passes, weights)))
    let shape = SystemShape(
      busBytes: 8, memories: [], dmas: [],
      arrays: [
        SystemShape.Array(
          name: "array",
          dataflow: isOutputStationary ? .outputStationary : .weightStationary,
          rows: configuration.rows, columns: configuration.columns, isFloat: isFloat,
          operandBytes: type.operandBytes, outBytes: configuration.outBytes,
          accumulatorRows: configuration.accumulatorRows,
          isDoubleBuffered: configuration.doubleBuffered)
      ], vectorUnits: [])
    let counted = patterns.count(
      [.job(job)], on: "array", kind: .accelerator, shape: shape)
    compare(counted["array"]?.counters ?? [:], run, "\(job), \(configuration)")
  }

  @Test(
    "A random job of a vector unit counts what the unit counts",
    arguments: 1...150 as ClosedRange<UInt64>)
  func vectorUnits(seed: UInt64) throws {
    let patterns = try WorkPatterns.shared.get()
    var random = SplitMix64(seed: seed &* 2741)
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    func coin() -> Bool { pick(0...1) == 1 }
    let isFloat = coin()
    let configuration = VectorUnitConfiguration(
      lanes: pick(1...8), dataType: isFloat ? .fp32 : .int8, maximumWidth: 40)
    var job = patterns.vector
    job.channels = pick(1...configuration.lanes)
    job.elementBytes = configuration.dataType.bytes
    job.isAlone = coin()
    job.adds = [nil, true, false][pick(0...2)]
    job.clamps = coin()
    job.hasSlope = isFloat && coin()
    job.usesTable = !isFloat && coin()
    job.beats = pick(1...50)
    var mode: UInt32 = job.isAlone ? 1 : 0
    if let adds = job.adds { mode |= adds ? 1 << 2 : 2 << 2 }
    if job.usesTable { mode |= 1 << 5 }
    if job.clamps { mode |= 1 << 8 }
    if job.hasSlope { mode |= 1 << 10 }
    var registers: [(offset: UInt64, value: UInt32)] = []
    job.pool = nil
    if coin(), var pool = patterns.vector.pool {
      pool.isAverage = coin()
      pool.rows = pick(1...4)
      pool.columns = pick(1...4)
      pool.strideY = pick(max(1, (pool.rows + 2) / 3)...4)
      pool.strideX = pick(1...4)
      pool.top = pick(0...pool.rows - 1)
      pool.left = pick(0...pool.columns - 1)
      pool.height = pick(1...12)
      pool.width = pick(1...12)
      // Every window has a pixel of the image.
      pool.outHeight = pick(1...(pool.height - 1 + pool.top) / pool.strideY + 1)
      pool.outWidth = pick(1...(pool.width - 1 + pool.left) / pool.strideX + 1)
      job.beats = pool.height * pool.width
      job.pool = pool
      mode |= pool.isAverage ? 2 << 6 : 1 << 6
      registers = [
        (0x30, UInt32(pool.height | pool.width << 16)),
        (
          0x34,
          UInt32(
            pool.rows | pool.columns << 8 | pool.strideY << 16 | pool.strideX << 24)
        ), (0x38, UInt32(pool.top | pool.left << 8)),
        (0x3C, UInt32(pool.outHeight | pool.outWidth << 16)),
      ]
    }
    registers += [(0x0C, UInt32(job.beats)), (0x08, mode)]
    let operands = job.adds == nil ? job.beats : 2 * job.beats
    let run = try #require(
      ModuleBench().vectorUnit(
        configuration, registers: registers,
        beats: job.isAlone ? (0, operands) : (job.beats, operands - job.beats),
        beatBytes: job.channels * job.elementBytes))
    let shape = SystemShape(
      busBytes: 8, memories: [], dmas: [], arrays: [],
      vectorUnits: [
        SystemShape.VectorUnit(name: "vector", lanes: configuration.lanes, isFloat: isFloat)
      ])
    let counted = patterns.count(
      [.vector(job)], on: "vector", kind: .accelerator, shape: shape)
    compare(counted["vector"]?.counters ?? [:], run, "\(job)")
  }
}

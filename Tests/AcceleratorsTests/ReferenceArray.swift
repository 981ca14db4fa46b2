import Accelerators

/// What an array must compute, written down plainly: no cycles, no tiles, exact integers.
struct ReferenceArray {
  let dataflow: ArrayDataflow
  let configuration: SystolicArrayConfiguration
  let biases: [[UInt32]]
  let scales: [[UInt32]]
  let shifts: [[UInt32]]
  private let tileRows: Int
  /// Accumulators of the processing elements, or the accumulator buffer.
  private var sums: [[Scalar]]
  private var weights: [[Scalar]]

  init(_ scenario: ArrayScenario) {
    dataflow = scenario.dataflow
    configuration = scenario.configuration
    biases = scenario.biases
    scales = scenario.scales
    shifts = scenario.shifts
    tileRows = scenario.tileRows
    let zero: Scalar = configuration.dataType == .fp32 ? .float(0) : .int(0)
    let sumRows =
      dataflow == .outputStationary ? configuration.rows : configuration.accumulatorRows
    sums = Array(
      repeating: Array(repeating: zero, count: configuration.columns), count: sumRows)
    weights = Array(
      repeating: Array(repeating: zero, count: configuration.columns), count: configuration.rows)
  }

  /// The beats a job sends.
  mutating func run(_ job: TestJob) -> [(bytes: [UInt8], isLast: Bool)] {
    let parts = job.parts(height: tileRows)
    return parts.indices.flatMap { index in
      runPart(parts[index]).map { ($0.bytes, $0.isLast && index == parts.count - 1) }
    }
  }

  /// The beats of one pass over one tile.
  private mutating func runPart(_ job: TestJob) -> [(bytes: [UInt8], isLast: Bool)] {
    let zero: Scalar = configuration.dataType == .fp32 ? .float(0) : .int(0)
    if dataflow == .weightStationary, !job.reusesWeights {
      for (k, row) in job.b.enumerated() {
        for (n, weight) in row.enumerated() { weights[k][n] = weight }
      }
    }
    var rows: [[UInt8]] = []
    for m in 0..<job.shape.rows {
      var row: [UInt8] = []
      for n in 0..<job.shape.columns {
        let sum: Scalar
        switch dataflow {
        case .outputStationary:
          var total = job.accumulates ? sums[m][n] : zero
          for k in 0..<job.shape.depth { total = add(total, multiply(job.a[m][k], job.b[k][n])) }
          sum = total
          // Without drain registers the accumulators themselves move out.
          sums[m][n] = job.hasOutput && !configuration.doubleBuffered ? zero : total
        case .weightStationary:
          var total = zero
          for k in 0..<job.shape.depth {
            total = add(total, multiply(job.a[m][k], weights[k][n]))
          }
          if job.accumulates {
            total = add(sums[m][n], total)
            sums[m][n] = total
          } else if !job.hasOutput {
            sums[m][n] = total
          }
          sum = total
        }
        let isByColumn = dataflow == .weightStationary || job.hasColumnParameters
        row += bytes(of: sum, job, index: isByColumn ? n : m)
      }
      rows.append(row)
    }
    guard job.hasOutput else { return [] }
    let width = configuration.outBytes
    var beats: [(bytes: [UInt8], isLast: Bool)] = []
    for (m, row) in rows.enumerated() {
      for start in stride(from: 0, to: row.count, by: width) {
        let end = min(row.count, start + width)
        beats.append((Array(row[start..<end]), m == rows.count - 1 && end == row.count))
      }
    }
    return beats
  }

  private func multiply(_ a: Scalar, _ b: Scalar) -> Scalar {
    switch (a, b) {
    case (.int(let a), .int(let b)): .int(a * b)
    case (.float(let a), .float(let b)): .float(a * b)
    default: preconditionFailure("mixed types")
    }
  }

  private func add(_ a: Scalar, _ b: Scalar) -> Scalar {
    switch (a, b) {
    case (.int(let a), .int(let b)):
      configuration.dataType == .int8
        ? .int(Int64(Int32(truncatingIfNeeded: a &+ b))) : .int(a &+ b)
    case (.float(let a), .float(let b)): .float(a + b)
    default: preconditionFailure("mixed types")
    }
  }

  /// The element that is sent; `index` finds its bias, factor and shift.
  private func bytes(of sum: Scalar, _ job: TestJob, index: Int) -> [UInt8] {
    var sum = sum
    var job = job
    if job.requantises, job.hasChannelScales {
      job.scale = scales[job.biasBank][index]
      job.shift = shifts[job.biasBank][index]
    }
    if job.addsBias {
      let bias = biases[job.biasBank][index]
      switch sum {
      case .int: sum = add(sum, .int(Int64(Int32(bitPattern: bias))))
      case .float: sum = add(sum, .float(Float(bitPattern: bias)))
      }
    }
    switch sum {
    case .float(let value):
      var value = value
      if value < 0 {
        if job.leaks {
          value *= Float(bitPattern: job.slope)
        } else if job.rectifies {
          value = 0
        }
      }
      if job.clamps {
        let minimum = Float(bitPattern: UInt32(bitPattern: job.clampMinimum))
        let maximum = Float(bitPattern: UInt32(bitPattern: job.clampMaximum))
        if value < minimum { value = minimum }
        if value > maximum { value = maximum }
      }
      return littleEndian(UInt64(value.bitPattern), 4)
    case .int(let value):
      let value = job.rectifies ? max(value, 0) : value
      guard job.requantises else {
        return littleEndian(
          UInt64(bitPattern: value), configuration.dataType.accumulatorBytes)
      }
      return littleEndian(
        UInt64(bitPattern: Self.requantise(value, job)), configuration.dataType.operandBytes)
    }
  }

  /// Rounds to nearest by comparing both neighbours' distances; on a tie the even one wins.
  static func requantise(_ value: Int64, _ job: TestJob) -> Int64 {
    let product = Int128(value) * Int128(job.scale)
    let unit = Int128(1) << Int128(job.shift)
    var below = product / unit
    if product < 0, below * unit != product { below -= 1 }
    let above = below + 1
    let (toBelow, toAbove) = (product - below * unit, above * unit - product)
    let rounded =
      toBelow == toAbove ? (below % 2 == 0 ? below : above) : (toBelow < toAbove ? below : above)
    let shifted = rounded + Int128(job.zeroPoint)
    return Int64(max(Int128(job.clampMinimum), min(Int128(job.clampMaximum), shifted)))
  }

  private func littleEndian(_ value: UInt64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }
}

import Accelerators
import SimKernel
import Telemetry
import TestSupport
import Testing

/// Jobs of several tiles and passes beside the same work as jobs of their own.
struct ArrayTilingTests {
  static let cases: [(ArrayDataflow, UInt64)] = ArrayDataflow.allCases.flatMap { dataflow in
    (0..<40).map { (dataflow, UInt64(1000 + $0)) }
  }

  @Test("A tiled job sends and counts what jobs of its tiles and passes do", arguments: cases)
  func sameWork(dataflow: ArrayDataflow, seed: UInt64) {
    let scenario = ArrayScenario(dataflow, randomFrom: seed)
    let (whole, _) = ArrayBench(hasWaves: false).run(scenario)
    let (parts, _) = ArrayBench(hasWaves: false).run(scenario.split)
    #expect(whole.beats.map(\.bytes) == parts.beats.map(\.bytes))
    let independent = ["register_accesses", "jobs"]
    for counter in whole.record.counters where !independent.contains(counter.name) {
      #expect(whole.counter(counter.name) == parts.counter(counter.name), "\(counter.name)")
    }
    #expect(whole.counter("jobs") == scenario.jobs.count)
    #expect(parts.counter("jobs") == scenario.split.jobs.count)
    #expect(whole.beats.filter(\.isLast).count == scenario.jobs.filter(\.hasOutput).count)
  }

  /// A layer of `rows` results with K in `passes` passes, requantised, on streams that never stall.
  private static func layer(
    _ dataflow: ArrayDataflow, rows: Int, columns: Int = 5, depth: Int, passes: Int = 1,
    flags: UInt32 = 0x12
  ) -> ArrayScenario {
    var scenario = ArrayScenario(
      dataflow, SystolicArrayConfiguration(rows: 4, columns: 6, accumulatorRows: 16), shapes: [],
      flags: 0)
    var random = SplitMix64(seed: 9)
    scenario.drawScales(&random)
    scenario.jobs = [
      ArrayScenario.job(
        JobShape(rows: rows, columns: columns, depth: depth), flags: flags | 0x80, passes: passes,
        .int8, &random)
    ]
    return scenario
  }

  /// Cycles from the first operand to the last beat.
  private static func span(_ run: ArrayRun) -> Tick? {
    guard let first = run.high("step").first, let last = run.beats.last else { return nil }
    return last.cycle - first
  }

  @Test(
    "Tiles follow each other like jobs that were queued in time",
    arguments: ArrayFidelity.allCases,
    [(7, 16), (8, 32), (30, 20), (20, 11), (20, 10), (4, 9), (3, 2)])
  func outputStationaryCycles(fidelity: ArrayFidelity, size: (rows: Int, depth: Int)) throws {
    let scenario = Self.layer(.outputStationary, rows: size.rows, depth: size.depth)
    let (run, _) = ArrayBench(fidelity: fidelity).run(scenario)
    let (parts, _) = ArrayBench(fidelity: fidelity).run(scenario.split)
    let cycles = try #require(Self.span(run))
    // Steps of all tiles without a gap, the last wavefront, the last tile's rows, two registers; a
    // step only waits for rows of the tile before if a tile has fewer steps than that has rows and
    // wavefronts.
    let tiles = (size.rows + 3) / 4
    let last = size.rows - 4 * (tiles - 1)
    if size.depth >= 2 * 4 + 5 - 2 || tiles == 1 {
      #expect(Int(cycles) == tiles * size.depth - 1 + (last + 5 - 2) + last + 2 + 1)
      #expect(run.cycles(in: "wait-drain") == 0)
    } else {
      #expect(run.cycles(in: "wait-drain") > 0)
    }
    // Software that starts tile after tile may be late, never early.
    #expect(try #require(Self.span(parts)) >= cycles)
    #expect(run.counter("jobs") == 1)
    #expect(run.interruptRises.count == 1)
    #expect(run.beats.map(\.isLast) == run.beats.indices.map { $0 == run.beats.count - 1 })
  }

  @Test("Weights of the next pass load behind the vectors", arguments: ArrayFidelity.allCases)
  func weightStationaryCycles(fidelity: ArrayFidelity) throws {
    // At least 8 vectors per pass hide the 2·4 − 1 cycles of loading.
    let scenario = Self.layer(.weightStationary, rows: 40, depth: 4, passes: 3)
    let (run, _) = ArrayBench(fidelity: fidelity).run(scenario)
    let cycles = try #require(Self.span(run))
    #expect(Int(cycles) == 3 * 40 - 1 + 4 + 5 + 2 + 1)
    #expect(run.counter("vectors") == 120)
    #expect(run.counter("in2_beats") == 3 * 3 * 4)
    #expect(run.counter("out_beats") == 40)
    #expect(run.counter("accumulator_buffer_reads") == 80)
    #expect(run.counter("accumulator_buffer_writes") == 120)
    #expect(run.counter("jobs") == 1)
    #expect(run.beats.map(\.isLast) == run.beats.indices.map { $0 == run.beats.count - 1 })
  }

  @Test(
    "The result is the matrix product, channel by channel scaled", arguments: ArrayDataflow.allCases
  )
  func product(dataflow: ArrayDataflow) {
    let passes = dataflow == .weightStationary ? 5 : 1
    let scenario = Self.layer(
      dataflow, rows: 37, depth: 4, passes: passes, flags: 0x12 | 0x04 | 0x100 | 0x200)
    let job = scenario.jobs[0]
    let (run, _) = ArrayBench(hasWaves: false).run(scenario)
    var expected: [UInt8] = []
    for m in 0..<37 {
      for n in 0..<5 {
        var sum = Int64(Int32(bitPattern: scenario.biases[0][n]))
        for k in 0..<4 * passes {
          if case (.int(let a), .int(let b)) = (job.a[m][k], job.b[k][n]) { sum += a * b }
        }
        var scaled = job
        scaled.scale = scenario.scales[0][n]
        scaled.shift = scenario.shifts[0][n]
        expected.append(UInt8(truncatingIfNeeded: ReferenceArray.requantise(sum, scaled)))
      }
    }
    #expect(run.beats.flatMap(\.bytes) == expected)
  }

  @Test("One START, one queue entry until the last tile's last operand, one end")
  func queueEntry() {
    let base = ArrayScenario.base
    var scenario = Self.layer(.outputStationary, rows: 4000, depth: 1)
    scenario.outStallPercent = 0
    var steps = scenario.script().filter {
      if case .pause = $0 { false } else { true }
    }
    // Just after START, behind the poll for a free place.
    let start = steps.lastIndex { if case .write(base, _) = $0 { true } else { false } } ?? 0
    steps.insert(contentsOf: [.pause(200), .read(base + 4), .read(base + 0x40)], at: start + 1)
    let (run, _) = ArrayBench(hasWaves: false).run(scenario, script: steps)
    // The poll before START, then STATUS (busy, one queued) and JOBS while tiles run; at the end
    // the poll, JOBS, STATUS.
    #expect(run.registerValues == [0, 0x1_0001, 0, 2, 1, 0])
  }
}

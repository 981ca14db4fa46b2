import Accelerators
import SimKernel
import Telemetry
import TestSupport
import Testing

/// The textbook cycle counts, on streams that never stall.
struct ArrayTimingTests {
  /// Output, requantised: one beat per row.
  static let oneBeatPerRow: UInt32 = 0x12

  struct Case: CustomTestStringConvertible, Sendable {
    var rows: Int
    var columns: Int
    var shape: JobShape
    var testDescription: String {
      "\(rows)x\(columns), M \(shape.rows) N \(shape.columns) K \(shape.depth)"
    }

    func scenario(
      _ dataflow: ArrayDataflow, jobs: Int = 1, flags: UInt32, doubleBuffered: Bool = true
    ) -> ArrayScenario {
      ArrayScenario(
        dataflow,
        SystolicArrayConfiguration(rows: rows, columns: columns, doubleBuffered: doubleBuffered),
        shapes: Array(repeating: shape, count: jobs), flags: flags)
    }
  }

  static let outputStationary = [
    Case(rows: 1, columns: 1, shape: JobShape(rows: 1, columns: 1, depth: 1)),
    Case(rows: 4, columns: 4, shape: JobShape(rows: 4, columns: 4, depth: 4)),
    Case(rows: 8, columns: 8, shape: JobShape(rows: 8, columns: 8, depth: 64)),
    Case(rows: 4, columns: 6, shape: JobShape(rows: 4, columns: 6, depth: 5)),
    Case(rows: 16, columns: 5, shape: JobShape(rows: 11, columns: 3, depth: 200)),
    Case(rows: 3, columns: 17, shape: JobShape(rows: 1, columns: 17, depth: 2)),
  ]

  static let weightStationary = [
    Case(rows: 1, columns: 1, shape: JobShape(rows: 1, columns: 1, depth: 1)),
    Case(rows: 4, columns: 4, shape: JobShape(rows: 4, columns: 4, depth: 4)),
    Case(rows: 8, columns: 8, shape: JobShape(rows: 64, columns: 8, depth: 8)),
    Case(rows: 4, columns: 6, shape: JobShape(rows: 5, columns: 6, depth: 4)),
    Case(rows: 16, columns: 5, shape: JobShape(rows: 200, columns: 3, depth: 11)),
    Case(rows: 17, columns: 3, shape: JobShape(rows: 2, columns: 3, depth: 1)),
  ]

  @Test(
    "Output stationary: K+M+N−2 cycles to the last MAC, then M rows, then 2 cycles of post-processing",
    arguments: outputStationary, ArrayFidelity.allCases)
  func singleOutputStationaryJob(_ item: Case, fidelity: ArrayFidelity) throws {
    let (m, n, k) = (item.shape.rows, item.shape.columns, item.shape.depth)
    let bench = ArrayBench(fidelity: fidelity)
    let (run, _) = bench.run(item.scenario(.outputStationary, flags: Self.oneBeatPerRow))
    let first = try #require(run.high("step").first)
    #expect(run.high("step") == Array(first..<first + Tick(k)))
    let firstRow = first + Tick(k + m + n - 2)
    #expect(run.high("row") == Array(firstRow..<firstRow + Tick(m)))
    // Sent two cycles after leaving the drain, taken one cycle later.
    #expect(run.beats.map(\.cycle) == Array(firstRow + 3..<firstRow + 3 + Tick(m)))
    #expect(run.cycles(in: "fill") == min(k, m + n - 2))
    #expect(run.cycles(in: "compute") == max(0, k - (m + n - 2)))
    #expect(run.cycles(in: "drain") == m + n - 2 + m + 2)
    // Raised by the last beat, seen a cycle later.
    #expect(run.interruptRises == [firstRow + Tick(m - 1) + 3])

    // Without output the job ends with its last MAC.
    let (silent, _) = bench.run(item.scenario(.outputStationary, flags: 0))
    let start = try #require(silent.high("step").first)
    #expect(silent.interruptRises == [start + Tick(k + m + n - 2)])
    #expect(silent.cycles(in: "drain") == m + n - 2)
  }

  @Test(
    "Weight stationary: K cycles of loading, M+YDIM+N−2 to the last sum, 3 to the output",
    arguments: weightStationary, ArrayFidelity.allCases)
  func singleWeightStationaryJob(_ item: Case, fidelity: ArrayFidelity) throws {
    let (m, n, k) = (item.shape.rows, item.shape.columns, item.shape.depth)
    let bench = ArrayBench(fidelity: fidelity)
    let (run, _) = bench.run(item.scenario(.weightStationary, flags: Self.oneBeatPerRow))
    let load = try #require(run.firstCycle(in: "load-weights"))
    let first = load + Tick(k)
    #expect(run.high("step") == Array(first..<first + Tick(m)))
    let firstRow = first + Tick(item.rows + n - 1)
    #expect(run.high("row") == Array(firstRow..<firstRow + Tick(m)))
    #expect(run.beats.map(\.cycle) == Array(firstRow + 4..<firstRow + 4 + Tick(m)))
    #expect(run.cycles(in: "load-weights") == k)
    #expect(run.cycles(in: "fill") == min(m, item.rows + n - 2))
    #expect(run.cycles(in: "compute") == max(0, m - (item.rows + n - 2)))
    #expect(run.interruptRises == [firstRow + Tick(m - 1) + 4])
    #expect(run.counter("accumulator_buffer_reads") == 0)
    #expect(run.counter("accumulator_buffer_writes") == 0)

    // Without output the job ends when its last row is in the accumulator buffer.
    let (silent, _) = bench.run(item.scenario(.weightStationary, flags: 1))
    let start = try #require(silent.high("step").first)
    #expect(silent.interruptRises == [start + Tick(m + item.rows + n - 2) + 1])
    #expect(silent.counter("accumulator_buffer_reads") == m)
    #expect(silent.counter("accumulator_buffer_writes") == m)
  }

  @Test("With drain registers the next job's operands follow in the next cycle")
  func overlappedOutputStationaryJobs() throws {
    let item = Case(rows: 8, columns: 6, shape: JobShape(rows: 8, columns: 6, depth: 100))
    let (run, _) = ArrayBench().run(
      item.scenario(.outputStationary, jobs: 5, flags: Self.oneBeatPerRow))
    let first = try #require(run.high("step").first)
    #expect(run.high("step") == Array(first..<first + 500))
    #expect(run.cycles(in: "fill") == 12)
    #expect(run.cycles(in: "compute") == 488)
  }

  @Test("Without drain registers the next job waits until the last row has left")
  func serialOutputStationaryJobs() throws {
    let item = Case(rows: 8, columns: 6, shape: JobShape(rows: 8, columns: 6, depth: 100))
    let (run, _) = ArrayBench().run(
      item.scenario(
        .outputStationary, jobs: 5, flags: Self.oneBeatPerRow, doubleBuffered: false))
    // The last row leaves M+N−1 + M−1 cycles after the last step; the next first step shares that
    // cycle.
    let gap = 8 + 6 - 1 + 8 - 1
    let first = try #require(run.high("step").first)
    var expected: [Tick] = []
    for job in 0..<5 {
      let start = first + Tick(job * (99 + gap))
      expected += start..<start + 100
    }
    #expect(run.high("step") == expected)
    #expect(run.cycles(in: "wait-drain") == 4 * (gap - 1))
  }

  @Test("The last step of a short job waits for the drain of the job before it")
  func shortOutputStationaryJobs() throws {
    let item = Case(rows: 8, columns: 6, shape: JobShape(rows: 8, columns: 6, depth: 4))
    let (run, _) = ArrayBench().run(
      item.scenario(.outputStationary, jobs: 4, flags: Self.oneBeatPerRow))
    // The drain is taken from the last step until the last row leaves, M+N−1 + M−1 cycles later.
    let steps = run.high("step")
    let lasts = (0..<4).map { steps[4 * $0 + 3] }
    #expect(zip(lasts, lasts.dropFirst()).allSatisfy { $1 - $0 == 20 })
  }

  @Test("The next job's weights load while vectors stream, and vectors follow without a gap")
  func overlappedWeightStationaryJobs() throws {
    // Loading starts K−1 cycles after the first vector at the earliest and takes K: M ≥ 2K−1 hides
    // it.
    let item = Case(rows: 8, columns: 6, shape: JobShape(rows: 50, columns: 6, depth: 8))
    let (run, _) = ArrayBench().run(
      item.scenario(.weightStationary, jobs: 5, flags: Self.oneBeatPerRow))
    let first = try #require(run.high("step").first)
    #expect(run.high("step") == Array(first..<first + 250))
    #expect(run.cycles(in: "load-weights") == 8)
  }

  @Test("A job of few vectors waits for its weights")
  func shortWeightStationaryJobs() {
    let item = Case(rows: 8, columns: 6, shape: JobShape(rows: 1, columns: 6, depth: 8))
    let (run, _) = ArrayBench().run(
      item.scenario(.weightStationary, jobs: 2, flags: Self.oneBeatPerRow))
    let steps = run.high("step")
    // From the first vector: K−1 cycles until shadow registers are free, K of loading.
    #expect(steps.count == 2)
    #expect(steps.last == steps.first.map { $0 + 15 })
  }

  @Test("Vectors run ahead of a slow output by the depth of the output queue")
  func outputQueueDepth() throws {
    let scenario = ArrayScenario(
      .weightStationary, SystolicArrayConfiguration(rows: 16, columns: 16, outBits: 16),
      shapes: [JobShape(rows: 60, columns: 16, depth: 16)], flags: 2)
    let (run, _) = ArrayBench().run(scenario)
    let first = try #require(run.high("step").first)
    let stall = try #require(run.firstCycle(in: "wait-drain"))
    // R + C + 4 rows, and two that have left the queue for post-processing by then.
    #expect(stall - first == 36 + 2)
    #expect(run.cycles(in: "wait-out") == 0)
  }

  @Test("Accumulation over tiles of K gives the product and reads the buffer once per row")
  func accumulationOverTiles() {
    let configuration = SystolicArrayConfiguration(rows: 4, columns: 4)
    var scenario = ArrayScenario(
      .weightStationary, configuration,
      shapes: Array(repeating: JobShape(rows: 9, columns: 4, depth: 4), count: 3), flags: 0)
    scenario.jobs[1].flags = 1
    scenario.jobs[2].flags = 3
    let (run, _) = ArrayBench().run(scenario)
    var reference = ReferenceArray(scenario)
    #expect(run.beats.map(\.bytes) == scenario.jobs.flatMap { reference.run($0) }.map(\.bytes))
    #expect(run.counter("accumulator_buffer_reads") == 18)
    #expect(run.counter("accumulator_buffer_writes") == 27)
    #expect(run.counter("accumulator_additions") == 72)
  }

  @Test("A blocked output stalls the array, names the receiver, and loses nothing")
  func backPressure() {
    for dataflow in ArrayDataflow.allCases {
      var scenario = ArrayScenario(
        dataflow, SystolicArrayConfiguration(rows: 6, columns: 6),
        shapes: Array(repeating: JobShape(rows: 6, columns: 6, depth: 6), count: 20), flags: 0x12)
      scenario.outStallPercent = 100
      let (run, _) = ArrayBench().run(scenario)
      var reference = ReferenceArray(scenario)
      #expect(run.beats.map(\.bytes) == scenario.jobs.flatMap { reference.run($0) }.map(\.bytes))
      #expect(run.cycles(in: "wait-out") > 100)
      let state = run.record.states.first { $0.name == "wait-out" }
      #expect(state?.blocker == "receiver")
    }
  }

  @Test("Large arrays agree between fidelities", arguments: ArrayDataflow.allCases)
  func largeArrays(dataflow: ArrayDataflow) {
    for (rows, columns) in [(256, 2), (2, 256), (40, 70)] {
      let shape =
        dataflow == .outputStationary
        ? JobShape(rows: rows, columns: columns, depth: 40)
        : JobShape(rows: 40, columns: columns, depth: rows)
      let scenario = ArrayScenario(
        dataflow, SystolicArrayConfiguration(rows: rows, columns: columns, dataType: .int16),
        shapes: [shape, shape], flags: 2)
      let (fast, _) = ArrayBench(hasWaves: false).run(scenario)
      let (stepped, _) = ArrayBench(fidelity: .registers, hasWaves: false).run(scenario)
      #expect(fast == stepped)
      var reference = ReferenceArray(scenario)
      #expect(fast.beats.map(\.bytes) == scenario.jobs.flatMap { reference.run($0) }.map(\.bytes))
    }
  }
}

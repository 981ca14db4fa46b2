import Accelerators
import SimKernel
import Telemetry
import TestSupport
import Testing

/// Random arrays, jobs and stalls. The seed of a failing case is in its name.
struct ArrayPropertyTests {
  static let cases: [(ArrayDataflow, UInt64)] = ArrayDataflow.allCases.flatMap { dataflow in
    (0..<60).map { (dataflow, UInt64($0)) }
  }

  @Test("Results equal the plain matrix product with documented rounding", arguments: cases)
  func values(dataflow: ArrayDataflow, seed: UInt64) {
    let scenario = ArrayScenario(dataflow, randomFrom: seed)
    let (run, _) = ArrayBench(hasWaves: false).run(scenario)
    #expect(run.outcome == .finished)
    var reference = ReferenceArray(scenario)
    let expected = scenario.jobs.flatMap { reference.run($0) }
    #expect(run.beats.map(\.bytes) == expected.map(\.bytes))
    #expect(run.beats.map(\.isLast) == expected.map(\.isLast))
    #expect(run.counter("macs") == scenario.jobs.reduce(0) { $0 + $1.passes * $1.shape.macs })
    #expect(run.counter("jobs") == scenario.jobs.count)
    #expect(run.counter("folds") == scenario.split.jobs.count)
    #expect(run.registerValues.last == 0, "done, acknowledged, nothing queued, no error")
    #expect(!run.interruptRises.isEmpty)
    let classes = run.record.states.reduce(0) { $0 + $1.cycles.reduce(0, +) }
    #expect(classes == run.record.cycles.reduce(0, +), "every cycle has one class")
  }

  @Test("Both fidelities look the same in every cycle from outside", arguments: cases)
  func fidelities(dataflow: ArrayDataflow, seed: UInt64) throws {
    let scenario = ArrayScenario(dataflow, randomFrom: seed)
    let (fast, _) = ArrayBench().run(scenario)
    let (stepped, counted) = ArrayBench(fidelity: .registers).run(scenario)
    #expect(fast.waves == stepped.waves)
    #expect(fast == stepped)
    let activity = try #require(counted)
    #expect(Int(activity.macs) == fast.counter("macs"))
    #expect(Int(activity.skewWrites) == fast.counter("skew_register_writes"))
    switch dataflow {
    case .outputStationary:
      #expect(
        Int(activity.resultWrites) == fast.counter("drain_captures") + fast.counter("drain_shifts"))
    case .weightStationary:
      #expect(Int(activity.resultWrites) == fast.counter("deskew_register_writes"))
      #expect(Int(activity.weightWrites) == fast.counter("weight_register_writes"))
      #expect(Int(activity.partialSumWrites) == fast.counter("partial_sum_writes"))
    }
  }

  @Test("Sleeping and module order change nothing", arguments: cases)
  func eagerness(dataflow: ArrayDataflow, seed: UInt64) {
    let scenario = ArrayScenario(dataflow, randomFrom: seed)
    let (lazy, _) = ArrayBench().run(scenario)
    let (eager, _) = ArrayBench(isEager: true, order: .shuffled(seed: seed)).run(scenario)
    let (reversed, _) = ArrayBench(fidelity: .registers, order: .reversed).run(scenario)
    #expect(lazy == eager)
    #expect(lazy == reversed)
  }
}

extension ArrayPropertyTests {
  @Test("The random cases reach every class of cycles", arguments: ArrayDataflow.allCases)
  func coverage(dataflow: ArrayDataflow) {
    var reached: Set<String> = []
    var classes: Set<String> = []
    for seed in 0..<60 {
      let scenario = ArrayScenario(dataflow, randomFrom: UInt64(seed))
      for state in ArrayBench(hasWaves: false).run(scenario).run.record.states {
        classes.insert(state.name)
        if state.cycles.reduce(0, +) > 0 { reached.insert(state.name) }
      }
    }
    #expect(reached == classes)
    #expect(classes.count == (dataflow == .outputStationary ? 8 : 10))
  }
}

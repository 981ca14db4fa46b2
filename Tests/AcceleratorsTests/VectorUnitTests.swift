import Accelerators
import Fabric
import Foundation
import SimKernel
import Telemetry
import TestSupport
import Testing

@Suite("Vector unit")
struct VectorUnitTests {
  /// A few jobs of one unit, of one type.
  private static func draw(_ seed: UInt64) -> (
    configuration: VectorUnitConfiguration, jobs: [VectorCase], table: [UInt8]
  ) {
    var random = SplitMix64(seed: seed)
    let isFloat = Bool.random(using: &random)
    let lanes = [1, 3, 8, 16, 40][Int.random(in: 0..<5, using: &random)]
    let configuration = VectorUnitConfiguration(
      lanes: lanes, dataType: isFloat ? .fp32 : .int8, maximumWidth: 128)
    let jobs = (0..<Int.random(in: 1...5, using: &random)).map { _ in
      VectorCase.random(isFloat: isFloat, lanes: lanes, using: &random)
    }
    return (configuration, jobs, (0..<256).map { _ in UInt8.random(in: 0...255, using: &random) })
  }

  @Test("Jobs give what the manual says, whatever the streams' pauses", arguments: 0..<300)
  func values(seed: Int) {
    let (configuration, jobs, table) = Self.draw(UInt64(seed))
    var bench = VectorBench(configuration: configuration)
    bench.hasWaves = false
    bench.seed = UInt64(seed) &+ 77
    bench.pausePercent = [0, 30, 80][seed % 3]
    bench.stallPercent = [0, 0, 40, 80][seed % 4]
    let run = bench.run(jobs, table: table)
    let expected = jobs.map { $0.expected(table: table) }
    #expect(run.outcome == .finished)
    #expect(run.beats.map(\.bytes) == expected.flatMap { $0 })
    #expect(
      run.beats.map(\.isLast)
        == expected.flatMap { beats in beats.indices.map { $0 == beats.count - 1 } })
    // JOBS, then STATUS after DONE was cleared; the polls before it.
    #expect(run.registerValues.suffix(2) == [UInt32(jobs.count), 0])
    #expect(run.responses.allSatisfy { $0 == .okay })
    #expect(run.counter("jobs") == jobs.count)
    #expect(run.counter("out_beats") == run.beats.count)
    #expect(run.counter("in_beats") == jobs.flatMap(\.input).count)
    #expect(run.counter("side_beats") == jobs.flatMap(\.side).count)
    #expect(!run.interruptRises.isEmpty)
  }

  @Test("Order of modules and eager ticks change nothing", arguments: 0..<60)
  func invariance(seed: Int) {
    let (configuration, jobs, table) = Self.draw(UInt64(1000 + seed))
    var bench = VectorBench(configuration: configuration)
    bench.seed = UInt64(seed)
    bench.pausePercent = 25
    bench.stallPercent = 25
    if seed % 2 == 1 { bench.periods = [2, 3, 5, 4] }
    let plain = bench.run(jobs, table: table)
    for order in [ModuleOrder.reversed, .shuffled(seed: 5)] {
      bench.order = order
      for isEager in [false, true] {
        bench.isEager = isEager
        let other = bench.run(jobs, table: table)
        #expect(other.beats == plain.beats)
        #expect(other.record == plain.record)
        #expect(other.registerValues == plain.registerValues)
        #expect(other.waves == plain.waves)
        #expect(other.interruptRises == plain.interruptRises)
      }
    }
    let classes: [UInt64] = plain.record.states.map { $0.cycles.reduce(0, +) }
    let total: UInt64 = plain.record.cycles.reduce(0, +)
    #expect(classes.reduce(0, +) == total)
  }

  // MARK: Timing

  private static func job(_ beats: Int, lanes: Int = 8) -> VectorCase {
    var job = VectorCase()
    job.a = (0..<beats).map { beat in (0..<lanes).map { UInt8(truncatingIfNeeded: beat + $0) } }
    return job
  }

  private static let identity = (0..<256).map { UInt8($0) }

  @Test("A beat is sent two cycles after it was taken, and one every cycle")
  func throughput() throws {
    var add = Self.job(100)
    add.binary = 1
    add.b = add.a
    var pooled = Self.job(100)
    (pooled.pool, pooled.size, pooled.kernel) = (1, (10, 10), (3, 3))
    (pooled.pad, pooled.out) = ((1, 1), (9, 9))
    for job in [Self.job(100), add, pooled] {
      let run = VectorBench(configuration: VectorUnitConfiguration(lanes: 8))
        .run([job, job], table: Self.identity)
      let taken = run.high("in.tready")
      let sent = run.waves.filter { $0.signal == "out.tvalid" && $0.value == 1 }.map(\.cycle)
      let first = try #require(taken.first)
      if job.pool == 0 {
        #expect(taken == Array(first..<first + 100) + taken.suffix(100))
        // Seen by the receiver a cycle after it was sent.
        #expect(sent.first == first + 3)
        #expect(run.beats.count == 200)
        #expect(run.beats[99].cycle == first + 102)
      } else {
        // No window is complete with another one: the image streams without a pause.
        #expect(Array(taken.prefix(100)) == Array(first..<first + 100))
      }
    }
  }

  @Test("Jobs follow one another without a gap")
  func backToBack() throws {
    let jobs = (0..<2).map { _ in Self.job(50) }
    var steps = VectorBench(configuration: VectorUnitConfiguration(lanes: 8))
      .script(jobs, Self.identity)
    // Nothing streams before both are queued.
    steps.removeAll { if case .poll(_, let mask, _) = $0 { mask == 1 << 3 } else { false } }
    let run = VectorBench(configuration: VectorUnitConfiguration(lanes: 8)).run(
      jobs, table: Self.identity, script: steps)
    let taken = run.high("in.tready")
    #expect(taken.count == 100)
    #expect(taken.last == (taken.first ?? 0) + 99)
    #expect(run.cycles(in: "compute") == 100)
    #expect(run.cycles(in: "drain") == 2)
  }

  @Test("Alternating operands take two cycles each, wide overlaps several")
  func slowJobs() {
    var alternating = Self.job(64)
    alternating.binary = 1
    alternating.b = alternating.a
    alternating.fromSide = true
    let bench = VectorBench(configuration: VectorUnitConfiguration(lanes: 8))
    #expect(bench.run([alternating], table: Self.identity).cycles(in: "compute") == 128)
    // 5×5 windows at stride 1: 25 updates of a pixel, nine in a cycle.
    var pooled = Self.job(400)
    (pooled.pool, pooled.size, pooled.kernel) = (1, (20, 20), (5, 5))
    pooled.out = (16, 16)
    let run = bench.run([pooled], table: Self.identity)
    #expect(run.cycles(in: "compute") + run.cycles(in: "drain") == 3 * 400 + 2)
  }

  @Test("The waiting classes name who is waited for")
  func waiting() {
    var add = Self.job(40)
    add.binary = 1
    add.b = add.a
    var bench = VectorBench(configuration: VectorUnitConfiguration(lanes: 8))
    bench.stallPercent = 100
    let slow = bench.run([add], table: Self.identity)
    #expect(slow.cycles(in: "wait-out") > 40)
    #expect(slow.record.states.first { $0.name == "wait-out" }?.blocker == "dma_out")
    #expect(slow.record.states.first { $0.name == "wait-in" }?.blocker == "array")
    #expect(slow.record.states.first { $0.name == "wait-side" }?.blocker == "dma_side")
    add.b.removeLast()
    let starved = VectorBench(configuration: VectorUnitConfiguration(lanes: 8)).run(
      [add], table: Self.identity)
    #expect(starved.cycles(in: "wait-side") > 1000)
  }

  // MARK: Refusals

  @Test("Jobs that cannot be done are refused with their reason")
  func refusals() {
    var pooled = Self.job(12)
    (pooled.pool, pooled.size, pooled.kernel) = (1, (3, 4), (2, 2))
    pooled.out = (2, 3)
    func altered(_ change: (inout VectorCase) -> Void) -> VectorCase {
      var job = pooled
      change(&job)
      return job
    }
    let shape: [VectorCase] = [
      Self.job(0), altered { $0.size = (4, 4) }, altered { $0.kernel = (0, 2) },
      altered { $0.stride = (1, 0) }, altered { $0.pad = (2, 0) }, altered { $0.out = (4, 3) },
      altered { $0.out = (2, 0) },
    ]
    var float = Self.job(4)
    (float.isFloat, float.usesTable) = (true, true)
    let flags: [VectorCase] = [
      altered { $0.binary = 3 }, altered { $0.pool = 3 }, altered { $0.isLeaky = true },
      altered { $0.isBypass = true },
    ]
    func code(_ job: VectorCase, _ type: VectorDataType = .int8) -> UInt32? {
      let base = VectorBench.base
      var steps: [RegisterMaster.Step] = job.registers.map { .write(base + $0.offset, $0.value) }
      steps += [.write(base, 5), .pause(4), .read(base + 4), .write(base + 4, 4), .read(base + 4)]
      let run = VectorBench(
        configuration: VectorUnitConfiguration(lanes: 8, dataType: type, maximumWidth: 16)
      ).run([job], table: Self.identity, script: steps)
      #expect(run.interruptRises.count == 1)
      #expect(run.registerValues.last == 0)
      return run.registerValues.first
    }
    for job in shape { #expect(code(job) == 1 << 2 | 1 << 8) }
    for job in flags { #expect(code(job) == 1 << 2 | 2 << 8) }
    #expect(code(float, .fp32) == 1 << 2 | 2 << 8)
    let wide = altered {
      ($0.size, $0.kernel, $0.out) = ((1, 17), (1, 1), (1, 17))
      $0.a = Self.job(17).a
    }
    #expect(code(wide) == 1 << 2 | 1 << 8)
  }

  @Test("A third START waits in vain")
  func queueFull() {
    let base = VectorBench.base
    let job = Self.job(4)
    var steps: [RegisterMaster.Step] = [.write(base + 8, 1), .write(base + 12, 4)]
    let (start, look) = (RegisterMaster.Step.write(base, 1), RegisterMaster.Step.read(base + 4))
    steps += [start, start, look, start, look]
    let run = VectorBench(configuration: VectorUnitConfiguration(lanes: 8)).run(
      [job], table: Self.identity, script: steps)
    #expect(run.registerValues == [0x2_0009, 0x2_030D])
  }

  @Test("Registers keep what was written; places without one are refused")
  func registerFile() throws {
    let base = VectorBench.base
    let map = VectorUnit.registerMap
    var steps: [RegisterMaster.Step] = []
    var expected: [UInt32] = []
    for register in map.registers where register.access == .readWrite {
      guard register.name != "CTRL", register.name != "STATUS" else { continue }
      for index in 0..<register.count {
        let value = UInt32(truncatingIfNeeded: 0x9E37_79B9 &* (register.offset &+ UInt64(index)))
        let fields = register.fields.reduce(UInt64(0)) { $0 | $1.mask }
        let place = base + register.offset + UInt64(4 * index)
        steps += [.write(place, value), .read(place)]
        expected.append(fields == 0 ? value : value & UInt32(truncatingIfNeeded: fields))
      }
    }
    for name in ["LANES", "DATA_TYPE", "MAX_WIDTH"] {
      steps.append(.read(base + (try #require(map.register(named: name))).offset))
    }
    expected += [24, 3, 99]
    let reads = steps.count
    steps += [.read(base + 0x5C), .write(base + 0x500, 1), .write(base + 0x40, 1)]
    let run = VectorBench(
      configuration: VectorUnitConfiguration(lanes: 24, dataType: .fp32, maximumWidth: 99)
    ).run([], table: Self.identity, script: steps)
    #expect(run.registerValues.prefix(expected.count) == expected[...])
    #expect(run.responses.prefix(reads).allSatisfy { $0 == .okay })
    #expect(run.responses.suffix(3).allSatisfy { $0 == .slaveError })
  }

  @Test("The manual page has the registers, classes, components and counters")
  func manual() throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/Accelerators/README.md")
    let manual = try String(contentsOf: file, encoding: .utf8)
    #expect(manual.contains(VectorUnit.registerMap.markdownTable()))
    let record = VectorBench(configuration: VectorUnitConfiguration(lanes: 8))
      .run([Self.job(1)], table: Self.identity).record
    var names: [String] = record.components.map(\.name)
    names += record.counters.map(\.name)
    names += record.states.map(\.name)
    for name in names { #expect(manual.contains("`\(name)`"), "\(name)") }
  }

  @Test("What cannot be built is said")
  func configurations() {
    #expect(VectorUnitConfiguration(lanes: 256).problems.isEmpty)
    #expect(VectorUnitConfiguration(lanes: 0, maximumWidth: 0).problems.count == 2)
  }
}

extension VectorRun {
  /// The cycles in which a one-bit signal was high.
  fileprivate func high(_ signal: String) -> [Tick] {
    var result: [Tick] = []
    var since: Tick?
    for change in waves where change.signal == signal {
      if change.value == 1 {
        since = since ?? change.cycle
      } else if let start = since {
        result += start..<change.cycle
        since = nil
      }
    }
    return result
  }
}

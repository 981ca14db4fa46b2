import Fabric
import Plugins
import SimKernel
import Telemetry
import TestSupport
import Testing

@Suite("The example plug-ins")
struct VectorAddTests {
  private static let startRegister: Address = 0, status: Address = 4, count: Address = 8

  private static func beats(
    _ values: [Int32], lanes: Int
  ) -> [(bytes: [UInt8], isLast: Bool)] {
    stride(from: 0, to: values.count, by: lanes).map { first in
      let part = values[first..<min(first + lanes, values.count)]
      let bytes = part.flatMap { value in withUnsafeBytes(of: value.littleEndian, Array.init) }
      return (bytes, first + lanes >= values.count)
    }
  }

  private static func run(
    count elements: Int, lanes: Int = 4, latency: Int = 3, pause: Int = 0, stall: Int = 0,
    seed: UInt64 = 1, isEager: Bool = false
  ) throws -> (bench: PluginBench, sums: [Int32]) {
    var random = SplitMix64(seed: seed)
    let a = (0..<elements).map { _ in Int32.random(in: .min ... .max, using: &random) }
    let b = (0..<elements).map { _ in Int32.random(in: .min ... .max, using: &random) }
    var options = PluginBench.Options()
    options.parameters = [Int64(lanes), Int64(latency)]
    options.beats = [beats(a, lanes: lanes), beats(b, lanes: lanes)]
    options.script = [.set(Self.count, UInt64(elements)), .set(startRegister, 1)]
    (options.pausePercent, options.stallPercent, options.seed) = (pause, stall, seed)
    options.isEager = isEager
    let bench = try PluginBench(PluginText.example("vector_add"), options)
    bench.run(until: 20_000)
    return (bench, zip(a, b).map(&+))
  }

  @Test("Sums, the last beat's bytes and TLAST, with pauses and stalls", arguments: 1...12)
  func sums(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let lanes = Int.random(in: 1...16, using: &random)
    let elements = Int.random(in: 1...200, using: &random)
    let (bench, sums) = try Self.run(
      count: elements, lanes: lanes, latency: Int.random(in: 1...12, using: &random),
      pause: Int.random(in: 0...60, using: &random), stall: Int.random(in: 0...60, using: &random),
      seed: seed)
    let output = bench.outputs[0]
    #expect(output.bytes == Self.beats(sums, lanes: lanes).flatMap(\.bytes))
    #expect(output.beats.map(\.isLast) == output.beats.indices.map { $0 == output.beats.count - 1 })
    #expect(bench.count("additions") == UInt64(elements))
    #expect(bench.count("jobs") == 1)
    #expect(bench.failures == [])
  }

  @Test("Sleeping changes nothing", arguments: 1...6)
  func sleepIsExact(seed: UInt64) throws {
    let runs = try [false, true].map { isEager in
      try Self.run(
        count: 60, latency: 9, pause: 40, stall: 30, seed: seed, isEager: isEager
      ).bench
    }
    #expect(runs[0].snapshot == runs[1].snapshot)
    #expect(runs[0].outputs[0].beats == runs[1].outputs[0].beats)
    #expect(runs[0].interruptChanges == runs[1].interruptChanges)
  }

  @Test("One beat per cycle; a stage more is a cycle more", arguments: [1, 2, 5, 64])
  func timing(latency: Int) throws {
    let short = try Self.run(count: 40, latency: 1).bench.outputs[0].beats
    let beats = try Self.run(count: 40, latency: latency).bench.outputs[0].beats
    #expect(beats.map { $0.cycle - beats[0].cycle } == Array(0..<10))
    #expect(beats[0].cycle - short[0].cycle == Cycle(latency - 1))
  }

  @Test("The interrupt rises with the last beat and falls when DONE is cleared")
  func interrupt() throws {
    var options = PluginBench.Options()
    options.beats = [Self.beats([1, 2], lanes: 4), Self.beats([3, 4], lanes: 4)]
    options.script = [
      .set(Self.count, 2), .set(Self.startRegister, 1), .get(Self.status, at: 5),
      .get(Self.status, at: 40), .set(Self.status, 2, at: 50), .get(Self.status),
    ]
    let bench = try PluginBench(PluginText.example("vector_add"), options)
    bench.run()
    #expect(bench.values == [1, 2, 0])
    #expect(bench.interruptChanges.count == 2)
    // Seen by both in the cycle after the one in which it was sent.
    #expect(bench.interruptChanges.first == bench.outputs[0].beats.first?.cycle)
    #expect(bench.interruptChanges.last.map { (50..<54).contains($0) } == true)
  }

  @Test("Accesses that the plug-in refuses get SLVERR, and nobody else notices")
  func refusedAccesses() throws {
    var options = PluginBench.Options()
    options.script = [
      .set(Self.startRegister, 1), .get(0x10), .get(Self.count, 2), .set(Self.count, 7),
      .get(Self.count), .set(Self.startRegister, 1), .set(Self.startRegister, 1),
      .get(Self.startRegister),
    ]
    let bench = try PluginBench(PluginText.example("vector_add"), options)
    bench.run()
    #expect(
      bench.responses == [
        .slaveError, .slaveError, .slaveError, .okay, .okay, .okay, .slaveError, .slaveError,
      ])
    #expect(bench.driver.answers[4].value == 7)
    #expect(bench.failures == [])
  }

  @Test("Classes of cycles, components and what counters cost")
  func telemetry() throws {
    let (bench, _) = try Self.run(count: 40, lanes: 4, latency: 3)
    let module = try #require(bench.snapshot.modules.first { $0.path == "module" })
    #expect(module.kind == "VectorAdd")
    #expect(
      module.states.map(\.name) == ["idle", "add", "wait-a", "wait-b", "wait-sum", "drain"])
    #expect(module.states.map(\.blocker) == [nil, nil, "a", "b", "sum", nil])
    #expect(bench.states.map(\.cycles).reduce(0, +) == module.cycles.reduce(0, +))
    // Ten beats come in, the first leaves three cycles after it came.
    #expect(bench.cycles(in: "add") == 13)
    #expect(
      bench.components == [
        ComponentRecord(
          name: "adder", componentClass: "adder", attributes: ["width_bits": 32], quantity: 4),
        ComponentRecord(
          name: "stage_register", componentClass: "register", attributes: ["width_bits": 32],
          quantity: 12),
      ])
    #expect(
      module.counters.first?.action
        == ActionReference(component: "adder", action: "add", scale: 1))
    #expect(bench.count("stage_writes") == 120)
  }

  @Test("The stopwatch counts while it sleeps")
  func stopwatch() throws {
    var options = PluginBench.Options()
    options.script = [
      .set(0, 1, at: 10), .get(8, 8, at: 1010), .set(0, 2, at: 2010), .get(8, at: 3000),
      .get(4), .get(12), .get(2),
    ]
    let bench = try PluginBench(PluginText.example("stopwatch"), options)
    bench.run()
    #expect(bench.values == [1000, 2000, 0, 0, 0])
    #expect(bench.responses.last == .slaveError)
    #expect(bench.cycles(in: "counting") == 2000)
  }

  @Test("The alarm comes exactly, in units of the divider")
  func alarm() throws {
    var options = PluginBench.Options()
    options.parameters = [10]
    options.script = [.set(0x10, 25), .set(0, 1, at: 100), .set(4, 2, at: 600), .get(8, at: 700)]
    let bench = try PluginBench(PluginText.example("stopwatch"), options)
    bench.run()
    let started = try #require(bench.driver.answers[1].finished) - 1
    // 250 cycles after the start, seen a cycle later.
    #expect(bench.interruptChanges.first == started + 251)
    #expect(bench.interruptChanges.count == 2)
    #expect(bench.values == [60])
  }
}

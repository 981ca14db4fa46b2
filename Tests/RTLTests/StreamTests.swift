import Fabric
import RTL
import SimKernel
import Telemetry
import TestSupport
import Testing

@Suite(
  "RTL: streams, sleeping, halting",
  .enabled(if: Project.hasVerilator, "Verilator is not installed"))
struct StreamTests {
  @Test(
    "Data, TKEEP and TLAST of any width go through", arguments: [1, 12, 64],
    [(0, 0), (40, 40)])
  func passing(width: Int, hold: (pause: Int, stall: Int)) throws {
    var options = RTLBench.Options()
    let beats = RTLBench.beats(40, width: width, seed: UInt64(width))
    options.beats = [beats]
    (options.pausePercent, options.stallPercent) = hold
    let bench = try RTLBench(.passing, parameters: [.init("BYTES", width)], options)
    bench.run()
    #expect(bench.outputs[0].beats.map(\.bytes) == beats.map(\.bytes))
    #expect(bench.outputs[0].beats.map(\.isLast) == beats.map(\.isLast))
    if hold.pause == 0 {
      let cycles = bench.outputs[0].beats.map(\.cycle)
      #expect(cycles == Array(cycles[0]..<cycles[0] + 40), "one beat per cycle")
    }
    #expect(bench.failures == [])
  }

  @Test("Without TKEEP all bytes count, without TLAST no packet ends")
  func bare() throws {
    var options = RTLBench.Options()
    options.beats = [[([1, 2, 3, 4], false), ([5], true)]]
    let bench = try RTLBench(.bare, options)
    bench.run()
    #expect(bench.outputs[0].beats.map(\.bytes.count) == [4, 4])
    #expect(bench.outputs[0].beats.last?.bytes.first == 5)
    #expect(bench.outputs[0].beats.map(\.isLast) == [false, false])
  }

  @Test("A stream that is wider than the pins, as behind a DMA, is padded with zeros")
  func widerStream() throws {
    var options = RTLBench.Options()
    options.streamBytes = 16
    options.beats = [[([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], true)]]
    let bench = try RTLBench(.passing, parameters: [.init("BYTES", 12)], options)
    bench.run()
    #expect(bench.outputs[0].beats.map(\.bytes) == [[1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]])
  }

  @Test("Bytes that the pins cannot carry are no silent loss")
  func tooWideBeat() throws {
    var options = RTLBench.Options()
    options.streamBytes = 16
    options.beats = [[(Array(0..<16), true)]]
    let bench = try RTLBench(.passing, parameters: [.init("BYTES", 12)], options)
    bench.run()
    let message =
      "module: the RTL gets 16 bytes at stream in, which is 12 bytes wide: its DMA has to align rows "
      + "to beats (cycle "
    #expect(bench.failures.count == 1)
    #expect(bench.failures.first?.hasPrefix(message) == true, "\(bench.failures)")
  }

  @Test(
    "A countdown that nobody disturbs ends in its cycle", arguments: [1, 2, 3, 7, 64, 1000, 5000])
  func countdown(cycles: Int) throws {
    var options = RTLBench.Options()
    options.script = [.set(0, UInt64(cycles), at: 100)]
    let bench = try RTLBench(.countdown, options)
    #expect(bench.run() == .deadlocked, "at last it sleeps")
    let written = try #require(bench.driver.answers[0].finished) - 1
    // The register holds N after that edge; N edges later the interrupt is up, for one cycle.
    #expect(bench.interruptChanges == [written + 1 + Cycle(cycles), written + 2 + Cycle(cycles)])
    #expect(bench.outputs[0].beats.map(\.cycle) == [written + 2 + Cycle(cycles)])
  }

  @Test("Sleeping changes nothing", arguments: 1...4)
  func sleepIsExact(seed: UInt64) throws {
    var random = SplitMix64(seed: seed)
    let script = (1...6).map { index in
      BusTransaction.set(
        0, UInt64.random(in: 1...90, using: &random), at: Cycle(index * 150))
    }
    let benches = try [false, true].map { isEager in
      var options = RTLBench.Options()
      (options.script, options.isEager, options.stallPercent) = (script, isEager, 50)
      options.seed = seed
      let ticks = PortMap.Counter(
        name: "ticks", pin: "ev_ticks", unit: "tick", help: "Ticks.", component: nil, action: nil)
      let bench = try RTLBench(.countdown, ties: ["second": 30], counters: [ticks], options)
      bench.run(until: 2000)
      return bench
    }
    #expect(benches[0].interruptChanges == benches[1].interruptChanges)
    #expect(benches[0].outputs[0].beats == benches[1].outputs[0].beats)
    #expect(benches[0].count("ticks") == benches[1].count("ticks"))
    #expect(benches[0].snapshot == benches[1].snapshot)
    #expect(benches[0].interruptChanges.count >= 12)
  }

  @Test("Classes of cycles: waiting is blamed on the port, sleeping is idle")
  func states() throws {
    var options = RTLBench.Options()
    options.script = [.get(0, at: 900)]
    let waiting = try RTLBench(.passing, parameters: [.init("BYTES", 12)], options)
    waiting.run()
    #expect(try #require(waiting.cycles(in: "wait-in")) >= 900)
    options.script = [.set(0, 500, at: 100), .get(0, at: 2000)]
    let counting = try RTLBench(.countdown, options)
    counting.run()
    #expect((500...540).contains(try #require(counting.cycles(in: "busy"))))
    let record = try #require(counting.snapshot.modules.first { $0.path == "module" })
    #expect(
      record.states.map(\.name)
        == ["idle", "transfer", "busy", "unanswered-access", "wait-out"])
    #expect(record.states.map(\.blocker) == [nil, nil, nil, "module", "out"])
  }

  @Test("What is counted without any change is counted in every cycle")
  func counting() throws {
    let always = PortMap.Counter(
      name: "always", pin: "ev_always", unit: "count", help: "Counts.", component: nil, action: nil)
    let bench = try RTLBench(.bare, counters: [always])
    bench.run(until: 1000)
    let cycles = try #require(bench.snapshot.modules.first { $0.path == "module" }).cycles
    #expect(bench.count("always") == 2 * cycles.reduce(0, +))
    #expect(cycles.reduce(0, +) >= 1000)
  }

  @Test(
    "RTL that halts by itself ends the run",
    arguments: [
      (0, "module: the RTL halted by itself: $finish at "),
      (1, "module: the RTL halted by itself: $stop or $error at "),
      (2, "module: the RTL halted by itself: $stop or $error at "),
      (3, "module: the RTL halted by itself: $stop or $error at "),
      (4, "module: the RTL sends a beat on stream out whose TKEEP has holes (cycle "),
    ])
  func halts(kind: UInt64, message: String) throws {
    let bench = try RTLBench(.halting, ties: ["kind": kind])
    bench.run()
    #expect(bench.failures.count == 1)
    #expect(bench.failures.first?.hasPrefix(message) == true, "\(bench.failures)")
    if kind < 4 { #expect(bench.failures.first?.contains("halting.sv:") == true) }
  }

  @Test("Several instances have nothing in common")
  func instances() throws {
    let benches = try [10, 20].map { cycles in
      var options = RTLBench.Options()
      options.script = [.set(0, UInt64(cycles), at: 5)]
      return try RTLBench(.countdown, options)
    }
    for bench in benches { bench.run() }
    #expect(benches[1].interruptChanges[0] - benches[0].interruptChanges[0] == 10)
  }
}

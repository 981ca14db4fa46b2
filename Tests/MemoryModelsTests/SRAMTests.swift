import Fabric
import MemoryModels
import SimKernel
import TestSupport
import Testing

private let base = MemoryBench.base

@Suite("SRAM")
struct SRAMTests {
  @Test(
    "A word is there after exactly the delay, not a cycle earlier", arguments: 1...6,
    [false, true])
  func latency(delay: Int, isEager: Bool) throws {
    var options = MemoryBench.Options()
    (options.readDelay, options.writeDelay) = (Cycle(delay), Cycle(7 - delay))
    // Eager drivers look at their ports in every cycle.
    options.isEager = isEager
    let bench = try MemoryBench(
      options, [[.write(base, 0xDEAD_BEEF), .read(base, at: 20)]])
    #expect(bench.run() == .finished)
    let answers = bench.drivers[0].answers
    // Sent in cycle n, accessed in n + 1, sent back in n + 1 + delay - 1, seen a cycle later.
    #expect(answers[0].finished == Cycle(7 - delay) + 1)
    #expect(answers[1].beats == [20 + Cycle(delay) + 1])
    #expect(answers[1].value == 0xDEAD_BEEF)
  }

  @Test("A burst streams one word per cycle, whatever the delay", arguments: 1...6)
  func bursts(delay: Int) throws {
    var options = MemoryBench.Options()
    (options.readDelay, options.writeDelay) = (Cycle(delay), Cycle(delay))
    let bytes = (0..<64).map { UInt8($0) }
    let bench = try MemoryBench(
      options, [[.write(base + 4, bytes: bytes), .read(base + 4, 64, at: 100)]])
    #expect(bench.run() == .finished)
    let answers = bench.drivers[0].answers
    #expect(answers[0].finished == 16 + Cycle(delay), "16 words in cycles 1 to 16, then the delay")
    #expect(answers[1].beats == (0..<16).map { 101 + Cycle(delay) + $0 })
    #expect(answers[1].data == bytes)
    #expect(bench.counter("reads") == 16 && bench.counter("writes") == 16)
    #expect(bench.counter("bursts") == 2)
    #expect(bench.cycles(in: "access") == 32)
  }

  @Test("Bursts follow each other without a gap", arguments: 1...6)
  func backToBack(delay: Int) throws {
    var options = MemoryBench.Options()
    options.readDelay = Cycle(delay)
    options.outstanding = 8
    let bench = try MemoryBench(
      options, [(0..<8).map { .read(base + 16 * Address($0), 16) }])
    #expect(bench.run() == .finished)
    #expect(
      bench.drivers[0].answers.flatMap(\.beats) == (0..<32).map { 1 + Cycle(delay) + $0 })
  }

  @Test("Reads and writes of one port take turns")
  func turns() throws {
    var options = MemoryBench.Options()
    options.outstanding = 2
    let bench = try MemoryBench(
      options, [[.read(base, 64), .write(base + 64, bytes: Array(repeating: 1, count: 64))]])
    #expect(bench.run() == .finished)
    // The read starts a cycle earlier; 32 accesses take 32 cycles.
    let finished = bench.drivers[0].answers.compactMap(\.finished)
    #expect(finished.max() == 33)
    #expect((finished.min() ?? 0) >= 31)
    #expect(bench.counter("conflicts") == 0)
  }

  @Test("Two ports on one bank conflict and every conflict is counted")
  func sameBank() throws {
    let bench = try MemoryBench(
      MemoryBench.Options(), [[.read(base, 32)], [.read(base + 1024, 32)]])
    #expect(bench.run() == .finished)
    // 16 accesses in cycles 1 to 16; somebody waits in all but the last.
    #expect(bench.drivers.compactMap { $0.answers[0].finished }.sorted() == [16, 17])
    #expect(bench.counter("conflicts") == 15)
  }

  @Test("Two ports on different banks do not conflict")
  func differentBanks() throws {
    var options = MemoryBench.Options()
    options.kind = .sram(banks: 2)
    let apart = try MemoryBench(options, [[.read(base, 32)], [.read(base + 1024 + 4, 32)]])
    #expect(apart.run() == .finished)
    #expect(apart.drivers.allSatisfy { $0.answers[0].finished == 9 })
    #expect(apart.counter("conflicts") == 0)
    // In step on the same banks, one waits a cycle and then follows the other.
    let inStep = try MemoryBench(options, [[.read(base, 32)], [.read(base + 1024, 32)]])
    #expect(inStep.run() == .finished)
    #expect(inStep.drivers.compactMap { $0.answers[0].finished }.sorted() == [9, 10])
    #expect(inStep.counter("conflicts") == 1)
  }

  @Test(
    "Ports that want one bank get equal shares, whichever they are",
    arguments: [[0, 1], [0, 7], [3, 4], [0, 1, 2], [1, 2, 6], [0, 1, 2, 3, 4, 5, 6, 7]])
  func fairness(active: [Int]) throws {
    let bench = try MemoryBench(
      MemoryBench.Options(), (0..<8).map { active.contains($0) ? [.read(base, 256)] : [] })
    #expect(bench.run() == .finished)
    for port in active {
      let beats = bench.drivers[port].answers[0].beats
      let waits = zip(beats, beats.dropFirst()).map { $1 - $0 }
      #expect(waits.allSatisfy { $0 == Cycle(active.count) }, "port \(port): \(waits)")
    }
  }

  @Test("A port that cannot send holds up only itself")
  func blockedPort() throws {
    var options = MemoryBench.Options()
    options.kind = .sram(banks: 2)
    options.outstanding = 64
    options.stallPercent = 100
    let bench = try MemoryBench(
      options, [[.read(base, 256)], [.write(base + 260, bytes: Array(repeating: 7, count: 256))]])
    #expect(bench.run() == .finished)
    #expect(bench.drivers[1].answers[0].finished ?? .max < 70)
    #expect(bench.drivers[0].answers[0].finished ?? 0 > 150)
    #expect(bench.cycles(in: "wait-response") ?? 0 > 0)
  }
}

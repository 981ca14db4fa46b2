import Fabric
import MemoryModels
import SimKernel
import TestSupport
import Testing

private let base = MemoryBench.base

/// Cycles for `words` words of `width` bits over pins of `rate` bits per cycle.
private func transferCycles(_ words: Int, _ width: Int, _ rate: UInt64) -> Cycle {
  let needed = (words * width + Int(rate) - 1) / Int(rate)
  return Cycle(max(words, needed))
}

@Suite("DRAM")
struct DRAMTests {
  @Test(
    "A stream of words keeps to the data rate, fractions of a word per cycle included",
    arguments: [1, 3, 8, 24, 31, 32, 33, 48, 64, 1000] as [UInt64], [1, 2, 9])
  func readBandwidth(rate: UInt64, delay: Int) throws {
    var options = MemoryBench.Options()
    options.kind = .dram(bitsPerCycle: rate)
    options.readDelay = Cycle(delay)
    let bench = try MemoryBench(options, [[.read(base, 80)]])
    #expect(bench.run() == .finished)
    // Word i has crossed the pins when i + 1 words had the time to; then the delay.
    #expect(
      bench.drivers[0].answers[0].beats
        == (1...20).map { transferCycles($0, 32, rate) + Cycle(delay) })
  }

  @Test("A write is answered when its last word has crossed the pins", arguments: [8, 24, 32, 100])
  func writeBandwidth(rate: Int) throws {
    var options = MemoryBench.Options()
    options.kind = .dram(bitsPerCycle: UInt64(rate))
    options.writeDelay = 5
    let bytes = (0..<80).map { UInt8($0 + 1) }
    let bench = try MemoryBench(options, [[.write(base, bytes: bytes)]])
    #expect(bench.run() == .finished)
    #expect(
      bench.drivers[0].answers[0].finished == transferCycles(20, 32, UInt64(rate)) + 5)
    #expect(bench.store.read(at: base, count: 80) == bytes)
    #expect(bench.counter("conflicts") == 0)
  }

  @Test("Idle time gives no credit for later words")
  func noCredit() throws {
    var options = MemoryBench.Options()
    options.kind = .dram(bitsPerCycle: 8)
    let bench = try MemoryBench(options, [[.read(base, 8), .read(base, 8, at: 1000)]])
    #expect(bench.run() == .finished)
    #expect(bench.drivers[0].answers[0].beats == [5, 9])
    #expect(bench.drivers[0].answers[1].beats == [1005, 1009])
  }

  @Test(
    "Reads and writes of all ports share the pins", arguments: [1, 2, 3],
    [8, 20, 32, 64, 96] as [UInt64])
  func sharedPins(ports: Int, rate: UInt64) throws {
    var options = MemoryBench.Options()
    options.kind = .dram(bitsPerCycle: rate)
    options.outstanding = 2
    let bench = try MemoryBench(
      options,
      (0..<ports).map { port in
        let start = base + Address(256 * port)
        return [
          .read(start, 128), .write(start + 128, bytes: Array(repeating: 1, count: 128)),
        ]
      })
    #expect(bench.run() == .finished)
    let last = bench.drivers.flatMap { $0.answers.compactMap(\.finished) }.max() ?? 0
    // A port does one access per cycle, the pins `rate` bits.
    let busy = max(64, Cycle((64 * ports * 32 + Int(rate) - 1) / Int(rate)))
    #expect(last >= busy + 1)
    #expect(last <= busy + 4)
  }

  @Test("Ports that share the pins get equal shares")
  func fairness() throws {
    var options = MemoryBench.Options()
    options.kind = .dram(bitsPerCycle: 16)
    let bench = try MemoryBench(
      options, (0..<5).map { $0 < 2 ? [.read(base, 256)] : [] })
    #expect(bench.run() == .finished)
    let finished = bench.drivers.prefix(2).compactMap { $0.answers[0].finished }
    #expect((finished.max() ?? 0) - (finished.min() ?? 0) <= 2)
    #expect(finished.max() == 128 * 2 + 1)
  }
}

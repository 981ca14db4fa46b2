import Fabric
import MemoryModels
import SimKernel
import TestSupport
import Testing

private let base = MemoryBench.base

@Suite("What memories store and count")
struct MemoryDataTests {
  @Test("A write changes the bytes of its strobe and no others", arguments: [4, 8, 16, 64, 256])
  func partialStrobes(busBytes: Int) throws {
    for (offset, count) in [(0, 1), (3, 1), (2, 2), (1, 3), (1, 7), (busBytes - 1, 2), (5, 600)] {
      var options = MemoryBench.Options()
      options.busBytes = busBytes
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7 &+ 1) }
      let start = base + 1024 + Address(offset)
      let bench = try MemoryBench(
        options, [[.write(start, bytes: bytes), .read(start - 3, count + 6)]])
      bench.store.write(Array(repeating: 0xEE, count: 4096), at: base)
      #expect(bench.run() == .finished)
      let surroundings: [UInt8] = [0xEE, 0xEE, 0xEE]
      #expect(bench.drivers[0].answers[1].data == surroundings + bytes + surroundings)
      let all = bench.store.read(at: base, count: 4096)
      #expect(all.count { $0 != 0xEE } == bytes.count { $0 != 0xEE })
      #expect(bench.counter("written_bytes") == UInt64(count))
    }
  }

  @Test(
    "Read bytes are whole words, and every 64-byte line is counted once",
    arguments: [4, 16, 64, 256])
  func footprint(busBytes: Int) throws {
    var options = MemoryBench.Options()
    options.busBytes = busBytes
    var random = SplitMix64(seed: UInt64(busBytes))
    let script = (0..<60).map { _ in
      let address = base + Address.random(in: 0..<2000, using: &random)
      return BusTransaction.read(address, Int.random(in: 1...100, using: &random))
    }
    let bench = try MemoryBench(options, [script])
    #expect(bench.run() == .finished)
    var lines: Set<Address> = []
    var words = 0
    for transaction in script {
      let width = Address(busBytes)
      let first = transaction.address / width
      let last = (transaction.address + Address(transaction.count) - 1) / width
      words += Int(last - first) + 1
      lines.formUnion(first * width / 64...(last * width + width - 1) / 64)
    }
    #expect(bench.counter("footprint_lines") == UInt64(lines.count))
    #expect(bench.counter("read_bytes") == UInt64(words * busBytes))
    #expect(bench.counter("reads") == UInt64(words))
  }

  @Test(
    "A memory may begin and end anywhere", arguments: [0, 1, 3, 8, 61, 1023] as [Address],
    [4, 16, 128, 1024])
  func oddPlaces(offset: Address, busBytes: Int) throws {
    var options = MemoryBench.Options()
    options.busBytes = busBytes
    options.base = base + offset
    options.size = 77
    let bytes = (0..<77).map { UInt8($0 + 100) }
    let bench = try MemoryBench(
      options,
      [
        [
          .read(base + offset, 77), .write(base + offset + 5, 0x0102_0304),
          .read(base + offset, 77),
        ]
      ])
    bench.store.write(bytes, at: options.base)
    #expect(bench.run() == .finished)
    #expect(bench.drivers[0].answers[0].data == bytes)
    #expect(bench.drivers[0].answers[2].data == bytes[..<5] + [4, 3, 2, 1] + bytes[9...])
    let lines = (base + offset + 76) / 64 - (base + offset) / 64 + 1
    #expect(bench.counter("footprint_lines") ?? 0 >= lines)
  }

  @Test("The read channel carries at most one word per cycle of the memory", arguments: 1...3)
  func channelRate(delay: Int) throws {
    var options = MemoryBench.Options()
    options.periods = (drivers: 1, memory: 8)
    options.readDelay = Cycle(delay)
    // Long enough for the channel to fill, so that two slots become free within one memory cycle.
    options.stallPercent = 25
    options.longestStall = 60
    options.outstanding = 4
    for seed in 1...20 as ClosedRange<UInt64> {
      options.seed = seed
      let bench = try MemoryBench(
        options, [(0..<150).map { .read(base + 16 * ($0 % 64), [4, 8, 12][Int($0 % 3)]) }])
      #expect(bench.run() == .finished)
      let beats = bench.drivers[0].answers.flatMap(\.beats)
      // Two slots wait in the channel at most; beyond them one word comes per memory cycle.
      for (first, third) in zip(beats, beats.dropFirst(3)) {
        #expect(third - first >= 8, "seed \(seed)")
      }
    }
  }
}

import SimKernel
import Testing

@Suite struct ArenaTests {
  @Test func `memory is zeroed, aligned and never overlaps`() {
    let arena = Arena()
    var random = SplitMix64(seed: 1)
    var ranges: [Range<UInt>] = []
    func check<T: BitwiseCopyable>(_ type: T.Type, count: Int) {
      let raw = UnsafeMutableRawBufferPointer(
        start: arena.allocate(type, count: count), count: count * MemoryLayout<T>.stride)
      #expect(raw.allSatisfy { $0 == 0 })
      raw.initializeMemory(as: UInt8.self, repeating: 0xFF)
      let start = UInt(bitPattern: raw.baseAddress)
      #expect(start % UInt(max(16, MemoryLayout<T>.alignment)) == 0)
      ranges.append(start..<start + UInt(raw.count))
    }
    for _ in 0..<500 {
      let count = Int.random(in: 0...60, using: &random)
      check(UInt8.self, count: count)
      check(SIMD16<Float>.self, count: count)
      check(UInt64.self, count: count * 50)
      check(SIMD64<UInt32>.self, count: count / 20)
    }
    withExtendedLifetime(arena) {}
    let sorted = ranges.filter { !$0.isEmpty }.sorted { $0.lowerBound < $1.lowerBound }
    for (range, next) in zip(sorted, sorted.dropFirst()) {
      #expect(range.upperBound <= next.lowerBound)
    }
  }

  @Test func `a table keeps what is written`() {
    let arena = Arena()
    let table = Table<Int16>(arena, count: 100)
    defer { withExtendedLifetime(arena) {} }
    #expect(table.count == 100)
    for index in 0..<100 {
      #expect(table[index] == 0)
      table[index] = Int16(index) * -3
    }
    for index in 0..<100 { #expect(table[index] == Int16(index) * -3) }
  }

  @Test func `equal seeds give equal sequences`() {
    // The first values of the published generator for seed 1234567.
    var random = SplitMix64(seed: 1_234_567)
    #expect(random.next() == 6_457_827_717_110_365_317)
    #expect(random.next() == 3_203_168_211_198_807_973)
    #expect(random.next() == 9_817_491_932_198_370_423)
  }
}

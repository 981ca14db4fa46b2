import SimKernel

/// Arguments as hostile firmware would choose them.
struct Garbage {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// A number below `limit`.
  mutating func next(below limit: UInt64) -> UInt64 { generator.next(upperBound: limit) }

  /// A descriptor, an address inside, at the border of or outside memory, a small or absurd count.
  mutating func value() -> UInt64 {
    switch next(below: 8) {
    case 0, 1: next(below: 12)
    case 2: HostBench.names + 32 * next(below: 8)
    case 3: HostBench.buffer + next(below: 4096)
    case 4: HostBench.base + UInt64(HostBench.size) - next(below: 300)
    case 5: UInt64(bitPattern: -Int64(next(below: 200)))
    case 6: 1 << next(below: 64)
    default: generator.next()
    }
  }
}

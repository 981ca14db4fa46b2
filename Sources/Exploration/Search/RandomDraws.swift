internal import SimKernel

/// What searches draw at random. Written out, because the algorithms of the standard library may
/// change between versions, and a study must find the same designs again.
struct RandomDraws: Sendable {
  private var generator: SplitMix64

  init(seed: UInt64) { generator = SplitMix64(seed: seed) }

  /// A number from 0 to below 1 with 53 random bits.
  mutating func unit() -> Double { Double(generator.next() >> 11) * 0x1p-53 }

  /// Whether an event of this probability happens.
  mutating func happens(_ probability: Double) -> Bool { unit() < probability }

  /// A number below `count`; all are equally likely (Lemire, ACM TOMACS 29(1), 2019).
  mutating func below(_ count: Int) -> Int {
    let bound = UInt64(count)
    var product = generator.next().multipliedFullWidth(by: bound)
    if product.low < bound {
      let threshold = (0 &- bound) % bound
      while product.low < threshold { product = generator.next().multipliedFullWidth(by: bound) }
    }
    return Int(product.high)
  }

  /// 0 ..< count in random order (Fisher and Yates).
  mutating func permutation(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for position in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(position, below(position + 1))
    }
    return order
  }
}

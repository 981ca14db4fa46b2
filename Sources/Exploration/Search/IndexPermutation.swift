internal import SimKernel

/// A pseudo-random permutation of 0 ..< count that takes no memory.
///
/// A Feistel network of four rounds permutes the numbers of 2b bits (Luby and Rackoff 1988); those
/// that fall outside are permuted again until they fall inside (Black and Rogaway 2002), fewer
/// than four times on average.
struct IndexPermutation: Sendable {
  let count: UInt64
  private let halfBits: UInt64
  private let mask: UInt64
  private let keys: [UInt64]

  init(count: UInt64, seed: UInt64) {
    self.count = count
    let bits = count <= 1 ? 0 : 64 - (count - 1).leadingZeroBitCount
    halfBits = UInt64(max(1, (bits + 1) / 2))
    mask = (1 << halfBits) - 1
    var random = SplitMix64(seed: seed)
    keys = (0..<4).map { _ in random.next() }
  }

  /// Where `position`, which is less than ``count``, goes.
  subscript(position: UInt64) -> UInt64 {
    var value = position
    repeat { value = shuffle(value) } while value >= count
    return value
  }

  private func shuffle(_ value: UInt64) -> UInt64 {
    var left = value >> halfBits
    var right = value & mask
    for key in keys {
      var mixer = SplitMix64(seed: right ^ key)
      (left, right) = (right, left ^ (mixer.next() & mask))
    }
    return left << halfBits | right
  }
}

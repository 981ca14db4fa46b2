/// Beats inside a DMA, by their valid bytes: four at most.
struct BeatQueue: BitwiseCopyable {
  /// 16 bits for each.
  private var sizes: UInt64 = 0
  private(set) var count = 0

  @inline(__always)
  var isFull: Bool { count == 4 }

  @inline(__always)
  var front: Int { Int(truncatingIfNeeded: sizes & 0xFFFF) }

  @inline(__always)
  mutating func append(_ bytes: Int) {
    sizes |= UInt64(truncatingIfNeeded: bytes) &<< UInt64(truncatingIfNeeded: 16 &* count)
    count &+= 1
  }

  @inline(__always)
  mutating func removeFirst() {
    sizes &>>= 16
    count &-= 1
  }

  mutating func removeAll() {
    sizes = 0
    count = 0
  }
}

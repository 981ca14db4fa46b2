/// 8-bit integers with wrapping 32-bit accumulators.
extension Int8: Operand {
  typealias Lane = Int16
  typealias Accumulator = Int32

  static var zeroAccumulator: Int32 { 0 }

  @inline(__always)
  static func multiplyAdd(_ accumulator: Int32, _ a: Int8, _ b: Int8) -> Int32 {
    accumulator &+ Int32(a) &* Int32(b)
  }

  @inline(__always)
  static func add(_ a: Int32, _ b: Int32) -> Int32 { a &+ b }

  @inline(__always)
  static func widen(
    _ source: UnsafeRawPointer, into lanes: UnsafeMutablePointer<Int16>, count: Int
  ) {
    let elements = source.assumingMemoryBound(to: Int8.self)
    for index in 0..<count { lanes[index] = Int16(elements[index]) }
  }

  /// Two products are added in 16 bits before they are widened: they sum to −32,512 … 32,768, so
  /// that the sum plus 32,512 is exact as an unsigned 16-bit number; ``PairSums`` takes it apart
  /// again.
  static func accumulateTile(_ tile: Tile<Int8>) {
    let rowBytes = 2 &* tile.bStride
    var column = 0
    while column < tile.columns {
      let live = Swift.min(columnBlock, tile.columns &- column)
      for row in 0..<tile.rows {
        var sums = PairSums()
        var a = tile.a + row &* tile.aRowStride
        var b = UnsafeRawPointer(tile.b + column)
        for _ in 0..<(tile.steps &>> 1) {
          sums.add(a[0], b, a[tile.aStepStride], b + rowBytes)
          a += 2 &* tile.aStepStride
          b += 2 &* rowBytes
        }
        if tile.steps & 1 == 1 { sums.add(a[0], b, 0, b) }
        sums.store(
          to: tile.accumulators + (row &* tile.accumulatorStride &+ column), count: live,
          pairs: (tile.steps &+ 1) &>> 1)
      }
      column &+= columnBlock
    }
  }

  @inline(__always)
  static func finish(
    _ accumulators: UnsafePointer<Int32>, count: Int, with post: PostProcessing,
    _ parameters: RowParameters, into bytes: UnsafeMutableRawPointer
  ) -> Int {
    @inline(__always)
    func biased(_ index: Int) -> Int32 {
      var value = accumulators[index]
      if post.addsBias { value &+= Int32(bitPattern: parameters.bias(index)) }
      return Swift.max(value, post.rectifies ? 0 : .min)
    }
    @inline(__always)
    func store(_ index: Int, _ scaling: Scaling) {
      bytes.storeBytes(
        of: Int8(truncatingIfNeeded: post.requantise(biased(index), scaling)), toByteOffset: index,
        as: Int8.self)
    }
    if !post.requantises {
      for index in 0..<count {
        bytes.storeBytes(of: biased(index), toByteOffset: 4 &* index, as: Int32.self)
      }
    } else if post.hasChannelScales {
      for index in 0..<count { store(index, parameters.scaling(index)) }
    } else {
      let scaling = post.scaling
      for index in 0..<count { store(index, scaling) }
    }
    return post.requantises ? count : 4 &* count
  }
}

/// Sums of 16 columns over pairs of steps, neighbouring columns in one 32-bit lane: the lanes are
/// summed as they are, and their high halves, the odd columns, by themselves; the rest is even.
private struct PairSums {
  private typealias Words = SIMD8<Int16>
  private typealias Lanes = SIMD4<UInt32>
  private static var offset: Int16 { 32512 }

  private var both0 = Lanes()
  private var odd0 = Lanes()
  private var both1 = Lanes()
  private var odd1 = Lanes()

  @inline(__always)
  init() {}

  /// Adds `a0` times the 16 lanes at `b0` and `a1` times those at `b1`.
  @inline(__always)
  mutating func add(_ a0: Int16, _ b0: UnsafeRawPointer, _ a1: Int16, _ b1: UnsafeRawPointer) {
    let (x0, x1) = (Words(repeating: a0), Words(repeating: a1))
    let offset = Words(repeating: Self.offset)
    let pair0 = unsafeBitCast(
      x0 &* b0.load(as: Words.self) &+ x1 &* b1.load(as: Words.self) &+ offset, to: Lanes.self)
    let pair1 = unsafeBitCast(
      x0 &* b0.load(fromByteOffset: 16, as: Words.self)
        &+ x1 &* b1.load(fromByteOffset: 16, as: Words.self) &+ offset, to: Lanes.self)
    both0 &+= pair0
    odd0 &+= pair0 &>> 16
    both1 &+= pair1
    odd1 &+= pair1 &>> 16
  }

  /// Adds the first `count` sums, of `pairs` pairs, to accumulators.
  @inline(__always)
  func store(to sums: UnsafeMutablePointer<Int32>, count: Int, pairs: Int) {
    let total = UInt32(truncatingIfNeeded: pairs &* Int(Self.offset))
    let (even0, even1) = (both0 &- odd0 &<< 16, both1 &- odd1 &<< 16)
    if count == columnBlock {
      for lane in 0..<4 {
        sums[2 &* lane] &+= Int32(bitPattern: even0[lane] &- total)
        sums[2 &* lane &+ 1] &+= Int32(bitPattern: odd0[lane] &- total)
        sums[2 &* lane &+ 8] &+= Int32(bitPattern: even1[lane] &- total)
        sums[2 &* lane &+ 9] &+= Int32(bitPattern: odd1[lane] &- total)
      }
      return
    }
    for index in 0..<count {
      let lane = (index & 7) &>> 1
      let sum =
        switch (index < 8, index & 1 == 0) {
        case (true, true): even0[lane]
        case (true, false): odd0[lane]
        case (false, true): even1[lane]
        case (false, false): odd1[lane]
        }
      sums[index] &+= Int32(bitPattern: sum &- total)
    }
  }
}

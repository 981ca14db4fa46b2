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

  /// Two products are added in 16 bits before they are widened: they sum to −32,512 … 32,768, so that
  /// the sum plus 32,512 is exact as an unsigned 16-bit number. Neighbouring sums, taken together as a
  /// 32-bit lane, come apart with a mask and a shift; the offset is subtracted at the end.
  static func accumulateTile(_ tile: Tile<Int8>) {
    typealias Words = SIMD8<Int16>
    typealias Sums = SIMD4<UInt32>
    let offset: Int16 = 32512
    let low = Sums(repeating: 0xFFFF)
    let rowBytes = 2 &* tile.bStride
    var column = 0
    while column < tile.columns {
      let live = Swift.min(columnBlock, tile.columns &- column)
      for row in 0..<tile.rows {
        var even0 = Sums()
        var odd0 = Sums()
        var even1 = Sums()
        var odd1 = Sums()
        var a = tile.a + row &* tile.aRowStride
        var b = UnsafeRawPointer(tile.b + column)
        var step = 0
        while step < tile.steps {
          // An odd last step pairs with a zero.
          let isPair = step &+ 1 < tile.steps
          let a0 = Words(repeating: a[0])
          let a1 = Words(repeating: isPair ? a[tile.aStepStride] : 0)
          let next = isPair ? b + rowBytes : b
          let sum0 =
            a0 &* b.load(as: Words.self) &+ a1 &* next.load(as: Words.self)
            &+ Words(repeating: offset)
          let sum1 =
            a0 &* b.load(fromByteOffset: 16, as: Words.self)
            &+ a1 &* next.load(fromByteOffset: 16, as: Words.self)
            &+ Words(repeating: offset)
          let pair0 = unsafeBitCast(sum0, to: Sums.self)
          let pair1 = unsafeBitCast(sum1, to: Sums.self)
          even0 &+= pair0 & low
          odd0 &+= pair0 &>> 16
          even1 &+= pair1 & low
          odd1 &+= pair1 &>> 16
          a += 2 &* tile.aStepStride
          b = next + rowBytes
          step &+= 2
        }
        let total = UInt32(truncatingIfNeeded: (step &>> 1) &* Int(offset))
        let sums = tile.accumulators + (row &* tile.accumulatorStride &+ column)
        if live == columnBlock {
          for lane in 0..<4 {
            sums[2 &* lane] &+= Int32(bitPattern: even0[lane] &- total)
            sums[2 &* lane &+ 1] &+= Int32(bitPattern: odd0[lane] &- total)
            sums[2 &* lane &+ 8] &+= Int32(bitPattern: even1[lane] &- total)
            sums[2 &* lane &+ 9] &+= Int32(bitPattern: odd1[lane] &- total)
          }
        } else {
          for index in 0..<live {
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
      column &+= columnBlock
    }
  }

  @inline(__always)
  static func finish(
    _ accumulators: UnsafePointer<Int32>, count: Int, with post: PostProcessing,
    bias: UnsafePointer<UInt32>, biasStride: Int, into bytes: UnsafeMutableRawPointer
  ) -> Int {
    for index in 0..<count {
      var value = accumulators[index]
      if post.addsBias { value &+= Int32(bitPattern: bias[index &* biasStride]) }
      if post.rectifies { value = Swift.max(value, 0) }
      if post.requantises {
        bytes.storeBytes(
          of: Int8(truncatingIfNeeded: post.requantise(value)), toByteOffset: index, as: Int8.self)
      } else {
        bytes.storeBytes(of: value, toByteOffset: 4 &* index, as: Int32.self)
      }
    }
    return post.requantises ? count : 4 &* count
  }
}

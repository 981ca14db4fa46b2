/// 16-bit integers with wrapping 64-bit accumulators.
extension Int16: Operand {
  typealias Lane = Int16
  typealias Accumulator = Int64

  static var zeroAccumulator: Int64 { 0 }

  @inline(__always)
  static func multiplyAdd(_ accumulator: Int64, _ a: Int16, _ b: Int16) -> Int64 {
    accumulator &+ Int64(a) &* Int64(b)
  }

  @inline(__always)
  static func add(_ a: Int64, _ b: Int64) -> Int64 { a &+ b }

  @inline(__always)
  static func widen(
    _ source: UnsafeRawPointer, into lanes: UnsafeMutablePointer<Int16>, count: Int
  ) {
    UnsafeMutableRawPointer(lanes).copyMemory(from: source, byteCount: 2 &* count)
  }

  /// The halves of each 32-bit product are summed apart, 256 of them without overflow, and joined
  /// at the end: 64-bit lanes would hold half as many elements and need a sign extension per
  /// product.
  static func accumulateTile(_ tile: Tile<Int16>) {
    typealias Words = SIMD8<Int16>
    typealias Products = SIMD8<Int32>
    let half = columnBlock / 2
    let low = Products(repeating: 0xFFFF)
    let rowBytes = 2 &* tile.bStride
    var column = 0
    while column < tile.columns {
      let live = Swift.min(half, tile.columns &- column)
      for row in 0..<tile.rows {
        var lows = Products()
        var highs = Products()
        var a = tile.a + row &* tile.aRowStride
        var b = UnsafeRawPointer(tile.b + column)
        for _ in 0..<tile.steps {
          let product =
            Products(truncatingIfNeeded: Words(repeating: a[0]))
            &* Products(truncatingIfNeeded: b.load(as: Words.self))
          lows &+= product & low
          highs &+= product &>> 16
          a += tile.aStepStride
          b += rowBytes
        }
        let sums = tile.accumulators + (row &* tile.accumulatorStride &+ column)
        if live == half {
          for index in 0..<half {
            sums[index] &+= (Int64(highs[index]) &<< 16) &+ Int64(lows[index])
          }
        } else {
          for index in 0..<live {
            sums[index] &+= (Int64(highs[index]) &<< 16) &+ Int64(lows[index])
          }
        }
      }
      column &+= half
    }
  }

  @inline(__always)
  static func finish(
    _ accumulators: UnsafePointer<Int64>, count: Int, with post: PostProcessing,
    _ parameters: RowParameters, into bytes: UnsafeMutableRawPointer
  ) -> Int {
    for index in 0..<count {
      var value = accumulators[index]
      if post.addsBias { value &+= Int64(Int32(bitPattern: parameters.bias(index))) }
      if post.rectifies { value = Swift.max(value, 0) }
      if post.requantises {
        let scaling = post.hasChannelScales ? parameters.scaling(index) : post.scaling
        bytes.storeBytes(
          of: Int16(truncatingIfNeeded: post.requantise(value, scaling)),
          toByteOffset: 2 &* index, as: Int16.self)
      } else {
        bytes.storeBytes(of: value, toByteOffset: 8 &* index, as: Int64.self)
      }
    }
    return post.requantises ? 2 &* count : 8 &* count
  }
}

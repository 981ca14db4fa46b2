/// binary32; a MAC is a rounded multiplication followed by a rounded addition, never fused.
extension Float: Operand {
  typealias Lane = Float
  typealias Accumulator = Float

  static var zeroAccumulator: Float { 0 }

  @inline(__always)
  static func multiplyAdd(_ accumulator: Float, _ a: Float, _ b: Float) -> Float {
    accumulator + a * b
  }

  @inline(__always)
  static func add(_ a: Float, _ b: Float) -> Float { a + b }

  @inline(__always)
  static func widen(
    _ source: UnsafeRawPointer, into lanes: UnsafeMutablePointer<Float>, count: Int
  ) {
    UnsafeMutableRawPointer(lanes).copyMemory(from: source, byteCount: 4 &* count)
  }

  /// Vectors run across columns, so that each sum is taken in the order of k.
  static func accumulateTile(_ tile: Tile<Float>) {
    typealias Lanes = SIMD4<Float>
    let rowBytes = 4 &* tile.bStride
    var column = 0
    while column < tile.columns {
      let live = min(columnBlock, tile.columns &- column)
      for row in 0..<tile.rows {
        let sums = UnsafeMutableRawPointer(
          tile.accumulators + (row &* tile.accumulatorStride &+ column))
        var sum0 = sums.load(as: Lanes.self)
        var sum1 = sums.load(fromByteOffset: 16, as: Lanes.self)
        var sum2 = sums.load(fromByteOffset: 32, as: Lanes.self)
        var sum3 = sums.load(fromByteOffset: 48, as: Lanes.self)
        var a = tile.a + row &* tile.aRowStride
        var b = UnsafeRawPointer(tile.b + column)
        for _ in 0..<tile.steps {
          let x = Lanes(repeating: a[0])
          sum0 += x * b.load(as: Lanes.self)
          sum1 += x * b.load(fromByteOffset: 16, as: Lanes.self)
          sum2 += x * b.load(fromByteOffset: 32, as: Lanes.self)
          sum3 += x * b.load(fromByteOffset: 48, as: Lanes.self)
          a += tile.aStepStride
          b += rowBytes
        }
        if live == columnBlock {
          sums.storeBytes(of: sum0, as: Lanes.self)
          sums.storeBytes(of: sum1, toByteOffset: 16, as: Lanes.self)
          sums.storeBytes(of: sum2, toByteOffset: 32, as: Lanes.self)
          sums.storeBytes(of: sum3, toByteOffset: 48, as: Lanes.self)
        } else {
          for index in 0..<live {
            let lane = index & 3
            let sum =
              switch index &>> 2 {
              case 0: sum0[lane]
              case 1: sum1[lane]
              case 2: sum2[lane]
              default: sum3[lane]
              }
            sums.storeBytes(of: sum, toByteOffset: 4 &* index, as: Float.self)
          }
        }
      }
      column &+= columnBlock
    }
  }

  @inline(__always)
  static func finish(
    _ accumulators: UnsafePointer<Float>, count: Int, with post: PostProcessing,
    _ parameters: RowParameters, into bytes: UnsafeMutableRawPointer
  ) -> Int {
    let (minimum, maximum) = post.bounds
    for index in 0..<count {
      var value = accumulators[index]
      if post.addsBias { value += Float(bitPattern: parameters.bias(index)) }
      // Comparisons, not max() and min(): NaN and −0 pass.
      if post.leaks {
        if value < 0 { value *= post.slope }
      } else if post.rectifies, value < 0 {
        value = 0
      }
      if post.clamps {
        if value < minimum { value = minimum }
        if value > maximum { value = maximum }
      }
      bytes.storeBytes(of: value, toByteOffset: 4 &* index, as: Float.self)
    }
    return 4 &* count
  }
}

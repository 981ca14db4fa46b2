import Estimation

/// SplitMix64, so that a failure can be repeated.
struct SeededGenerator: RandomNumberGenerator {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var value = state
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}

/// Kernels with random parameters whose instructions do not depend on data.
struct RandomKernel {
  /// A family of kernels.
  enum Family: CaseIterable {
    case copy, copyIndexed, lookup, rectify, quantise, dequantise, convolutionInteger
    case convolutionFloat, depthwiseInteger, depthwiseFloat, productInteger, productFloat, average
    case reduceSum
  }

  var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(state: seed) }

  private static let result: UInt32 = 0x8100_0000
  private static let operand: UInt32 = 0x8200_0000
  private static let other: UInt32 = 0x8300_0000
  /// Zeros: biases, scales, tables.
  private static let constants: UInt32 = 0x8400_0000

  private mutating func pick(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &random)
  }

  /// A call of a kernel of the family.
  mutating func call(_ family: Family) -> KernelCall {
    switch family {
    case .copy:
      let bytes = [1, 2, 4][pick(0...2)]
      return KernelCall(identifier: 0, words: [UInt32(bytes)] + walk([bytes, bytes]))
    case .copyIndexed:
      let bytes = [1, 2, 4][pick(0...2)]
      let sides = [pick(1...9), pick(2...20), pick(1...60)]
      var words: [UInt32] = [UInt32(bytes), Self.operand, 3, Self.result]
      for (axis, side) in sides.enumerated() {
        let distance = bytes * sides[(axis + 1)...].reduce(1, *)
        words += [
          UInt32(side), UInt32(distance), 0, UInt32(distance * (axis == 2 ? pick(1...2) : 3)),
        ]
      }
      return KernelCall(identifier: 2, words: words)
    case .lookup: return KernelCall(identifier: 9, words: [Self.constants] + walk([1, 1]))
    case .rectify: return KernelCall(identifier: 5, words: [0, 0, 0] + walk([4, 4]))
    case .quantise:
      return KernelCall(
        identifier: 11,
        words: [1, UInt32(bitPattern: -128), 127] + walk([1, 4], constants: 2))
    case .dequantise: return KernelCall(identifier: 12, words: [1] + walk([4, 1], constants: 2))
    case .convolutionInteger:
      return KernelCall(
        identifier: 13, words: operands() + [UInt32(pick(0...1)), 3] + finish() + geometry(1, 4))
    case .convolutionFloat:
      return KernelCall(
        identifier: 14, words: operands() + [UInt32(pick(0...1)) * Self.constants] + geometry(4, 4))
    case .depthwiseInteger:
      return KernelCall(
        identifier: 15,
        words: operands() + [UInt32(pick(0...1)), UInt32(pick(0...1))] + finish()
          + geometry(1, 4, isDepthwise: true))
    case .depthwiseFloat:
      return KernelCall(
        identifier: 16,
        words: operands() + [UInt32(pick(0...1)) * Self.constants]
          + geometry(4, 4, isDepthwise: true))
    case .productInteger:
      let (product, walk) = product(1, 4)
      return KernelCall(
        identifier: 17,
        words: [UInt32(pick(0...1)), 0, 0, 0] + finish(isZeroed: product[7] == 1) + product + walk)
    case .productFloat:
      let (product, walk) = product(4, 4)
      let one = Float(1).bitPattern
      return KernelCall(identifier: 18, words: [one, one, 0, 0, 0] + product + walk)
    case .average:
      let geometry = geometry(4, 4, isDepthwise: true)
      return KernelCall(
        identifier: 19,
        words: [
          1, 0, Self.result, Self.operand, UInt32(pick(0...1)), UInt32(pick(0...2)),
          UInt32(pick(0...2)), 0, 0, 0,
        ] + geometry)
    case .reduceSum:
      let inner = [1, Self.operand, UInt32(pick(1...300)), 4]
      return KernelCall(
        identifier: 20,
        words: [0, 0, 1] + inner
          + [1, Self.result, Self.operand, UInt32(pick(1...40)), 4, 4 * UInt32(pick(1...300))])
    }
  }

  private func operands() -> [UInt32] { [Self.result, Self.operand, Self.other] }

  /// integer_finish: sums as 32-bit integers, whose work does not depend on them.
  private mutating func finish(isZeroed: Bool = true) -> [UInt32] {
    let zeros = isZeroed ? UInt32(pick(0...1)) * Self.constants : 0
    return [1, Self.constants, 0, 0, 0, 0, zeros, UInt32(pick(0...3))]
  }

  /// A walk over result, operand and constants; elements of so many bytes, sometimes apart.
  private mutating func walk(_ bytes: [Int], constants: Int = 0) -> [UInt32] {
    let rank = pick(1...3)
    var sides = (0..<rank).map { _ in pick(1...12) }
    sides[rank - 1] = pick(1...700)
    let gap = pick(0...3) == 0 ? 2 : 1
    let pad = pick(0...5)
    var words = [UInt32(rank), Self.result, Self.operand]
    words += Array(repeating: Self.constants, count: constants)
    for axis in 0..<rank {
      words.append(UInt32(sides[axis]))
      let inner = sides[(axis + 1)...].reduce(1, *)
      for size in bytes {
        words.append(UInt32(axis == rank - 1 ? size * gap : size * gap * inner + size * pad))
      }
      words += Array(repeating: 0, count: constants)
    }
    return words
  }

  /// The structure `convolution` for channels that lie next to each other, or planes.
  private mutating func geometry(_ x: Int, _ y: Int, isDepthwise: Bool = false) -> [UInt32] {
    let (kernelY, kernelX) = (pick(1...4), pick(1...4))
    let (strideY, strideX) = (pick(1...3), pick(1...3))
    let (dilationY, dilationX) = (pick(1...2), pick(1...2))
    let (reachY, reachX) = ((kernelY - 1) * dilationY, (kernelX - 1) * dilationX)
    let (top, left) = (pick(0...reachY), pick(0...reachX))
    let (height, width) = (reachY + pick(1...24), reachX + pick(1...24))
    let outputHeight = (height + top + pick(0...reachY) - reachY - 1) / strideY + 1
    let outputWidth = (width + left + pick(0...reachX) - reachX - 1) / strideX + 1
    let groups = isDepthwise ? pick(1...24) : pick(1...2)
    let channels = isDepthwise ? 1 : pick(1...9)
    let outputs = isDepthwise ? 1 : pick(1...15)
    let (inputs, results) = (groups * channels, groups * outputs)
    let isPlanar = pick(0...1) == 0
    let input =
      isPlanar ? [height * width * x, width * x, x] : [x, width * inputs * x, inputs * x]
    let output =
      isPlanar
      ? [outputHeight * outputWidth * y, outputWidth * y, y]
      : [y, outputWidth * results * y, results * y]
    let images = pick(1...2)
    let numbers =
      [
        images, height * width * inputs * x, outputHeight * outputWidth * results * y, groups,
        channels, outputs,
      ] + input + output + [
        height, width, outputHeight, outputWidth, kernelY, kernelX, strideY, strideX, dilationY,
        dilationX, top, left,
      ]
    return numbers.map { UInt32(truncatingIfNeeded: $0) }
  }

  private mutating func product(_ x: Int, _ y: Int) -> (words: [UInt32], walk: [UInt32]) {
    let (rows, columns, depth) = (pick(1...24), pick(1...24), pick(1...40))
    let isPacked = pick(0...1)
    let isTransposed = pick(0...1) == 1
    let product = [
      rows, columns, depth, columns * y, y, isTransposed ? x : depth * x,
      isTransposed ? rows * x : x, isPacked, columns * x, x,
    ]
    let matrices = pick(1...7)
    let walk = [
      1, Int(Self.result), Int(Self.operand), Int(Self.other), matrices, rows * columns * y,
      rows * depth * x, (columns + 3) / 4 * 4 * depth * x,
    ]
    return (product.map { UInt32($0) }, walk.map { UInt32($0) })
  }
}

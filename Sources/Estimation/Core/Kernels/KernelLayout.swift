/// Where the parameters of each kernel lie among its words (Firmware/network/README.md, "Kernels").
///
/// Kernels are of four families: walks over tensors, windows over images, matrix products, and
/// copies by tables of places.
enum KernelLayout {
  /// The kernels by number.
  enum Identifier: UInt32 {
    case copy, fill, copyIndexed, gather, choose, unary, binary, cast, integerBinary, lookup
    case qLinearBinary, quantise, dequantise
    case convolutionInteger, convolutionFloat, depthwiseInteger, depthwiseFloat
    case productInteger, productFloat
    case pool, reduce, softmax, qLinearSoftmax, normalise, argument, qLinearAverage
  }

  /// A walk's place: its first word (the rank) and its number of operands.
  struct Walk {
    let start: Int
    let operands: Int

    /// The number of axes.
    func rank(_ words: [UInt32]) -> Int { start < words.count ? Int(words[start]) : 0 }

    /// The word of an axis's side; the operands' distances follow.
    func side(_ axis: Int) -> Int { start + 1 + operands + axis * (1 + operands) }

    /// The word behind the walk.
    func end(_ words: [UInt32]) -> Int { side(rank(words)) }

    /// Whether all its words are there.
    func isComplete(_ words: [UInt32]) -> Bool {
      rank(words) >= 1 && rank(words) <= 8 && end(words) <= words.count
    }
  }

  /// The walk whose rows are the outer loops of a kernel; nil for kernels without walk.
  static func outerWalk(_ kernel: Identifier, _ words: [UInt32]) -> Walk? {
    switch kernel {
    case .copy: Walk(start: 1, operands: 2)
    case .fill: Walk(start: 3, operands: 1)
    case .gather: Walk(start: 4, operands: 3)
    case .choose: Walk(start: 1, operands: 4)
    case .unary: Walk(start: 3, operands: 2)
    case .binary: Walk(start: 1, operands: 3)
    case .cast: Walk(start: 2, operands: 2)
    case .integerBinary: Walk(start: 3, operands: 3)
    case .lookup: Walk(start: 1, operands: 2)
    case .qLinearBinary: Walk(start: 7, operands: 3)
    case .quantise: Walk(start: 3, operands: 4)
    case .dequantise: Walk(start: 1, operands: 4)
    case .productInteger: Walk(start: 22, operands: 3)
    case .productFloat: Walk(start: 15, operands: 3)
    case .reduce: Walk(start: Walk(start: 3, operands: 1).end(words), operands: 2)
    case .qLinearAverage: Walk(start: Walk(start: 5, operands: 1).end(words), operands: 2)
    case .softmax: Walk(start: 4, operands: 2)
    case .qLinearSoftmax: Walk(start: 7, operands: 2)
    case .normalise: Walk(start: Walk(start: 2, operands: 4).end(words), operands: 4)
    case .argument: Walk(start: 5, operands: 2)
    case .copyIndexed, .convolutionInteger, .convolutionFloat, .depthwiseInteger, .depthwiseFloat,
      .pool:
      nil
    }
  }

  /// The walk over the elements of one row of the outer walk; nil when there is none.
  static func innerWalk(_ kernel: Identifier) -> Walk? {
    switch kernel {
    case .reduce: Walk(start: 3, operands: 1)
    case .qLinearAverage: Walk(start: 5, operands: 1)
    case .normalise: Walk(start: 2, operands: 4)
    default: nil
    }
  }

  /// The first word of the structure `convolution` (products.h), for kernels with windows.
  static func geometry(_ kernel: Identifier) -> Int? {
    switch kernel {
    case .convolutionInteger, .depthwiseInteger: 13
    case .convolutionFloat, .depthwiseFloat: 4
    case .pool: 10
    default: nil
    }
  }

  /// The first word of the structure `product` (matrices.c), for matrix products.
  static func product(_ kernel: Identifier) -> Int? {
    switch kernel {
    case .productInteger: 12
    case .productFloat: 5
    default: nil
    }
  }

  /// The word that holds the side of the axis which softmax and argument go along.
  static func side(_ kernel: Identifier) -> Int? {
    switch kernel {
    case .softmax, .qLinearSoftmax: 1
    case .argument: 3
    default: nil
    }
  }
}

/// The structure `convolution` of products.h among the words of a kernel.
struct GeometryWords {
  /// Words from the structure's first.
  enum Field: Int {
    case images, imageStep, resultImageStep, groups, channels, outputs
    case channelStep, rowStep, columnStep, resultChannelStep, resultRowStep, resultColumnStep
    case height, width, outputHeight, outputWidth, kernelHeight, kernelWidth
    case strideY, strideX, dilationY, dilationX, top, left
  }

  /// Words of the structure.
  static let count = 24

  let words: [UInt32]
  let start: Int

  /// The structure in `words` from `start` on; nil when it is not complete.
  init?(_ words: [UInt32], start: Int) {
    guard words.count >= start + Self.count else { return nil }
    self.words = words
    self.start = start
  }

  subscript(field: Field) -> Int { Int(Int32(bitPattern: words[start + field.rawValue])) }

  /// The word of a field.
  func word(_ field: Field) -> Int { start + field.rawValue }
}

extension KernelLayout {
  /// The memory that a kernel writes: from the result's lowest byte to its highest.
  static func result(_ kernel: Identifier, _ words: [UInt32]) -> KernelOperand? {
    let element = resultElement(kernel, words)
    if let start = geometry(kernel) {
      guard let g = GeometryWords(words, start: start) else { return nil }
      let isConvolution = kernel == .convolutionInteger || kernel == .convolutionFloat
      return KernelOperand(
        words[kernel == .pool ? 2 : 0],
        [
          (g[.images], g[.resultImageStep]),
          (g[.groups] * (isConvolution ? g[.outputs] : 1), g[.resultChannelStep]),
          (g[.outputHeight], g[.resultRowStep]), (g[.outputWidth], g[.resultColumnStep]),
        ], element)
    }
    if kernel == .copyIndexed {
      guard words.count > 4, words.count >= 4 + 4 * Int(words[2]) else { return nil }
      let axes = (0..<Int(words[2])).map { axis in
        (side: Int(words[4 + 4 * axis]), step: signed(words[5 + 4 * axis]))
      }
      return KernelOperand(words[3], axes, element)
    }
    guard let walk = outerWalk(kernel, words), walk.isComplete(words) else { return nil }
    var axes = (0..<walk.rank(words)).map { side(words, walk, $0, 0) }
    switch kernel {
    case .softmax, .qLinearSoftmax: axes.append((Int(words[1]), signed(words[3])))
    case .productInteger, .productFloat:
      guard let start = product(kernel) else { return nil }
      axes.append((Int(words[start]), signed(words[start + 3])))
      axes.append((Int(words[start + 1]), signed(words[start + 4])))
    case .normalise:
      if let inner = innerWalk(kernel) {
        axes += (0..<inner.rank(words)).map { side(words, inner, $0, 0) }
      }
    default: break
    }
    return KernelOperand(words[walk.start + 1], axes, element)
  }

  private static func resultElement(
    _ kernel: Identifier, _ words: [UInt32]
  ) -> KernelOperand.Element {
    /// An element of so many bytes.
    func element(_ bytes: UInt32) -> KernelOperand.Element {
      bytes > 1 ? .integers(bytes: Int(min(bytes, 8))) : .truth
    }
    switch kernel {
    case .copy, .fill, .copyIndexed, .gather, .choose: return element(words[0])
    case .cast, .quantise: return .init(code: words[0])
    case .integerBinary, .reduce, .pool: return .init(code: words[1])
    // Comparisons have results of one byte (elements.h).
    case .binary: return words[0] >= 10 ? .truth : .float32
    case .lookup, .qLinearBinary, .qLinearSoftmax, .qLinearAverage: return .truth
    // integer_finish.kind: a byte, a 32-bit integer or a binary32 number.
    case .convolutionInteger, .depthwiseInteger: return words[5] == 0 ? .truth : .float32
    case .productInteger: return words[4] == 0 ? .truth : .float32
    case .argument: return .integers(bytes: 8)
    case .unary, .dequantise, .convolutionFloat, .depthwiseFloat, .productFloat, .softmax,
      .normalise:
      return .float32
    }
  }
}

/// Memory that a kernel reads as data, so that its contents can influence the number of
/// instructions.
struct KernelOperand {
  /// What its elements are.
  enum Element {
    case float32
    /// Bytes around a centre, cut off at the ends of their range: at an end, half of them are equal,
    /// as behind a ReLU.
    case bytes(isSigned: Bool, centre: Int)
    /// Integers of 2, 4 or 8 bytes.
    case integers(bytes: Int)
    /// Integers of 4 or 8 bytes below a bound: places along an axis.
    case indices(bytes: Int, below: Int)
    /// 0 or 1.
    case truth

    /// Bytes of an element.
    var byteCount: Int {
      switch self {
      case .float32: 4
      case .bytes, .truth: 1
      case .integers(let bytes), .indices(let bytes, _): bytes
      }
    }

    /// The element type with a number of elements.h; others count as bytes.
    init(code: UInt32) {
      switch code {
      case 0: self = .float32
      case 1: self = .bytes(isSigned: true, centre: 0)
      case 3, 4: self = .integers(bytes: 2)
      case 5, 6: self = .integers(bytes: 4)
      case 7, 8: self = .integers(bytes: 8)
      case 9: self = .truth
      default: self = .bytes(isSigned: false, centre: 128)
      }
    }
  }

  /// The lowest address.
  let address: UInt32
  /// Bytes from the lowest address to behind the highest.
  let byteCount: Int
  /// What its elements are.
  let element: Element

  /// The operand that begins at `address` and has axes of these sides and distances in bytes.
  init(_ address: UInt32, _ axes: [(side: Int, step: Int)], _ element: Element) {
    var (low, high) = (0, 0)
    for axis in axes where axis.side > 1 {
      let reach = (axis.side - 1) * axis.step
      low += min(0, reach)
      high += max(0, reach)
    }
    self.address = UInt32(truncatingIfNeeded: Int(address) + low)
    byteCount = axes.contains { $0.side <= 0 } ? 0 : high - low + element.byteCount
    self.element = element
  }
}

extension KernelLayout {
  /// The data operands of a kernel; scales, biases, packed weights and tables are constants of the
  /// plan and not among them.
  ///
  /// - Parameter word: the constant at an address.
  static func operands(
    _ kernel: Identifier, _ words: [UInt32], constant word: (UInt32) -> UInt32?
  ) -> [KernelOperand] {
    if let start = geometry(kernel) {
      return GeometryWords(words, start: start).map { [windowOperand(kernel, $0)] } ?? []
    }
    guard let walk = outerWalk(kernel, words), walk.isComplete(words) else { return [] }
    let axes = inner(kernel, words)
    func operand(_ index: Int, _ element: KernelOperand.Element) -> KernelOperand {
      KernelOperand(
        words[walk.start + 1 + index],
        (0..<walk.rank(words)).map { side(words, walk, $0, index) } + axes, element)
    }
    switch kernel {
    case .copy: return [operand(1, .bytes(isSigned: true, centre: 0))]
    case .gather:
      return [
        operand(2, .indices(bytes: Int(words[1]), below: Int(words[2])))
      ]
    case .choose: return [operand(1, .truth)]
    case .unary, .softmax, .normalise: return [operand(1, .float32)]
    case .binary: return [operand(1, .float32), operand(2, .float32)]
    case .cast: return [operand(1, .init(code: words[1]))]
    case .integerBinary:
      let element = KernelOperand.Element(code: words[2])
      return [operand(1, element), operand(2, element)]
    case .lookup: return [operand(1, .bytes(isSigned: false, centre: 128))]
    case .qLinearBinary:
      let centres = words[0] != 0 ? (signed(words[4]), signed(words[5])) : centres(words, word)
      let isSigned = words[1] != 0
      return [
        operand(1, .bytes(isSigned: isSigned, centre: centres.0)),
        operand(2, .bytes(isSigned: isSigned, centre: centres.1)),
      ]
    case .quantise: return [operand(1, .float32)]
    case .dequantise: return [operand(1, .init(code: words[0]))]
    case .reduce: return [operand(1, .init(code: words[1]))]
    case .qLinearAverage: return [operand(1, .init(code: words[0]))]
    case .qLinearSoftmax:
      return [operand(1, .bytes(isSigned: words[0] != 0, centre: words[0] != 0 ? 0 : 128))]
    case .argument: return [operand(1, .init(code: words[2]))]
    case .productInteger:
      return productOperands(
        words, walk, .bytes(isSigned: words[0] != 0, centre: words[0] != 0 ? 0 : 128), 12)
    case .productFloat: return productOperands(words, walk, .float32, 5)
    case .fill, .copyIndexed, .convolutionInteger, .convolutionFloat, .depthwiseInteger,
      .depthwiseFloat, .pool:
      return []
    }
  }

  /// Where operands of a quantised sum lie so that the result is in the middle of its range: real
  /// ranges are such that next to nothing is clamped.
  ///
  /// The sum is a · ratio + table[b] (`kernel_qlinear_binary`).
  private static func centres(_ words: [UInt32], _ word: (UInt32) -> UInt32?) -> (Int, Int) {
    let isSigned = words[1] != 0
    let middle = isSigned ? 0 : 128
    guard let first = word(words[3]), let second = word(words[3] &+ 4) else {
      return (middle, middle)
    }
    let zero = Float(bitPattern: first)
    let slope = Float(bitPattern: words[2]) + Float(bitPattern: second) - zero
    let centre = ((Float(middle) - zero) / slope).rounded()
    guard centre.isFinite else { return (middle, middle) }
    let range: ClosedRange<Float> = isSigned ? -128...127 : 0...255
    let value = Int(min(max(centre, range.lowerBound), range.upperBound))
    return (value, value)
  }

  static func signed(_ word: UInt32) -> Int { Int(Int32(bitPattern: word)) }

  static func side(
    _ words: [UInt32], _ walk: Walk, _ axis: Int, _ operand: Int
  ) -> (side: Int, step: Int) {
    let word = walk.side(axis)
    return (Int(words[word]), signed(words[word + 1 + operand]))
  }

  /// The operand's axes inside an element of the outer walk.
  private static func inner(
    _ kernel: Identifier, _ words: [UInt32]
  ) -> [(side: Int, step: Int)] {
    if let walk = innerWalk(kernel) {
      // The operand is the second of a normalisation's four, else the only one.
      let operand = walk.operands == 1 ? 0 : 1
      return (0..<walk.rank(words)).map { side(words, walk, $0, operand) }
    }
    switch kernel {
    case .softmax, .qLinearSoftmax: return [(Int(words[1]), signed(words[2]))]
    case .argument: return [(Int(words[3]), signed(words[4]))]
    default: return []
    }
  }

  private static func windowOperand(_ kernel: Identifier, _ g: GeometryWords) -> KernelOperand {
    let element: KernelOperand.Element =
      switch kernel {
      case .convolutionInteger, .depthwiseInteger:
        .bytes(isSigned: g.words[3] != 0, centre: g.words[3] != 0 ? 0 : 128)
      case .pool: .init(code: g.words[1])
      default: .float32
      }
    return KernelOperand(
      g.words[kernel == .pool ? 3 : 1],
      [
        (g[.images], g[.imageStep]),
        // Convolutions have channels in groups; windows of one channel have groups alone.
        (g[.groups] * max(1, g[.channels]), g[.channelStep]), (g[.height], g[.rowStep]),
        (g[.width], g[.columnStep]),
      ], element)
  }

  /// A and, where it is packed by the kernel, B.
  private static func productOperands(
    _ words: [UInt32], _ walk: Walk, _ element: KernelOperand.Element, _ start: Int
  ) -> [KernelOperand] {
    let (rows, columns, depth) = (
      Int(words[start]), Int(words[start + 1]), Int(words[start + 2])
    )
    func matrix(_ operand: Int, _ axes: [(side: Int, step: Int)]) -> KernelOperand {
      KernelOperand(
        words[walk.start + 1 + operand],
        (0..<walk.rank(words)).map { side(words, walk, $0, operand) } + axes, element)
    }
    let first = matrix(
      1, [(rows, signed(words[start + 5])), (depth, signed(words[start + 6]))])
    guard words[start + 7] == 0 else { return [first] }
    let second = matrix(
      2, [(depth, signed(words[start + 8])), (columns, signed(words[start + 9]))])
    return [first, second]
  }
}

/// A loop of a kernel whose number of rounds is a parameter, and of which rounds can be left out.
///
/// Leaving out a multiple of `period` rounds changes the kernel's instructions by the same number
/// each time, as long as `minimum` rounds are left: the cost is affine in the rounds.
struct KernelLoop {
  /// Rounds of the whole kernel.
  let count: Int
  /// Rounds that must be left: those at borders, which cost something else.
  let minimum: Int
  /// Rounds after which the cost repeats: unrolling of inner loops, alignment of rows.
  let period: Int
  /// Words that change with each round left out, and by how much they fall.
  let changes: [(word: Int, step: Int)]

  init(count: Int, minimum: Int = 1, period: Int = 1, _ changes: [(word: Int, step: Int)]) {
    self.count = count
    self.minimum = minimum
    self.period = period
    self.changes = changes
  }

  /// The fewest rounds of the same remainder.
  var fewest: Int {
    let least = max(minimum, 1)
    return least + (count - least) % period
  }

  /// Whether anything is gained by running two smaller numbers of rounds.
  var isReducible: Bool { count > max(minimum, 1) && count >= fewest + 3 * period }

  /// The words with `rounds` rounds instead of all.
  func reduce(_ words: inout [UInt32], to rounds: Int) {
    let removed = count - rounds
    for (word, step) in changes { words[word] &-= UInt32(truncatingIfNeeded: removed * step) }
  }

  /// The smallest period of a loop that moves by `steps` bytes, after which addresses are the same
  /// modulo the bytes of a word: `memcpy` and `memset` work by words where they can.
  static func alignmentPeriod(_ steps: [Int]) -> Int {
    steps.reduce(1) { period, step in
      max(period, step % 4 == 0 ? 1 : step % 2 == 0 ? 2 : 4)
    }
  }
}

extension KernelLayout {
  /// The loops of a kernel, the outermost first.
  static func loops(_ kernel: Identifier, _ words: [UInt32]) -> [KernelLoop] {
    if let start = geometry(kernel) {
      return GeometryWords(words, start: start).map { windowLoops(kernel, $0) } ?? []
    }
    if kernel == .copyIndexed { return indexedLoops(words) }
    var loops: [KernelLoop] = []
    if let walk = outerWalk(kernel, words), walk.isComplete(words) {
      // Elements of an innermost row are the kernel's own work only where no other loop is inside.
      loops += walkLoops(walk, words, hasElements: innerWalk(kernel) == nil)
    }
    if let start = product(kernel), words.count >= start + 10 {
      loops += productLoops(kernel, words, start: start)
    }
    if let word = side(kernel), word < words.count {
      loops.append(KernelLoop(count: Int(words[word]), [(word, 1)]))
    }
    if let walk = innerWalk(kernel), walk.isComplete(words) {
      loops += walkLoops(walk, words, hasElements: true)
    }
    return loops
  }

  /// Elements of a row that are dealt with together: 64 by the sums of reduction.c, 16 bytes by
  /// memcpy, 4 by tables of bytes.
  private static let rowPeriod = 64
  /// Elements from which on each unrolled loop has a round, whatever the alignment.
  private static let rowMinimum = 20

  private static func walkLoops(
    _ walk: Walk, _ words: [UInt32], hasElements: Bool
  ) -> [KernelLoop] {
    let rank = walk.rank(words)
    return (0..<rank).map { axis in
      let word = walk.side(axis)
      let steps = (1...walk.operands).map { Int(Int32(bitPattern: words[word + $0])) }
      let isRow = axis == rank - 1 && hasElements
      return KernelLoop(
        count: Int(words[word]), minimum: isRow ? rowMinimum : 1,
        period: isRow ? rowPeriod : KernelLoop.alignmentPeriod(steps),
        [(word, 1)])
    }
  }

  private static func indexedLoops(_ words: [UInt32]) -> [KernelLoop] {
    guard words.count > 4, (1...8).contains(words[2]), words.count >= 4 + 4 * Int(words[2]) else {
      return []
    }
    return (0..<Int(words[2])).map { axis in
      let word = 4 + 4 * axis
      return KernelLoop(
        count: Int(words[word]), minimum: axis == Int(words[2]) - 1 ? rowMinimum : 1,
        period: axis == Int(words[2]) - 1 ? 16 : 4, [(word, 1)])
    }
  }

  /// Two rows and four columns are multiplied at a time, four elements of the depth per round.
  private static func productLoops(
    _ kernel: Identifier, _ words: [UInt32], start: Int
  ) -> [KernelLoop] {
    [
      KernelLoop(count: Int(words[start]), period: 2, [(start, 1)]),
      KernelLoop(count: Int(words[start + 1]), period: 4, [(start + 1, 1)]),
      KernelLoop(count: Int(words[start + 2]), minimum: 4, period: 4, [(start + 2, 1)]),
    ]
  }

  private static func windowLoops(_ kernel: Identifier, _ g: GeometryWords) -> [KernelLoop] {
    let isConvolution = kernel == .convolutionInteger || kernel == .convolutionFloat
    var loops = [
      KernelLoop(
        count: g[.images], period: KernelLoop.alignmentPeriod([g[.imageStep]]),
        [(g.word(.images), 1)])
    ]
    if isConvolution {
      loops.append(
        KernelLoop(
          count: g[.groups],
          period: KernelLoop.alignmentPeriod([g[.channels] * g[.channelStep]]),
          [(g.word(.groups), 1)]))
    }
    // Where the first windows begin outside the image, and the last ones end outside.
    let rows = borders(
      count: g[.outputHeight], side: g[.height], kernel: g[.kernelHeight], stride: g[.strideY],
      dilation: g[.dilationY], before: g[.top])
    loops.append(
      KernelLoop(
        count: g[.outputHeight], minimum: rows,
        period: isConvolution ? KernelLoop.alignmentPeriod([g[.strideY] * g[.rowStep]]) : 1,
        [(g.word(.outputHeight), 1), (g.word(.height), g[.strideY])]))
    let columns = borders(
      count: g[.outputWidth], side: g[.width], kernel: g[.kernelWidth], stride: g[.strideX],
      dilation: g[.dilationX], before: g[.left])
    let alignment = KernelLoop.alignmentPeriod([g[.strideX] * g[.columnStep]])
    loops.append(
      KernelLoop(
        count: g[.outputWidth], minimum: columns,
        // Convolutions take two pixels at a time.
        period: isConvolution ? max(2, alignment) : 1,
        [(g.word(.outputWidth), 1), (g.word(.width), g[.strideX])]))
    loops.append(
      isConvolution
        ? KernelLoop(count: g[.outputs], period: 4, [(g.word(.outputs), 1)])
        : KernelLoop(count: g[.groups], [(g.word(.groups), 1)]))
    return loops
  }

  /// How many of `count` windows have a part in front of the image or behind it.
  private static func borders(
    count: Int, side: Int, kernel: Int, stride: Int, dilation: Int, before: Int
  ) -> Int {
    let stride = max(1, stride)
    let first = before > 0 ? min(count, (before + stride - 1) / stride) : 0
    // The first window y with y·stride − before + (kernel − 1)·dilation >= side.
    let reach = side + before - (kernel - 1) * dilation
    let last = reach <= 0 ? count : max(0, count - (reach + stride - 1) / stride)
    return min(count, first + last)
  }
}

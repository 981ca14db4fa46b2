internal import Interconnect
internal import SimKernel

/// Random descriptors: mostly small transfers that mean something, now and then none at all.
struct DMAPatterns {
  let direction: DMADirection
  let busBytes: Int
  let portBytes: Int

  /// An address where nothing answers.
  static let nowhere: UInt32 = 0x9000_0000

  /// The words from MODE to DST_STRIDE3 after a reset.
  static let resetWords: [UInt32] = {
    var words = [UInt32](repeating: 0, count: 30)
    for index in [4, 6, 8, 13, 15, 22, 24, 26] { words[index] = 1 }
    words[11] = 0x0101_0101
    words[12] = 0x0101_0000
    return words
  }()

  /// Changes what a new transfer needs and leaves the other words as they are.
  func words(changing old: [UInt32], _ random: inout SplitMix64) -> [UInt32] {
    var words = old
    let elementLog2 = random.choose([0, 0, 0, 1, 2, 3])
    let isWindow = random.oneIn(direction == .toStream ? 3 : 40)
    let isImage = !isWindow && random.oneIn(direction == .fromStream ? 30 : 3)
    let isTurned = direction == .toStream ? random.oneIn(isImage ? 40 : 3) : random.oneIn(60)
    words[0] = UInt32(elementLog2) << 8 | (isWindow ? 2 : isImage ? 1 : 0) | (isTurned ? 1 << 6 : 0)
    if random.oneIn(3) { words[0] |= 1 << 4 }
    if random.oneIn(3) { words[0] |= 1 << 5 }
    let element = 1 << elementLog2
    words[1] = address(&random)
    let limit = random.choose([24, 100, 100, 400]) / element * (isTurned || isWindow ? 4 : 1)
    var total: Int
    repeat {
      if isWindow {
        total = window(&words, element, isTurned, &random)
      } else {
        total = isImage ? image(&words, element, &random) : loops(&words, 2, element, &random)
        if isTurned, !isImage { total = turn(&words, element, &random) }
      }
    } while total > max(1, limit)
    if direction == .memoryToMemory {
      destination(&words, total, element, &random)
    }
    if random.oneIn(12) { spoil(&words, &random) }
    return words
  }

  /// The same transfer at other addresses and with other beats: a job of few register writes.
  func movedWords(_ old: [UInt32], _ random: inout SplitMix64) -> [UInt32] {
    var words = old
    words[1] = address(&random)
    words[0] ^= UInt32(random.pick(0...3)) << 4
    if direction == .memoryToMemory, random.oneIn(2) { words[19] = address(&random) }
    return words
  }

  /// Near a 4 KiB boundary, anywhere, and rarely near zero or where nothing answers.
  private func address(_ random: inout SplitMix64) -> UInt32 {
    switch random.pick(0...19) {
    case 0...9: UInt32(0x1_0000 + 0x1000 * random.pick(0...15) + random.pick(-48...48))
    case 10...17: UInt32(0x1_0000 + random.pick(0...0xFFFF))
    case 18: UInt32(random.pick(0...64))
    default: Self.nowhere + UInt32(random.pick(0...64))
    }
  }

  // MARK: Nested loops

  /// Chooses four counts and strides from word `first` on; returns the number of elements.
  private func loops(
    _ words: inout [UInt32], _ first: Int, _ element: Int, _ random: inout SplitMix64
  ) -> Int {
    let innermost = random.choose([random.pick(1...6), random.pick(1...40), random.pick(1...300)])
    var counts = [innermost, 1, 1, 1]
    for index in 1...3 where random.oneIn(3) { counts[index] = random.pick(1...4) }
    if random.oneIn(20) { counts[random.pick(0...3)] = 0 }
    setLoops(&words, first, counts, element, &random)
    return counts.reduce(1, *)
  }

  private func setLoops(
    _ words: inout [UInt32], _ first: Int, _ counts: [Int], _ element: Int,
    _ random: inout SplitMix64
  ) {
    var strides = [element, 0, 0, 0]
    if random.oneIn(2) {
      // Around the widest stride that is gathered from one burst, and beyond.
      strides[0] = random.choose([
        random.pick(0...busBytes + 1), busBytes, busBytes + 1, 2 * element, random.pick(-20...40),
      ])
    }
    for index in 1...3 {
      strides[index] =
        random.oneIn(3) ? counts[index - 1] * strides[index - 1] : random.pick(-300...300)
    }
    for index in 0...3 {
      words[first + 2 * index] = UInt32(counts[index])
      words[first + 2 * index + 1] = UInt32(truncatingIfNeeded: strides[index])
    }
  }

  /// A destination of as many elements as the source, now and then of others.
  private func destination(
    _ words: inout [UInt32], _ total: Int, _ element: Int, _ random: inout SplitMix64
  ) {
    var counts = [total, 1, 1, 1]
    for index in 1...3 where random.oneIn(2) {
      let factor = random.pick(2...5)
      if counts[0] > 0, counts[0] % factor == 0 {
        counts[0] /= factor
        counts[index] = factor
      }
    }
    words[19] = address(&random)
    setLoops(&words, 20, counts, element, &random)
    if random.oneIn(20) { words[20] &+= 1 }
  }

  /// Makes rows and groups of rows that fit in the turn buffer of what is there.
  private func turn(
    _ words: inout [UInt32], _ element: Int, _ random: inout SplitMix64
  ) -> Int {
    let rows = max(1, portBytes / element)
    for index in [2, 4] where words[index] > rows {
      words[index] = UInt32(random.oneIn(3) ? rows : random.pick(1...rows))
    }
    if random.oneIn(2) { words[4] = UInt32(random.pick(1...rows)) }
    return [2, 4, 6, 8].reduce(1) { $0 * Int(words[$1]) }
  }

  // MARK: Windows

  /// A small image of pixels with few or about a port's width of channels.
  private func window(
    _ words: inout [UInt32], _ element: Int, _ isTurned: Bool, _ random: inout SplitMix64
  ) -> Int {
    let (height, width) = (random.pick(0...7), random.pick(0...7))
    let (kernelHeight, kernelWidth) = (random.pick(1...3), random.pick(1...4))
    let rows = max(1, portBytes / element)
    let channels = random.choose([
      random.pick(1...4), rows, random.pick(1...2 * rows), random.pick(1...3 * rows),
    ])
    let pixels = random.choose([random.pick(0...4), random.pick(1...2 * rows), rows])
    let merges = random.oneIn(3)
    var pixelPitch = channels * element
    if !merges, random.oneIn(3) { pixelPitch += random.pick(-4...9) }
    let repetitions = random.oneIn(4) ? random.pick(0...3) : 1
    words[2] = UInt32(pixels)
    words[3] = UInt32(truncatingIfNeeded: random.next())
    words[4] = UInt32(repetitions)
    words[5] = UInt32(truncatingIfNeeded: random.pick(-300...300))
    words[6] = UInt32(random.oneIn(4) ? 0 : random.pick(1...rows))
    if isTurned, words[6] == 0, pixels > rows { words[6] = UInt32(rows) }
    words[8] = UInt32(random.oneIn(2) ? 0 : random.pick(1...rows) * element)
    if !isTurned, random.oneIn(2) { words[8] = UInt32(random.pick(0...portBytes)) }
    words[9] = UInt32(truncatingIfNeeded: random.next()) & ~1 | (merges ? 1 : 0)
    words[10] = UInt32(height | width << 16)
    words[11] =
      UInt32(kernelHeight | kernelWidth << 8 | random.pick(1...3) << 16)
      | UInt32(random.pick(1...3)) << 24
    words[12] =
      UInt32(random.pick(0...3) | random.pick(0...3) << 8 | random.pick(1...3) << 16)
      | UInt32(merges ? 1 : random.pick(1...3)) << 24
    words[13] = UInt32(random.choose([1, 2, random.pick(1...9), random.pick(1...40)]))
    words[14] = UInt32(random.pick(0...20))
    words[15] = UInt32(channels)
    words[16] = UInt32(truncatingIfNeeded: random.next())
    words[17] = UInt32(truncatingIfNeeded: pixelPitch)
    words[18] = UInt32(truncatingIfNeeded: width * pixelPitch + random.pick(-3...9))
    return pixels * kernelHeight * kernelWidth * channels * repetitions
  }

  // MARK: Images

  private func image(
    _ words: inout [UInt32], _ element: Int, _ random: inout SplitMix64
  ) -> Int {
    let (height, width) = (random.pick(0...9), random.pick(0...9))
    let (kernelHeight, kernelWidth) = (random.pick(1...4), random.pick(1...4))
    let (top, left) = (random.pick(0...4), random.pick(0...4))
    let stepX = random.choose([1, 1, 2, 3, busBytes / element, busBytes / element + 1])
    let channels = random.pick(1...3)
    let pixels = random.choose([random.pick(0...4), random.pick(1...40)])
    let rowPitch = width * element + random.pick(-3...5)
    words[2] = UInt32(pixels)
    words[10] = UInt32(height | width << 16)
    words[11] =
      UInt32(kernelHeight | kernelWidth << 8 | random.pick(1...3) << 16)
      | UInt32(max(1, stepX)) << 24
    words[12] =
      UInt32(top | left << 8 | random.pick(1...3) << 16) | UInt32(random.pick(1...3)) << 24
    words[13] = UInt32(random.choose([1, 2, random.pick(1...12), random.pick(1...70)]))
    words[14] = UInt32(random.pick(0...20))
    words[15] = UInt32(channels)
    words[16] = UInt32(truncatingIfNeeded: random.next())
    words[17] = UInt32(truncatingIfNeeded: height * rowPitch + random.pick(-9...9))
    words[18] = UInt32(truncatingIfNeeded: rowPitch)
    if random.oneIn(6) {
      // About as many pieces of padding as the channel can remember, then pixels.
      words[11] = 0x0101_0101
      words[12] = UInt32(random.pick(29...34)) | 0x0101_0000
      (words[13], words[14], words[15]) = (1, 0, 1)
      words[2] = UInt32(random.pick(30...44))
      if random.oneIn(3) {
        // One piece of padding that is as long.
        words[12] = UInt32(random.pick(30...60)) << 8 | 0x0101_0000
        (words[2], words[13]) = (70, 70)
      }
      return Int(words[2])
    }
    return pixels * kernelHeight * kernelWidth * channels
  }

  // MARK: Mistakes

  /// Makes one field meaningless or a size far too large.
  private func spoil(_ words: inout [UInt32], _ random: inout SplitMix64) {
    let isImage = words[0] & 3 != 0
    if words[0] & 3 == 2 || words[0] & 1 << 6 != 0, random.oneIn(2) {
      // Wider than the port or the turn buffer, often by one; runs that cannot be merged.
      switch random.pick(0...4) {
      case 0: words[8] = UInt32(portBytes + random.choose([1, 1, 200, 1 << 20]))
      case 1:
        words[random.choose([2, 4, 6])] = UInt32(portBytes + random.choose([0, 1, 1, 70_000]))
      case 2: words[9] |= 1
      case 3: words[17] &+= 1
      default: words[8] |= 1
      }
      return
    }
    switch random.choose(isImage ? [0, 1, 2, 2, 3, 3, 4, 6, 7, 9] : [0, 4, 5, 8, 9]) {
    case 0: words[0] |= 2
    case 1: words[13] = 0
    case 2: words[11] &= random.oneIn(2) ? 0x00FF_FFFF : 0xFF00_FFFF
    case 3: words[12] &= random.oneIn(2) ? 0x00FF_FFFF : 0xFF00_FFFF
    case 4:
      // Too large whatever follows, or nothing whatever follows.
      words[2] = .max
      words[4] = .max
      words[random.choose([2, 6, 8, 15])] = 0
    case 5:
      // Just sane, and too large by one.
      words[0] = words[0] & ~0x303
      (words[2], words[4], words[6], words[8]) = (1 << 20, 1 << 20, 1, 1)
      if random.oneIn(2) { words[random.choose([2, 4])] += 1 }
    case 6:
      (words[2], words[15]) = (.max, .max)
      words[11] &= random.choose([~0, 0xFFFF_FF00, 0xFFFF_00FF])
    case 7: words[11] &= random.oneIn(2) ? 0xFFFF_FF00 : 0xFFFF_00FF
    case 8: words[random.choose([20, 22, 24, 26])] = random.oneIn(2) ? 0 : .max
    default: words[random.choose([2, 4, 6, 8, 15])] = random.oneIn(2) ? 0 : .max
    }
  }
}

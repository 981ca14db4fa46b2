internal import Mapping

/// How fast a DMA moves words, and how long the first one takes.
///
/// Read engines ask for a burst only when their buffer has room for all of it, and have `outstanding` bursts under way at
/// most: over a long way to the memory that, and not the memory, limits them.
struct StreamTiming {
  let system: SystemTiming
  let dma: SystemTiming.DMA

  /// Words of the read buffer: two of the longest bursts, at least 32.
  private var bufferWords: Int { max(32, 2 * dma.burstBeats) }

  /// Whether a memory's data rate is that of its pins.
  func isOffChip(_ memory: Int?) -> Bool {
    memory.map { system.memories[$0].bitsPerCycle != nil } ?? false
  }

  /// Cycles per word at the pins of a memory.
  func pinCycles(_ memory: Int?) -> Double {
    guard let memory, let bits = system.memories[memory].bitsPerCycle else { return 1 }
    return max(1, Double(8 * system.busBytes) / Double(bits))
  }

  /// The port of a memory that the DMA's accesses go to; ports of different memories have different numbers.
  func port(_ memory: Int?) -> Int {
    memory.map { $0 << 16 | dma.initiator % max(1, system.memories[$0].ports) } ?? -1
  }

  /// Cycles from asking for a word to having it in the read buffer.
  func readLatency(_ memory: Int?) -> Double {
    let delay = memory.map { system.memories[$0].readDelay } ?? 1
    // Request and word pass the crossbar; both ends take a cycle to see them.
    return Double(2 * system.crossbarLatency + 1 + delay) + pinCycles(memory) - 1
  }

  /// Cycles from sending the last word of a write to its answer.
  func answerLatency(_ memory: Int?) -> Double {
    let delay = memory.map { system.memories[$0].writeDelay } ?? 1
    return Double(2 * system.crossbarLatency + 1 + delay) + pinCycles(memory) - 1
  }

  /// Cycles from a word's being in the read buffer to the request that takes its place: it is packed, sent on, and its
  /// room is known to be free.
  private static let turnaround = 4.0

  /// Cycles per word of bursts of `words` words.
  ///
  /// - Parameter isCopy: words go on to the write side of the same DMA, which takes them as they come: the next request
  ///   leaves in the cycle in which the last word of a burst is taken.
  func readCycles(words: Double, _ memory: Int?, isCopy: Bool = false) -> Double {
    let burst = min(max(1, words), Double(dma.burstBeats))
    let bursts = min(Double(dma.outstanding), (Double(bufferWords) / burst).rounded(.down))
    let pins = pinCycles(memory)
    let away = readLatency(memory) + (isCopy ? 0 : Self.turnaround)
    return max(pins, (away + burst * pins) / (bursts * burst))
  }

  /// Cycles that are lost between written bursts: three of a single word take four cycles, because the channels of the
  /// crossbar hold two requests each and data follows its request by a cycle.
  private static let writeGap = 1.0 / 3

  /// Cycles per word of written bursts of `words` words.
  func writeCycles(words: Double, _ memory: Int?) -> Double {
    let burst = min(max(1, words), Double(dma.burstBeats))
    let pins = pinCycles(memory)
    return max(
      pins, (burst * pins + Self.writeGap) / burst,
      (answerLatency(memory) + burst * pins) / (Double(dma.outstanding) * burst))
  }

  /// Cycles before a transfer's first word is asked for: of a chain of several, its linked descriptor of 128 bytes is read
  /// from the main memory; a single one is in the registers.
  func lead(ofChain descriptors: Int) -> Double {
    guard descriptors > 1 else { return 0 }
    let memory = system.memories.firstIndex { $0.bitsPerCycle != nil }
    let words = max(1, 128 / system.busBytes)
    return readLatency(memory) + Double(words) * pinCycles(memory)
      * Double(max(1, system.busBytes / dma.portBytes)) + 2
  }
}

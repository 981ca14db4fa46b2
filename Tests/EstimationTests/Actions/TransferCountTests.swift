import Estimation
import Mapping
import SimKernel
import Testing

@Suite("Counts of transfers")
struct TransferCountTests {
  private static let base = 0x2000_0000

  private static func shape(_ dma: SystemShape.DMA, busBytes: Int) -> SystemShape {
    SystemShape(
      busBytes: busBytes,
      memories: [
        SystemShape.Memory(
          name: "memory", address: UInt64(base), byteCount: 1 << 24, isDRAM: false)
      ], dmas: [dma], arrays: [], vectorUnits: [])
  }

  /// Counts a transfer and walks over it.
  private static func compare(
    _ transfer: TransferShape, _ dma: SystemShape.DMA, busBytes: Int,
    _ patterns: WorkPatterns, _ location: SourceLocation = #_sourceLocation
  ) {
    let counted = patterns.count(
      [.transfer([transfer])], on: dma.name, kind: .dma, shape: shape(dma, busBytes: busBytes))
    let walk = TransferWalk(transfer, dma, wordBytes: busBytes)
    let comment = Comment(rawValue: "\(transfer), \(dma), bus \(busBytes)")
    for (name, value) in walk.counters {
      #expect(
        counted[dma.name]?.counters[name] == UInt64(value), "\(name): \(comment)",
        sourceLocation: location)
    }
    let memory = counted["memory"]?.counters ?? [:]
    #expect(memory["reads", default: 0] == UInt64(walk.words), comment, sourceLocation: location)
    #expect(
      memory["read_bytes", default: 0] == UInt64(walk.words * busBytes), comment,
      sourceLocation: location)
    #expect(
      memory["writes", default: 0] == UInt64(walk.writtenWords), comment, sourceLocation: location)
    #expect(
      memory["bursts", default: 0] == UInt64(walk.bursts + walk.writtenBursts), comment,
      sourceLocation: location)
  }

  @Test(
    "Windows take the words, bursts, beats and padding that walking over every byte finds",
    arguments: 1...400 as ClosedRange<UInt64>)
  func windows(seed: UInt64) throws {
    let patterns = try WorkPatterns.shared.get()
    var random = SplitMix64(seed: seed &* 9176)
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let busBytes = [4, 8, 16, 32, 64][pick(0...4)]
    let portBytes = [4, 8, 16, 32, 64][pick(0...4)]
    let dma = SystemShape.DMA(
      name: "dma", direction: .toStream, portBytes: portBytes,
      maximumBurstBeats: [1, 2, 16][pick(0...2)])
    var transfer = patterns.window
    var window = try #require(transfer.window)
    transfer.elementBytes = [1, 2, 4][pick(0...2)]
    transfer.turns = pick(0...1) == 1
    window.kernelHeight = pick(1...4)
    window.kernelWidth = pick(1...4)
    window.strideY = pick(1...3)
    window.strideX = pick(1...3)
    window.isMerged = pick(0...1) == 1
    window.dilationY = pick(1...2)
    window.dilationX = window.isMerged ? 1 : pick(1...2)
    window.height = pick(1...20)
    window.width = pick(1...20)
    window.top = pick(0...3)
    window.left = pick(0...3)
    window.outputWidth = pick(1...12)
    window.firstPixel = pick(0...20)
    window.pixels = pick(1...60)
    window.placeBytes = transfer.elementBytes * pick(1...20)
    window.blockBytes =
      pick(0...1) == 0 ? 0 : transfer.elementBytes * pick(1...portBytes / transfer.elementBytes)
    window.group = transfer.turns ? pick(1...portBytes / transfer.elementBytes) : pick(0...20)
    window.repetitions = pick(1...3)
    // Often aligned, as feature maps are.
    let gap = pick(0...2)
    window.pixelPitch =
      window.isMerged
      ? window.placeBytes : gap == 0 ? 16 * pick(1...80) : window.placeBytes + pick(0...2000)
    window.rowPitch =
      window.width * window.pixelPitch + (gap == 0 ? 16 * pick(0...4) : pick(0...300))
    transfer.address = UInt32(
      Self.base + (gap == 0 ? 16 * pick(0...500) : pick(0...8000)))
    transfer.window = window
    Self.compare(transfer, dma, busBytes: busBytes, patterns)
  }

  @Test(
    "Nested dimensions of any sign and alignment, to and from streams",
    arguments: 1...400 as ClosedRange<UInt64>)
  func nested(seed: UInt64) throws {
    let patterns = try WorkPatterns.shared.get()
    var random = SplitMix64(seed: seed &* 31337)
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let busBytes = [4, 8, 16, 32, 64][pick(0...4)]
    let dma = SystemShape.DMA(
      name: "dma", direction: pick(0...1) == 0 ? .toStream : .fromStream,
      portBytes: [4, 8, 16, 64][pick(0...3)], maximumBurstBeats: [1, 2, 16, 256][pick(0...3)])
    var transfer = patterns.nested
    transfer.alignsRows = pick(0...1) == 1
    transfer.turns = false
    transfer.rowBytes = [pick(1...20), pick(1...300), pick(1...9000)][pick(0...2)]
    transfer.counts = SIMD4(1, pick(1...12), pick(1...6), pick(1...4))
    func distance() -> Int {
      [0, 16 * pick(-40...40), pick(-400...400), pick(-5000...5000)][pick(0...3)]
    }
    transfer.strides = SIMD4(0, distance(), distance(), distance())
    transfer.address = UInt32(Self.base + (1 << 20) + pick(0...5000))
    Self.compare(transfer, dma, busBytes: busBytes, patterns)
  }

  @Test("Copies", arguments: 1...60 as ClosedRange<UInt64>)
  func copies(seed: UInt64) throws {
    let patterns = try WorkPatterns.shared.get()
    var random = SplitMix64(seed: seed &* 77)
    func pick(_ range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &random) }
    let dma = SystemShape.DMA(
      name: "dma", direction: .memoryToMemory, portBytes: [4, 16, 64][pick(0...2)],
      maximumBurstBeats: [1, 3, 16, 256][pick(0...3)])
    var transfer = patterns.nested
    transfer.alignsRows = false
    transfer.rowBytes = [pick(1...40), pick(1...20000)][pick(0...1)]
    transfer.counts = SIMD4(1, 1, 1, 1)
    transfer.strides = SIMD4()
    transfer.address = UInt32(Self.base + pick(0...5000))
    transfer.destination = UInt32(Self.base + (1 << 20) + pick(0...5000))
    Self.compare(transfer, dma, busBytes: [8, 16, 64][pick(0...2)], patterns)
  }

  @Test("A chain fetches its descriptors, a single transfer is written to registers")
  func chains() throws {
    let patterns = try WorkPatterns.shared.get()
    let dma = SystemShape.DMA(name: "dma", direction: .toStream, portBytes: 16)
    let shape = Self.shape(dma, busBytes: 16)
    var transfer = patterns.nested
    transfer.address = UInt32(Self.base)
    let one = patterns.count([.transfer([transfer])], on: "dma", kind: .dma, shape: shape)
    let two = patterns.count(
      [.transfer([transfer, transfer])], on: "dma", kind: .dma, shape: shape)
    let single = try #require(one["dma"]?.counters)
    let chain = try #require(two["dma"]?.counters)
    #expect(single["descriptors"] == 0)
    #expect(chain["descriptors"] == 2)
    #expect(chain["jobs"] == 1)
    // 128 bytes are 8 words in one burst each.
    #expect(chain["words_read"] == (single["words_read"] ?? 0) * 2 + 16)
    #expect(chain["bursts"] == (single["bursts"] ?? 0) * 2 + 2)
    #expect(chain["bytes"] == (single["bytes"] ?? 0) * 2)
    #expect(two["memory"]?.counters["reads"] == chain["words_read"])
    // An interrupt: STATUS written and read, claimed and completed.
    #expect(single["register_accesses"] == 2)
    #expect(one["plic"]?.counters == ["register_accesses": 2, "claims": 1])
    #expect(one["cpu"]?.counters == ["device_accesses": 4])
  }
}

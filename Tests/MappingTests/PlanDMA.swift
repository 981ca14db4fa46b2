/// A DMA as its manual page describes it, one beat at a time.
final class PlanDMA: PlanDevice {
  enum Direction {
    case toStream(PlanStream)
    case fromStream(PlanStream)
    case memory
  }

  private enum Piece {
    /// A beat: the addresses of its bytes, nil for padding.
    case beat([UInt32?], padding: UInt8)
    /// Bytes that come from the stream or are copied, 64 at most.
    case store([UInt32], from: [UInt32])
  }

  private let direction: Direction
  private let portBytes: Int
  private let memory: PlanMemory
  private var waiting: [Job] = []
  private var pieces: [Piece] = []
  private var next = 0
  private var isRunning = false
  /// Bytes of a beat that were not stored yet.
  private var rest: [UInt8] = []

  private struct Job {
    let words: [UInt32]
    let chain: UInt32?
  }

  init(_ name: String, portBytes: Int, _ direction: Direction, _ memory: PlanMemory) {
    self.portBytes = portBytes
    self.direction = direction
    self.memory = memory
    super.init(name, PlanPlatform.dmaOffsets)
  }

  override func start() throws {
    // The words of a descriptor, the link in front.
    let words = [0] + (0..<31).map { registers[0x08 + UInt32(4 * $0)] ?? 0 }
    let isLinked = value("CTRL") & 2 != 0
    waiting.append(Job(words: words, chain: isLinked ? value("DESC") : nil))
  }

  override func step() throws -> Bool {
    if !isRunning {
      guard let job = waiting.first else { return false }
      waiting.removeFirst()
      try begin(job)
      return true
    }
    guard next < pieces.count else {
      guard rest.isEmpty else { throw fail("the stream has \(rest.count) bytes too many") }
      isRunning = false
      completed += 1
      return true
    }
    switch pieces[next] {
    case .beat(let places, let padding):
      guard case .toStream(let stream) = direction, !stream.isFull else { return false }
      var bytes: [UInt8] = []
      for place in places { bytes.append(try place.map { try memory.read($0, 1)[0] } ?? padding) }
      stream.push(bytes)
    case .store(let targets, let sources):
      if case .fromStream(let stream) = direction {
        if rest.count < targets.count {
          guard !stream.isEmpty else { return false }
          rest += stream.pop()
          return true
        }
        for (target, byte) in zip(targets, rest) { try memory.write([byte], to: target) }
        rest.removeFirst(targets.count)
      } else {
        for (target, source) in zip(targets, sources) {
          try memory.write(memory.read(source, 1), to: target)
        }
      }
    }
    next += 1
    return true
  }

  private func begin(_ job: Job) throws {
    pieces = []
    next = 0
    isRunning = true
    var descriptors = [job.words]
    if let chain = job.chain {
      descriptors = []
      var address = chain
      while address != 0 {
        guard address % 64 == 0 else { throw fail("a descriptor at \(address)") }
        let words = try (0..<32).map { try memory.word(address + UInt32(4 * $0)) }
        descriptors.append(words)
        address = words[0]
      }
    }
    for words in descriptors { try add(Descriptor(words)) }
  }

  // MARK: Patterns

  /// A descriptor's words by register name.
  private struct Descriptor {
    let words: [UInt32]
    init(_ words: [UInt32]) { self.words = words }

    subscript(_ register: String) -> UInt32 {
      guard let offset = PlanPlatform.dmaOffsets[register] else { return 0 }
      return words[Int(offset - 0x08) / 4 + 1]
    }
    var mode: UInt32 { self["MODE"] }
    var elementBytes: Int { 1 << mode.bits(8, 2) }

    /// Addresses of the bytes of the four nested dimensions, row by row.
    func rows(_ prefix: String) throws -> [[UInt32]] {
      let counts = (0..<4).map { Int(self["\(prefix)COUNT\($0)"]) }
      let strides = (0..<4).map { self["\(prefix)STRIDE\($0)"].signed }
      guard counts.allSatisfy({ $0 > 0 }) else { throw PlanFailure("a dimension of 0") }
      let base = Int(self["\(prefix)ADDR"])
      var rows: [[UInt32]] = []
      for z in 0..<counts[3] {
        for y in 0..<counts[2] {
          for x in 0..<counts[1] {
            let start = base + z * strides[3] + y * strides[2] + x * strides[1]
            rows.append(
              (0..<counts[0]).flatMap { index in
                (0..<elementBytes).map {
                  UInt32(truncatingIfNeeded: start + index * strides[0] + $0)
                }
              })
          }
        }
      }
      return rows
    }
  }

  private func add(_ descriptor: Descriptor) throws {
    switch direction {
    case .toStream:
      if descriptor.mode & 3 == 2 { return try addWindow(descriptor) }
      guard descriptor.mode & (3 | 1 << 6) == 0 else { throw fail("a mode that plans do not use") }
      let rows = try descriptor.rows("")
      let isAligned = descriptor.mode & 1 << 4 != 0
      for row in isAligned ? rows : [rows.flatMap { $0 }] {
        for first in stride(from: 0, to: row.count, by: portBytes) {
          pieces.append(
            .beat(Array(row[first..<min(first + portBytes, row.count)]), padding: 0))
        }
      }
    case .fromStream:
      let bytes = try descriptor.rows("").flatMap { $0 }
      for first in stride(from: 0, to: bytes.count, by: 64) {
        pieces.append(.store(Array(bytes[first..<min(first + 64, bytes.count)]), from: []))
      }
    case .memory:
      let sources = try descriptor.rows("").flatMap { $0 }
      let targets = try descriptor.rows("DST_").flatMap { $0 }
      guard sources.count == targets.count else { throw fail("unequal copy") }
      for first in stride(from: 0, to: sources.count, by: 64) {
        let range = first..<min(first + 64, sources.count)
        pieces.append(.store(Array(targets[range]), from: Array(sources[range])))
      }
    }
  }

  /// The im2col view of an image whose channels lie next to each other, group by group, block by block.
  private func addWindow(_ descriptor: Descriptor) throws {
    let bytes = descriptor.elementBytes
    let (height, width) = (descriptor["IC_SIZE"].bits(0, 16), descriptor["IC_SIZE"].bits(16, 16))
    let kernel = descriptor["IC_KERNEL"]
    let (rows, columns) = (kernel.bits(0, 8), kernel.bits(8, 8))
    let (stepY, stepX) = (kernel.bits(16, 8), kernel.bits(24, 8))
    let pads = descriptor["IC_PAD"]
    let (apartY, apartX) = (pads.bits(16, 8), pads.bits(24, 8))
    let channels = Int(descriptor["IC_CHANNELS"])
    let pitch = descriptor["IC_CHANNEL_PITCH"].signed
    let padding = UInt8(truncatingIfNeeded: descriptor["IC_PAD_VALUE"])
    let pixels = Int(descriptor["COUNT0"])
    let isMerged = descriptor["STRIDE3"] & 1 != 0
    let isTurned = descriptor.mode & 1 << 6 != 0
    let group = min(descriptor["COUNT2"] == 0 ? pixels : Int(descriptor["COUNT2"]), pixels)
    let block = descriptor["COUNT3"] == 0 ? portBytes : Int(descriptor["COUNT3"])
    guard pixels > 0, rows > 0, columns > 0, channels > 0, stepY > 0, stepX > 0, apartY > 0,
      apartX > 0, height > 0, width > 0, block <= portBytes, block % bytes == 0,
      !isTurned || group * bytes <= portBytes,
      !isMerged || (apartX == 1 && pitch == channels * bytes)
    else { throw fail("a window that makes no sense") }

    func place(_ pixel: Int, _ row: Int, _ column: Int, _ byte: Int, _ base: Int) -> UInt32? {
      let (outY, outX) = pixel.quotientAndRemainder(dividingBy: Int(descriptor["IC_OUT"]))
      let y = outY * stepY - pads.bits(0, 8) + row * apartY
      let x = outX * stepX - pads.bits(8, 8) + column * apartX
      guard y >= 0, y < height, x >= 0, x < width else { return nil }
      return UInt32(
        truncatingIfNeeded: base + y * descriptor["IC_ROW_PITCH"].signed + x * pitch + byte)
    }

    let run = (isMerged ? columns : 1) * channels * bytes
    for repetition in 0..<Int(descriptor["COUNT1"]) {
      let base = Int(descriptor["ADDR"]) + repetition * descriptor["STRIDE1"].signed
      for first in stride(from: 0, to: pixels, by: group) {
        let members = first..<min(first + group, pixels)
        for row in 0..<rows {
          for column in 0..<(isMerged ? 1 : columns) {
            for start in stride(from: 0, to: run, by: block) {
              let piece = start..<min(start + block, run)
              let beats = members.map { pixel in
                piece.map { byte in
                  place(
                    pixel + Int(descriptor["IC_PIXEL"]), row,
                    isMerged ? byte / (channels * bytes) : column, byte % (channels * bytes), base)
                }
              }
              guard isTurned else {
                pieces += beats.map { .beat($0, padding: padding) }
                continue
              }
              for element in 0..<piece.count / bytes {
                pieces.append(
                  .beat(
                    beats.flatMap { $0[element * bytes..<(element + 1) * bytes] },
                    padding: padding))
              }
            }
          }
        }
      }
    }
  }
}

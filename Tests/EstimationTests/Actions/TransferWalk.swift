import Estimation
import Mapping

/// What a transfer does, found by walking over every byte of it: the obvious way, for comparison.
struct TransferWalk {
  private(set) var counters: [String: Int] = [:]
  private(set) var bursts = 0
  private(set) var words = 0
  private(set) var writtenWords = 0
  private(set) var writtenBursts = 0

  private let wordBytes: Int
  private let maximumBeats: Int

  init(_ transfer: TransferShape, _ dma: SystemShape.DMA, wordBytes: Int) {
    self.wordBytes = wordBytes
    maximumBeats = dma.maximumBurstBeats
    // Rows of bytes; nil is padding. Rows that leave together are a group.
    let groups = transfer.window.map { Self.groups($0, transfer, dma) } ?? Self.groups(transfer)
    var (bytes, padding, beats, pieces) = (0, 0, 0, 0)
    for group in groups {
      for row in group {
        bytes += row.count
        padding += row.count { $0 == nil }
        pieces += (row.count + dma.portBytes - 1) / dma.portBytes
        if dma.direction == .fromStream { write(row) } else { read(row) }
      }
      if transfer.turns { beats += (group.first?.count ?? 0) / transfer.elementBytes }
    }
    if !transfer.turns {
      let isCut = transfer.window != nil || transfer.alignsRows || dma.direction == .fromStream
      beats = isCut ? pieces : (bytes + dma.portBytes - 1) / dma.portBytes
    }
    if dma.direction == .memoryToMemory, let target = transfer.destination {
      write((0..<bytes).map { Int(target) + $0 })
    }
    counters = [
      "bytes": bytes, "bursts": bursts + writtenBursts, "bus_beats": words + writtenWords,
      "words_read": words, "read_buffer_pops": words,
      "stream_beats": dma.direction == .memoryToMemory ? 0 : beats,
      "buffer_pops": dma.direction == .memoryToMemory ? 0 : beats,
      "beats_unpacked": dma.direction == .toStream ? 0 : beats, "padding_bytes": padding,
    ]
    if dma.direction == .toStream { counters["turned_pieces"] = transfer.turns ? pieces : 0 }
  }

  // MARK: Rows

  private static func groups(_ transfer: TransferShape) -> [[[Int?]]] {
    var groups: [[[Int?]]] = []
    for third in 0..<transfer.counts[3] {
      for second in 0..<transfer.counts[2] {
        groups.append(
          (0..<transfer.counts[1]).map { first in
            let address =
              Int(transfer.address) + first * transfer.strides[1] + second * transfer.strides[2]
              + third * transfer.strides[3]
            return (0..<transfer.rowBytes).map { address + $0 }
          })
      }
    }
    return groups
  }

  private static func groups(
    _ window: TransferShape.Window, _ transfer: TransferShape, _ dma: SystemShape.DMA
  ) -> [[[Int?]]] {
    let places = window.isMerged ? window.kernelWidth : 1
    let run = places * window.placeBytes
    let block = window.blockBytes == 0 ? dma.portBytes : window.blockBytes
    let all = Array(window.firstPixel..<window.firstPixel + window.pixels)
    let size = window.group == 0 ? all.count : window.group
    var groups: [[[Int?]]] = []
    for _ in 0..<window.repetitions {
      for first in stride(from: 0, to: all.count, by: size) {
        for row in 0..<window.kernelHeight {
          for column in 0..<(window.isMerged ? 1 : window.kernelWidth) {
            for start in stride(from: 0, to: run, by: block) {
              groups.append(
                all[first..<min(all.count, first + size)].map { pixel in
                  (start..<min(run, start + block)).map { byte in
                    let y =
                      pixel / window.outputWidth * window.strideY - window.top
                      + row * window.dilationY
                    let x =
                      pixel % window.outputWidth * window.strideX - window.left
                      + column * window.dilationX + byte / window.placeBytes
                    guard (0..<window.height).contains(y), (0..<window.width).contains(x) else {
                      return nil
                    }
                    return Int(transfer.address) + y * window.rowPitch + x * window.pixelPitch
                      + byte % window.placeBytes
                  }
                })
            }
          }
        }
      }
    }
    return groups
  }

  // MARK: Bus

  private mutating func read(_ row: [Int?]) {
    let (words, bursts) = accesses(row.compactMap { $0 })
    self.words += words
    self.bursts += bursts
  }

  private mutating func write(_ row: [Int?]) {
    let (words, bursts) = accesses(row.compactMap { $0 })
    writtenWords += words
    writtenBursts += bursts
  }

  /// Words and bursts of neighbouring bytes, byte by byte.
  private func accesses(_ addresses: [Int]) -> (words: Int, bursts: Int) {
    var (words, bursts, beats) = (0, 0, 0)
    var last: Int?
    for address in addresses {
      let word = address / wordBytes
      if word == last { continue }
      words += 1
      beats += 1
      if last == nil || beats > maximumBeats || word * wordBytes % 4096 == 0 {
        bursts += 1
        beats = 1
      }
      last = word
    }
    return (words, bursts)
  }
}

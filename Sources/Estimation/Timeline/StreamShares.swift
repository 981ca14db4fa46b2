internal import Mapping

/// Cuts the commands of DMAs into the parts that belong to single jobs.
struct StreamShares {
  let system: SystemTiming

  /// The parts of a command that feeds in1.
  func input(_ shapes: [TransferShape], command: Int, dma: StreamTiming) -> [StreamShare] {
    var shares: [StreamShare] = []
    for (position, shape) in shapes.enumerated() {
      guard let window = shape.window else { continue }
      // Strips that see the same channels are alike.
      var share = self.window(shape, window, dma)
      share.command = command
      for repetition in 0..<window.repetitions {
        share.isFirst = position == 0 && repetition == 0
        share.isLast = position == shapes.count - 1 && repetition == window.repetitions - 1
        share.lead = repetition == 0 ? dma.lead(ofChain: shapes.count) : 0
        shares.append(share)
      }
    }
    return shares
  }

  private func window(
    _ shape: TransferShape, _ window: TransferShape.Window, _ dma: StreamTiming
  ) -> StreamShare {
    let memory = system.memory(at: shape.firstPlace)
    let block = window.blockBytes == 0 ? dma.dma.portBytes : window.blockBytes
    let run = window.placeBytes * (window.isMerged ? window.kernelWidth : 1)
    let group = min(window.group == 0 ? window.pixels : window.group, window.pixels)
    let rest = window.pixels % group == 0 ? group : window.pixels % group
    var share = StreamShare(command: 0, isFirst: false, isLast: false)
    share.port = dma.port(memory)
    let pieces = WindowPieces(window, address: Int(shape.address), bus: system.busBytes)
    var blocks: [(piece: Double, beats: Double)] = []
    for place in pieces.places {
      for start in stride(from: 0, to: run, by: block) {
        let bytes = min(block, run - start)
        let (words, asked) = pieces.words(place, start: start, bytes: bytes)
        let cycles = words * dma.readCycles(words: max(1, asked), memory)
        blocks.append(
          (max(1, cycles + 1 - pieces.valid(place)), Double(bytes / shape.elementBytes)))
        share.words += words * Double(group)
      }
    }
    // Of alike places one stands for all.
    let places = Double(pieces.repetitions)
    share.words *= places
    share.pins = dma.isOffChip(memory) ? share.words * dma.pinCycles(memory) : 0
    share.latency = dma.readLatency(memory) + 3
    guard shape.turns else {
      let place =
        Int(shape.address) + ((window.kernelHeight - 1) * window.dilationY - window.top)
        * window.rowPitch
      let column = window.isMerged ? 0 : (window.kernelWidth - 1) * window.dilationX
      share.bank = system.bank(
        of: place + (column - window.left) * window.pixelPitch + (run - 1) / block * block,
        step: window.strideX * window.pixelPitch | window.strideY * window.rowPitch,
        bytes: min(block, run))
      let cycles = blocks.reduce(0) { $0 + $1.piece } * places
      share.full = cycles * Double(group)
      share.rest = cycles * Double(rest)
      share.slack = 6 + 32 * (blocks.first?.piece ?? 1)
      return share
    }
    func period(_ pixels: Int) -> Double {
      var sum = 0.0
      for index in blocks.indices {
        let next = blocks[(index + 1) % blocks.count]
        sum += max(next.piece * Double(pixels), blocks[index].beats)
      }
      return sum * places
    }
    share.full = period(group)
    share.rest = period(rest)
    share.firstBlock = (blocks.first?.piece ?? 1) * Double(group) + 2
    share.slack = 6 + 2 * (blocks.map { $0.piece }.min() ?? 1) * Double(group)
    return share
  }

  /// The parts of a command that feeds in2: for every tile the same rows.
  func weights(_ shapes: [TransferShape], command: Int, dma: StreamTiming) -> [StreamShare] {
    var shares: [StreamShare] = []
    for (position, shape) in shapes.enumerated() {
      let memory = system.memory(at: shape.address)
      let isDense = !shape.alignsRows
      let strips = isDense ? shape.counts[2] : shape.counts[3]
      let lead = dma.lead(ofChain: shapes.count)
      let cycles: Double
      let accesses: Double
      let beats: Double
      if isDense {
        let words = Double(shape.rowBytes) / Double(system.busBytes)
        accesses = words
        beats = Double(shape.rowBytes) / Double(dma.dma.portBytes)
        cycles = max(beats, words * dma.readCycles(words: words, memory))
      } else {
        let words = PieceWords.mean(
          shape.rowBytes, first: Int(shape.address), step: shape.strides[1] | shape.strides[3],
          bus: system.busBytes)
        let pieces = (shape.rowBytes + dma.dma.portBytes - 1) / dma.dma.portBytes
        accesses = words * Double(shape.counts[1])
        beats = Double(pieces * shape.counts[1])
        cycles = max(beats, accesses * dma.readCycles(words: words, memory))
      }
      for strip in 0..<strips {
        var share = StreamShare(command: command, isFirst: false, isLast: false)
        share.isFirst = position == 0 && strip == 0
        share.isLast = position == shapes.count - 1 && strip == strips - 1
        share.lead = strip == 0 ? lead : 0
        share.latency = dma.readLatency(memory) + 3
        share.full = cycles
        share.rest = cycles
        share.port = dma.port(memory)
        share.words = accesses
        share.pins = dma.isOffChip(memory) ? accesses * dma.pinCycles(memory) : 0
        share.slack = 38 * cycles / beats
        shares.append(share)
      }
    }
    return shares
  }

  /// The parts of a command that reads or writes pixels: cycles per pixel in `full`, of all pixels in `rest`.
  ///
  /// - Parameter hasPairs: rows come in pairs, of two operands in turn.
  func pixels(
    _ shapes: [TransferShape], command: Int, isWrite: Bool, hasPairs: Bool = false,
    dma: StreamTiming
  ) -> [StreamShare] {
    var shares: [StreamShare] = []
    for (position, shape) in shapes.enumerated() {
      let memory = system.memory(at: shape.address)
      let (pixels, strips) =
        hasPairs
        ? (shape.counts[2], shape.counts[3])
        : (shape.counts[1], shape.counts[2])
      // Every row is a burst of its own, also where rows lie next to each other.
      let words = PieceWords.mean(
        shape.rowBytes, first: Int(shape.address),
        step: (hasPairs ? 0 : shape.strides[1]) | shape.strides[2] | shape.strides[3],
        bus: system.busBytes)
      let beats = Double((shape.rowBytes + dma.dma.portBytes - 1) / dma.dma.portBytes)
      let rate =
        isWrite
        ? dma.writeCycles(words: words, memory) : dma.readCycles(words: words, memory)
      for strip in 0..<strips {
        var share = StreamShare(command: command, isFirst: false, isLast: false)
        share.isFirst = position == 0 && strip == 0
        share.isLast = position == shapes.count - 1 && strip == strips - 1
        share.lead = strip == 0 ? dma.lead(ofChain: shapes.count) : 0
        share.latency = (isWrite ? dma.answerLatency(memory) : dma.readLatency(memory)) + 3
        share.full = max(beats, words * rate) * (hasPairs ? 2 : 1)
        share.rest = share.full * Double(pixels)
        share.port = dma.port(memory)
        share.words = words * (hasPairs ? 2 : 1)
        share.slack = 38 * share.full
        share.pins = dma.isOffChip(memory) ? share.words * dma.pinCycles(memory) : 0
        let step = hasPairs ? shape.strides[2] : shape.strides[1]
        let distance = strip * (hasPairs ? shape.strides[3] : shape.strides[2])
        share.bank = system.bank(
          of: Int(shape.address) + distance, step: step, bytes: shape.rowBytes)
        shares.append(share)
      }
    }
    return shares
  }
}

extension TransferShape {
  /// An address that is read: of an image of which only some rows are there, its first one may lie outside of all memories.
  var firstPlace: UInt32 {
    guard let window else { return address }
    let row = window.firstPixel / max(1, window.outputWidth) * window.strideY - window.top
    return address &+ UInt32(truncatingIfNeeded: max(0, row) * window.rowPitch)
  }
}

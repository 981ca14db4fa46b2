internal import Networks

/// Layers of a vector unit alone: operands from memory, results to memory, through the DMAs of the write-back path.
extension ArrayEmitter {
  /// Adds all commands of a layer.
  mutating func emitVector(
    _ layer: ArrayLayer, on array: Platform.Array, _ places: Places, to stream: inout CommandStream,
    _ tracker: inout MemoryTracker, _ pool: inout ConstantPool
  ) {
    guard let vector = array.vector, let dma = vector.side, let stage = layer.vector else { return }
    let side = stream.engine(dma.device, .dma)
    let unit = stream.engine(vector.device, .job)
    let output = stream.engine(array.output.device, .dma)
    let geometry = layer.geometry
    let result = stage.pool?.window.output ?? [geometry.outputHeight, geometry.outputWidth]
    let runs = Self.runs(geometry.outputChannels, by: vector.lanes)
    let bytes = layer.element.byteCount
    var tag: String? = layer.name
    for image in 0..<geometry.images {
      let sources = runs.map { run in
        operands(places, image: image, run, pixels: geometry.pixels, bytes: bytes)
      }
      var waits = tracker.readWaits(places.input.region)
      if let second = places.side { waits += tracker.readWaits(second.region) }
      let read = addChain(sources, dma, side, waits, &stream, &pool)
      tracker.read(places.input.region, by: read)
      if let second = places.side { tracker.read(second.region, by: read) }
      let targets = runs.map { run in
        DMADescriptorWords.bytes(
          run.channels * bytes,
          from: places.output.address(image: image, bytes: run.first * bytes)
        ).repeat(1, result[0] * result[1], stride: places.output.pixelPitch)
          .repeat(2, run.count, stride: run.channels * bytes)
      }
      // A result that takes the place of an operand is written behind the reads of that operand.
      let isInPlace =
        places.input.region == places.output.region || places.side?.region == places.output.region
      let written = addChain(
        targets, array.output, output,
        tracker.writeWaits(places.output.region, ignoringReadsOf: isInPlace ? side : nil), &stream,
        &pool)
      tracker.write(places.output.region, by: written)
      for run in runs.flatMap({ repeatElement($0, count: $0.count) }) {
        let jobWaits = stage.table == nil ? [] : [Wait(engine: unit, count: stream.count(unit))]
        stream.add(
          unit, tag: tag,
          waits: jobWaits + (tag == nil ? [] : waits.filter { $0.engine == CommandStream.core }),
          VectorJobRegisters(
            stage, rows: geometry.outputHeight, pixels: geometry.pixels, resultRows: result[0],
            isAlone: true
          ).writes(vector.device) + [
            RegisterWrite(vector.device.offset("CTRL"), [Self.startJob], always: true)
          ],
          work: .vector(
            VectorJobShape(
              stage, rows: geometry.outputHeight, pixels: geometry.pixels,
              resultRows: result[0], channels: run.channels, elementBytes: bytes, isAlone: true)))
        tag = nil
      }
    }
  }

  /// Neighbouring groups of as many channels.
  struct ChannelRun {
    let first: Int
    let channels: Int
    let count: Int
  }

  private static func runs(_ channels: Int, by lanes: Int) -> [ChannelRun] {
    let (full, rest) = channels.quotientAndRemainder(dividingBy: lanes)
    var runs: [ChannelRun] = []
    if full > 0 { runs.append(ChannelRun(first: 0, channels: lanes, count: full)) }
    if rest > 0 { runs.append(ChannelRun(first: full * lanes, channels: rest, count: 1)) }
    return runs
  }

  /// The beats of one run: of one operand, or of two in turn.
  private func operands(
    _ places: Places, image: Int, _ run: ChannelRun, pixels: Int, bytes: Int
  ) -> DMADescriptorWords {
    let first = places.input.address(image: image, bytes: run.first * bytes)
    let row = DMADescriptorWords.bytes(
      run.channels * bytes, from: first, mode: DMADescriptorWords.Mode.rowAlign)
    guard let second = places.side else {
      return row.repeat(1, pixels, stride: places.input.pixelPitch)
        .repeat(2, run.count, stride: run.channels * bytes)
    }
    let distance = Int(second.address(image: image)) - Int(places.input.address(image: image))
    return row.repeat(1, 2, stride: distance)
      .repeat(2, pixels, stride: places.input.pixelPitch)
      .repeat(3, run.count, stride: run.channels * bytes)
  }
}

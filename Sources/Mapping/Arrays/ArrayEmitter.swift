internal import Networks

/// Two buffers of a scratchpad that are filled in turn, so that one is loaded while the other is in use.
struct StagingBuffers {
  private let halves: [Region]
  private var contents: [String?] = [nil, nil]
  private var next = 0

  init(memory: String, address: UInt32, byteCount: Int) {
    let half = byteCount / 2 / 256 * 256
    halves = [0, 1].map {
      Region(memory: memory, address: address + UInt32($0 * half), byteCount: half)
    }
  }

  /// Bytes of one buffer.
  var capacity: Int { halves[0].byteCount }

  /// The buffer that holds something, if one does.
  func holding(_ key: String) -> Region? {
    contents.firstIndex { $0 == key }.map { halves[$0] }
  }

  /// The buffer to be filled now.
  mutating func take(for key: String) -> Region {
    defer { next = 1 - next }
    contents[next] = key
    return halves[next]
  }
}

/// Writes the commands of array layers.
struct ArrayEmitter {
  /// Where a layer's tensors lie.
  struct Places {
    var input: PixelView
    var output: PixelView
    var side: PixelView?
    /// The second operand, when it is computed: rows of N elements.
    var weights: PixelView?
  }

  /// CTRL of DMAs: START, LINKED, IRQ_DONE, IRQ_ERROR; of arrays and vector units: START, IRQ_DONE_EN.
  private static let startChain: UInt32 = 0xF
  static let startJob: UInt32 = 0x5

  /// Weights get places, but no bytes.
  var leavesWeightsOut = false
  /// Scratchpad buffers, by array.
  var weightBuffers: [String: StagingBuffers] = [:]
  var inputBuffers: [String: StagingBuffers] = [:]
  private var descriptors: [[UInt32]: UInt32] = [:]
  /// Jobs of each array so far: they use the parameter banks in turn.
  private var jobs: [String: Int] = [:]

  /// Adds all commands of a layer.
  mutating func emit(
    _ schedule: ArraySchedule, _ places: Places, to stream: inout CommandStream,
    _ tracker: inout MemoryTracker, _ pool: inout ConstantPool
  ) {
    let layer = schedule.layer
    var packed: (address: UInt32, offsets: [Int])?
    if let source = layer.weights { packed = pack(source, schedule, &pool) }
    var isFirst = true
    for image in 0..<layer.geometry.images {
      let (pieces, groups) = (schedule.pieces, schedule.groups)
      let pairs: [(piece: Int, group: Int)] =
        schedule.order == .inputOuter
        ? pieces.indices.flatMap { piece in groups.indices.map { (piece, $0) } }
        : groups.indices.flatMap { group in pieces.indices.map { ($0, group) } }
      for (piece, group) in pairs {
        var step = Step(
          schedule: schedule, places: places, image: image, rows: pieces[piece],
          strips: groups[group], tag: isFirst ? layer.name : nil)
        isFirst = false
        // Weights first: they wait for nothing but room, and can be on their way while the layer before still computes.
        step.weights = weights(step, group, packed, &stream, &tracker)
        step.input = input(step, &stream, &tracker)
        // Reports charge the layer from the moment on at which the core has made its input.
        let inputs = tracker.readWaits(places.input.region)
        addTransfers(step, &stream, &tracker, &pool)
        addJobs(step, inputs.filter { $0.engine == CommandStream.core }, &stream)
      }
    }
  }

  /// A piece of the input against a group of strips.
  private struct Step {
    let schedule: ArraySchedule
    let places: Places
    let image: Int
    let rows: Range<Int>
    let strips: Range<Int>
    let tag: String?
    /// Where the group's weights and the piece's input lie; a region when that must be watched.
    var weights: (address: UInt32, region: Region?) = (0, nil)
    var input: (address: UInt32, region: Region) = (
      0, Region(memory: "", address: 0, byteCount: 0)
    )

    var layer: ArrayLayer { schedule.layer }
    var array: Platform.Array { schedule.array }
    var geometry: ProductGeometry { schedule.layer.geometry }
    var pixels: Int { rows.count * geometry.outputWidth }
    var tiles: Int { (pixels + array.tileRows - 1) / array.tileRows }
    /// Runs of neighbouring strips with the same number of outputs and the same depth.
    var runs: [Range<Int>] {
      var runs: [Range<Int>] = []
      for strip in strips {
        if let last = runs.last,
          schedule.strips[last.lowerBound].outputs.count == schedule.strips[strip].outputs.count,
          schedule.depth(last.lowerBound) == schedule.depth(strip)
        {
          runs[runs.count - 1] = last.lowerBound..<strip + 1
        } else {
          runs.append(strip..<strip + 1)
        }
      }
      return runs
    }
    /// Rows and pixels that are written.
    var resultRows: Range<Int> {
      guard let pool = layer.vector?.pool else { return rows }
      if rows.count == geometry.outputHeight { return 0..<pool.window.output[0] }
      let step = pool.window.strides[0]
      return rows.lowerBound / step..<(rows.upperBound + step - 1) / step
    }
    var resultPixels: Int {
      resultRows.count * (layer.vector?.pool?.window.output[1] ?? geometry.outputWidth)
    }
  }

  // MARK: Operands

  private func pack(
    _ source: WeightSource, _ schedule: ArraySchedule, _ pool: inout ConstantPool
  ) -> (address: UInt32, offsets: [Int]) {
    var offsets: [Int] = []
    if leavesWeightsOut {
      var count = 0
      for index in schedule.strips.indices {
        offsets.append(count)
        count += schedule.bytes(index)
      }
      return (pool.reserve(count, alignment: 256), offsets)
    }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(schedule.weightBytes)
    for (index, strip) in schedule.strips.enumerated() {
      offsets.append(bytes.count)
      bytes += PackedWeights.pack(
        source, schedule.layer.geometry, strip, schedule.blocks[index],
        paddedTo: schedule.array.dataflow == .weightStationary ? schedule.jobDepth(index) : nil)
    }
    return (pool.add(bytes, alignment: 256), offsets)
  }

  /// Where a group's weights are read, after loading them if they are staged.
  private mutating func weights(
    _ step: Step, _ group: Int, _ packed: (address: UInt32, offsets: [Int])?,
    _ stream: inout CommandStream, _ tracker: inout MemoryTracker
  ) -> (address: UInt32, region: Region?) {
    guard let packed else {
      guard let view = step.places.weights else { return (0, nil) }
      return (view.address(image: step.image), view.region)
    }
    let address = packed.address + UInt32(packed.offsets[step.strips.lowerBound])
    let name = step.array.device.name
    guard step.schedule.weights == .staged, let load = step.array.load,
      var buffers = weightBuffers[name]
    else { return (address, nil) }
    let key = "\(step.layer.name)/\(group)"
    if let region = buffers.holding(key) { return (region.address, region) }
    let region = buffers.take(for: key)
    weightBuffers[name] = buffers
    let bytes = step.strips.reduce(0) { $0 + step.schedule.bytes($1) }
    addCopy(
      load, bytes, from: address, to: region.address, waits: tracker.writeWaits(region), &stream,
      &tracker, writes: region, reads: nil)
    return (region.address, region)
  }

  /// Where row 0 of the input is read, or would lie: of a staged piece only the rows needed are there.
  private mutating func input(
    _ step: Step, _ stream: inout CommandStream, _ tracker: inout MemoryTracker
  ) -> (address: UInt32, region: Region) {
    let view = step.places.input
    let name = step.array.device.name
    guard step.schedule.input == .staged, let load = step.array.load,
      var buffers = inputBuffers[name]
    else { return (view.address(image: step.image), view.region) }
    let rows = step.geometry.inputRows(for: step.rows)
    let key = "\(step.layer.name)/\(step.image)/\(rows)"
    let above = UInt32(truncatingIfNeeded: rows.lowerBound * view.rowPitch)
    if let region = buffers.holding(key) { return (region.address &- above, region) }
    let region = buffers.take(for: key)
    inputBuffers[name] = buffers
    let bytes = Self.inputBytes(step.schedule, rows, view)
    addCopy(
      load, bytes, from: view.address(image: step.image, row: rows.lowerBound), to: region.address,
      waits: tracker.writeWaits(region) + tracker.readWaits(view.region), &stream, &tracker,
      writes: region, reads: view.region)
    return (region.address &- above, region)
  }

  /// Bytes of some rows of the input, without what lies behind the last pixel's channels.
  static func inputBytes(_ schedule: ArraySchedule, _ rows: Range<Int>, _ view: PixelView) -> Int {
    guard !rows.isEmpty else { return 0 }
    let behind = view.pixelPitch - schedule.layer.geometry.channels * schedule.element
    return (rows.count - 1) * view.rowPitch + schedule.layer.geometry.width * view.pixelPitch
      - behind
  }

  private mutating func addCopy(
    _ load: Platform.DMA, _ bytes: Int, from source: UInt32, to target: UInt32, waits: [Wait],
    _ stream: inout CommandStream, _ tracker: inout MemoryTracker, writes: Region, reads: Region?
  ) {
    let engine = stream.engine(load.device, .dma)
    let command = Self.addTransfer(
      [DMADescriptorWords.copy(bytes, from: source, to: target)], load, engine, waits, &stream,
      isCopy: true)
    tracker.write(writes, by: command)
    if let reads { tracker.read(reads, by: command) }
  }

  /// A transfer of one descriptor is written to the channel's registers, so that nothing has to be fetched.
  private static func addTransfer(
    _ chain: [DMADescriptorWords], _ dma: Platform.DMA, _ engine: Int, _ waits: [Wait],
    _ stream: inout CommandStream, isCopy: Bool = false
  ) -> Wait {
    let words = chain[0].words(next: 0, for: dma.device)
    let first = dma.device.offset("MODE")
    var writes: [RegisterWrite] = []
    for index in 1..<31 {
      writes.append(RegisterWrite(first + UInt32(4 * (index - 1)), [words[index]]))
    }
    writes.append(RegisterWrite(dma.device.offset("CTRL"), [startChain & ~2], always: true))
    return stream.add(engine, waits: waits, writes, work: work(chain, isCopy: isCopy))
  }

  private static func work(_ chain: [DMADescriptorWords], isCopy: Bool = false) -> CommandWork {
    .transfer(chain.map { TransferShape($0, isCopy: isCopy) })
  }

  /// A transfer of one or several descriptors.
  mutating func addChain(
    _ chain: [DMADescriptorWords], _ dma: Platform.DMA, _ engine: Int, _ waits: [Wait],
    _ stream: inout CommandStream, _ pool: inout ConstantPool
  ) -> Wait {
    if chain.count == 1 { return Self.addTransfer(chain, dma, engine, waits, &stream) }
    var next: UInt32 = 0
    var addresses: [UInt32] = []
    for descriptor in chain.reversed() {
      let words = descriptor.words(next: next, for: dma.device)
      if let known = descriptors[words] {
        next = known
      } else {
        next = pool.add(words: words, alignment: DMADescriptorWords.alignment)
        descriptors[words] = next
      }
      addresses.append(next)
    }
    let shapes = zip(chain, addresses.reversed()).map { descriptor, address in
      var shape = TransferShape(descriptor, isCopy: false)
      shape.descriptor = address
      return shape
    }
    return stream.add(
      engine, waits: waits,
      [
        RegisterWrite(dma.device.offset("DESC"), [next]),
        RegisterWrite(dma.device.offset("CTRL"), [Self.startChain], always: true),
      ], work: .transfer(shapes))
  }

  // MARK: Transfers

  private mutating func addTransfers(
    _ step: Step, _ stream: inout CommandStream, _ tracker: inout MemoryTracker,
    _ pool: inout ConstantPool
  ) {
    let array = step.array
    let target = step.places.output
    // A result that takes the place of its second operand is written behind the reads of that operand.
    let isInPlace = step.places.side?.region == target.region
    let sideDevice = isInPlace ? array.vector?.side?.device : nil
    // Before this step's own reads are known: its operands may lie beside the result in one buffer, and are not
    // read to the end before the first results leave.
    let writeWaits = tracker.writeWaits(
      target.region, ignoringReadsOf: sideDevice.map { stream.engine($0, .dma) })
    let input = stream.engine(array.input.device, .dma)
    let read = addChain(
      inputDescriptors(step), array.input, input, tracker.readWaits(step.input.region), &stream,
      &pool)
    tracker.read(step.input.region, by: read)

    let weights = stream.engine(array.weights.device, .dma)
    let weightWaits = step.weights.region.map { tracker.readWaits($0) } ?? []
    let fed = addChain(
      weightDescriptors(step), array.weights, weights, weightWaits, &stream, &pool)
    if let region = step.weights.region { tracker.read(region, by: fed) }

    if let side = step.places.side, let dma = array.vector?.side {
      let engine = stream.engine(dma.device, .dma)
      let command = addChain(
        rowDescriptors(step, side, rows: step.rows, pixels: step.pixels, aligned: true), dma,
        engine, tracker.readWaits(side.region), &stream, &pool)
      tracker.read(side.region, by: command)
    }
    let output = stream.engine(array.output.device, .dma)
    let written = addChain(
      rowDescriptors(
        step, target, rows: step.resultRows, pixels: step.resultPixels, aligned: false),
      array.output, output, writeWaits, &stream, &pool)
    tracker.write(target.region, by: written)
  }

  private func inputDescriptors(_ step: Step) -> [DMADescriptorWords] {
    let (geometry, view, array) = (step.geometry, step.places.input, step.array)
    let isTurned = array.dataflow == .outputStationary
    var mode = DMADescriptorWords.Mode.window
    mode |= DMADescriptorWords.Mode.element(step.schedule.element)
    if isTurned { mode |= DMADescriptorWords.Mode.turn }
    func descriptor(_ strip: Int, repeated: Int) -> DMADescriptorWords {
      var words = DMADescriptorWords(mode: mode)
      let channels = step.schedule.strips[strip].inputs
      let blocks = step.schedule.blocks[strip]
      words.address(
        "ADDR", step.input.address &+ UInt32(channels.lowerBound * step.schedule.element))
      words["COUNT0"] = step.pixels
      words["COUNT1"] = repeated
      words["COUNT2"] = min(array.tileRows, step.pixels)
      words["COUNT3"] = isTurned ? 0 : array.rows * step.schedule.element
      words["STRIDE3"] = blocks.isMerged ? 1 : 0
      words["IC_SIZE"] = geometry.height | geometry.width << 16
      words["IC_KERNEL"] =
        geometry.kernelHeight | geometry.kernelWidth << 8 | geometry.strideY << 16
        | geometry.strideX << 24
      words["IC_PAD"] =
        geometry.top | geometry.left << 8 | geometry.dilationY << 16 | geometry.dilationX << 24
      words["IC_OUT"] = geometry.outputWidth
      words["IC_PIXEL"] = step.rows.lowerBound * geometry.outputWidth
      words["IC_CHANNELS"] = channels.count
      words["IC_PAD_VALUE"] = Int(step.layer.paddingByte)
      words["IC_CHANNEL_PITCH"] = view.pixelPitch
      words["IC_ROW_PITCH"] = view.rowPitch
      return words
    }
    if step.schedule.isDense {
      return [descriptor(step.strips.lowerBound, repeated: step.strips.count)]
    }
    return step.strips.map { descriptor($0, repeated: 1) }
  }

  private func weightDescriptors(_ step: Step) -> [DMADescriptorWords] {
    let schedule = step.schedule
    var offset = 0
    return step.runs.map { run in
      let outputs = schedule.strips[run.lowerBound].outputs
      let row = outputs.count * schedule.element
      let depth = schedule.depth(run.lowerBound)
      defer { offset += run.count * row * depth }
      if let view = step.places.weights {
        return DMADescriptorWords.bytes(
          row, from: step.weights.address + UInt32(outputs.lowerBound * schedule.element),
          mode: DMADescriptorWords.Mode.rowAlign
        ).repeat(1, depth, stride: view.pixelPitch).repeat(2, step.tiles, stride: 0)
          .repeat(3, run.count, stride: row)
      }
      let address = step.weights.address + UInt32(offset)
      if row == step.array.weights.portBytes {
        return DMADescriptorWords.bytes(row * depth, from: address)
          .repeat(1, step.tiles, stride: 0).repeat(2, run.count, stride: row * depth)
      }
      return DMADescriptorWords.bytes(
        row, from: address, mode: DMADescriptorWords.Mode.rowAlign
      ).repeat(1, depth, stride: row).repeat(2, step.tiles, stride: 0)
        .repeat(3, run.count, stride: row * depth)
    }
  }

  /// Pixels of every strip: as many channels as the strip has, at the pitch of the tensor.
  private func rowDescriptors(
    _ step: Step, _ view: PixelView, rows: Range<Int>, pixels: Int, aligned: Bool
  ) -> [DMADescriptorWords] {
    let bytes = step.layer.resultElement.byteCount
    return step.runs.map { run in
      let outputs = step.schedule.strips[run.lowerBound].outputs
      return DMADescriptorWords.bytes(
        outputs.count * bytes,
        from: view.address(
          image: step.image, row: rows.lowerBound, bytes: outputs.lowerBound * bytes),
        mode: aligned ? DMADescriptorWords.Mode.rowAlign : DMADescriptorWords.Mode.strided
      ).repeat(1, pixels, stride: view.pixelPitch)
        .repeat(2, run.count, stride: outputs.count * bytes)
    }
  }

  // MARK: Jobs

  private mutating func addJobs(
    _ step: Step, _ inputs: [Wait], _ stream: inout CommandStream
  ) {
    let array = step.array
    let engine = stream.engine(array.device, .job)
    for strip in step.strips {
      let number = jobs[array.device.name, default: 0]
      jobs[array.device.name] = number + 1
      stream.add(
        engine, tag: strip == step.strips.lowerBound ? step.tag : nil,
        waits: strip == step.strips.lowerBound ? inputs : [],
        ArrayJobRegisters(
          step.schedule, strip: strip, pixels: step.pixels, bank: number & 1
        ).writes(array.device) + [
          RegisterWrite(array.device.offset("CTRL"), [Self.startJob], always: true)
        ],
        work: .job(ArrayJobShape(step.schedule, strip: strip, pixels: step.pixels)))
      guard let vector = array.vector else { continue }
      let unit = stream.engine(vector.device, .job)
      let stage = step.layer.vector ?? VectorStage()
      // The table is read while a job runs: it may only change when all jobs before are done.
      let waits =
        stage.table == nil ? [] : [Wait(engine: unit, count: stream.count(unit))]
      stream.add(
        unit, waits: waits,
        VectorJobRegisters(
          stage, rows: step.rows.count, pixels: step.pixels,
          resultRows: step.resultRows.count
        ).writes(vector.device) + [
          RegisterWrite(vector.device.offset("CTRL"), [Self.startJob], always: true)
        ],
        work: .vector(
          VectorJobShape(
            stage, rows: step.rows.count, pixels: step.pixels, resultRows: step.resultRows.count,
            channels: step.schedule.strips[strip].outputs.count,
            elementBytes: step.layer.resultElement.byteCount, isAlone: false)))
    }
  }
}

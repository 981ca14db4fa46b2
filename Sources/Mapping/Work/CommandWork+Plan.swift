internal import Networks

extension TransferShape {
  init(_ words: DMADescriptorWords, isCopy: Bool) {
    let mode = UInt32(bitPattern: Int32(words["MODE"]))
    address = UInt32(bitPattern: Int32(words["ADDR"]))
    destination = isCopy ? UInt32(bitPattern: Int32(words["DST_ADDR"])) : nil
    elementBytes = 1 << Int(mode >> 8 & 3)
    rowBytes = words["COUNT0"]
    counts = SIMD4(1, words["COUNT1"], words["COUNT2"], words["COUNT3"])
    strides = SIMD4(0, words["STRIDE1"], words["STRIDE2"], words["STRIDE3"])
    alignsRows = mode & DMADescriptorWords.Mode.rowAlign != 0
    turns = mode & DMADescriptorWords.Mode.turn != 0
    guard mode & 3 == DMADescriptorWords.Mode.window else { return }
    func field(_ name: String, _ low: Int, _ mask: Int) -> Int { words[name] >> low & mask }
    let pitch = words["IC_CHANNEL_PITCH"]
    window = Window(
      height: field("IC_SIZE", 0, 0xFFFF), width: field("IC_SIZE", 16, 0xFFFF),
      kernelHeight: field("IC_KERNEL", 0, 0xFF), kernelWidth: field("IC_KERNEL", 8, 0xFF),
      strideY: field("IC_KERNEL", 16, 0xFF), strideX: field("IC_KERNEL", 24, 0xFF),
      dilationY: field("IC_PAD", 16, 0xFF), dilationX: field("IC_PAD", 24, 0xFF),
      top: field("IC_PAD", 0, 0xFF), left: field("IC_PAD", 8, 0xFF), outputWidth: words["IC_OUT"],
      firstPixel: words["IC_PIXEL"], pixels: words["COUNT0"], group: words["COUNT2"],
      placeBytes: words["IC_CHANNELS"] * elementBytes, blockBytes: words["COUNT3"],
      isMerged: words["STRIDE3"] & 1 != 0, pixelPitch: pitch, rowPitch: words["IC_ROW_PITCH"],
      repetitions: words["COUNT1"])
  }
}

extension ArrayJobShape {
  init(_ schedule: ArraySchedule, strip: Int, pixels: Int) {
    let finish = schedule.layer.finish
    rows = pixels
    columns = schedule.strips[strip].outputs.count
    depth = schedule.jobDepth(strip)
    passes = schedule.passes(strip)
    tileRows = schedule.array.tileRows
    resultBytes = schedule.layer.resultElement.byteCount
    addsBias = finish.bias != nil
    rectifies = finish.rectifies || finish.slope != nil
    hasSlope = finish.slope != nil
    requantises = finish.scales != nil
    scalesColumns = (finish.scales?.count ?? 0) > 1
    clamps = finish.clamp != nil && finish.scales == nil
  }
}

extension VectorJobShape {
  init(
    _ stage: VectorStage, rows: Int, pixels: Int, resultRows: Int, channels: Int,
    elementBytes: Int, isAlone: Bool
  ) {
    beats = pixels
    self.channels = channels
    self.elementBytes = elementBytes
    self.isAlone = isAlone
    adds = stage.binary == .none ? nil : stage.binary == .add
    clamps = stage.clampLeast != nil
    hasSlope = stage.slope != nil
    usesTable = stage.table != nil
    pool = stage.pool.map { pool in
      let window = pool.window
      var isAverage = false
      if case .average = pool.kind { isAverage = true }
      return Pool(
        isAverage: isAverage, height: rows, width: pool.width, rows: window.kernel[0],
        columns: window.kernel[1], strideY: window.strides[0], strideX: window.strides[1],
        top: window.padsBegin[0], left: window.padsBegin[1], outHeight: resultRows,
        outWidth: window.output[1])
    }
  }
}

extension CommandStream {
  /// What every engine does, for models of its time.
  var plannedWork: [EngineWork] {
    engines.map { engine in
      EngineWork(
        name: engine.name,
        kind: engine.kind == .core ? .core : engine.kind == .dma ? .dma : .accelerator,
        interrupt: engine.device?.interrupt ?? 0,
        commands: zip(engine.commands, engine.work).map { words, done in
          let waits = Int(words[2] & 0xFFFF)
          let groups = engine.kind == .core ? 0 : Int(words[2] >> 16)
          return PlannedCommand(
            tag: words[1] == 0 ? nil : Int(words[1]) - 1,
            dependencies: words[3..<3 + waits].map {
              PlannedCommand.Dependency(engine: Int($0 >> 24), count: Int($0 & 0xFF_FFFF))
            },
            groups: groups, values: words.count - 3 - waits - groups, layer: done.layer,
            work: done.work)
        })
    }
  }
}

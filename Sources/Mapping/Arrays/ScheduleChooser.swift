internal import Networks

/// Chooses how a layer is cut to fit the scratchpad, or checks what a user chose.
struct ScheduleChooser {
  /// Bytes of one staging buffer for the input and for weights; 0 when there is none.
  let inputCapacity: Int
  let weightCapacity: Int
  /// Name of the memory that the buffers are in, for messages.
  let inputMemory: String
  let weightMemory: String

  /// Completes a schedule.
  ///
  /// - Parameters:
  ///   - view: where the input lies.
  ///   - isResident: whether that is on the chip.
  /// - Throws: `NetworkError` when a choice does not fit, by how many bytes.
  func choose(
    _ schedule: inout ArraySchedule, _ choice: LayerChoice, view: PixelView, isResident: Bool
  ) throws(NetworkError) {
    let name = schedule.layer.name
    try chooseInput(&schedule, choice, view, isResident, name)
    try chooseWeights(&schedule, choice, name)
    schedule.order =
      choice.order
      ?? (inputTraffic(schedule, view, .inputOuter) + weightTraffic(schedule, .inputOuter)
        < inputTraffic(schedule, view, .weightsOuter) + weightTraffic(schedule, .weightsOuter)
        ? .inputOuter : .weightsOuter)
  }

  // MARK: Input

  private func chooseInput(
    _ schedule: inout ArraySchedule, _ choice: LayerChoice, _ view: PixelView, _ isResident: Bool,
    _ name: String
  ) throws(NetworkError) {
    let rows = schedule.layer.geometry.outputHeight
    let step = schedule.layer.rowStep
    if let wanted = choice.tileRows {
      guard wanted >= 1 else {
        throw NetworkError("layer '\(name)': tile_rows is \(wanted)", suggestion: "at least 1")
      }
      if wanted < rows, let step, wanted % step != 0 {
        throw NetworkError(
          "layer '\(name)': tile_rows is \(wanted), but pooling by \(step) rows is computed with it",
          suggestion: "a multiple of \(step)")
      }
      if wanted < rows, step == nil {
        throw NetworkError(
          "layer '\(name)': tile_rows is \(wanted), but the pooling computed with it needs all \(rows) rows",
          suggestion: "\(rows), or take the pooling out of \"fused\"")
      }
      schedule.tileRows = min(wanted, rows)
    } else {
      schedule.tileRows = rows
    }
    if isResident {
      if let input = choice.input, input != .resident {
        throw NetworkError(
          "layer '\(name)': input is \"\(input.rawValue)\", but the input lies on the chip",
          suggestion: "\"resident\"")
      }
      schedule.input = .resident
      return
    }
    if choice.input == .resident {
      throw NetworkError(
        "layer '\(name)': input is \"resident\", but the input lies in the DRAM",
        suggestion: "\"staged\" or \"direct\"")
    }
    if choice.input == .direct || schedule.array.load == nil || inputCapacity == 0 {
      if choice.input == .staged {
        throw NetworkError(
          "layer '\(name)': input is \"staged\", but there is no DMA from memory to memory, or no scratchpad"
        )
      }
      schedule.input = .direct
      return
    }
    if let wanted = choice.tileRows {
      let bytes = largestPiece(schedule, view)
      guard bytes <= inputCapacity else {
        throw NetworkError(
          "layer '\(name)': \(wanted) output rows need \(bytes) bytes of the input, but a staging buffer in '\(inputMemory)' has \(inputCapacity): \(bytes - inputCapacity) bytes too many",
          suggestion: fittingRows(schedule, view).map { "tile_rows \($0)" } ?? "input \"direct\"")
      }
      schedule.input = .staged
      return
    }
    if let fitting = fittingRows(schedule, view) {
      schedule.tileRows = fitting
      schedule.input = .staged
    } else if choice.input == .staged {
      var least = schedule
      least.tileRows = step ?? rows
      let bytes = largestPiece(least, view)
      throw NetworkError(
        "layer '\(name)': the smallest piece of the input needs \(bytes) bytes, but a staging buffer in '\(inputMemory)' has \(inputCapacity): \(bytes - inputCapacity) bytes too many",
        suggestion: "input \"direct\"")
    } else {
      schedule.input = .direct
    }
  }

  /// Bytes of the largest piece of the input.
  private func largestPiece(_ schedule: ArraySchedule, _ view: PixelView) -> Int {
    schedule.pieces.map {
      ArrayEmitter.inputBytes(schedule, schedule.layer.geometry.inputRows(for: $0), view)
    }.max() ?? 0
  }

  /// The most output rows whose input fits; pieces of about equal size.
  private func fittingRows(_ schedule: ArraySchedule, _ view: PixelView) -> Int? {
    var candidate = schedule
    let rows = schedule.layer.geometry.outputHeight
    candidate.tileRows = rows
    if largestPiece(candidate, view) <= inputCapacity { return rows }
    guard let step = schedule.layer.rowStep else { return nil }
    var count = 2
    while true {
      let size = max(step, (rows + count - 1) / count / step * step)
      candidate.tileRows = size
      if largestPiece(candidate, view) <= inputCapacity { return size }
      if size == step { return nil }
      count = max(count + 1, rows / size)
    }
  }

  // MARK: Weights

  private func chooseWeights(
    _ schedule: inout ArraySchedule, _ choice: LayerChoice, _ name: String
  ) throws(NetworkError) {
    let strips = schedule.strips.count
    guard schedule.layer.weights != nil else {
      schedule.weights = .resident
      schedule.groupStrips = strips
      return
    }
    if choice.weights == .resident {
      throw NetworkError(
        "layer '\(name)': weights is \"resident\", but weights lie in the DRAM",
        suggestion: "\"staged\" or \"direct\"")
    }
    let canStage = schedule.array.load != nil && weightCapacity > 0
    let fitting = weightCapacity / max(1, schedule.stripBytes)
    // A byte that is used once need not be stored on the way.
    let uses =
      schedule.pieces.reduce(0) { sum, piece in
        let pixels = piece.count * schedule.layer.geometry.outputWidth
        return sum + (pixels + schedule.array.tileRows - 1) / schedule.array.tileRows
      } * schedule.layer.geometry.images
    if choice.weights == .direct || !canStage
      || (choice.weights == nil && (uses == 1 || fitting == 0))
    {
      if choice.weights == .staged {
        throw NetworkError(
          "layer '\(name)': weights is \"staged\", but there is no DMA from memory to memory, or no scratchpad"
        )
      }
      schedule.weights = .direct
      schedule.groupStrips = min(choice.groupStrips ?? strips, strips)
      return
    }
    let wanted = choice.groupStrips ?? min(strips, max(1, fitting))
    let bytes = min(wanted, strips) * schedule.stripBytes
    guard bytes <= weightCapacity else {
      throw NetworkError(
        "layer '\(name)': the weights of \(min(wanted, strips)) strips need \(bytes) bytes, but a staging buffer in '\(weightMemory)' has \(weightCapacity): \(bytes - weightCapacity) bytes too many",
        suggestion: fitting > 0 ? "group_strips \(fitting)" : "weights \"direct\"")
    }
    schedule.weights = .staged
    schedule.groupStrips = max(1, min(wanted, strips))
  }

  // MARK: Traffic

  /// Bytes of the input that come from the DRAM.
  func inputTraffic(
    _ schedule: ArraySchedule, _ view: PixelView, _ order: LayerChoice.Order
  ) -> Int {
    let geometry = schedule.layer.geometry
    switch schedule.input {
    case .resident: return 0
    case .staged:
      let once = schedule.pieces.reduce(0) {
        $0 + ArrayEmitter.inputBytes(schedule, geometry.inputRows(for: $1), view)
      }
      // Two buffers keep two pieces.
      let again =
        order == .weightsOuter && schedule.pieces.count > 2 ? schedule.groups.count : 1
      return once * again * geometry.images
    case .direct:
      return schedule.strips.count * geometry.pixels * geometry.kernelHeight * geometry.kernelWidth
        * geometry.channels * schedule.element * geometry.images
    }
  }

  /// Bytes of weights that come from the DRAM.
  func weightTraffic(_ schedule: ArraySchedule, _ order: LayerChoice.Order) -> Int {
    let images = schedule.layer.geometry.images
    switch schedule.weights {
    case .resident: return 0
    case .staged:
      let again = order == .inputOuter && schedule.groups.count > 2 ? schedule.pieces.count : 1
      return schedule.weightBytes * again * (schedule.groups.count > 2 ? images : 1)
    case .direct:
      let tiles = schedule.pieces.reduce(0) { sum, piece in
        let pixels = piece.count * schedule.layer.geometry.outputWidth
        return sum + (pixels + schedule.array.tileRows - 1) / schedule.array.tileRows
      }
      return schedule.weightBytes * tiles * images
    }
  }
}

extension ArrayLayer {
  /// Pieces of the input must have a multiple of so many output rows; nil when it cannot be cut, because windows of the
  /// pooling behind it overlap.
  var rowStep: Int? {
    guard let pool = vector?.pool else { return 1 }
    let window = pool.window
    guard window.kernel[0] == window.strides[0], window.padsBegin[0] == 0,
      window.padsEnd[0] == 0, window.output[0] * window.strides[0] == pool.height
    else { return nil }
    return window.strides[0]
  }
}

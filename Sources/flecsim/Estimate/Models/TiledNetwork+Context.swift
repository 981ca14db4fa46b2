internal import Estimation
internal import Mapping
internal import Networks
internal import SoC

extension TiledNetwork {
  /// A planned network as the tiled model sees it.
  ///
  /// - Throws: `CommandFailure` when the core's costs cannot be measured.
  init(_ context: EstimateContext) throws {
    let core = try CoreCosts(context)
    let reader = TiledPlanReader(context, core.timing)
    self.init(
      names: context.layers.map(\.planned.name),
      layers: context.layers.indices.map { reader.layer($0, core) },
      issue: TiledIssue(
        core.timing, work: context.mapped.work, arrays: reader.arrayNames,
        vectors: reader.vectorNames))
  }
}

/// Finds in a plan what the tiled model needs to know of its layers.
private struct TiledPlanReader {
  /// What the commands of a layer say.
  private struct Commands {
    /// Cycles in which the core issues the first command of the vector unit, and all others with
    /// their number.
    var firstIssue = 0.0
    var laterIssues = 0.0
    var laterCount = 0
    var job: ArrayJobShape?
    var depth = 0
    var columns = 0
    var vector: VectorJobShape?
    var channels = 0
    var input: TransferShape?
    var output: TransferShape?
    var side: TransferShape?
  }

  let arrayNames: Set<String>
  let vectorNames: Set<String>
  private let context: EstimateContext
  private var commands: [Commands]
  private let places: (main: Int?, activations: Int?, weights: Int?)

  /// Cycles in which the core issues a job of an array.
  private let usualIssue: Double

  init(_ context: EstimateContext, _ timing: CoreTiming) {
    self.context = context
    let arrays = context.platform.arrays
    arrayNames = Set(arrays.map(\.device.name))
    vectorNames = Set(arrays.compactMap(\.vector?.device.name))
    places = TiledSystem.places(context.description)
    let jobs = context.mapped.work.first { arrays.first?.device.name == $0.name }?.commands ?? []
    usualIssue =
      jobs.reduce(0) { $0 + TiledIssue.cycles(of: $1, timing) } / Double(max(1, jobs.count))
    commands = [Commands](repeating: Commands(), count: context.mapped.layers.count)
    let inputs = Set(arrays.map(\.input.device.name))
    let outputs = Set(arrays.map(\.output.device.name))
    let sides = Set(arrays.compactMap(\.vector?.side?.device.name))
    for engine in context.mapped.work.dropFirst() {
      for command in engine.commands where commands.indices.contains(command.layer) {
        let index = command.layer
        switch command.work {
        case .job(let job):
          if commands[index].job == nil { commands[index].job = job }
          commands[index].columns += job.columns
          commands[index].depth = job.depth * job.passes
        case .vector(let vector):
          if commands[index].vector == nil {
            commands[index].vector = vector
            commands[index].firstIssue = TiledIssue.cycles(of: command, timing)
          } else if commands[index].laterCount < 64 {
            commands[index].laterIssues += TiledIssue.cycles(of: command, timing)
            commands[index].laterCount += 1
          }
          commands[index].channels += vector.channels
        case .transfer(let shapes):
          guard let shape = shapes.first else { continue }
          if inputs.contains(engine.name), commands[index].input == nil {
            commands[index].input = shape
          } else if outputs.contains(engine.name), commands[index].output == nil {
            commands[index].output = shape
          } else if sides.contains(engine.name), commands[index].side == nil {
            commands[index].side = shape
          }
        case .kernel: break
        }
      }
    }
  }

  func layer(_ index: Int, _ core: CoreCosts) -> TiledLayer {
    let estimated = context.layers[index]
    let found = commands[index]
    let one = LayerShape.product(rows: 1, depth: 1, columns: 1)
    let engine = estimated.engine
    let array = context.platform.arrays.firstIndex {
      $0.device.name == engine || $0.vector?.device.name == engine
    }
    guard let array, engine != "core" else {
      var layer = TiledLayer(shape: one)
      add(core, index, to: &layer)
      return layer
    }
    var shape = estimated.shape ?? one
    if estimated.shape == nil, let job = found.job {
      shape = .product(
        rows: job.rows, depth: found.depth, columns: max(job.columns, found.columns))
    } else if found.job == nil, let vector = found.vector {
      shape = .product(rows: vector.beats, depth: 1, columns: max(vector.channels, found.channels))
    }
    var layer = TiledLayer(shape: shape)
    layer.array = array
    layer.engine = found.job == nil ? .vector : .array
    layer.pieceRows = estimated.planned.choice.tileRows ?? shape.outputHeight
    layer.source =
      switch estimated.planned.choice.input {
      case .direct: .direct
      case .staged: .staged
      default: .resident
      }
    layer.inputPitch =
      found.input?.window?.pixelPitch ?? found.side?.strides[1] ?? shape.inputChannels
    layer.outputPitch = found.output?.strides[1] ?? shape.outputChannels
    let bytes = context.platform.arrays[array].element.byteCount
    layer.resultBytes = found.vector?.elementBytes ?? found.job?.resultBytes ?? bytes
    layer.finish = finish(found, estimated.planned)
    layer.firstVectorIssue = found.firstIssue
    // What the plan's jobs behind the first one write stands for those of all designs.
    layer.vectorIssue =
      found.laterCount > 0
      ? found.laterIssues / Double(found.laterCount) : min(found.firstIssue, usualIssue)
    if let pool = found.vector?.pool {
      var own = TiledLayer.Pool()
      own.rows = pool.rows
      own.columns = pool.columns
      own.strideY = pool.strideY
      own.strideX = pool.strideX
      own.outWidth = pool.outWidth
      own.isAverage = pool.isAverage
      // The plan may have cut the image into pieces.
      let pieces = max(1, (shape.outputHeight + layer.pieceRows - 1) / max(1, layer.pieceRows))
      own.outHeight = found.job == nil ? pool.outHeight : pool.outHeight * pieces
      layer.pool = own
    }
    return layer
  }

  private func finish(_ found: Commands, _ planned: PlannedLayer) -> TiledLayer.Finish {
    var finish: TiledLayer.Finish = []
    if let job = found.job {
      if job.addsBias { finish.insert(.bias) }
      if job.rectifies { finish.insert(.rectify) }
      if job.requantises { finish.insert(.requantise) }
      if job.scalesColumns { finish.insert(.scaleColumns) }
    }
    if let vector = found.vector {
      if let adds = vector.adds {
        finish.insert(.side)
        if adds { finish.insert(.adds) }
      }
      if vector.usesTable { finish.insert(.table) }
      if vector.clamps { finish.insert(.clamp) }
    }
    if planned.choice.weights == .resident { finish.insert(.computedWeights) }
    if isMain(found.output?.address) { finish.insert(.resultInMain) }
    if isMain(found.side?.address) { finish.insert(.sideInMain) }
    return finish
  }

  private func isMain(_ address: UInt32?) -> Bool {
    guard let address, let main = places.main else { return false }
    let memory = context.description.memories[main]
    return UInt64(address) &- memory.address < memory.length
  }

  private func add(_ core: CoreCosts, _ index: Int, to layer: inout TiledLayer) {
    guard let entry = core.layers[index] else { return }
    layer.instructions = entry.instructions
    for (memory, traffic) in entry.traffic.enumerated() {
      var own = TiledLayer.Traffic()
      own.loads = traffic.loads
      own.stores = traffic.stores
      own.loadedBytes = traffic.loadedBytes
      own.storedBytes = traffic.storedBytes
      if memory == places.main { layer.main = own }
      if memory == places.activations { layer.activations = own }
      if memory == places.weights { layer.weights = own }
    }
  }
}

internal import Mapping

/// Counts in the making: integers by module and layer; behind the last layer there is one more
/// place for what happens before the first.
struct ActionTally {
  /// Bytes of a linked descriptor.
  private static let descriptorBytes = 128

  private let shape: SystemShape
  private let layers: Int
  private var dmas: [[DMAActions]]
  private var arrays: [[ArrayActions]]
  private var vectorUnits: [[VectorActions]]
  private var memories: [[MemoryActions]]
  private var crossbar: [CrossbarActions]
  private var control: [ControlActions]

  init(shape: SystemShape, layers: Int) {
    self.shape = shape
    self.layers = layers
    func places<Actions>(_ actions: Actions, _ modules: Int) -> [[Actions]] {
      Array(repeating: Array(repeating: actions, count: layers + 1), count: modules)
    }
    dmas = places(DMAActions(), shape.dmas.count)
    arrays = places(ArrayActions(), shape.arrays.count)
    vectorUnits = places(VectorActions(), shape.vectorUnits.count)
    memories = places(MemoryActions(), shape.memories.count)
    crossbar = Array(repeating: CrossbarActions(), count: layers + 1)
    control = Array(repeating: ControlActions(), count: layers + 1)
  }

  // MARK: Commands

  /// Adds all commands of an engine.
  mutating func add(_ engine: EngineWork, interrupts: [Int]?) {
    let dma = shape.dmas.firstIndex { $0.name == engine.name }
    let array = shape.arrays.firstIndex { $0.name == engine.name }
    let unit = shape.vectorUnits.firstIndex { $0.name == engine.name }
    for command in engine.commands {
      let layer = command.layer
      if command.tag != nil { mark(layer) }
      switch command.work {
      case .kernel: break
      case .transfer(let chain):
        guard let dma else { break }
        for transfer in chain { add(transfer, dma, layer) }
        if chain.count > 1 { fetch(chain.count, dma, layer) }
        dmas[dma][layer].jobs &+= 1
        dmas[dma][layer].registerAccesses &+= command.values
      case .job(let job):
        guard let array else { break }
        arrays[array][layer] += ArrayActions(job, array: shape.arrays[array])
        arrays[array][layer].registerAccesses &+= command.values
      case .vector(let job):
        guard let unit else { break }
        vectorUnits[unit][layer] += VectorActions(job, isFloat: shape.vectorUnits[unit].isFloat)
        vectorUnits[unit][layer].registerAccesses &+= command.values
      }
      guard engine.kind != .core else { continue }
      access(layer, reads: 0, writes: command.values)
      if interrupts == nil { interrupt(1, engine.kind, dma, array, unit, layer) }
    }
    guard engine.kind != .core else { return }
    if let interrupts {
      for (layer, count) in interrupts.enumerated() {
        interrupt(count, engine.kind, dma, array, unit, layer)
      }
    }
    introduce(engine.kind, dma, array, unit)
  }

  private mutating func add(_ transfer: TransferShape, _ dma: Int, _ layer: Int) {
    let actions = TransferActions(
      transfer, dma: shape.dmas[dma], busBytes: shape.busBytes)
    dmas[dma][layer] += actions.dma
    crossbar[layer].read(actions.read)
    crossbar[layer].write(actions.written)
    if let address = actions.readAddress, let memory = shape.memory(at: address) {
      memories[memory][layer].reads &+= actions.read.words
      memories[memory][layer].bursts &+= actions.read.bursts
    }
    if let address = actions.writeAddress, let memory = shape.memory(at: address) {
      memories[memory][layer].writes &+= actions.written.words
      memories[memory][layer].writtenBytes &+= actions.writtenBytes
      memories[memory][layer].bursts &+= actions.written.bursts
    }
  }

  /// Descriptors of a chain come over the bus, too.
  private mutating func fetch(_ count: Int, _ dma: Int, _ layer: Int) {
    let actions = TransferActions(
      fetching: count, of: Self.descriptorBytes, busBytes: shape.busBytes,
      maximumBeats: shape.dmas[dma].maximumBurstBeats)
    dmas[dma][layer] += actions.dma
    crossbar[layer].read(actions.read)
    if let memory = shape.mainMemory {
      memories[memory][layer].reads &+= actions.read.words
      memories[memory][layer].bursts &+= actions.read.bursts
    }
  }

  // MARK: The core

  private mutating func access(_ layer: Int, reads: Int, writes: Int) {
    crossbar[layer].access(reads: reads, writes: writes)
    control[layer].reads &+= reads
    control[layer].writes &+= writes
  }

  private mutating func mark(_ layer: Int) {
    guard shape.marker != nil else { return }
    control[layer].marks &+= 1
    access(layer, reads: 0, writes: 1)
  }

  /// Registers of one device.
  private mutating func device(
    _ accesses: Int, _ dma: Int?, _ array: Int?, _ unit: Int?, _ layer: Int
  ) {
    if let dma { dmas[dma][layer].registerAccesses &+= accesses }
    if let array { arrays[array][layer].registerAccesses &+= accesses }
    if let unit { vectorUnits[unit][layer].registerAccesses &+= accesses }
  }

  /// The runtime claims an interrupt, clears DONE, reads STATUS, of arrays and vector units JOBS,
  /// too, and tells the PLIC that it is done.
  private mutating func interrupt(
    _ count: Int, _ kind: EngineWork.Kind, _ dma: Int?, _ array: Int?, _ unit: Int?, _ layer: Int
  ) {
    let reads = kind == .dma ? count : 2 * count
    device(count + reads, dma, array, unit, layer)
    access(layer, reads: reads, writes: count)
    guard shape.interruptController != nil else { return }
    control[layer].claims &+= count
    control[layer].controllerAccesses &+= 2 * count
    access(layer, reads: count, writes: count)
  }

  /// The runtime clears flags, of arrays and vector units reads JOBS, and attaches the interrupt:
  /// one read, two writes.
  private mutating func introduce(
    _ kind: EngineWork.Kind, _ dma: Int?, _ array: Int?, _ unit: Int?
  ) {
    let reads = kind == .dma ? 0 : 1
    device(reads + 1, dma, array, unit, layers)
    access(layers, reads: reads, writes: 1)
    guard shape.interruptController != nil else { return }
    control[layers].controllerAccesses &+= 3
    access(layers, reads: 1, writes: 2)
  }

  // MARK: Result

  /// The counters of all modules at a layer, or before the first one at the place behind the last.
  func activities(at layer: Int) -> [String: ModuleActivity] {
    var activities: [String: ModuleActivity] = [:]
    for (module, actions) in zip(shape.dmas, dmas) where actions[layer] != DMAActions() {
      activities[module.name] = ModuleActivity(counters: actions[layer].counters(module))
    }
    for (module, actions) in zip(shape.arrays, arrays) where actions[layer] != ArrayActions() {
      activities[module.name] = ModuleActivity(counters: actions[layer].counters(module))
    }
    for (module, actions) in zip(shape.vectorUnits, vectorUnits)
    where actions[layer] != VectorActions() {
      activities[module.name] = ModuleActivity(counters: actions[layer].counters)
    }
    for (module, actions) in zip(shape.memories, memories) where actions[layer] != MemoryActions() {
      activities[module.name] = ModuleActivity(
        counters: actions[layer].counters(busBytes: shape.busBytes))
    }
    if crossbar[layer] != CrossbarActions() {
      activities["crossbar"] = ModuleActivity(counters: crossbar[layer].counters)
    }
    let done = control[layer]
    if let controller = shape.interruptController, done.controllerAccesses > 0 {
      activities[controller] = ModuleActivity(counters: [
        "register_accesses": UInt64(done.controllerAccesses), "claims": UInt64(done.claims),
      ])
    }
    if let marker = shape.marker, done.marks > 0 {
      activities[marker] = ModuleActivity(counters: ["register_accesses": UInt64(done.marks)])
    }
    if done.reads + done.writes > 0 {
      activities[shape.core] = ModuleActivity(counters: [
        "device_accesses": UInt64(done.reads + done.writes)
      ])
    }
    return activities
  }
}

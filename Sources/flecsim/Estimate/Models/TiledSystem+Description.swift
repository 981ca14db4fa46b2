internal import Estimation
internal import SoC

extension TiledSystem {
  /// A described SoC as the tiled model sees it: arrays that are fed and drained by DMAs, as plans
  /// use
  /// them.
  init(_ soc: SoCDescription) {
    self.init()
    busBytes = max(1, soc.crossbar.widthBits / 8)
    crossbarLatency = soc.crossbar.latencyCycles
    let places = Self.places(soc)
    main = Self.memory(places.main, soc)
    activations = Self.memory(places.activations ?? places.main, soc)
    weights = Self.memory(places.weights ?? places.activations ?? places.main, soc)
    let loaders = soc.dmas.indices.filter { soc.dmas[$0].direction == .memory }
    var position = 0
    for accelerator in soc.accelerators
    where accelerator.external == nil
      && (accelerator.kindName == "OSArray" || accelerator.kindName == "WSArray")
    {
      let load = loaders.isEmpty ? nil : loaders[position % loaders.count]
      position += 1
      if let array = Self.array(accelerator, load: load, soc) { arrays.append(array) }
    }
    guard let pad = places.activations else { return }
    let loading = arrays.count { $0.load != nil }
    guard loading > 0 else { return }
    // One scratchpad is shared between feature maps and weights; of several the second largest has
    // the weights. Every array has two buffers there, multiples of 256 bytes.
    let bytes: Int
    if let own = places.weights {
      bytes = Int(soc.memories[own].length)
    } else {
      let whole = Int(soc.memories[pad].length)
      bytes = whole - whole / 2 / 256 * 256
    }
    let half = bytes / loading / 256 * 256 / 2 / 256 * 256
    for index in arrays.indices where arrays[index].load != nil {
      arrays[index].weightCapacity = half
    }
  }

  /// Positions of the memories that plans use: the largest DRAM, or without any the largest memory;
  /// of the others on the chip the largest for feature maps and the second for weights.
  static func places(_ soc: SoCDescription) -> (main: Int?, activations: Int?, weights: Int?) {
    var main: Int?
    for (index, memory) in soc.memories.enumerated() {
      guard let best = main else {
        main = index
        continue
      }
      let other = soc.memories[best]
      if (memory.type == .dram ? 1 : 0, memory.length)
        > (other.type == .dram ? 1 : 0, other.length)
      {
        main = index
      }
    }
    var pads: (first: Int?, second: Int?) = (nil, nil)
    for (index, memory) in soc.memories.enumerated() where index != main && memory.type != .dram {
      if let first = pads.first, soc.memories[first].length >= memory.length {
        if let second = pads.second, soc.memories[second].length >= memory.length { continue }
        pads.second = index
      } else {
        pads = (index, pads.first)
      }
    }
    return (main, pads.first, pads.second)
  }

  private static func memory(_ index: Int?, _ soc: SoCDescription) -> Memory {
    var memory = Memory()
    guard let index else { return memory }
    let described = soc.memories[index]
    memory.readDelay = described.readDelay
    memory.writeDelay = described.writeDelay
    memory.bitsPerCycle = described.type == .dram ? described.bandwidthBitsPerCycle : 0
    memory.banks = described.banks
    memory.ports = described.ports
    memory.index = index
    return memory
  }

  private static func array(
    _ accelerator: AcceleratorDescription, load: Int?, _ soc: SoCDescription
  ) -> Array? {
    let harts = soc.cpu?.harts ?? 1
    func dma(_ index: Int) -> DMA {
      var dma = DMA()
      dma.portBytes = soc.dmas[index].portSize / 8
      dma.outstanding = soc.dmas[index].outstanding
      dma.burstBeats = soc.dmas[index].maxBurstBeats
      dma.initiator = index + harts
      return dma
    }
    func fed(_ name: String, _ port: String) -> DMA? {
      soc.dmas.firstIndex {
        $0.direction == .toModule && $0.destinationModule == name && $0.destinationPort == port
      }.map(dma)
    }
    let output = "\(accelerator.name).out"
    let vector = soc.accelerators.first { other in
      other.kindName == "VectorUnit"
        && other.inputs.contains { $0.key == "in" && $0.value == output }
    }
    let last = vector?.name ?? accelerator.name
    guard let input = fed(accelerator.name, "in1"), let weights = fed(accelerator.name, "in2"),
      let drain = soc.dmas.firstIndex(where: {
        $0.direction == .fromModule && $0.sourceModule == last
      })
    else { return nil }
    let arguments = accelerator.arguments
    var array = Array()
    array.isWeightStationary = accelerator.kindName == "WSArray"
    array.rows = arguments[integer: "YDIM"]
    array.columns = arguments[integer: "XDIM"]
    array.elementBytes = arguments.operandType.bits / 8
    array.accumulatorRows = max(1, arguments[integer: "ACC_ROWS"])
    array.isDoubleBuffered = arguments[flag: "DOUBLE_BUFFER"]
    array.input = input
    array.weights = weights
    array.output = dma(drain)
    array.load = load.map(dma)
    array.hasVectorUnit = vector != nil
    if let vector {
      array.lanes = max(1, vector.arguments[integer: "LANES"])
      array.side = fed(vector.name, "side") ?? input
    }
    return array
  }
}

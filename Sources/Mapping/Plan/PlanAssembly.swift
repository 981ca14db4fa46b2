internal import Networks

/// Places everything in memory and writes all commands.
struct PlanAssembly {
  private let graph: Graph
  private let platform: Platform
  private let options: Mapper.Options
  private let steps: [MappingStep]
  private let placement: ValuePlacement
  private let main: Platform.Memory
  private let memory: MemoryPlan
  private let chooser: [String: ScheduleChooser]
  private var emitter = ArrayEmitter()
  private var stream = CommandStream()
  private var tracker = MemoryTracker()
  private var pool: ConstantPool
  private var constantViews: [String: TensorView] = [:]
  private var layers: [PlannedLayer] = []
  private var scratchBytes = 0

  init(
    _ graph: Graph, _ platform: Platform, _ options: Mapper.Options, _ main: Platform.Memory,
    _ steps: [MappingStep], _ placement: ValuePlacement
  ) throws(NetworkError) {
    self.graph = graph
    self.platform = platform
    self.options = options
    self.steps = steps
    self.placement = placement
    self.main = main
    let layout = try ScratchpadLayout(platform, steps, placement, main)
    memory = layout.memory
    var chooser: [String: ScheduleChooser] = [:]
    for array in platform.arrays {
      let name = array.device.name
      emitter.inputBuffers[name] = layout.inputs[name]
      emitter.weightBuffers[name] = layout.weights[name]
      chooser[name] = ScheduleChooser(
        inputCapacity: layout.inputs[name]?.capacity ?? 0,
        weightCapacity: layout.weights[name]?.capacity ?? 0,
        inputMemory: layout.inputMemory, weightMemory: layout.weightMemory)
    }
    self.chooser = chooser
    emitter.leavesWeightsOut = options.leavesWeightsOut
    pool = ConstantPool(base: (main.base + UInt32(memory.mainBytes)).alignedToBus)
  }

  /// Writes everything.
  mutating func run() throws(NetworkError) -> MappedNetwork {
    for step in steps {
      stream.layer = layers.count
      switch step {
      case .array(let layer, let index, let choice):
        try emit(layer, platform.arrays[index], choice)
      case .core(let node): try emit(node)
      }
    }
    let base = (pool.base + UInt32(pool.count) + 63) / 64 * 64
    let image = PlanImage(stream, at: base)
    let end = UInt64(base) + UInt64(image.bytes.count)
    let limit = UInt64(main.base) + UInt64(main.byteCount)
    guard end <= limit else {
      throw NetworkError(
        "feature maps (\(memory.mainBytes) bytes), weights (\(pool.count)) and plan (\(image.bytes.count)) do not fit in memory '\(main.name)': \(end - limit) bytes too many",
        suggestion: "enlarge memories.\(main.name).length")
    }
    var featureBytes: [String: Int] = [:]
    for region in memory.regions {
      let base = platform.memories.first { $0.name == region.memory }?.base ?? 0
      featureBytes[region.memory] = max(
        featureBytes[region.memory] ?? 0, Int(region.address - base) + region.byteCount)
    }
    return MappedNetwork(
      plan: MappedNetwork.Segment(memory: main.name, address: base, bytes: image.bytes),
      constants: MappedNetwork.Segment(
        memory: main.name, address: pool.base, bytes: options.leavesWeightsOut ? [] : pool.bytes),
      constantPieces: pool.pieces.map {
        MappedNetwork.Segment(
          memory: main.name, address: pool.base + UInt32($0.offset), bytes: $0.data)
      },
      inputs: try ports(graph.typed.network.inputs.map(\.name)),
      outputs: try ports(graph.typed.network.outputs), layers: layers,
      featureBytes: featureBytes,
      work: stream.plannedWork, tags: stream.tags, scratchBytes: scratchBytes)
  }

  private func ports(_ names: [String]) throws(NetworkError) -> [MappedNetwork.Port] {
    var ports: [MappedNetwork.Port] = []
    for name in names {
      guard let view = view(name), let region = region(name) else {
        throw NetworkError(
          "'\(name)' is known without running the network",
          suggestion: "take it out of the outputs")
      }
      ports.append(MappedNetwork.Port(name: name, view: view, memory: region.memory))
    }
    return ports
  }

  // MARK: Places

  private func region(_ value: String) -> Region? {
    placement.places[value].map { memory.regions[$0.buffer] }
  }

  private func view(_ value: String) -> TensorView? {
    guard let place = placement.places[value], let region = region(value) else { return nil }
    let type = graph.type(value)
    return TensorView(
      address: region.address + UInt32(place.offset), element: type.element, shape: type.shape,
      strides: place.strides)
  }

  private func isOnChip(_ region: Region) -> Bool {
    platform.memories.contains { $0.name == region.memory && !$0.isDRAM }
  }

  /// The pixels of a value that an array layer takes or makes.
  private func pixels(_ value: String, rows: Int) throws(NetworkError) -> PixelView {
    guard let view = view(value), let region = region(value) else {
      throw NetworkError("'\(value)' has no place in memory")
    }
    let isMap = view.shape.count == 4 && view.strides != TensorView.rowMajor(view.shape)
    let pixels =
      isMap || placement.strides(of: value) != TensorView.rowMajor(view.shape)
      ? PixelView(channelsLast: view, in: region)
      : PixelView(rows: rows, of: view, in: region) ?? PixelView(channelsLast: view, in: region)
    guard let pixels else {
      throw NetworkError("'\(value)' has a layout that arrays cannot read")
    }
    return pixels
  }

  // MARK: Layers on arrays

  private mutating func emit(
    _ layer: ArrayLayer, _ array: Platform.Array, _ choice: LayerChoice
  ) throws(NetworkError) {
    if layer.isVectorOnly { return try emitVector(layer, array) }
    let geometry = layer.geometry
    let isMap = geometry.kernelWidth > 1 || geometry.kernelHeight > 1 || layer.isConvolution(graph)
    func place(_ value: String, rows: Int) throws(NetworkError) -> PixelView {
      if isMap, let view = view(value), let region = region(value),
        let pixels = PixelView(channelsLast: view, in: region)
      {
        return pixels
      }
      return try pixels(value, rows: rows)
    }
    let input = try place(layer.input, rows: geometry.width)
    let output = try place(layer.output, rows: geometry.width)
    var side: PixelView?
    if let value = layer.vector?.side { side = try place(value, rows: geometry.width) }
    var weights: PixelView?
    if let value = layer.weightsValue { weights = try pixels(value, rows: geometry.channels) }
    var schedule = ArraySchedule(
      layer, on: array, inputPitch: input.pixelPitch / array.element.byteCount)
    guard let chooser = chooser[array.device.name] else { return }
    let isResident = isOnChip(input.region)
    try chooser.choose(&schedule, choice, view: input, isResident: isResident)
    emitter.emit(
      schedule,
      ArrayEmitter.Places(input: input, output: output, side: side, weights: weights),
      to: &stream, &tracker, &pool)
    layers.append(planned(schedule, chooser, input, output))
  }

  /// A layer of the vector unit alone.
  private mutating func emitVector(
    _ layer: ArrayLayer, _ array: Platform.Array
  ) throws(NetworkError) {
    let geometry = layer.geometry
    func place(_ value: String) throws(NetworkError) -> PixelView {
      if let view = view(value), let region = region(value),
        let pixels = PixelView(channelsLast: view, in: region)
      {
        return pixels
      }
      return try pixels(value, rows: geometry.pixels)
    }
    let input = try place(layer.input)
    var side: PixelView?
    if let value = layer.vector?.side { side = try place(value) }
    let output = try place(layer.output)
    emitter.emitVector(
      layer, on: array,
      ArrayEmitter.Places(input: input, output: output, side: side, weights: nil), to: &stream,
      &tracker, &pool)
    var choice = LayerChoice()
    choice.engine = array.vector?.device.name
    choice.fused = layer.nodes.dropFirst().map { graph.nodes[$0].name }
    let result = graph.type(layer.output)
    layers.append(
      PlannedLayer(
        name: layer.name, kind: graph.nodes[layer.nodes[0]].operator.name, choice: choice,
        macs: 0, cycles: 0, dramBytes: 0, memory: output.region.memory, address: output.address,
        byteCount: result.byteCount))
  }

  private func planned(
    _ schedule: ArraySchedule, _ chooser: ScheduleChooser, _ input: PixelView, _ output: PixelView
  ) -> PlannedLayer {
    let layer = schedule.layer
    var choice = LayerChoice()
    choice.engine = schedule.array.device.name
    choice.order = schedule.order
    choice.tileRows = schedule.tileRows
    choice.groupStrips = schedule.groupStrips
    choice.input = schedule.input
    choice.weights = schedule.weights
    choice.fused = layer.nodes.dropFirst().map { graph.nodes[$0].name }
    let result = graph.type(layer.output)
    var bytes =
      chooser.inputTraffic(schedule, input, schedule.order)
      + chooser.weightTraffic(schedule, schedule.order)
    if !isOnChip(output.region) { bytes += result.byteCount }
    if let side = layer.vector?.side, let region = region(side), !isOnChip(region) {
      bytes += graph.type(side).byteCount
    }
    return PlannedLayer(
      name: layer.name, kind: graph.nodes[layer.nodes[0]].operator.name, choice: choice,
      macs: layer.geometry.macs, cycles: schedule.cycles, dramBytes: bytes,
      memory: output.region.memory, address: output.address, byteCount: result.byteCount)
  }

  // MARK: Nodes on the core

  private mutating func emit(_ index: Int) throws(NetworkError) {
    if placement.views.contains(index) { return }
    let node = graph.nodes[index]
    var inputs: [TensorView?] = []
    var constants: [Tensor?] = []
    for (position, name) in node.inputs.enumerated() {
      let constant = graph.constant(name)
      constants.append(constant)
      if let constant {
        inputs.append(
          CoreLowering.needsConstantView(node, position) ? constantView(name, constant) : nil)
      } else {
        inputs.append(name.isEmpty ? nil : view(name))
      }
    }
    var outputs: [TensorView] = []
    var regions: [Region] = []
    for name in node.outputs {
      guard let view = view(name), let region = region(name) else {
        throw NetworkError("a result is missing", place: node.place)
      }
      outputs.append(view)
      regions.append(region)
    }
    let kernels: [CoreKernel]
    do {
      kernels = try CoreLowering.kernels(
        node, inputs: inputs, constants: constants, outputs: outputs, pool: &pool)
    } catch {
      throw error.at(node.place)
    }
    let sources = node.inputs.filter { graph.constant($0) == nil }.compactMap { region($0) }
    var waits = sources.flatMap { tracker.readWaits($0) }
    waits += regions.flatMap { tracker.writeWaits($0) }
    scratchBytes = max(scratchBytes, kernels.map(\.scratchBytes).max() ?? 0)
    var last: Wait?
    for (position, kernel) in kernels.enumerated() {
      last = stream.add(
        kernel: kernel, tag: position == 0 ? node.name : nil,
        waits: position == 0 ? waits.filter { $0.engine != CommandStream.core } : [])
    }
    guard let last else { return }
    for region in sources { tracker.read(region, by: last) }
    for region in regions { tracker.write(region, by: last) }
    layers.append(
      PlannedLayer(
        name: node.name, kind: node.operator.name, choice: coreChoice,
        macs: kernels.reduce(0) { $0 + $1.macs }, cycles: 0, dramBytes: 0,
        memory: regions.first?.memory ?? "", address: outputs.first?.address ?? 0,
        byteCount: outputs.first?.byteExtent ?? 0))
  }

  private var coreChoice: LayerChoice {
    var choice = LayerChoice()
    choice.engine = "core"
    return choice
  }

  private mutating func constantView(_ name: String, _ tensor: Tensor) -> TensorView {
    if let view = constantViews[name] { return view }
    let address = pool.add(tensor.littleEndianBytes, alignment: 16)
    let view = TensorView(
      address: address, element: tensor.type.element, shape: tensor.shape,
      strides: TensorView.rowMajor(tensor.shape))
    constantViews[name] = view
    return view
  }
}

extension ArrayLayer {
  /// Whether the product's node moves a window over feature maps.
  fileprivate func isConvolution(_ graph: Graph) -> Bool {
    switch graph.nodes[nodes[0]].operator {
    case .convolution, .qLinearConvolution: true
    default: false
    }
  }
}

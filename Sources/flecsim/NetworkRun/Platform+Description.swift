internal import Fabric
internal import Interconnect
internal import Mapping
internal import Networks
internal import RISCV
internal import SoC

extension Platform {
  /// What a plan may use of a described SoC.
  ///
  /// - Parameter program: the runtime, whose memory the plan leaves alone.
  init(_ soc: SoCDescription, program: Program) {
    var remarks: [String] = []
    let memories = soc.memories.compactMap { memory -> Memory? in
      guard memory.address < UInt64(UInt32.max) else { return nil }
      let end = memory.address + memory.length
      var first = memory.address
      for segment in program.image.segments where segment.address < end {
        let last = segment.address + segment.memorySize
        if last > memory.address { first = max(first, last) }
      }
      if let stack = program.image.address(of: "__stack_top"), memory.address < stack, stack <= end
      {
        first = max(first, stack)
      }
      for file in soc.files where file.memory == memory.name {
        let bytes = UInt64((file.items ?? 0) * file.dataType.byteCount)
        first = max(first, file.address + bytes)
      }
      first = (first + 255) / 256 * 256
      guard first < end else { return nil }
      let bytes = min(end, UInt64(UInt32.max)) - first
      return Memory(
        name: memory.name, isDRAM: memory.type == .dram, base: UInt32(first),
        byteCount: Int(bytes))
    }
    let loader = soc.dmas.filter { $0.direction == .memory }
    var arrays: [Array] = []
    for accelerator in soc.accelerators {
      switch Self.array(accelerator, in: soc, loaders: loader) {
      case .success(let array): arrays.append(array)
      case .failure(.irrelevant): break
      case .failure(.incomplete(let reason)):
        remarks.append("'\(accelerator.name)' is not used for the network: \(reason)")
      }
    }
    self.init(
      name: soc.name, memories: memories, arrays: arrays,
      remarks: remarks)
  }

  /// Why an accelerator is not used.
  private enum Unusable: Error {
    case irrelevant
    case incomplete(String)
  }

  private static func array(
    _ accelerator: AcceleratorDescription, in soc: SoCDescription, loaders: [DMADescription]
  ) -> Result<Array, Unusable> {
    guard accelerator.external == nil,
      accelerator.kindName == "OSArray" || accelerator.kindName == "WSArray",
      let map = accelerator.kind?.registerMap
    else { return .failure(.irrelevant) }
    let element: Networks.ElementType
    switch accelerator.arguments.operandType {
    case .int8: element = .int8
    case .fp32: element = .float32
    case .int16: return .failure(.incomplete("networks have no operands of int16"))
    }
    func fed(_ name: String, _ port: String) -> DMA? {
      soc.dmas.first {
        $0.direction == .toModule && $0.acceleratorName == name && $0.acceleratorPort == port
      }
      .flatMap { dma($0, soc) }
    }
    func drained(_ name: String) -> DMA? {
      soc.dmas.first { $0.direction == .fromModule && $0.acceleratorName == name }
        .flatMap { dma($0, soc) }
    }
    let vector = soc.accelerators.first { other in
      other.kindName == "VectorUnit"
        && other.inputs.contains { $0.value == "\(accelerator.name).out" && $0.key == "in" }
    }
    guard let input = fed(accelerator.name, "in1"), let weights = fed(accelerator.name, "in2")
    else {
      return .failure(.incomplete("a DMA to 'in1' and one to 'in2' are needed"))
    }
    guard let output = drained(vector?.name ?? accelerator.name) else {
      return .failure(.incomplete("a DMA from '\(vector?.name ?? accelerator.name)' is needed"))
    }
    guard let device = device(accelerator.name, accelerator.address, map, soc) else {
      return .failure(.incomplete("it has no interrupt, or lies beyond 4 GiB"))
    }
    // Arrays in the order of the file take memory DMAs in the order of the file.
    let position =
      soc.accelerators.filter { $0.kindName == "OSArray" || $0.kindName == "WSArray" }
      .firstIndex { $0.name == accelerator.name } ?? 0
    let load = loaders.isEmpty ? nil : dma(loaders[position % loaders.count], soc)
    var unit: VectorUnit?
    if let vector, let vectorMap = vector.kind?.registerMap,
      let vectorDevice = Self.device(vector.name, vector.address, vectorMap, soc)
    {
      unit = VectorUnit(
        device: vectorDevice, lanes: vector.arguments[integer: "LANES"],
        maximumWidth: vector.arguments[integer: "MAX_WIDTH"], side: fed(vector.name, "side"))
    }
    return .success(
      Array(
        device: device,
        dataflow: accelerator.kindName == "OSArray" ? .outputStationary : .weightStationary,
        rows: accelerator.arguments[integer: "YDIM"],
        columns: accelerator.arguments[integer: "XDIM"], element: element,
        accumulatorRows: max(1, accelerator.arguments[integer: "ACC_ROWS"]), input: input,
        weights: weights, output: output, load: load, vector: unit))
  }

  private static func dma(_ dma: DMADescription, _ soc: SoCDescription) -> DMA? {
    device(dma.name, dma.address, DMARegister.map, soc).map {
      DMA(device: $0, portBytes: dma.portSize / 8)
    }
  }

  private static func device(
    _ name: String, _ address: UInt64, _ map: RegisterMap, _ soc: SoCDescription
  ) -> Device? {
    guard let interrupt = soc.interruptSource(of: name), address < UInt64(UInt32.max) else {
      return nil
    }
    var offsets: [String: UInt32] = [:]
    for register in map.registers { offsets[register.name] = UInt32(register.offset) }
    return Device(
      name: name, base: UInt32(address), interrupt: interrupt, offsets: offsets)
  }
}

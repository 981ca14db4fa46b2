internal import Estimation
internal import SoC

extension SystemShape {
  /// What counts of actions need to know of a described SoC.
  init(_ soc: SoCDescription) {
    self.init(
      busBytes: soc.crossbar.widthBits / 8,
      memories: soc.memories.map { memory in
        Memory(
          name: memory.name, address: memory.address, byteCount: memory.length,
          isDRAM: memory.type == .dram, ports: memory.ports, banks: memory.banks)
      },
      dmas: soc.dmas.map { dma in
        let direction: DMA.Direction =
          switch dma.direction {
          case .toModule: .toStream
          case .fromModule: .fromStream
          case .memory: .memoryToMemory
          }
        return DMA(
          name: dma.name, direction: direction, portBytes: dma.portSize / 8,
          maximumBurstBeats: dma.maxBurstBeats, outstanding: dma.outstanding)
      },
      arrays: soc.accelerators.compactMap { Self.array($0) },
      vectorUnits: soc.accelerators.compactMap { unit in
        guard unit.kindName == "VectorUnit", unit.external == nil else { return nil }
        return VectorUnit(
          name: unit.name, lanes: unit.arguments[integer: "LANES"],
          isFloat: unit.arguments.operandType == .fp32)
      },
      core: soc.cpu?.hartNames.first ?? "cpu",
      interruptController: soc.peripherals.first { $0.kindName == "PLIC" }?.name,
      marker: soc.peripherals.first { $0.kindName == "Marker" }?.name)
  }

  private static func array(_ accelerator: AcceleratorDescription) -> Array? {
    guard accelerator.external == nil else { return nil }
    let dataflow: Array.Dataflow
    switch accelerator.kindName {
    case "OSArray": dataflow = .outputStationary
    case "WSArray": dataflow = .weightStationary
    default: return nil
    }
    let arguments = accelerator.arguments
    let operandBytes =
      switch arguments.operandType {
      case .int8: 1
      case .int16: 2
      case .fp32: 4
      }
    let columns = arguments[integer: "XDIM"]
    let outBits = arguments[integer: "OUT_BITS"]
    return Array(
      name: accelerator.name, dataflow: dataflow, rows: arguments[integer: "YDIM"],
      columns: columns, isFloat: arguments.operandType == .fp32, operandBytes: operandBytes,
      outBytes: outBits > 0 ? outBits / 8 : columns * operandBytes,
      accumulatorRows: max(1, arguments[integer: "ACC_ROWS"]),
      isDoubleBuffered: arguments[flag: "DOUBLE_BUFFER"])
  }
}

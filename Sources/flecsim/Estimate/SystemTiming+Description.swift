internal import Estimation
internal import Mapping
internal import SoC

extension SystemTiming {
  /// What a described SoC's times depend on.
  init(_ description: SoCDescription, _ platform: Platform, core: CoreTiming) {
    self.init(
      busBytes: description.crossbar.widthBits / 8,
      crossbarLatency: description.crossbar.latencyCycles,
      crossbarOutstanding: description.crossbar.outstanding,
      isRoundRobin: description.crossbar.arbitration == .roundRobin,
      memories: description.memories.map {
        Memory(
          base: $0.address, length: $0.length, readDelay: $0.readDelay, writeDelay: $0.writeDelay,
          bitsPerCycle: $0.type == .dram ? $0.bandwidthBitsPerCycle : nil, banks: $0.banks,
          ports: $0.ports)
      },
      dmas: description.dmas.enumerated().map { index, dma in
        DMA(
          name: dma.name, portBytes: dma.portSize / 8, outstanding: dma.outstanding,
          burstBeats: dma.maxBurstBeats, initiator: index + (description.cpu?.harts ?? 1))
      },
      arrays: platform.arrays.map { array in
        let accelerator = description.accelerators.first { $0.name == array.device.name }
        return Array(
          name: array.device.name, isWeightStationary: array.dataflow == .weightStationary,
          rows: array.rows, columns: array.columns,
          isDoubleBuffered: accelerator?.arguments[flag: "DOUBLE_BUFFER"] ?? true,
          input: array.input.device.name, weights: array.weights.device.name,
          output: array.output.device.name, vector: array.vector?.device.name,
          side: array.vector?.side?.device.name,
          outBytes: (accelerator?.arguments[integer: "OUT_BITS"] ?? 8 * array.columns) / 8)
      },
      core: core)
  }
}

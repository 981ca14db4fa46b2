import Accelerators
import Estimation
import Fabric
import Foundation
import Interconnect
import Mapping
import ModelZoo
import Networks
import Reference
import Testing

/// Tiny-Darknet in binary32 on an output-stationary array of 16 × 16, planned as for the recorded
/// run.
enum PlannedWork {
  /// The SoC of the recorded run, `Configs/npu/os-fp32-16x16.json`; its firmware leaves the memory
  /// from `base` on.
  static let platform: Platform = {
    let dram = Platform.Memory(
      name: "dram", isDRAM: true, base: 2_147_863_552, byteCount: 133_837_824)
    let act = Platform.Memory(
      name: "act", isDRAM: false, base: 0x2000_0000, byteCount: 2 << 20)
    let wgt = Platform.Memory(
      name: "wgt", isDRAM: false, base: 0x2100_0000, byteCount: 1 << 20)
    var devices = 0
    func device(_ name: String, _ map: RegisterMap) -> Platform.Device {
      devices += 1
      var offsets: [String: UInt32] = [:]
      for register in map.registers { offsets[register.name] = UInt32(register.offset) }
      return Platform.Device(
        name: name, base: 0x4000_0000 + UInt32(devices) * 0x4000, interrupt: devices,
        offsets: offsets)
    }
    func dma(_ name: String) -> Platform.DMA {
      Platform.DMA(device: device(name, DMARegister.map), portBytes: 64)
    }
    let vector = Platform.VectorUnit(
      device: device("vec", VectorUnitRegisterMap.map), lanes: 16, maximumWidth: 256,
      side: dma("dma_side"))
    let array = Platform.Array(
      device: device("array", ArrayRegisterMap.outputStationary), dataflow: .outputStationary,
      rows: 16, columns: 16, element: .float32, accumulatorRows: 1, input: dma("dma_in"),
      weights: dma("dma_wgt"), output: dma("dma_out"), load: dma("dma_load"), vector: vector)
    return Platform(name: "os-fp32-16x16", memories: [dram, act, wgt], arrays: [array])
  }()

  /// What counts need of it.
  static let shape: SystemShape = {
    func dma(_ name: String, _ direction: SystemShape.DMA.Direction) -> SystemShape.DMA {
      SystemShape.DMA(
        name: name, direction: direction, portBytes: 64, maximumBurstBeats: 16, outstanding: 32)
    }
    return SystemShape(
      busBytes: 64,
      memories: [
        SystemShape.Memory(
          name: "dram", address: 0x8000_0000, byteCount: 128 << 20, isDRAM: true),
        SystemShape.Memory(name: "act", address: 0x2000_0000, byteCount: 2 << 20, isDRAM: false),
        SystemShape.Memory(name: "wgt", address: 0x2100_0000, byteCount: 1 << 20, isDRAM: false),
      ],
      dmas: [
        dma("dma_in", .toStream), dma("dma_out", .fromStream), dma("dma_side", .toStream),
        dma("dma_load", .memoryToMemory), dma("dma_wgt", .toStream),
      ],
      arrays: [
        SystemShape.Array(
          name: "array", dataflow: .outputStationary, rows: 16, columns: 16, isFloat: true,
          operandBytes: 4, outBytes: 64)
      ], vectorUnits: [SystemShape.VectorUnit(name: "vec", lanes: 16, isFloat: true)])
  }()

  /// The plan; made once.
  static func mapped() throws -> MappedNetwork { try plan.get() }

  private static let plan = Result { try makePlan() }

  private static func makePlan() throws -> MappedNetwork {
    let model = try #require(ZooModel.named("tiny-darknet"))
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    var options = Mapper.Options()
    options.leavesWeightsOut = true
    return try Mapper(platform: platform, options: options).plan(
      try model.network(installation: root.path).typed())
  }
}

/// Commands like those of a plan, with fields of a test's own choice.
struct WorkPatterns {
  /// An im2col view.
  let window: TransferShape
  /// Nested dimensions.
  let nested: TransferShape
  /// A job of the array.
  let job: ArrayJobShape
  /// A job of the vector unit that pools.
  let vector: VectorJobShape
  private let engine: EngineWork
  private let command: PlannedCommand

  /// Takes them from the plan; the suite's tests share one.
  static let shared = Result { try WorkPatterns(PlannedWork.mapped()) }

  private init(_ mapped: MappedNetwork) throws {
    func work(of name: String) throws -> [PlannedCommand] {
      try #require(mapped.work.first { $0.name == name }).commands
    }
    func transfers(of name: String) throws -> [TransferShape] {
      try work(of: name).flatMap { command -> [TransferShape] in
        if case .transfer(let chain) = command.work { chain } else { [] }
      }
    }
    engine = try #require(mapped.work.first { $0.name == "dma_in" })
    command = try #require(engine.commands.first)
    window = try #require(try transfers(of: "dma_in").first { $0.window != nil })
    nested = try #require(try transfers(of: "dma_wgt").first { $0.window == nil })
    job = try #require(
      try work(of: "array").lazy.compactMap { command -> ArrayJobShape? in
        if case .job(let job) = command.work { job } else { nil }
      }.first)
    vector = try #require(
      try work(of: "vec").lazy.compactMap { command -> VectorJobShape? in
        guard case .vector(let job) = command.work, job.pool != nil else { return nil }
        return job
      }.first)
  }

  /// Counts what an engine does that carries out these commands.
  func count(
    _ work: [CommandWork], on name: String, kind: EngineWork.Kind, shape: SystemShape
  ) -> [String: ModuleActivity] {
    var engine = engine
    engine.name = name
    engine.kind = kind
    engine.commands = work.map { work in
      var command = command
      command.tag = nil
      command.layer = 0
      command.values = 0
      command.work = work
      return command
    }
    return ActionCounts.count([engine], shape: shape, layers: 1).layers[0]
  }
}

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

@Suite("Replay of weight-stationary jobs")
struct WeightStationaryReplayTests {
  /// Tiny-Darknet in binary32 on a weight-stationary array of 16 × 16.
  private static func mapped() throws -> MappedNetwork {
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
      device: device("array", ArrayRegisterMap.weightStationary), dataflow: .weightStationary,
      rows: 16, columns: 16, element: .float32, accumulatorRows: 512, input: dma("dma_in"),
      weights: dma("dma_wgt"), output: dma("dma_out"), load: dma("dma_load"), vector: vector)
    var options = Mapper.Options()
    options.leavesWeightsOut = true
    var root = URL(fileURLWithPath: #filePath)
    for _ in 0..<4 { root.deleteLastPathComponent() }
    let model = try #require(ZooModel.named("tiny-darknet"))
    return try Mapper(
      platform: Platform(
        name: "ws-fp32-16x16", memories: PlannedWork.platform.memories, arrays: [array]),
      options: options
    ).plan(try model.network(installation: root.path).typed())
  }

  private static let timing: SystemTiming = {
    func dma(_ name: String, _ initiator: Int) -> SystemTiming.DMA {
      SystemTiming.DMA(
        name: name, portBytes: 64, outstanding: 32, burstBeats: 16, initiator: initiator)
    }
    return SystemTiming(
      busBytes: 64, crossbarLatency: 1, crossbarOutstanding: 32,
      memories: [
        SystemTiming.Memory(
          base: 0x8000_0000, length: 128 << 20, readDelay: 30, writeDelay: 30, bitsPerCycle: 512,
          banks: 1, ports: 1),
        SystemTiming.Memory(
          base: 0x2000_0000, length: 2 << 20, readDelay: 1, writeDelay: 1, bitsPerCycle: nil,
          banks: 8, ports: 4),
        SystemTiming.Memory(
          base: 0x2100_0000, length: 1 << 20, readDelay: 1, writeDelay: 1, bitsPerCycle: nil,
          banks: 4, ports: 2),
      ],
      dmas: [
        dma("dma_in", 1), dma("dma_out", 2), dma("dma_side", 3), dma("dma_load", 4),
        dma("dma_wgt", 5),
      ],
      arrays: [
        SystemTiming.Array(
          name: "array", isWeightStationary: true, rows: 16, columns: 16, isDoubleBuffered: true,
          input: "dma_in", weights: "dma_wgt", output: "dma_out", vector: "vec", side: "dma_side",
          outBytes: 64)
      ], core: CoreTiming(runtime: RuntimeCost(), instruction: 1, latency: 1))
  }()

  @Test(
    "Weights are done when the last pass has them, before its vectors", arguments: Replay.allCases)
  func weights(replay: Replay) throws {
    let mapped = try Self.mapped()
    func engine(_ name: String) throws -> Int {
      try #require(mapped.work.firstIndex { $0.name == name })
    }
    let (array, weights) = (try engine("array"), try engine("dma_wgt"))
    let result = replay.run(mapped, Self.timing, kernel: 5000)
    var next = 0
    var checked = 0
    for (place, command) in mapped.work[weights].commands.enumerated() {
      guard case .transfer(let shapes) = command.work else { continue }
      // As many jobs as the transfer has strips.
      next += shapes.reduce(0) { $0 + ($1.alignsRows ? $1.counts[3] : $1.counts[2]) }
      guard case .job(let job) = mapped.work[array].commands[next - 1].work, job.passes > 1 else {
        continue
      }
      let last = job.rows - (job.rows - 1) / job.tileRows * job.tileRows
      guard last > 3 * job.depth else { continue }
      checked += 1
      let before =
        result.completions[array][next - 1] - result.completions[weights][place]
      #expect(before >= Double(last), "command \(place)")
    }
    #expect(checked > 3)
  }
}

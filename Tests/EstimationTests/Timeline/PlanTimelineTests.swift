import Estimation
import Mapping
import Testing

@Suite("Replay of a plan")
struct PlanTimelineTests {
  /// The SoC of ``PlannedWork``.
  private static func timing(
    readDelay: Int = 30, command: Int = 0, wake: Int = 0
  ) -> SystemTiming {
    var runtime = RuntimeCost()
    runtime.command.base = command
    runtime.wake = wake
    func dma(_ name: String, _ initiator: Int) -> SystemTiming.DMA {
      SystemTiming.DMA(
        name: name, portBytes: 64, outstanding: 32, burstBeats: 16, initiator: initiator)
    }
    return SystemTiming(
      busBytes: 64, crossbarLatency: 1,
      memories: [
        SystemTiming.Memory(
          base: 0x8000_0000, length: 128 << 20, readDelay: readDelay, writeDelay: 30,
          bitsPerCycle: 128, banks: 1, ports: 1),
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
          name: "array", isWeightStationary: false, rows: 16, columns: 16, isDoubleBuffered: true,
          input: "dma_in", weights: "dma_wgt", output: "dma_out", vector: "vec", side: "dma_side")
      ], core: CoreTiming(runtime: runtime, instruction: 1, latency: 1))
  }

  private static func replay(_ timing: SystemTiming, kernel: Double = 5000) throws
    -> (mapped: MappedNetwork, result: PlanTimeline.Result)
  {
    let mapped = try PlannedWork.mapped()
    let count = mapped.work.first?.commands.count ?? 0
    var timeline = PlanTimeline(
      work: mapped.work, tagCount: mapped.tags.count, timing: timing,
      kernelCycles: [Double](repeating: kernel, count: count))
    return (mapped, timeline.run())
  }

  @Test("Every command is carried out, behind those that it waits for, two at a time")
  func order() throws {
    let (mapped, result) = try Self.replay(Self.timing())
    for (index, engine) in mapped.work.enumerated() {
      let (starts, ends) = (result.starts[index], result.completions[index])
      try #require(starts.count == engine.commands.count && ends.count == starts.count)
      for (place, command) in engine.commands.enumerated() {
        #expect(ends[place] > starts[place])
        if place > 0 { #expect(ends[place] >= ends[place - 1]) }
        if place > 1, index > 0 { #expect(starts[place] > ends[place - 2]) }
        for wait in command.dependencies where wait.count > 0 {
          #expect(starts[place] > result.completions[wait.engine][wait.count - 1])
        }
      }
    }
  }

  @Test("Layers add up to the whole, and none takes less than its array needs")
  func layers() throws {
    let (mapped, result) = try Self.replay(Self.timing())
    #expect(result.cycles == result.untagged + result.tags.reduce(0, +))
    for layer in mapped.layers where layer.cycles > 0 {
      let tag = try #require(mapped.tags.firstIndex(of: layer.name))
      // The layer before ends when its last result has left, this one has begun by then.
      #expect(Double(result.tags[tag]) > 0.97 * Double(layer.cycles), "\(layer.name)")
    }
  }

  @Test("Slower memories, a slower core and longer kernels never make a plan faster")
  func monotonic() throws {
    let plain = try Self.replay(Self.timing()).result.cycles
    #expect(try Self.replay(Self.timing(readDelay: 300)).result.cycles > plain)
    #expect(try Self.replay(Self.timing(command: 500)).result.cycles > plain)
    #expect(try Self.replay(Self.timing(wake: 2000)).result.cycles > plain)
    #expect(try Self.replay(Self.timing(), kernel: 50_000).result.cycles > plain)
  }
}

import Estimation
import Mapping
import Testing

/// The two ways to replay a plan.
enum Replay: CaseIterable {
  /// Job by job.
  case jobs
  /// Beat by beat.
  case beats

  func run(
    _ mapped: MappedNetwork, _ timing: SystemTiming, kernel: Double
  ) -> PlanTimeline.Result {
    let kernels = [Double](repeating: kernel, count: mapped.work.first?.commands.count ?? 0)
    switch self {
    case .jobs:
      var timeline = PlanTimeline(
        work: mapped.work, tagCount: mapped.tags.count, timing: timing, kernelCycles: kernels)
      return timeline.run()
    case .beats:
      return BeatTimeline.run(
        work: mapped.work, tagCount: mapped.tags.count, timing: timing, kernelCycles: kernels)
    }
  }
}

@Suite("Replay of a plan")
struct PlanTimelineTests {
  /// The SoC of ``PlannedWork``.
  private static func timing(
    readDelay: Int = 30, command: Int = 0, wake: Int = 0, crossbarLatency: Int = 1
  ) -> SystemTiming {
    var runtime = RuntimeCost()
    runtime.command.base = command
    runtime.wake = wake
    func dma(_ name: String, _ initiator: Int) -> SystemTiming.DMA {
      SystemTiming.DMA(
        name: name, portBytes: 64, outstanding: 32, burstBeats: 16, initiator: initiator)
    }
    return SystemTiming(
      busBytes: 64, crossbarLatency: crossbarLatency, crossbarOutstanding: 32,
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
          input: "dma_in", weights: "dma_wgt", output: "dma_out", vector: "vec", side: "dma_side",
          outBytes: 64)
      ], core: CoreTiming(runtime: runtime, instruction: 1, latency: 1))
  }

  private static func replay(
    _ replay: Replay, _ timing: SystemTiming, kernel: Double = 5000
  ) throws -> (mapped: MappedNetwork, result: PlanTimeline.Result) {
    let mapped = try PlannedWork.mapped()
    return (mapped, replay.run(mapped, timing, kernel: kernel))
  }

  @Test(
    "Every command is carried out, behind those that it waits for, two at a time",
    arguments: Replay.allCases)
  func order(replay: Replay) throws {
    let (mapped, result) = try Self.replay(replay, Self.timing())
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

  @Test(
    "Layers add up to the whole, and none takes less than its array needs",
    arguments: Replay.allCases)
  func layers(replay: Replay) throws {
    let (mapped, result) = try Self.replay(replay, Self.timing())
    #expect(result.cycles == result.untagged + result.tags.reduce(0, +))
    for layer in mapped.layers where layer.cycles > 0 {
      let tag = try #require(mapped.tags.firstIndex(of: layer.name))
      // The layer before ends when its last result has left, this one has begun by then.
      #expect(Double(result.tags[tag]) > 0.97 * Double(layer.cycles), "\(layer.name)")
    }
  }

  @Test(
    "Slower memories, a slower core and longer kernels never make a plan faster",
    arguments: Replay.allCases)
  func monotonic(replay: Replay) throws {
    let plain = try Self.replay(replay, Self.timing()).result.cycles
    func cycles(_ timing: SystemTiming, kernel: Double = 5000) throws -> Int {
      try Self.replay(replay, timing, kernel: kernel).result.cycles
    }
    #expect(try cycles(Self.timing(readDelay: 300)) > plain)
    #expect(try cycles(Self.timing(command: 500)) > plain)
    #expect(try cycles(Self.timing(wake: 2000)) > plain)
    #expect(try cycles(Self.timing(), kernel: 50_000) > plain)
  }

  @Test("The two replays agree where streams never wait for each other")
  func agreement() throws {
    let jobs = try Self.replay(.jobs, Self.timing()).result
    let beats = try Self.replay(.beats, Self.timing()).result
    #expect(abs(Double(jobs.cycles) / Double(beats.cycles) - 1) < 0.01)
    let slower = try Self.replay(.beats, Self.timing(crossbarLatency: 5)).result.cycles
    #expect(slower > beats.cycles)
  }
}

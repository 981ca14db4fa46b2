internal import Estimation
internal import Foundation
internal import Mapping
internal import ModelZoo
internal import Networks
internal import RISCV
internal import Reference
internal import SoC

/// The models of our own SoC: the plan of ResNet-34 in fp32, replayed.
struct ReplayBench {
  private let mapped: MappedNetwork
  private let timing: SystemTiming
  private let kernels: [Double]

  /// Plans the network.
  ///
  /// - Parameter soc: a description in `Configs/npu`.
  init(_ soc: String) throws {
    let root = ProcessInfo.processInfo.environment["FLECSIM_HOME"] ?? "."
    let description = try SoCDescription.load(
      "\(root)/Configs/npu/\(soc).json", overrides: [],
      options: LoadOptions(requiresCPU: true, energyTables: ["aladdin-45nm"])
    ).description
    let elf = try FirmwareBuilder(
      description: description, halFolder: "\(root)/Firmware/hal",
      buildFolder: FileManager.default.temporaryDirectory.path + "/flecbench-\(getuid())"
    ).build()
    let program = try Program(path: elf)
    guard let model = ZooModel.named("resnet34") else { throw CocoaError(.fileNoSuchFile) }
    var options = Mapper.Options()
    options.leavesWeightsOut = true
    let platform = Platform(description, program: program)
    mapped = try Mapper(platform: platform, options: options).plan(
      try model.network(seed: 1, installation: root).typed(ShapeBinding()))
    let memories = description.memories.map {
      MeteredMemory(base: $0.address, byteCount: $0.length)
    }
    let runtime = try RuntimeCost.measure(
      program: program.image,
      instructionSet: description.cpu?.type.instructionSet ?? .rv32Full, memories: memories)
    timing = SystemTiming(
      description, platform,
      core: CoreTiming(
        runtime: runtime, instruction: 1, latency: description.crossbar.latencyCycles))
    kernels = [Double](repeating: 1e5, count: mapped.work.first?.commands.count ?? 0)
  }

  /// Layer-designs per second job by job, preparation left out.
  func jobs() -> Double {
    let prepared = PlanTimeline(
      work: mapped.work, tagCount: mapped.tags.count, timing: timing, kernelCycles: kernels)
    let start = ContinuousClock.now
    var layers = 0
    var cycles = 0
    while start.duration(to: .now) < .seconds(1) {
      for _ in 0..<16 {
        var timeline = prepared
        cycles &+= timeline.run().cycles
        layers += mapped.layers.count
      }
    }
    precondition(cycles > 0, "a replay takes time")
    return Double(layers) / (start.duration(to: .now) / .seconds(1))
  }

  /// Cycles per second beat by beat.
  func beats() -> Double {
    let start = ContinuousClock.now
    let cycles = BeatTimeline.run(
      work: mapped.work, tagCount: mapped.tags.count, timing: timing, kernelCycles: kernels
    ).cycles
    return Double(cycles) / (start.duration(to: .now) / .seconds(1))
  }
}

internal import Estimation
internal import Foundation
internal import Mapping
internal import ModelZoo
internal import Networks
internal import RISCV
internal import Reference
internal import SoC

/// The model of our own SoC: the plan of ResNet-34 in fp32, replayed again and again.
enum ReplayBench {
  /// Layer-designs per second, preparation left out.
  ///
  /// - Parameter soc: a description in `Configs/npu`.
  static func run(_ soc: String) throws -> Double {
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
    let network = try ZooModel.named("resnet34")?.network(seed: 1, installation: root)
    guard let network else { return 0 }
    var options = Mapper.Options()
    options.leavesWeightsOut = true
    let platform = Platform(description, program: program)
    let mapped = try Mapper(platform: platform, options: options).plan(
      try network.typed(ShapeBinding()))
    let memories = description.memories.map {
      MeteredMemory(base: $0.address, byteCount: $0.length)
    }
    let runtime = try RuntimeCost.measure(
      program: program.image,
      instructionSet: description.cpu?.type.instructionSet ?? .rv32Full, memories: memories)
    let timing = SystemTiming(
      description, platform,
      core: CoreTiming(
        runtime: runtime, instruction: 1, latency: description.crossbar.latencyCycles))
    let kernels = [Double](repeating: 1e5, count: mapped.work.first?.commands.count ?? 0)
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
}

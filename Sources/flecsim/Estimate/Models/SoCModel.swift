internal import Estimation
internal import Mapping
internal import RISCV
internal import SoC

/// The models of the SoC itself: its plan, replayed.
struct SoCModel: EstimationModel {
  /// How the devices' part of the plan is worked out.
  enum Detail {
    /// Beat by beat.
    case beats
    /// Whole jobs, by recurrences over their tiles.
    case jobs
  }

  let detail: Detail

  var name: String { detail == .beats ? EstimationModels.standard : "soc" }

  var summary: String {
    let devices =
      detail == .beats
      ? "every beat of DMAs, crossbar, memories and arrays in its cycle, without data"
      : "tiles of arrays, DMAs, memories and DRAM by recurrences"
    return "the plan replayed: \(devices), the core's programs on the instruction-set simulator"
  }

  func errorBar(_ context: EstimateContext) -> EstimateErrorBar? {
    let soc = context.description
    let modules =
      ["crossbar"] + soc.memories.map(\.name) + soc.dmas.map(\.name)
      + soc.accelerators.map(\.name)
    let rates = Set(modules.map(context.hertz(of:)))
    guard rates.count > 1 else { return nil }
    return EstimateErrorBar(
      unknown: "the clocks of the hardware differ, which the model counts as if they did not")
  }

  func estimate(_ context: EstimateContext) throws -> NetworkEstimate {
    let core = try CoreCosts(context)
    let timing = SystemTiming(context.description, context.platform, core: core.timing)
    let (work, tags) = (context.mapped.work, context.mapped.tags)
    let result: PlanTimeline.Result
    switch detail {
    case .beats:
      result = BeatTimeline.run(
        work: work, tagCount: tags.count, timing: timing, kernelCycles: core.kernelCycles)
    case .jobs:
      var timeline = PlanTimeline(
        work: work, tagCount: tags.count, timing: timing, kernelCycles: core.kernelCycles)
      result = timeline.run()
    }
    let ticks = Dictionary(zip(tags, result.tags), uniquingKeysWith: { first, _ in first })
    let layers = context.layers.enumerated().map { index, layer in
      var estimate = LayerEstimate(layer, cycles: ticks[layer.planned.name] ?? 0)
      estimate.bound = bound(layer, estimate.cycles)
      estimate.activity = core.activity(ofLayer: index, cycles: estimate.cycles)
      if layer.planned.cycles > 0 {
        estimate.activity[layer.engine, default: ModuleActivity()].states["compute"] = UInt64(
          min(layer.planned.cycles, estimate.cycles))
      }
      return estimate
    }
    return NetworkEstimate(model: name, startCycles: result.untagged, layers: layers)
  }

  private func bound(_ layer: EstimatedLayer, _ cycles: Int) -> String {
    if layer.engine == "core" { return "core" }
    return layer.planned.cycles * 10 >= cycles * 9 ? "array" : "operands"
  }
}

/// What the core costs, measured on the instruction-set simulator with the SoC's own firmware.
struct CoreCosts {
  let timing: CoreTiming
  /// Of every command of the core, in reference cycles.
  private(set) var kernelCycles: [Double] = []
  let names: [String]
  private let hart: String
  /// Instructions and accesses by layer and memory.
  private(set) var layers: [Int: (instructions: Int, traffic: [CoreTraffic])] = [:]

  init(_ context: EstimateContext) throws {
    let description = context.description
    guard let cpu = description.cpu else {
      throw CommandFailure(.input, "error: \(description.name): cpu: there is none")
    }
    let memories = description.memories.map {
      MeteredMemory(base: $0.address, byteCount: $0.length)
    }
    names = description.memories.map(\.name)
    // The runtime runs on the first hart.
    hart = cpu.hartNames.first ?? "cpu"
    let period = Double(context.referenceHertz) / cpu.instructionsPerSecond
    do {
      let runtime = try RuntimeCost.measure(
        program: context.program.image, instructionSet: cpu.type.instructionSet,
        memories: memories, hasDevices: context.mapped.work.count > 1)
      let meter = try KernelMeter(
        program: context.program.image, instructionSet: cpu.type.instructionSet,
        memories: memories,
        images: context.mapped.constantPieces.map {
          MemoryImage(address: UInt64($0.address), bytes: $0.bytes)
        })
      timing = CoreTiming(
        runtime: runtime, instruction: period, latency: description.crossbar.latencyCycles)
      for command in context.mapped.work.first?.commands ?? [] {
        guard case .kernel(let kernel) = command.work else { continue }
        let cost = try meter.cost(
          of: KernelCall(identifier: kernel.identifier, words: kernel.words))
        kernelCycles.append(Double(cost.instructions) * period)
        add(cost, layer: command.layer)
      }
    } catch {
      throw CommandFailure(.input, "error: \(description.name): the core's costs: \(error)")
    }
  }

  private mutating func add(_ cost: KernelCost, layer: Int) {
    var entry =
      layers[layer] ?? (0, [CoreTraffic](repeating: CoreTraffic(), count: cost.traffic.count))
    entry.instructions += cost.instructions
    for (index, traffic) in cost.traffic.enumerated() {
      entry.traffic[index].loads += traffic.loads
      entry.traffic[index].stores += traffic.stores
      entry.traffic[index].loadedBytes += traffic.loadedBytes
      entry.traffic[index].storedBytes += traffic.storedBytes
    }
    layers[layer] = entry
  }

  /// What the core and the memories that it reads and writes directly do for a layer.
  func activity(ofLayer index: Int, cycles: Int) -> [String: ModuleActivity] {
    guard let entry = layers[index] else { return [:] }
    var activity: [String: ModuleActivity] = [:]
    activity[hart] = ModuleActivity(
      counters: ["instructions": UInt64(entry.instructions)],
      states: ["run": UInt64(min(entry.instructions, cycles))])
    for (name, traffic) in zip(names, entry.traffic) {
      activity[name] = ModuleActivity(counters: [
        "direct_loads": UInt64(traffic.loads), "direct_stores": UInt64(traffic.stores),
        "direct_loaded_bytes": UInt64(traffic.loadedBytes),
        "direct_stored_bytes": UInt64(traffic.storedBytes),
      ])
    }
    return activity
  }
}

internal import Estimation
internal import Mapping
internal import Networks
internal import SoC
internal import Telemetry

/// Everything a model may look at: the SoC, what runs on it, and the machine's parts with zero counts.
struct EstimateContext {
  /// The SoC.
  let description: SoCDescription
  /// The runtime firmware.
  let program: Program
  /// The network with types.
  let typed: TypedNetwork
  /// What the plan may use.
  let platform: Platform
  /// The plan; weights of arrays have places but no bytes.
  let mapped: MappedNetwork
  /// The layers of the plan with their shapes, in the same order.
  let layers: [EstimatedLayer]
  /// Modules, components, counters and classes of cycles of the SoC, with zero counts.
  let inventory: Snapshot
  /// Frequency of the clock that estimates count in: the fastest hardware clock.
  let referenceHertz: UInt64

  /// Puts together what is known about a mapped network.
  init(_ mapping: NetworkMapping, _ system: System, program: Program) throws {
    description = system.description
    self.program = program
    typed = mapping.typed
    platform = mapping.platform
    mapped = mapping.mapped
    inventory = system.registry.inventory()
    referenceHertz = system.referenceClock.hertz
    layers = try EstimatedLayer.all(of: mapping)
  }

  /// Frequency of a module's clock; that of the reference for modules that are not there.
  func hertz(of module: String) -> UInt64 {
    inventory.modules.first { $0.path == module }?.hertz ?? referenceHertz
  }

  /// An array as models see it; nil for other engines.
  func design(of engine: String) -> ArrayDesign? {
    guard let array = platform.arrays.first(where: { $0.device.name == engine }) else { return nil }
    let clock = Double(hertz(of: engine))
    let bus = Double(description.crossbar.widthBits / 8) * Double(hertz(of: "crossbar")) / clock
    let memory = description.memories.first { $0.type == .dram }.map {
      Double($0.bandwidthBitsPerCycle) / 8 * Double(hertz(of: $0.name)) / clock
    }
    return ArrayDesign(
      rows: array.rows, columns: array.columns,
      stationary: array.dataflow == .outputStationary ? .output : .weights,
      elementBytes: array.element.byteCount, resultBytes: array.element.byteCount,
      busBytes: max(1, Int(bus)), memoryBytes: memory ?? .infinity,
      accumulatorRows: array.accumulatorRows)
  }

  /// Cycles of a module's clock as cycles of the reference clock, rounded up.
  func referenceCycles(_ cycles: Int, of module: String) -> Int {
    let hertz = hertz(of: module)
    guard hertz != referenceHertz, hertz > 0 else { return cycles }
    return Int((Double(cycles) * Double(referenceHertz) / Double(hertz)).rounded(.up))
  }
}

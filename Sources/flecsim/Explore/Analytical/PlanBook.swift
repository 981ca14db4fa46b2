internal import Estimation
internal import Mapping
internal import Networks
internal import SoC
internal import Synchronization

/// Plans of one network for many designs. Where tensors lie and which engine computes which layer
/// depends on memories and kinds of modules alone, so that designs which differ in sides of arrays,
/// widths, rates and latencies share a plan.
///
/// A shared plan is made for the SoC file as it is, with the memories of the design: it does not depend
/// on which of the designs came first. Designs that differ in more have plans of their own.
final class PlanBook: Sendable {
  /// What closed forms need to know of a plan.
  struct Plan: Sendable {
    /// The layers as the tiled model sees them.
    let network: TiledNetwork
    /// The products of the layers on arrays, with the array's name.
    let products: [(array: String, shape: LayerShape)]
    /// The runtime firmware.
    let program: Program
  }

  private let typed: TypedNetwork
  private let template: DescriptionTemplate
  /// Values of the SoC file that all designs change.
  private let fixed: [String]
  private let loading: EstimateLoading
  private let plans = Mutex<[PlanKey: Result<Plan, any Error>]>([:])
  private let programs = Mutex<[PlanKey: Program]>([:])
  /// Plans that are kept at most; then all are forgotten. A plan takes some 20 KB.
  private static let limit = 4096

  /// - Parameters:
  ///   - template: the SoC file.
  ///   - fixed: overrides that all designs have in common.
  init(
    _ typed: TypedNetwork, _ template: DescriptionTemplate, fixed: [String],
    _ installation: Installation
  ) {
    self.typed = typed
    self.template = template
    self.fixed = fixed
    loading = EstimateLoading(installation)
  }

  /// The plan that a design shares with others.
  ///
  /// - Throws: `NetworkError` when something does not fit, `CommandFailure`, `FirmwareError`.
  func plan(_ soc: SoCDescription) throws -> Plan {
    let key = PlanKey(plan: soc)
    if let known = plans.withLock({ $0[key] }) { return try known.get() }
    guard let common = representative(of: soc), PlanKey(plan: common) == key else {
      return try makePlan(soc)
    }
    let result = Result { try makePlan(common) }
    plans.withLock { plans in
      if plans.count >= Self.limit { plans.removeAll() }
      plans[key] = result
    }
    return try result.get()
  }

  /// The SoC file with the memories of a design; nil when that is no system.
  private func representative(of soc: SoCDescription) -> SoCDescription? {
    let places = TiledSystem.places(soc)
    guard let base = try? template.instance(overrides: fixed).description,
      base.memories.map(\.name) == soc.memories.map(\.name)
    else { return nil }
    var overrides = fixed
    for index in soc.memories.indices where index != places.weights {
      overrides.append("memories.\(soc.memories[index].name).length=\(soc.memories[index].length)")
    }
    if let weights = places.weights {
      // Feature maps have the largest memory on the chip: that for weights stays below it.
      let room = places.activations.map { soc.memories[$0].length / 2 } ?? .max
      var length = base.memories[weights].length
      while length > room { length /= 2 }
      overrides.append("memories.\(soc.memories[weights].name).length=\(length)")
    }
    return try? template.instance(overrides: overrides).description
  }

  private func makePlan(_ soc: SoCDescription) throws -> Plan {
    let context = try context(soc)
    var products: [(String, LayerShape)] = []
    let arrays = Set(context.platform.arrays.map(\.device.name))
    for layer in context.layers where arrays.contains(layer.engine) {
      if let shape = layer.shape { products.append((layer.engine, shape)) }
    }
    return Plan(
      network: try TiledNetwork(context), products: products, program: context.program)
  }

  /// What models of the whole plan look at.
  func context(_ soc: SoCDescription) throws -> EstimateContext {
    let program = try program(soc)
    let mapping = try NetworkMapping(
      typed, MappingChoices(), on: soc, program: program, leavesWeightsOut: true)
    let system = try SystemBuilder(soc, program: program).build()
    return try EstimateContext(mapping, system, program: program)
  }

  /// The runtime firmware: built anew only for other harts, or another memory that it is linked
  /// into.
  private func program(_ soc: SoCDescription) throws -> Program {
    let key = PlanKey(firmware: soc)
    if let known = programs.withLock({ $0[key] }) { return known }
    let program = try loading.program(soc)
    programs.withLock { $0[key] = program }
    return program
  }
}

/// What a plan, or the firmware, depends on.
private struct PlanKey: Hashable {
  private var values: [Int] = []
  private var texts: [String?] = []

  /// Everything that decides a plan.
  init(plan soc: SoCDescription) {
    let places = TiledSystem.places(soc)
    addCore(soc)
    values.append(soc.crossbar.latencyCycles)
    values.append(Int(truncatingIfNeeded: soc.referenceHertz))
    for (index, memory) in soc.memories.enumerated() {
      values.append(memory.type == .dram ? 1 : 0)
      // Weights pass through whatever room there is.
      let role =
        index == places.main ? 1 : index == places.activations ? 2 : index == places.weights ? 3 : 4
      values.append(role)
      values.append(Int(memory.address))
      if role < 3 { values.append(Int(memory.length)) }
    }
    for accelerator in soc.accelerators {
      texts.append(accelerator.kindName)
      texts.append(accelerator.arguments[text: "data_type"])
      values.append(accelerator.arguments[integer: "MAX_WIDTH"])
      values.append(Int(accelerator.address))
      for input in accelerator.inputs { texts.append(input.value) }
    }
    for dma in soc.dmas {
      values.append(Int(dma.address))
      texts.append(dma.acceleratorName)
      texts.append(dma.acceleratorPort)
    }
  }

  /// Everything that decides the firmware.
  init(firmware soc: SoCDescription) {
    addCore(soc)
    for memory in soc.memories {
      values.append(Int(memory.address))
      texts.append(memory.name)
    }
    if case .sources(let sources) = soc.cpu?.firmware {
      values.append(Int(sources.heapBytes))
      let memory = soc.memories.first { $0.name == sources.memory }
      values.append(Int(memory?.length ?? 0))
    }
    for accelerator in soc.accelerators { values.append(Int(accelerator.address)) }
    for dma in soc.dmas { values.append(Int(dma.address)) }
  }

  private mutating func addCore(_ soc: SoCDescription) {
    guard let cpu = soc.cpu else { return }
    texts.append(cpu.type.name)
    values.append(cpu.harts)
    values.append(Int(truncatingIfNeeded: cpu.mips.bitPattern))
  }
}

extension PlanBook.Plan {
  /// Cycles of the generic roofline, as `RooflineModel` adds them up.
  func rooflineCycles(_ soc: SoCDescription, referenceHertz: UInt64) -> Int {
    var designs: [(name: String, design: ArrayDesign, hertz: UInt64)] = []
    var sum = 0
    for (name, shape) in products {
      if designs.last?.name != name {
        let (design, hertz) = soc.arrayDesign(name)
        designs.append((name, design, hertz))
      }
      guard let last = designs.last else { continue }
      let cycles = GenericRoofline.evaluate(shape, on: last.design).total
      sum +=
        last.hertz == referenceHertz || last.hertz == 0
        ? cycles
        : Int((Double(cycles) * Double(referenceHertz) / Double(last.hertz)).rounded(.up))
    }
    return sum
  }
}

extension SoCDescription {
  private func hertz(ofClock name: String) -> UInt64 {
    clocks.first { $0.name == name }?.hertz ?? 0
  }

  /// An array as clockless models see it, with the frequency of its clock.
  fileprivate func arrayDesign(_ name: String) -> (design: ArrayDesign, hertz: UInt64) {
    guard let array = accelerators.first(where: { $0.name == name }) else {
      return (ArrayDesign(rows: 1, columns: 1), 0)
    }
    let hertz = hertz(ofClock: array.clock)
    let clock = Double(max(1, hertz))
    let bus =
      Double(crossbar.widthBits / 8) * Double(self.hertz(ofClock: crossbar.clock)) / clock
    let memory = memories.first { $0.type == .dram }.map {
      Double($0.bandwidthBitsPerCycle) / 8 * Double(self.hertz(ofClock: $0.clock)) / clock
    }
    let arguments = array.arguments
    let bytes = arguments.operandType.bits / 8
    let design = ArrayDesign(
      rows: arguments[integer: "YDIM"], columns: arguments[integer: "XDIM"],
      stationary: array.kindName == "OSArray" ? .output : .weights, elementBytes: bytes,
      resultBytes: bytes, busBytes: max(1, Int(bus)), memoryBytes: memory ?? .infinity,
      accumulatorRows: max(1, arguments[integer: "ACC_ROWS"]))
    return (design, hertz)
  }
}

internal import Energy
internal import Estimation
internal import SoC
internal import Telemetry

/// What a module costs, as far as a study needs it: per action, per second, and once.
struct ModulePrice {
  /// An action that a model counts, with its price in pJ.
  struct Action {
    var array: Int
    var counter: Int
    var picojoules: Double
  }

  /// Actions with a price.
  var actions: [Action] = []
  /// Leakage power in mW.
  var leakage = 0.0
  /// Area in µm².
  var area = 0.0
  /// Whether it lies off the chip.
  var isDRAM = false

  /// Prices a module's components and counters.
  ///
  /// - Throws: `PricingFailure` when the table has no price for one of them.
  init(
    _ module: ModuleRecord, _ table: EnergyTable, node: Double?,
    roles: [(array: Int, role: TiledCounter.Role)]
  ) throws(PricingFailure) {
    isDRAM = module.kind == MemoryType.dram.rawValue
    var prices: [String: ComponentPrice] = [:]
    for component in module.components {
      let price = try table.price(of: component, hertz: module.hertz, node: node).get()
      leakage += price.leakage.value * Double(component.quantity)
      area += price.area.value * Double(component.quantity)
      prices[component.name] = price
    }
    var perCount: [String: Double] = [:]
    for counter in module.counters {
      guard let action = counter.action,
        let price = prices[action.component]?.actions[action.action]
      else { continue }
      perCount[counter.name, default: 0] += action.scale * price.value
    }
    for (array, role) in roles {
      for counter in TiledCounter.allCases where counter.place.role == role {
        let price = counter.place.names.reduce(0) { $0 + (perCount[$1] ?? 0) }
        guard price != 0 else { continue }
        actions.append(Action(array: array, counter: counter.rawValue, picojoules: price))
      }
    }
  }
}

/// What a module's components follow from: its own values and those of bus, clock and neighbours
/// that
/// its model looks at. Equal keys have equal components, counters and prices.
struct ModuleKey: Hashable {
  private var module: Int
  private var hertz: UInt64
  private var values: [Int]
  private var texts: [String?]

  private init(
    _ module: Int, _ clock: String, _ soc: SoCDescription, _ values: [Int], _ texts: [String?]
  ) {
    self.module = module
    hertz = soc.clocks.first { $0.name == clock }?.hertz ?? 0
    self.values = values
    self.texts = texts
  }

  /// The keys of all modules, with their instance names, in a fixed order; nil when there are
  /// modules that
  /// are not ours, of which only the whole system can say what they are made of.
  static func all(_ soc: SoCDescription) -> [(name: String, key: ModuleKey)]? {
    let bus = soc.crossbar.widthBits
    var keys: [(String, ModuleKey)] = []
    keys.reserveCapacity(24)
    let places = TiledSystem.places(soc)
    for (index, memory) in soc.memories.enumerated() {
      guard memory.external == nil else { return nil }
      // Which counts a memory is priced for depends on what it is used for.
      let role =
        index == places.main ? 1 : index == places.activations ? 2 : index == places.weights ? 3 : 4
      let values = [
        role,
        bus, Int(memory.length), memory.banks, memory.ports, memory.bandwidthBitsPerCycle,
        Int(truncatingIfNeeded: memory.picojoulesPerBit.bitPattern),
        memory.origin.isGiven("pj_per_bit") ? 1 : 0, memory.type == .dram ? 1 : 0,
      ]
      keys.append(
        (memory.name, ModuleKey(keys.count, memory.clock, soc, values, [memory.energyClass])))
    }
    for dma in soc.dmas {
      let kind =
        switch dma.direction {
        case .toModule: 0
        case .fromModule: 1
        case .memory: 2
        }
      keys.append(
        (
          dma.name,
          ModuleKey(
            keys.count, dma.clock, soc,
            [bus, dma.portSize, dma.maxBurstBeats, dma.outstanding, kind],
            [dma.energyClass, dma.acceleratorName, dma.acceleratorPort])
        ))
    }
    for accelerator in soc.accelerators {
      guard accelerator.external == nil, accelerator.shadowModule == nil else { return nil }
      let arguments = accelerator.arguments
      let values =
        [
          "XDIM", "YDIM", "ACC_ROWS", "OUT_BITS", "LANES", "MAX_WIDTH", "ApproxPEs",
        ].map { arguments[integer: $0] } + [arguments[flag: "DOUBLE_BUFFER"] ? 1 : 0]
      let parts = accelerator.submodules.map { "\($0.name)/\($0.componentClass)/\($0.quantity)" }
      keys.append(
        (
          accelerator.name,
          ModuleKey(
            keys.count, accelerator.clock, soc, values,
            [accelerator.kindName, arguments[text: "data_type"], accelerator.energyClass] + parts)
        ))
    }
    for peripheral in soc.peripherals {
      guard peripheral.external == nil else { return nil }
      keys.append(
        (
          peripheral.name,
          ModuleKey(keys.count, peripheral.clock, soc, [bus], [peripheral.kindName])
        ))
    }
    let crossbar = soc.crossbar
    let ports = soc.memories.reduce(0) { $0 + $1.ports }
    keys.append(
      (
        "crossbar",
        ModuleKey(
          keys.count, crossbar.clock, soc,
          [
            bus, ports, soc.dmas.count, soc.accelerators.count, soc.peripherals.count,
            soc.cpu?.harts ?? 0, crossbar.outstanding, crossbar.latencyCycles,
            soc.cpu?.boot == .rom ? 1 : 0,
          ], [crossbar.energyClass])
      ))
    if let cpu = soc.cpu {
      let values = [
        cpu.harts, Int(truncatingIfNeeded: cpu.mips.bitPattern), bus, cpu.boot == .rom ? 1 : 0,
      ]
      for hart in cpu.hartNames {
        keys.append(
          (
            hart,
            ModuleKey(keys.count, "", soc, values, [cpu.type.name, cpu.energyClass])
          ))
      }
      if cpu.boot == .rom { return nil }
    }
    return keys
  }
}

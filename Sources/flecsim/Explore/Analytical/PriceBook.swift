internal import Energy
internal import Estimation
internal import SoC
internal import Synchronization
internal import Telemetry

/// Prices of the modules of many designs: a design whose modules were all seen before is priced
/// without
/// building it.
final class PriceBook: Sendable {
  /// What a whole design costs.
  struct Design {
    /// Actions of modules on the chip and of DRAM.
    var actions: [ModulePrice.Action] = []
    var offChip: [ModulePrice.Action] = []
    /// Leakage power in mW, that of DRAM apart.
    var leakage = 0.0
    var offChipLeakage = 0.0
    /// Area in µm².
    var area = 0.0

    /// Energy of counts in pJ: of everything, and of DRAM alone.
    func energy(_ counts: [TiledCounts], seconds: Double) -> (all: Double, dram: Double) {
      func sum(_ actions: [ModulePrice.Action]) -> Double {
        var sum = 0.0
        for action in actions where action.array < counts.count {
          sum += Double(counts[action.array].count(at: action.counter)) * action.picojoules
        }
        return sum
      }
      // 1 mW for 1 s is 1e9 pJ.
      let dram = sum(offChip) + offChipLeakage * seconds * 1e9
      return (sum(actions) + leakage * seconds * 1e9 + dram, dram)
    }

    fileprivate mutating func add(_ price: ModulePrice) {
      area += price.area
      if price.isDRAM {
        offChip += price.actions
        offChipLeakage += price.leakage
      } else {
        actions += price.actions
        leakage += price.leakage
      }
    }
  }

  private let table: EnergyTable
  private let node: Double?
  private let prices = Mutex<[ModuleKey: ModulePrice]>([:])
  /// Modules that are kept at most; then all are forgotten. A module takes about 1 KB.
  private static let limit = 65_536

  init(_ table: EnergyTable, node: Double?) {
    self.table = table
    self.node = node
  }

  /// The prices of a design.
  ///
  /// - Throws: `PricingFailure`, `SystemError`.
  func design(_ soc: SoCDescription, program: Program) throws -> Design {
    guard let keys = ModuleKey.all(soc) else { return try built(soc, program, keys: nil) }
    let known = prices.withLock { prices -> Design? in
      var design = Design()
      design.actions.reserveCapacity(80)
      for (_, key) in keys {
        guard let price = prices[key] else { return nil }
        design.add(price)
      }
      return design
    }
    return try known ?? built(soc, program, keys: keys)
  }

  /// Builds the whole system to see what its modules are made of, and keeps their prices.
  private func built(
    _ soc: SoCDescription, _ program: Program, keys: [(name: String, key: ModuleKey)]?
  ) throws -> Design {
    let inventory = try SystemBuilder(soc, program: program).build().registry.inventory()
    let modules = TiledModules(soc)
    var found: [String: ModulePrice] = [:]
    for module in inventory.modules {
      found[module.path] = try ModulePrice(
        module, table, node: node, roles: modules.roles(of: module.path))
    }
    var design = Design()
    guard let keys, Set(keys.map(\.name)) == Set(found.keys) else {
      for module in inventory.modules { found[module.path].map { design.add($0) } }
      return design
    }
    prices.withLock { prices in
      if prices.count > Self.limit { prices.removeAll() }
      for (name, key) in keys {
        guard let price = found[name] else { continue }
        prices[key] = price
        design.add(price)
      }
    }
    return design
  }
}

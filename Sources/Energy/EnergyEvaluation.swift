import Foundation
public import Telemetry

extension EnergyTable {
  /// Prices a run: dynamic energy = counts × scale × price; leakage = power × simulated time.
  ///
  /// - Parameters:
  ///   - snapshot: the registry of the run.
  ///   - node: process node in nm; the table's own by default.
  /// - Returns: the report; equal inputs give equal reports.
  /// - Throws: `EnergyEvaluationError`.
  public func evaluate(_ snapshot: Snapshot, node: Double? = nil) throws -> EnergyReport {
    try EnergyEvaluation.check(snapshot)
    let missing = missing(for: snapshot, node: node)
    if !missing.isEmpty { throw EnergyEvaluationError.missing(missing) }
    var evaluation = EnergyEvaluation(
      table: self, snapshot: snapshot, node: node ?? nodeNanometres)
    return try evaluation.report()
  }
}

/// The work of evaluating one snapshot.
///
/// Two steps: price everything without rounding, then choose the quantum from the total and build
/// the report from rounded parts.
private struct EnergyEvaluation {
  let table: EnergyTable
  let snapshot: Snapshot
  let node: Double
  private var warnings: [String] = []
  private var notes: [String] = []
  private var energyBySource: [String: Double] = [:]
  private var areaBySource: [String: Double] = [:]
  private var energyQuantum = 0.0
  private var areaQuantum = 0.0

  init(table: EnergyTable, snapshot: Snapshot, node: Double) {
    self.table = table
    self.snapshot = snapshot
    self.node = node
  }

  private var seconds: Double { Double(snapshot.ticks) / Double(snapshot.ticksPerSecond) }

  static func check(_ snapshot: Snapshot) throws {
    func refuse(_ reason: String) -> EnergyEvaluationError { .malformedSnapshot(reason) }
    if snapshot.ticksPerSecond == 0 { throw refuse("ticksPerSecond is 0") }
    if snapshot.tags.isEmpty { throw refuse("there is no tag") }
    for module in snapshot.modules {
      let arrays =
        [("cycles", module.cycles)] + module.counters.map { ("counter \($0.name)", $0.values) }
      for (name, values) in arrays where values.count != snapshot.tags.count {
        throw refuse(
          "\(module.path): \(name) has \(values.count) values for \(snapshot.tags.count) tags")
      }
      var names: Set<String> = []
      for component in module.components where !names.insert(component.name).inserted {
        throw refuse("\(module.path): two components are named '\(component.name)'")
      }
    }
  }

  // MARK: Unrounded parts

  private struct RawAction {
    var name: String
    var price: Price
    var counts: [Double]
  }

  private struct RawComponent {
    var record: ComponentRecord
    var price: ComponentPrice
    var actions: [RawAction]
    var leakageByTag: [Double]
    var area: Double
  }

  private mutating func raw(_ module: ModuleRecord) throws -> [RawComponent] {
    let shares = timeShares(module)
    return try module.components.map { record in
      let price: ComponentPrice
      switch table.price(of: record, hertz: module.hertz, node: node) {
      case .success(let found): price = found
      case .failure(let failure):
        throw EnergyEvaluationError.missing(
          failure.reasons.map {
            MissingEntry(
              module: module.path, component: record.name,
              componentClass: record.componentClass, action: nil, reason: $0)
          })
      }
      remember(price, module: module.path, component: record)
      var actions: [RawAction] = []
      for counter in module.counters {
        guard let reference = counter.action, reference.component == record.name,
          let actionPrice = price.actions[reference.action]
        else { continue }
        let counts = counter.values.map { Double($0) * reference.scale }
        if let index = actions.firstIndex(where: { $0.name == reference.action }) {
          actions[index].counts = zip(actions[index].counts, counts).map { $0 + $1 }
        } else {
          actions.append(RawAction(name: reference.action, price: actionPrice, counts: counts))
        }
      }
      let quantity = Double(record.quantity)
      // 1 mW for 1 s is 1e9 pJ.
      let leakage = price.leakage.value * quantity * seconds * 1e9
      return RawComponent(
        record: record, price: price, actions: actions, leakageByTag: shares.map { leakage * $0 },
        area: price.area.value * quantity)
    }
  }

  /// The fraction of the simulated time under each tag, from the module's cycles.
  private func timeShares(_ module: ModuleRecord) -> [Double] {
    let total = module.cycles.reduce(0.0) { $0 + Double($1) }
    if total == 0 { return module.cycles.indices.map { $0 == 0 ? 1 : 0 } }
    return module.cycles.map { Double($0) / total }
  }

  private mutating func remember(
    _ price: ComponentPrice, module: String, component: ComponentRecord
  ) {
    for warning in price.warnings {
      let text = "\(module).\(component.name): \(warning)"
      if !warnings.contains(text) { warnings.append(text) }
    }
    if let note = price.note {
      let text = "\(component.componentClass): \(note)"
      if !notes.contains(text) { notes.append(text) }
    }
  }

  // MARK: Rounding

  /// A power of two below the last bit of the total: sums of its multiples are exact.
  ///
  /// The spare bits leave room for the rounding of the parts.
  private static func quantum(for total: Double) -> Double {
    total > 0 && total.isFinite ? scalbn(1, Int(total.exponent) - 50) : 0
  }

  private static func round(_ value: Double, to quantum: Double) -> Double {
    quantum > 0 ? (value / quantum).rounded() * quantum : value
  }

  /// Divides a rounded amount among the sources of its price so that the parts sum to it.
  private static func divide(
    _ amount: Double, among price: Price, quantum: Double, into shares: inout [String: Double]
  ) {
    var rest = amount
    let whole = price.value
    for (index, part) in price.parts.enumerated() {
      let isLast = index == price.parts.count - 1
      let share = isLast || whole == 0 ? rest : round(amount * (part.value / whole), to: quantum)
      shares[part.citation, default: 0] += share
      rest -= share
      if whole == 0 { break }
    }
  }

  // MARK: Report

  mutating func report() throws -> EnergyReport {
    var parts: [[RawComponent]] = []
    for module in snapshot.modules { parts.append(try raw(module)) }
    var energy = 0.0
    var area = 0.0
    for component in parts.joined() {
      for action in component.actions {
        energy += action.counts.reduce(0, +) * action.price.value
      }
      energy += component.leakageByTag.reduce(0, +)
      area += component.area
    }
    energyQuantum = Self.quantum(for: energy)
    areaQuantum = Self.quantum(for: area)
    var modules: [ModuleEnergy] = []
    for (record, components) in zip(snapshot.modules, parts) {
      modules.append(module(record, components))
    }
    let tags = sum(modules.map(\.tags))
    return EnergyReport(
      table: table.name, tableTitle: table.title, nodeNanometres: node, simulatedSeconds: seconds,
      energyQuantum: energyQuantum, areaQuantum: areaQuantum,
      total: totals(
        tags, area: modules.reduce(0) { $0 + $1.total.areaSquareMicrometres }),
      tags: tags, modules: modules, sources: sources(), warnings: warnings, notes: notes)
  }

  private mutating func module(
    _ record: ModuleRecord, _ components: [RawComponent]
  ) -> ModuleEnergy {
    var list: [ComponentEnergy] = []
    for raw in components { list.append(component(raw)) }
    let tags = sum(list.map(\.tags))
    return ModuleEnergy(
      path: record.path, kind: record.kind,
      total: totals(tags, area: list.reduce(0) { $0 + $1.total.areaSquareMicrometres }),
      tags: tags, components: list)
  }

  private mutating func component(_ raw: RawComponent) -> ComponentEnergy {
    var actions: [ActionEnergy] = []
    for action in raw.actions {
      let energies = action.counts.map {
        Self.round($0 * action.price.value, to: energyQuantum)
      }
      let whole = energies.reduce(0, +)
      Self.divide(whole, among: action.price, quantum: energyQuantum, into: &energyBySource)
      actions.append(
        ActionEnergy(
          action: action.name, count: action.counts.reduce(0, +),
          picojoulesPerAction: action.price.value, picojoules: whole, countByTag: action.counts,
          picojoulesByTag: energies, sources: action.price.citations))
    }
    let leakage = raw.leakageByTag.map { Self.round($0, to: energyQuantum) }
    Self.divide(
      leakage.reduce(0, +), among: raw.price.leakage, quantum: energyQuantum,
      into: &energyBySource)
    let area = Self.round(raw.area, to: areaQuantum)
    Self.divide(area, among: raw.price.area, quantum: areaQuantum, into: &areaBySource)
    let tags = snapshot.tags.indices.map { index in
      let dynamic = actions.reduce(0) { $0 + $1.picojoulesByTag[index] }
      return TagEnergy(
        tag: snapshot.tags[index], dynamicPicojoules: dynamic, leakagePicojoules: leakage[index],
        totalPicojoules: dynamic + leakage[index])
    }
    let sources = Price(parts: raw.price.leakage.parts + raw.price.area.parts).citations
    return ComponentEnergy(
      name: raw.record.name, componentClass: raw.record.componentClass,
      quantity: raw.record.quantity,
      leakageMilliwatts: raw.price.leakage.value * Double(raw.record.quantity),
      total: totals(tags, area: area), tags: tags, actions: actions, hardwareSources: sources)
  }

  private func sum(_ lists: [[TagEnergy]]) -> [TagEnergy] {
    snapshot.tags.indices.map { index in
      let dynamic = lists.reduce(0) { $0 + $1[index].dynamicPicojoules }
      let leakage = lists.reduce(0) { $0 + $1[index].leakagePicojoules }
      return TagEnergy(
        tag: snapshot.tags[index], dynamicPicojoules: dynamic, leakagePicojoules: leakage,
        totalPicojoules: dynamic + leakage)
    }
  }

  private func totals(_ tags: [TagEnergy], area: Double) -> EnergyTotals {
    let dynamic = tags.reduce(0) { $0 + $1.dynamicPicojoules }
    let leakage = tags.reduce(0) { $0 + $1.leakagePicojoules }
    let total = dynamic + leakage
    return EnergyTotals(
      dynamicPicojoules: dynamic, leakagePicojoules: leakage, totalPicojoules: total,
      averagePowerMilliwatts: seconds > 0 ? total / seconds * 1e-9 : 0,
      areaSquareMicrometres: area)
  }

  private func sources() -> [SourceShare] {
    let energy = energyBySource.values.sorted().reduce(0, +)
    let area = areaBySource.values.sorted().reduce(0, +)
    let keys = Set(energyBySource.keys).union(areaBySource.keys)
    return keys.map { key in
      let joules = energyBySource[key] ?? 0
      let micrometres = areaBySource[key] ?? 0
      let own = Citation(
        key: key, author: "the user", title: "attribute of the component",
        version: "SoC configuration")
      return SourceShare(
        citation: table.citations[key] ?? own, picojoules: joules,
        energyShare: energy > 0 ? joules / energy : 0, areaSquareMicrometres: micrometres,
        areaShare: area > 0 ? micrometres / area : 0)
    }.sorted {
      ($1.picojoules, $1.areaSquareMicrometres, $0.citation.key)
        < ($0.picojoules, $0.areaSquareMicrometres, $1.citation.key)
    }
  }
}

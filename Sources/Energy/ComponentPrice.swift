public import Telemetry

/// A price and the sources it rests on.
public struct Price: Sendable, Equatable {
  /// One source's part of a price.
  public struct Part: Sendable, Equatable {
    /// Key of the citation.
    public var citation: String
    /// The part, in the unit of the price.
    public var value: Double
  }

  /// Parts in the order of the rule's terms.
  public var parts: [Part]

  /// The whole: the parts summed in order.
  public var value: Double { parts.reduce(0) { $0 + $1.value } }

  /// Keys of the sources, each once, in the order of the parts.
  public var citations: [String] {
    parts.reduce(into: []) { if !$0.contains($1.citation) { $0.append($1.citation) } }
  }
}

/// What one instance of a component costs in a table, at a node and a clock.
public struct ComponentPrice: Sendable, Equatable {
  /// Energy per action in pJ, by action.
  public var actions: [String: Price]
  /// Leakage power in mW.
  public var leakage: Price
  /// Area in µm².
  public var area: Price
  /// Everything that had to be assumed: extrapolation, scaling, a clock without a row.
  public var warnings: [String]
  /// The rule's note, if it has one.
  public var note: String?
}

/// Why a component cannot be priced.
public struct PricingFailure: Error, Sendable, Equatable {
  /// The reasons; never empty.
  public var reasons: [String]
}

extension EnergyTable {
  /// Prices one instance of a component; its quantity is not looked at.
  ///
  /// - Parameters:
  ///   - component: class and attributes.
  ///   - hertz: frequency of its clock, which picks the row of entries that depend on the period.
  ///   - node: node in nm; the table's own by default.
  /// - Returns: the price, or why there is none.
  public func price(
    of component: ComponentRecord, hertz: UInt64, node: Double? = nil
  ) -> Result<ComponentPrice, PricingFailure> {
    guard let rule = rules[component.componentClass] else {
      let known = classes.joined(separator: ", ")
      let reason = "table \(name) has no class '\(component.componentClass)'; it has \(known)"
      return .failure(PricingFailure(reasons: [reason]))
    }
    var reasons: [String] = []
    for attribute in rule.requiredAttributes {
      guard let value = component.attributes[attribute] else {
        reasons.append("the attribute '\(attribute)' is missing")
        continue
      }
      if !value.isFinite || value <= 0 {
        reasons.append("the attribute '\(attribute)' must be positive (is \(value))")
      }
    }
    if hertz == 0 { reasons.append("the clock frequency is 0") }
    if !reasons.isEmpty { return .failure(PricingFailure(reasons: reasons)) }
    var pricing = Pricing(
      table: self, attributes: component.attributes, clockPeriod: 1e9 / Double(hertz),
      node: node ?? nodeNanometres)
    let price = rule.sweep.map { pricing.memory($0) } ?? pricing.composition(rule)
    guard pricing.failures.isEmpty, var price else {
      return .failure(PricingFailure(reasons: pricing.failures))
    }
    let values = price.actions.values.map(\.value) + [price.leakage.value, price.area.value]
    guard values.allSatisfy(\.isFinite) else {
      return .failure(PricingFailure(reasons: ["the attributes are too large: no finite price"]))
    }
    price.warnings = pricing.warnings
    price.note = rule.note
    return .success(price)
  }
}

/// The work of pricing one component.
private struct Pricing {
  let table: EnergyTable
  let attributes: [String: Double]
  /// In ns.
  let clockPeriod: Double
  let node: Double
  var warnings: [String] = []
  var failures: [String] = []

  private mutating func warn(_ warning: String) {
    if !warnings.contains(warning) { warnings.append(warning) }
  }

  private mutating func fail(_ failure: String) {
    if !failures.contains(failure) { failures.append(failure) }
  }

  // MARK: Rules of terms

  mutating func composition(_ rule: ComponentRule) -> ComponentPrice? {
    var actions: [String: Price] = [:]
    for action in rule.actionNames {
      let terms = rule.actions[action] ?? []
      actions[action] = Price(parts: terms.map { energy($0) })
    }
    return ComponentPrice(
      actions: actions, leakage: Price(parts: rule.hardware.flatMap { leakage($0) }),
      area: Price(parts: rule.hardware.map { area($0).part }), warnings: [], note: nil)
  }

  private mutating func energy(_ term: CompositionTerm) -> Price.Part {
    let times = term.multiplicity(attributes) ?? 0
    if let key = term.overrideAttribute, let value = attributes[key] {
      if !value.isFinite || value < 0 || value > MeasuredQuantity.energy.limit {
        fail("the attribute '\(key)' must be an energy in pJ (is \(value))")
      }
      return Price.Part(citation: EnergyTable.configurationSource, value: value * times)
    }
    let found = lookup(term, .energy)
    return Price.Part(citation: found.citation, value: found.value * times)
  }

  private mutating func area(_ term: CompositionTerm) -> (part: Price.Part, unscaled: Double) {
    let times = term.multiplicity(attributes) ?? 0
    let found = lookup(term, .area)
    return (
      Price.Part(citation: found.citation, value: found.value * times), found.unscaled * times
    )
  }

  private mutating func leakage(_ term: CompositionTerm) -> [Price.Part] {
    let times = term.multiplicity(attributes) ?? 0
    if table.entries["\(term.primitive).leakage"] != nil {
      let found = lookup(term, .leakage)
      return [Price.Part(citation: found.citation, value: found.value * times)]
    }
    if table.entries["\(term.primitive).idle"] != nil {
      let found = lookup(term, .idle)
      // pJ per cycle over ns per cycle of the same row is mW.
      return [Price.Part(citation: found.citation, value: found.value / found.period * times)]
    }
    let density = lookup(term, .leakageDensity)
    // The density belongs to the node of the entry, so it takes the area at that node.
    return [
      Price.Part(citation: density.citation, value: density.value * area(term).unscaled)
    ]
  }

  private struct Found {
    var value: Double
    var unscaled: Double
    var period: Double
    var citation: String
  }

  private mutating func lookup(_ term: CompositionTerm, _ quantity: MeasuredQuantity) -> Found {
    let name = "\(term.primitive).\(quantity.rawValue)"
    guard let entry = table.entries[name] else {
      fail("table \(table.name) has no entry '\(name)'")
      return Found(value: 0, unscaled: 0, period: 1, citation: "")
    }
    let width = entry.needsWidth ? term.width?.value(attributes) : nil
    let found = entry.lookup(width: width, clockPeriod: clockPeriod)
    if found.isTooFast, let period = found.period {
      warn(
        "\(name): the clock period \(rounded(clockPeriod)) ns is shorter than the fastest row; "
          + "the row of \(rounded(period)) ns is used")
    }
    var factor = 1.0
    if entry.scalesWithNode, entry.nodeNanometres != node {
      factor = scale(from: entry.nodeNanometres, area: quantity == .area, what: "entries")
    }
    return Found(
      value: found.value * factor, unscaled: found.value, period: found.period ?? clockPeriod,
      citation: entry.source.citation)
  }

  private mutating func scale(from source: Double, area: Bool, what: String) -> Double {
    guard let scaling = table.scaling else {
      fail("\(what) are for \(rounded(source)) nm and the table names no scaling to other nodes")
      return 1
    }
    guard let energyFactor = scaling.energyFactor(from: source, to: node),
      let areaFactor = scaling.areaFactor(from: source, to: node)
    else {
      let range = scaling.range
      fail(
        "\(what) for \(rounded(source)) nm cannot be scaled to \(rounded(node)) nm: the scaling "
          + "covers \(rounded(range.lowerBound)) to \(rounded(range.upperBound)) nm")
      return 1
    }
    let interpolated = energyFactor.isInterpolated || areaFactor.isInterpolated
    warn(
      "\(what) scaled from \(rounded(source)) to \(rounded(node)) nm: energy and leakage "
        + "× \(rounded(energyFactor.value)), area × \(rounded(areaFactor.value))"
        + (interpolated ? ", interpolated between nodes" : ""))
    return area ? areaFactor.value : energyFactor.value
  }

  // MARK: Memories

  mutating func memory(_ reference: ComponentRule.SweepReference) -> ComponentPrice? {
    guard let sweep = table.sweeps[reference.file], let bytes = attributes["bytes"],
      let width = attributes["width_bits"], let banks = attributes["banks"],
      let ports = attributes["rw_ports"]
    else { return nil }
    let nodes = sweep.nodes(cell: reference.cell)
    guard let used = nodes.min(by: { distance($0) < distance($1) }) else {
      fail("sweep \(reference.file) has no memories of flavour '\(reference.cell)'")
      return nil
    }
    let series = SRAMSweep.Series(
      nodeNanometres: used, readWritePorts: Int(exactly: ports) ?? -1, readPorts: 0, writePorts: 0,
      cell: reference.cell)
    guard let macro = sweep.macro(series, bytes: bytes / banks, widthBits: width) else {
      let known = Set(
        sweep.series.filter { $0.cell == reference.cell && $0.readPorts == 0 }
          .map(\.readWritePorts)
      ).sorted().map(String.init).joined(separator: ", ")
      fail("sweep \(reference.file) has no memory with rw_ports \(rounded(ports)); it has \(known)")
      return nil
    }
    macro.warnings.forEach { warn($0) }
    if macro.cycleNanoseconds > clockPeriod {
      warn(
        "SRAM: the macro takes \(rounded(macro.cycleNanoseconds)) ns between accesses (at "
          + "\(rounded(used)) nm), longer than the clock period of \(rounded(clockPeriod)) ns")
    }
    var energyFactor = 1.0
    var areaFactor = 1.0
    if used != node {
      energyFactor = scale(from: used, area: false, what: "SRAM")
      areaFactor = scale(from: used, area: true, what: "SRAM")
    }
    func price(_ value: Double) -> Price {
      Price(parts: [Price.Part(citation: reference.source.citation, value: value)])
    }
    return ComponentPrice(
      actions: [
        "read": price(macro.readPicojoules * energyFactor),
        "write": price(macro.writePicojoules * energyFactor),
      ],
      leakage: price(macro.leakageMilliwatts * banks * energyFactor),
      area: price(macro.areaSquareMicrometres * banks * areaFactor), warnings: [], note: nil)
  }

  /// How far a node of the sweep is from the one asked for, as a ratio of at least 1.
  private func distance(_ candidate: Double) -> Double {
    max(candidate / node, node / candidate)
  }

  /// Four significant digits, without the trailing zeros.
  private func rounded(_ value: Double) -> String {
    guard value.isFinite, value != 0 else { return "\(value)" }
    var scale = 1.0
    while abs(value) * scale < 1000 { scale *= 10 }
    let result = (value * scale).rounded() / scale
    return result == result.rounded() && abs(result) < 1e15 ? "\(Int(result))" : "\(result)"
  }
}

public import Energy
public import Telemetry

/// What happened under each tag: one row per layer or phase of the firmware.
public struct LayerTable: Sendable, Equatable {
  /// One layer.
  public struct Row: Sendable, Equatable {
    /// The layer's name; `(untagged)` for tag 0: before the first marker.
    public var name: String
    /// Cycles of the reference clock.
    public var cycles: UInt64
    /// The same in s.
    public var seconds: Double
    /// Multiply-accumulates of all arrays.
    public var macs: UInt64
    /// MACs / (processing elements × cycles) over all arrays, 0 to 1; nil without an array.
    public var utilisation: Double?
    /// Bytes moved by all DMAs.
    public var dmaBytes: UInt64
    /// The longest wait of an array, or who worked while the arrays idled; empty for neither.
    public var topWait: String
    /// Energy in pJ; nil without an energy report.
    public var picojoules: Double?
  }

  /// Layers that took a cycle, in the order in which the firmware named them.
  public var rows: [Row]
  /// All layers together.
  public var total: Row
  /// Name of the reference clock: that of the array with most MACs, else the fastest.
  public var clock: String

  /// Computes the table of a run.
  public init(_ snapshot: Snapshot, energy: EnergyReport? = nil) {
    let arrays = snapshot.modules.filter(\.isArray)
    let reference =
      arrays.max { ($0.macs(tag: nil), $1.path) < ($1.macs(tag: nil), $0.path) }
      ?? snapshot.modules.max { ($0.hertz, $1.path) < ($1.hertz, $0.path) }
    clock = reference?.clock ?? ""

    func row(_ tag: Int?) -> Row {
      func pick(_ values: [UInt64]) -> UInt64 {
        guard let tag else { return values.reduce(0, +) }
        return values.indices.contains(tag) ? values[tag] : 0
      }
      let cycles = reference.map { pick($0.cycles) } ?? 0
      let macs = arrays.reduce(0) { $0 + $1.macs(tag: tag) }
      let slots = arrays.reduce(0.0) { $0 + Double($1.elementCount) * Double(pick($1.cycles)) }
      let dmas = snapshot.modules.filter(\.isDMA)
      let energies = energy?.tags ?? []
      let picojoules: Double? =
        if let tag {
          energies.indices.contains(tag) ? energies[tag].totalPicojoules : nil
        } else { energy?.total.totalPicojoules }
      return Row(
        name: tag.map { Self.label(snapshot.tags[$0]) } ?? "total",
        cycles: cycles,
        seconds: reference.map { $0.hertz == 0 ? 0 : Double(cycles) / Double($0.hertz) } ?? 0,
        macs: macs, utilisation: arrays.isEmpty || slots == 0 ? nil : Double(macs) / slots,
        dmaBytes: dmas.reduce(0) { sum, dma in
          dma.counters.filter { $0.name == "bytes" }.reduce(sum) { $0 + pick($1.values) }
        },
        topWait: Self.topWait(snapshot, arrays: arrays, tag: tag), picojoules: picojoules)
    }

    rows = snapshot.tags.indices.map { row($0) }.filter { $0.cycles > 0 }
    total = row(nil)
  }

  static let untagged = "(untagged)"

  static func label(_ tag: String) -> String {
    tag.isEmpty ? untagged : tag
  }

  /// The array that waited longest and for whom; when all arrays were idle for longer than that,
  /// the busiest other module, since the time went there.
  private static func topWait(
    _ snapshot: Snapshot, arrays: [ModuleRecord], tag: Int?
  ) -> String {
    func pick(_ values: [UInt64]) -> UInt64 {
      guard let tag else { return values.reduce(0, +) }
      return values.indices.contains(tag) ? values[tag] : 0
    }
    func share(_ cycles: UInt64, _ module: ModuleRecord) -> Double {
      let elapsed = pick(module.cycles)
      return elapsed == 0 ? 0 : Double(cycles) / Double(elapsed)
    }
    func percent(_ share: Double) -> String {
      Quantity.percent(tenths: Int((share * 1000).rounded()))
    }
    let candidates = arrays.isEmpty ? snapshot.modules : arrays
    var best: (share: Double, text: String) = (0, "")
    for module in candidates {
      for state in module.states where state.kind == .waiting {
        let part = share(pick(state.cycles), module)
        if part > best.share {
          let owner = arrays.count == 1 ? "" : module.path + " "
          best = (part, "\(owner)\(state.label) \(percent(part))")
        }
      }
    }
    let idle = arrays.map { array in share(pick(array.idleCycles), array) }.min() ?? 0
    if !arrays.isEmpty, idle > best.share {
      let others = snapshot.modules.filter { !$0.isArray }.map { module in
        let active = module.states.filter { $0.kind == .active }
        return (module.path, share(active.reduce(0) { $0 + pick($1.cycles) }, module))
      }
      guard let busiest = others.max(by: { ($0.1, $1.0) < ($1.1, $0.0) }), busiest.1 > 0 else {
        return "idle"
      }
      return "idle; \(busiest.0) active \(percent(busiest.1))"
    }
    return best.text
  }
}

extension ModuleRecord {
  /// How many MAC units the module has.
  var elementCount: UInt64 {
    components.filter { $0.componentClass.hasPrefix("mac.") }.reduce(0) { $0 + $1.quantity }
  }

  /// Whether the module counts MACs and has units that do them.
  var isArray: Bool {
    elementCount > 0 && counters.contains { $0.name == "macs" }
  }

  /// Whether the module is a DMA.
  var isDMA: Bool { kind.uppercased().contains("DMA") }

  /// MACs done, under one tag or all.
  func macs(tag: Int?) -> UInt64 {
    guard let counter = counters.first(where: { $0.name == "macs" }) else { return 0 }
    guard let tag else { return counter.values.reduce(0, +) }
    return counter.values.indices.contains(tag) ? counter.values[tag] : 0
  }

  /// Idle cycles per tag.
  var idleCycles: [UInt64] {
    states.filter { $0.kind == .idle }.reduce(into: cycles.map { _ in 0 }) { sums, state in
      for index in sums.indices where state.cycles.indices.contains(index) {
        sums[index] += state.cycles[index]
      }
    }
  }
}

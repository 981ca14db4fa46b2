import Telemetry

extension TextReport {
  // MARK: Modules

  /// Utilisation of every module and what it waited for.
  func modules(_ record: RunRecord) -> [String] {
    let snapshot = record.snapshot
    guard !snapshot.modules.isEmpty else { return [] }
    var table = TextTable(columns: [
      .init(title: "module", alignment: .left, minimum: 12),
      .init(title: "kind", alignment: .left, rank: 1),
      .init(title: "active"), .init(title: "waiting"), .init(title: "idle"),
      .init(title: "waits for", alignment: .left, minimum: 16),
    ])
    var quiet: [String] = []
    var complaints: [String] = []
    for module in order(snapshot.modules) {
      let elapsed = module.totalCycles
      let kinds = module.cyclesByKind()
      let claimed = kinds.reduce(0, +)
      if claimed != elapsed, !module.states.isEmpty {
        complaints.append(
          "\(module.path): the state classes sum to \(Quantity.exact(claimed)) of "
            + "\(Quantity.exact(elapsed)) cycles")
      }
      let shares = Shares.tenths(kinds)
      if detail == .screen, elapsed == 0 || shares[2] >= 995 {
        quiet.append(module.path)
        continue
      }
      let hasShares = claimed > 0
      table.rows.append(
        TextTable.Row(
          cells: [.text(module.path), .text(module.kind)]
            + shares.map { .text(hasShares ? Quantity.percent(tenths: $0) : Quantity.unknown) }
            + [.items(causes(module))]))
    }
    var lines = [heading("Modules", note: "share of cycles; each row sums to 100 %")]
    if !table.rows.isEmpty { lines += table.lines(style) }
    if !quiet.isEmpty {
      lines += paragraph("idle for at least 99.5 %: " + quiet.joined(separator: ", "))
    }
    return lines + complaints.map { "  " + style.paint($0, .bad) }
  }

  /// Arrays first, then DMAs, then the rest, each busiest first.
  private func order(_ modules: [ModuleRecord]) -> [ModuleRecord] {
    func rank(_ module: ModuleRecord) -> Int { module.isArray ? 0 : module.isDMA ? 1 : 2 }
    func idle(_ module: ModuleRecord) -> Double {
      let total = module.totalCycles
      return total == 0 ? 1 : Double(module.cyclesByKind()[2]) / Double(total)
    }
    return modules.sorted {
      (rank($0), idle($0), $0.path) < (rank($1), idle($1), $1.path)
    }
  }

  /// Waiting states, longest first, with their share of the module's cycles.
  private func causes(_ module: ModuleRecord) -> [String] {
    let states = module.states.filter { $0.total > 0 }
    let shares = Shares.tenths(states.map(\.total))
    return zip(states, shares).filter { $0.0.kind == .waiting }
      .sorted { ($1.0.total, $0.0.name) < ($0.0.total, $1.0.name) }
      .map { "\(TextStyle.printable($0.0.label)) \(Quantity.percent(tenths: $0.1))" }
  }

  // MARK: Trees

  /// Why it took that many cycles: the busiest array (or processor) on a screen, all in a file.
  func trees(_ record: RunRecord) -> [[String]] {
    let modules = order(record.snapshot.modules).filter { $0.totalCycles > 0 }
    switch detail {
    case .screen:
      let arrays = modules.filter(\.isArray)
      let chosen = arrays.max { ($0.macs(tag: nil), $1.path) < ($1.macs(tag: nil), $0.path) }
      guard let module = chosen ?? modules.first(where: { !$0.states.isEmpty }) else { return [] }
      return [tree(module, CycleTree(module), record.snapshot)]
    case .full:
      return modules.flatMap { (module) -> [[String]] in
        // A module that was idle all the time has nothing to explain.
        if module.cyclesByKind()[2] == module.totalCycles { return [] }
        let whole = tree(module, CycleTree(module), record.snapshot)
        guard module.isArray, record.snapshot.tags.count > 1 else { return [whole] }
        let byLayer = CycleTree(module, byLayersOf: record.snapshot.tags)
        return [whole, [heading("\(module.path) by layer")] + byLayer.lines(style)]
      }
    }
  }

  private func tree(
    _ module: ModuleRecord, _ tree: CycleTree, _ snapshot: Snapshot
  ) -> [String] {
    var lines = [
      heading(
        "Why \(module.path) took \(Quantity.count(tree.cycles)) cycles",
        note: "clock \(module.clock), \(Quantity.frequency(module.hertz))")
    ]
    lines += tree.lines(style)
    if let chain = BlockerChain.text(from: module.path, in: snapshot) {
      lines += paragraph("longest waits: \(TextStyle.printable(chain))")
    }
    return lines
  }

  // MARK: Layers

  /// One row per tag.
  func layers(_ record: RunRecord) -> [String] {
    let layers = LayerTable(record.snapshot, energy: record.energy)
    guard layers.rows.contains(where: { $0.name != LayerTable.untagged }) else { return [] }
    var table = TextTable(columns: [
      .init(title: "layer", alignment: .left, minimum: 10), .init(title: "cycles"),
      .init(title: "share", rank: 3), .init(title: "time"), .init(title: "array use"),
      .init(title: "DMA", rank: 2), .init(title: "energy"),
      .init(title: "longest wait", alignment: .left, minimum: 26),
    ])
    let shares = Shares.tenths(layers.rows.map(\.cycles))
    func append(_ row: LayerTable.Row, share: Int, isSum: Bool) {
      table.rows.append(
        TextTable.Row(
          cells: [
            .text(TextStyle.printable(row.name)), .text(Quantity.exact(row.cycles)),
            .text(Quantity.percent(tenths: share)), .text(Quantity.time(row.seconds)),
            .text(
              row.utilisation.map { Quantity.percent(tenths: Int(($0 * 1000).rounded())) }
                ?? Quantity.unknown),
            .text(Quantity.bytes(row.dmaBytes)),
            .text(row.picojoules.map(Quantity.energy) ?? Quantity.unknown),
            .text(TextStyle.printable(row.topWait)),
          ], isSum: isSum))
    }
    for (row, share) in zip(layers.rows, shares) { append(row, share: share, isSum: false) }
    append(layers.total, share: layers.total.cycles == 0 ? 0 : 1000, isSum: true)
    let note = "cycles of \(layers.clock); array use = MACs / (elements × cycles)"
    return [heading("Layers", note: note)] + table.lines(style)
  }
}

import Energy

extension TextReport {
  /// Energy and area of the modules, and what the numbers rest on.
  func energy(_ record: RunRecord) -> [String] {
    guard let report = record.energy else { return [] }
    let node = Quantity.node(report.nodeNanometres)
    let title = TextStyle.printable(report.tableTitle.isEmpty ? report.table : report.tableTitle)
    var lines = [
      heading("Energy and area", note: "table \(TextStyle.printable(report.table)), \(node)")
    ]
    lines += modules(report).lines(style)
    if detail == .full { lines += components(report) }
    let power = Quantity.power(report.total.averagePowerMilliwatts)
    let time = Quantity.time(report.simulatedSeconds)
    lines += paragraph("average power \(power) over \(time); \(title)")
    return lines + sources(report)
  }

  private static let columns: [TextTable.Column] = [
    .init(title: "module", alignment: .left, minimum: 12), .init(title: "dynamic", rank: 1),
    .init(title: "leakage", rank: 1), .init(title: "energy"), .init(title: "share"),
    .init(title: "area"), .init(title: "share", rank: 2),
  ]

  private func row(
    _ name: String, _ amounts: Amounts, _ share: Int, _ areaShare: Int, isSum: Bool = false
  ) -> TextTable.Row {
    TextTable.Row(
      cells: [
        .text(TextStyle.printable(name)), .text(Quantity.energy(amounts.dynamic)),
        .text(Quantity.energy(amounts.leakage)),
        .text(Quantity.energy(amounts.energy)), .text(Quantity.percent(tenths: share)),
        .text(Quantity.area(amounts.area)),
        .text(Quantity.percent(tenths: areaShare)),
      ], isSum: isSum)
  }

  private func modules(_ report: EnergyReport) -> TextTable {
    let sorted = report.modules.sorted {
      ($1.total.totalPicojoules, $0.path) < ($0.total.totalPicojoules, $1.path)
    }
    let shares = Shares.tenths(sorted.map(\.total.totalPicojoules))
    let areaShares = Shares.tenths(sorted.map(\.total.areaSquareMicrometres))
    var table = TextTable(columns: Self.columns)
    var rest = Amounts()
    var restShares = (0, 0)
    var restNames: [String] = []
    for (index, module) in sorted.enumerated() {
      let isSmall = shares[index] < 5 && areaShares[index] < 5
      if detail == .screen, isSmall {
        rest.add(Amounts(module.total))
        restShares.0 += shares[index]
        restShares.1 += areaShares[index]
        restNames.append(module.path)
      } else {
        table.rows.append(row(module.path, Amounts(module.total), shares[index], areaShares[index]))
      }
    }
    if let only = restNames.first {
      let name = restNames.count == 1 ? only : "\(restNames.count) others"
      table.rows.append(row(name, rest, restShares.0, restShares.1))
    }
    let whole = report.total
    table.rows.append(
      row(
        "total", Amounts(whole), whole.totalPicojoules > 0 ? 1000 : 0,
        whole.areaSquareMicrometres > 0 ? 1000 : 0, isSum: true))
    return table
  }

  /// Every action of every component with its price.
  private func components(_ report: EnergyReport) -> [String] {
    var table = TextTable(columns: [
      .init(title: "component", alignment: .left, minimum: 20),
      .init(title: "class", alignment: .left, rank: 1), .init(title: "quantity"),
      .init(title: "action", alignment: .left), .init(title: "count"),
      .init(title: "each"), .init(title: "energy"), .init(title: "area"),
    ])
    for module in report.modules {
      for component in module.components {
        var cells: [TextTable.Cell] = [
          .text(TextStyle.printable("\(module.path).\(component.name)")),
          .text(component.componentClass), .text(Quantity.exact(component.quantity)),
        ]
        let area = Quantity.area(component.total.areaSquareMicrometres)
        for (index, action) in component.actions.enumerated() {
          if index > 0 { cells = [.text(""), .text(""), .text("")] }
          table.rows.append(
            TextTable.Row(
              cells: cells + [
                .text(action.action), .text(Quantity.count(action.count)),
                .text(Quantity.energy(action.picojoulesPerAction)),
                .text(Quantity.energy(action.picojoules)), .text(index == 0 ? area : ""),
              ]))
        }
        if !component.actions.isEmpty { cells = [.text(""), .text(""), .text("")] }
        table.rows.append(
          TextTable.Row(
            cells: cells + [
              .text("leakage"), .text(""),
              .text(Quantity.power(component.leakageMilliwatts)),
              .text(Quantity.energy(component.total.leakagePicojoules)),
              .text(component.actions.isEmpty ? area : ""),
            ]))
      }
    }
    return table.rows.isEmpty ? [] : [""] + table.lines(style) + [""]
  }

  private func sources(_ report: EnergyReport) -> [String] {
    let used = report.sources.filter { $0.picojoules > 0 || $0.areaSquareMicrometres > 0 }
    guard !used.isEmpty else { return [] }
    let shares = Shares.tenths(used.map(\.picojoules))
    let areaShares = Shares.tenths(used.map(\.areaSquareMicrometres))
    if detail == .screen {
      let parts = used.indices.map { index in
        "\(used[index].citation.key) \(Quantity.percent(tenths: shares[index])) / "
          + Quantity.percent(tenths: areaShares[index])
      }
      return paragraph("sources (energy / area): " + parts.joined(separator: ", "))
    }
    var lines = ["", heading("Sources", note: "share of energy and of area")]
    for index in used.indices {
      let citation = used[index].citation
      lines += paragraph(
        "\(Quantity.percent(tenths: shares[index])), "
          + "\(Quantity.percent(tenths: areaShares[index])): \(citation.key): "
          + "\(citation.author), \(citation.title), \(citation.version)")
    }
    for note in report.notes { lines += paragraph("note: \(TextStyle.printable(note))") }
    return lines
  }
}

/// What a row of the table shows, in pJ and µm².
private struct Amounts {
  var dynamic = 0.0
  var leakage = 0.0
  var energy = 0.0
  var area = 0.0

  init() {}

  init(_ totals: EnergyTotals) {
    dynamic = totals.dynamicPicojoules
    leakage = totals.leakagePicojoules
    energy = totals.totalPicojoules
    area = totals.areaSquareMicrometres
  }

  mutating func add(_ other: Amounts) {
    dynamic += other.dynamic
    leakage += other.leakage
    energy += other.energy
    area += other.area
  }
}

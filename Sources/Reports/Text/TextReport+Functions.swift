extension TextReport {
  /// Functions on a screen.
  private static let shownFunctions = 12

  /// Where the harts spent their cycles; empty without a profile.
  func functions(_ record: RunRecord) -> [String] {
    guard let profile = record.profile, !profile.functions.isEmpty else { return [] }
    var table = TextTable(columns: [
      .init(title: "function", alignment: .left, minimum: 16), .init(title: "self cycles"),
      .init(title: "share"), .init(title: "total cycles"), .init(title: "share", rank: 1),
      .init(title: "calls"),
    ])
    let shares = Shares.tenths(profile.functions.map(\.selfCycles))
    let shown = detail == .full ? profile.functions.count : Self.shownFunctions
    for (function, share) in zip(profile.functions, shares).prefix(shown) {
      table.rows.append(
        TextTable.Row(cells: [
          .text(TextStyle.printable(function.name)), .text(Quantity.exact(function.selfCycles)),
          .text(Quantity.percent(tenths: share)), .text(Quantity.exact(function.totalCycles)),
          .text(percent(function.totalCycles, of: profile.cycles)),
          .text(Quantity.exact(function.calls)),
        ]))
    }
    var lines = [
      heading(
        "Functions",
        note: "where the \(Quantity.exact(profile.cycles)) cycles of the harts went")
    ]
    lines += table.lines(style)
    let others = profile.functions.count - table.rows.count
    if others > 0 {
      let noun = others == 1 ? "function" : "functions"
      let share = shares.dropFirst(shown).reduce(0, +)
      lines += paragraph(
        "\(others) more \(noun) with \(Quantity.percent(tenths: share)) of the cycles in report.txt"
      )
    }
    return lines
  }

  private func percent(_ cycles: UInt64, of whole: UInt64) -> String {
    guard whole > 0, cycles <= whole else { return Quantity.unknown }
    return Quantity.percent(tenths: Int((Double(cycles) / Double(whole) * 1000).rounded()))
  }
}

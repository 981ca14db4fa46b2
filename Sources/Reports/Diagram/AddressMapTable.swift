/// The address map of a system as text: one row per window, in order of address.
public struct AddressMapTable: Sendable, Equatable {
  /// The system.
  public var graph: SystemGraph

  /// Creates the table of a system.
  public init(_ graph: SystemGraph) {
    self.graph = graph
  }

  /// The table, ending in a newline; empty when nothing has an address.
  public func text(_ style: TextStyle = .file) -> String {
    let lines = lines(style)
    return lines.isEmpty ? "" : style.finish(lines.joined(separator: "\n") + "\n")
  }

  func lines(_ style: TextStyle) -> [String] {
    let windows = graph.nodes.compactMap { node in node.addresses.map { (node, $0) } }
      .sorted { ($0.1.start, $0.0.name) < ($1.1.start, $1.0.name) }
    guard !windows.isEmpty else { return [] }
    var table = TextTable(columns: [
      .init(title: "first", alignment: .left), .init(title: "last", alignment: .left),
      .init(title: "size"), .init(title: "module", alignment: .left, minimum: 12),
      .init(title: "kind", alignment: .left, rank: 1),
      .init(title: "", alignment: .left, minimum: 12, rank: 2),
    ])
    for (node, range) in windows {
      table.rows.append(
        TextTable.Row(cells: [
          .text(range.start.asAddress), .text(range.last.asAddress),
          .text(Quantity.size(range.length)), .text(TextStyle.printable(node.name)),
          .text(node.kind.rawValue), .items(node.detail.map(TextStyle.printable)),
        ]))
    }
    return [style.paint("Address map", .heading)] + table.lines(style)
  }
}

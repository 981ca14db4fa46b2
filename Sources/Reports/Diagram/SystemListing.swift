/// A system as text: modules and clocks, address map, connections and interrupts.
public struct SystemListing: Sendable, Equatable {
  /// The system.
  public var graph: SystemGraph

  /// Creates the listing of a system.
  public init(_ graph: SystemGraph) {
    self.graph = graph
  }

  /// The listing, ending in a newline.
  public func text(_ style: TextStyle = .file) -> String {
    let map = AddressMapTable(graph).lines(style)
    var sections = [modules(style), map]
    for (kind, title, arrow) in [
      (SystemGraph.EdgeKind.bus, "Bus", "→"), (.stream, "Streams", "⇒"),
      (.interrupt, "Interrupts", "→"),
    ] {
      sections.append(connections(kind, title: title, arrow: arrow, style))
    }
    let text = sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n")
    return style.finish(text + "\n")
  }

  private func modules(_ style: TextStyle) -> [String] {
    guard !graph.nodes.isEmpty else { return [] }
    var table = TextTable(columns: [
      .init(title: "module", alignment: .left, minimum: 12),
      .init(title: "kind", alignment: .left), .init(title: "clock", alignment: .left, rank: 1),
      .init(title: "", alignment: .left, minimum: 16),
    ])
    for kind in SystemGraph.NodeKind.allCases {
      for node in graph.nodes where node.kind == kind {
        table.rows.append(
          TextTable.Row(cells: [
            .text(TextStyle.printable(node.name)), .text(kind.rawValue),
            .text(TextStyle.printable(node.clock)),
            .items(node.detail.map(TextStyle.printable)),
          ]))
      }
    }
    return [style.paint("Modules", .heading)] + table.lines(style)
  }

  /// Bus arrows of one initiator or target share a line; the others have one each.
  private func connections(
    _ kind: SystemGraph.EdgeKind, title: String, arrow: String, _ style: TextStyle
  ) -> [String] {
    let edges = graph.edges.filter { $0.kind == kind }
    guard !edges.isEmpty else { return [] }
    var lines = [style.paint(title, .heading)]
    func add(_ text: String) {
      let wrapped = TextStyle.wrapped(TextStyle.printable(text), width: style.width - 6)
      for (index, line) in wrapped.enumerated() {
        lines.append((index == 0 ? "  " : "      ") + line)
      }
    }
    if kind == .bus {
      let crossbars = Set(graph.nodes.filter { $0.kind == .crossbar }.map(\.name))
      for crossbar in graph.nodes.map(\.name) where crossbars.contains(crossbar) {
        let sources = edges.filter { $0.to == crossbar }.map(\.from)
        let targets = edges.filter { $0.from == crossbar }.map(\.to)
        add("\(sources.joined(separator: ", ")) \(arrow) \(crossbar)")
        add("\(crossbar) \(arrow) \(targets.joined(separator: ", "))")
      }
      for edge in edges where !crossbars.contains(edge.from) && !crossbars.contains(edge.to) {
        add("\(edge.from) \(arrow) \(edge.to)")
      }
    } else {
      for edge in edges {
        add("\(edge.from) \(arrow) \(edge.to)" + (edge.label.isEmpty ? "" : " (\(edge.label))"))
      }
    }
    return lines
  }
}

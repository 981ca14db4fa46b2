/// A block diagram of a system as a self-contained SVG picture: dark text on a light background,
/// no scripts, no external fonts.
public struct BlockDiagram: Sendable, Equatable {
  /// The system.
  public var graph: SystemGraph

  /// Creates the diagram of a system.
  public init(_ graph: SystemGraph) {
    self.graph = graph
  }

  /// The picture as an SVG document, ending in a newline; the same graph gives the same bytes.
  public var svg: String {
    let layout = BlockLayout(graph) { content($0) }
    var drawing = SVGDrawing(width: layout.width, height: layout.height, title: graph.title)
    drawing.text(
      graph.title, x: BlockLayout.margin, y: BlockLayout.margin + 18, style: .title)
    links(layout, in: &drawing)
    for node in graph.nodes {
      guard let box = layout.boxes[node.name] else { continue }
      if node.name == layout.bar?.name {
        bar(node, box, in: &drawing)
      } else {
        block(node, box, in: &drawing)
      }
    }
    legend(layout, in: &drawing)
    return drawing.document
  }

  // MARK: Boxes

  private func content(_ node: SystemGraph.Node) -> [BlockText] {
    var lines = [
      BlockText(node.kind.rawValue.uppercased(), .caption), BlockText(node.name, .name),
    ]
    lines += node.detail.map { BlockText($0, .detail) }
    if !node.clock.isEmpty { lines.append(BlockText(node.clock, .faint)) }
    if let range = node.addresses {
      lines.append(BlockText("\(range.start.asAddress) · \(Quantity.size(range.length))", .address))
    }
    for (target, labels) in interrupts(of: node.name) {
      lines.append(BlockText("\(labels) → \(target)", .interrupt))
    }
    return lines
  }

  /// Interrupts that a box raises, labels joined by target.
  private func interrupts(of name: String) -> [(target: String, labels: String)] {
    let edges = graph.edges.filter { $0.kind == .interrupt && $0.from == name }
    var targets: [String] = []
    for edge in edges where !targets.contains(edge.to) { targets.append(edge.to) }
    return targets.map { target in
      let labels = edges.filter { $0.to == target }.map { $0.label.isEmpty ? "irq" : $0.label }
      return (target, labels.joined(separator: ", "))
    }
  }

  private func block(
    _ node: SystemGraph.Node, _ box: BlockLayout.Box, in drawing: inout SVGDrawing
  ) {
    let palette = Palette(node.kind)
    drawing.rectangle(box, fill: palette.fill, stroke: palette.stroke)
    var y = box.y + BlockLayout.padding - 4
    let x = box.x + BlockLayout.padding
    for line in content(node) {
      y += line.height
      switch line.style {
      case .caption: drawing.text(line.text, x: x, y: y - 2, style: .caption, fill: palette.stroke)
      case .name: drawing.text(line.text, x: x, y: y - 2, style: .name)
      case .detail: drawing.text(line.text, x: x, y: y - 2, style: .detail)
      case .faint: drawing.text(line.text, x: x, y: y - 2, style: .faint)
      case .address: drawing.text(line.text, x: x, y: y - 2, style: .address)
      case .interrupt:
        drawing.bolt(x: x, y: y - 2)
        drawing.text(line.text, x: x + 12, y: y - 2, style: .interrupt)
      }
    }
  }

  private func bar(
    _ node: SystemGraph.Node, _ box: BlockLayout.Box, in drawing: inout SVGDrawing
  ) {
    let palette = Palette(.crossbar)
    drawing.rectangle(box, fill: palette.fill, stroke: palette.stroke)
    let detail = (node.detail + (node.clock.isEmpty ? [] : [node.clock])).joined(separator: "  ·  ")
    drawing.text(node.name, x: box.centre, y: box.y + 24, style: .name, anchor: "middle")
    drawing.text(detail, x: box.centre, y: box.y + 42, style: .detail, anchor: "middle")
  }

  // MARK: Arrows

  private func links(_ layout: BlockLayout, in drawing: inout SVGDrawing) {
    var detours = 0
    for edge in graph.edges where edge.kind != .interrupt {
      guard let from = layout.boxes[edge.from], let to = layout.boxes[edge.to] else { continue }
      if edge.kind == .bus, edge.to == layout.bar?.name {
        busLink(edge, box: from, bar: to, isRequest: true, layout, in: &drawing)
      } else if edge.kind == .bus, edge.from == layout.bar?.name {
        busLink(edge, box: to, bar: from, isRequest: false, layout, in: &drawing)
      } else if edge.kind == .stream, layout.groups[edge.to]?.contains(edge.from) == true {
        stream(edge.label, x: from.centre, from: from.y, to: to.bottom, in: &drawing)
      } else if edge.kind == .stream, layout.groups[edge.from]?.contains(edge.to) == true {
        stream(edge.label, x: to.centre, from: from.bottom, to: to.y, in: &drawing)
      } else {
        detour(edge, from, to, number: detours, in: &drawing)
        detours += 1
      }
    }
  }

  private func stream(
    _ label: String, x: Double, from: Double, to: Double, in drawing: inout SVGDrawing
  ) {
    drawing.arrow([(x, from), (x, to)], .stream)
    drawing.text(
      TextTable.cut(label, 16), x: x + 9, y: (from + to) / 2 + 4, style: .label)
  }

  /// A straight link between a box and the bar. A box that both asks and answers has two.
  private func busLink(
    _ edge: SystemGraph.Edge, box: BlockLayout.Box, bar: BlockLayout.Box, isRequest: Bool,
    _ layout: BlockLayout, in drawing: inout SVGDrawing
  ) {
    let name = isRequest ? edge.from : edge.to
    let isBoth =
      graph.edges.contains { $0.kind == .bus && $0.from == name && $0.to == layout.bar?.name }
      && graph.edges.contains { $0.kind == .bus && $0.to == name && $0.from == layout.bar?.name }
    let isAbove = box.y < bar.y
    var x = box.centre
    if isBoth { x += (isRequest ? -1 : 1) * box.width / 5 }
    if layout.groups[name] != nil { x = box.right - BlockLayout.lane / 2 }
    let (boxEnd, barEnd) = isAbove ? (box.bottom, bar.y) : (box.y, bar.bottom)
    drawing.arrow(
      isRequest ? [(x, boxEnd), (x, barEnd)] : [(x, barEnd), (x, boxEnd)],
      isRequest || !isAbove ? .bus : .registers)
    if !edge.label.isEmpty {
      let y = isAbove ? barEnd - BlockLayout.linkHeight / 2 + 4 : barEnd + 20
      drawing.text(TextTable.cut(edge.label, 14), x: x + 7, y: y, style: .label)
    }
  }

  /// Any other arrow leaves at the top, runs above all boxes and comes down; drawn behind them.
  private func detour(
    _ edge: SystemGraph.Edge, _ from: BlockLayout.Box, _ to: BlockLayout.Box, number: Int,
    in drawing: inout SVGDrawing
  ) {
    let y = BlockLayout.margin + BlockLayout.titleHeight - 8 - Double(number % 3) * 7
    let start = from.right - 16 - Double(number % 4) * 9
    let end = to.x + 16 + Double(number % 4) * 9
    drawing.arrow(
      [(start, from.y), (start, y), (end, y), (end, to.y)], edge.kind == .stream ? .stream : .bus)
    drawing.text(edge.label, x: (start + end) / 2, y: y - 4, style: .label, anchor: "middle")
  }

  // MARK: Legend

  private func legend(_ layout: BlockLayout, in drawing: inout SVGDrawing) {
    let y = layout.height - BlockLayout.margin - 4
    var x = BlockLayout.margin
    func entry(_ text: String, _ line: SVGDrawing.Line) {
      drawing.arrow([(x, y), (x + 30, y)], line)
      drawing.text(text, x: x + 38, y: y + 4, style: .faint)
      x += 38 + Double(text.count) * 6.8 + 24
    }
    let hasStreams = graph.edges.contains { $0.kind == .stream }
    entry("bus, initiator to target", .bus)
    if graph.nodes.contains(where: { $0.kind == .dma || $0.kind == .accelerator }) {
      entry("register window", .registers)
    }
    if hasStreams { entry("stream", .stream) }
    if graph.edges.contains(where: { $0.kind == .interrupt }) {
      drawing.bolt(x: x, y: y + 4)
      drawing.text("interrupt → receiver", x: x + 14, y: y + 4, style: .faint)
    }
  }
}

/// Fill and outline of a kind of box.
private struct Palette {
  let fill: String
  let stroke: String

  init(_ kind: SystemGraph.NodeKind) {
    (fill, stroke) =
      switch kind {
      case .processor: ("#e8f0fd", "#2456a6")
      case .dma: ("#e5f5ea", "#1f7a43")
      case .crossbar: ("#e6eaf0", "#475569")
      case .memory: ("#fff3dd", "#a35f00")
      case .peripheral: ("#f4f4f5", "#5f6672")
      case .accelerator: ("#f2e9fc", "#7132b4")
      }
  }
}

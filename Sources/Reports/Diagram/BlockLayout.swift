/// Places the boxes of a block diagram.
///
/// Initiators stand in a row above the crossbar, which is a bar as wide as the picture; targets
/// stand below it, in two rows shifted by half a box when one would be too long, so that the links
/// of the lower row pass between the boxes of the upper one. An accelerator stands above its DMAs,
/// as wide as all of them and a lane for the link to its registers. Nothing overlaps by
/// construction.
struct BlockLayout {
  struct Box {
    var x = 0.0
    var y = 0.0
    var width = 0.0
    var height = 0.0

    var centre: Double { x + width / 2 }
    var bottom: Double { y + height }
    var right: Double { x + width }
  }

  static let margin = 28.0
  static let gap = 30.0
  static let lane = 44.0
  static let padding = 14.0
  static let lineHeight = 16.0
  static let barHeight = 54.0
  static let linkHeight = 52.0
  static let streamHeight = 66.0
  /// Room for the title.
  static let titleHeight = 46.0
  /// Room for the legend.
  static let legendHeight = 44.0
  /// A single row of targets may be this wide even under a narrower row of initiators.
  static let comfortableWidth = 1180.0

  private(set) var boxes: [String: Box] = [:]
  private(set) var width = 0.0
  private(set) var height = 0.0
  /// The crossbar that is drawn as the bar.
  let bar: SystemGraph.Node?
  /// DMAs under each accelerator, by its name.
  let groups: [String: [String]]

  private struct Column {
    var dmas: [String] = []
    var accelerator: String?
    var width: Double
  }

  init(_ graph: SystemGraph, lines: (SystemGraph.Node) -> [BlockText]) {
    bar = graph.nodes.first { $0.kind == .crossbar }
    groups = Self.grouped(graph)
    let sizes = Dictionary(
      graph.nodes.map { ($0.name, Self.size(lines($0))) }, uniquingKeysWith: { a, _ in a })

    // The rows above the bar, as columns of an accelerator and its DMAs.
    let grouped = Set(groups.values.joined())
    var columns: [Column] = []
    let alone = graph.nodes.filter {
      ($0.kind == .processor || $0.kind == .dma) && !grouped.contains($0.name)
    }
    for node in alone.filter({ $0.kind == .processor }) + alone.filter({ $0.kind == .dma }) {
      columns.append(Column(dmas: [node.name], width: sizes[node.name]?.width ?? 0))
    }
    for node in graph.nodes where node.kind == .accelerator {
      let dmas = groups[node.name] ?? []
      let row = dmas.reduce(0) { $0 + (sizes[$1]?.width ?? 0) + Self.gap }
      let inner = max(row - Self.gap + Self.lane, sizes[node.name]?.width ?? 0)
      columns.append(Column(dmas: dmas, accelerator: node.name, width: inner))
    }
    let topWidth = columns.reduce(-Self.gap) { $0 + $1.width + Self.gap }

    // The rows below.
    let targets =
      graph.nodes.filter { $0.kind == .memory } + graph.nodes.filter { $0.kind == .peripheral }
      + graph.nodes.filter { $0.kind == .crossbar && $0.name != bar?.name }
    let targetWidth = targets.reduce(0) { max($0, sizes[$1.name]?.width ?? 0) }
    let pitch = targetWidth + Self.gap
    let oneRow = Double(targets.count) * pitch - Self.gap
    let isOneRow = oneRow <= max(topWidth, Self.comfortableWidth)
    let memories = targets.filter { $0.kind == .memory }.count
    let others = targets.count - memories
    let upperCount =
      isOneRow
      ? targets.count
      : memories >= others - 1 && memories <= others + 2 ? memories : (targets.count + 1) / 2
    let upper = targets.prefix(upperCount)
    let lower = targets.dropFirst(upperCount)
    // Slots of the lower row lie half a pitch beside those of the upper one.
    let lowerOffset = Double(upper.count - lower.count) * pitch / 2
    let isAligned = (upper.count - lower.count).isMultiple(of: 2)
    let lowerStart = lower.isEmpty ? 0 : lowerOffset + (isAligned ? pitch / 2 : 0)
    let lowerEnd = lowerStart + Double(lower.count) * pitch - Self.gap
    let bottomWidth = max(
      Double(upper.count) * pitch - Self.gap, lower.isEmpty ? 0 : lowerEnd, 0)
    let bottomShift = lower.isEmpty ? 0 : max(0, -lowerStart)

    let inner = max(topWidth, bottomWidth + bottomShift, 420)
    width = inner + 2 * Self.margin
    var y = Self.margin + Self.titleHeight

    // Accelerators.
    let acceleratorHeight = columns.compactMap { $0.accelerator }
      .reduce(0) { max($0, sizes[$1]?.height ?? 0) }
    var x = Self.margin + (inner - max(topWidth, 0)) / 2
    let rowHeight = columns.flatMap(\.dmas).reduce(0) { max($0, sizes[$1]?.height ?? 0) }
    let rowTop = y + (acceleratorHeight > 0 ? acceleratorHeight + Self.streamHeight : 0)
    for column in columns {
      if let name = column.accelerator {
        boxes[name] = Box(x: x, y: y, width: column.width, height: acceleratorHeight)
      }
      var left = x
      for name in column.dmas {
        let width = sizes[name]?.width ?? 0
        boxes[name] = Box(x: left, y: rowTop, width: width, height: rowHeight)
        left += width + Self.gap
      }
      x += column.width + Self.gap
    }
    y =
      rowHeight > 0 ? rowTop + rowHeight : rowTop - (acceleratorHeight > 0 ? Self.streamHeight : 0)

    // The bar.
    if let bar {
      y += columns.isEmpty ? 0 : Self.linkHeight
      boxes[bar.name] = Box(x: Self.margin, y: y, width: inner, height: Self.barHeight)
      y += Self.barHeight
    }

    // Targets.
    let start = Self.margin + (inner - bottomWidth - bottomShift) / 2 + bottomShift
    for (row, offset) in [(upper, 0), (lower, lowerStart)] where !row.isEmpty {
      y += Self.linkHeight
      let height = row.reduce(0) { max($0, sizes[$1.name]?.height ?? 0) }
      for (index, node) in row.enumerated() {
        boxes[node.name] = Box(
          x: start + offset + Double(index) * pitch, y: y, width: targetWidth, height: height)
      }
      y += height
    }
    height = y + Self.legendHeight + Self.margin
  }

  /// The DMAs that feed or empty each accelerator: inputs first.
  private static func grouped(_ graph: SystemGraph) -> [String: [String]] {
    let kinds = Dictionary(
      graph.nodes.map { ($0.name, $0.kind) }, uniquingKeysWith: { a, _ in a })
    var result: [String: [String]] = [:]
    var taken: Set<String> = []
    let streams = graph.edges.filter { $0.kind == .stream }
    for edge in streams where kinds[edge.from] == .dma && kinds[edge.to] == .accelerator {
      if taken.insert(edge.from).inserted { result[edge.to, default: []].append(edge.from) }
    }
    for edge in streams where kinds[edge.to] == .dma && kinds[edge.from] == .accelerator {
      if taken.insert(edge.to).inserted { result[edge.from, default: []].append(edge.to) }
    }
    return result
  }

  private static func size(_ lines: [BlockText]) -> Box {
    let text = lines.reduce(0) { max($0, $1.width) }
    return Box(
      width: max(text + 2 * padding, 132),
      height: lines.reduce(2 * padding - 4) { $0 + $1.height })
  }
}

/// One line of text in a box.
struct BlockText {
  enum Style: Sendable { case caption, name, detail, faint, address, interrupt }

  var text: String
  var style: Style

  init(_ text: String, _ style: Style) {
    self.text = text.count > 34 ? TextTable.cut(text, 34) : text
    self.style = style
  }

  /// In px; on the safe side for the usual sans-serif fonts.
  var width: Double {
    let perCharacter =
      switch style {
      case .caption: 7.2
      case .name: 9.4
      case .detail, .faint, .interrupt: 6.8
      case .address: 6.7
      }
    return Double(text.count) * perCharacter + (style == .interrupt ? 12 : 0)
  }

  /// In px, with the space above.
  var height: Double {
    switch style {
    case .caption: 13
    case .name: 19
    default: 16
    }
  }
}

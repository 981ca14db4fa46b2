/// A table that fits itself into a width: columns that may shrink do so first, then the least
/// important columns are left out.
struct TextTable {
  struct Column {
    enum Alignment { case left, right }

    var title: String
    var alignment = Alignment.right
    /// Least width when the column may be cut; nil when it may not.
    var minimum: Int?
    /// Columns with a higher rank are left out first; rank 0 always stays.
    var rank = 0
  }

  enum Cell {
    case text(String)
    /// Items separated by commas, as many as fit.
    case items([String])

    var natural: String {
      switch self {
      case .text(let text): text
      case .items(let items): items.joined(separator: ", ")
      }
    }

    func fitted(_ width: Int) -> String {
      let natural = natural
      if natural.count <= width { return natural }
      guard case .items(let items) = self, let first = items.first, first.count <= width else {
        return TextTable.cut(natural, width)
      }
      var text = first
      for item in items.dropFirst() {
        if text.count + 2 + item.count > width { break }
        text += ", " + item
      }
      return text
    }
  }

  struct Row {
    var cells: [Cell]
    var role = TextStyle.Role.plain
    /// Whether a rule is drawn above, as over a sum.
    var isSum = false
  }

  var columns: [Column]
  var rows: [Row] = []
  var indentation = 2

  static func cut(_ text: String, _ width: Int) -> String {
    guard text.count > width else { return text }
    return width < 2 ? String(text.prefix(width)) : text.prefix(width - 1) + "…"
  }

  func lines(_ style: TextStyle) -> [String] {
    let (shown, widths) = layout(style.width)
    let titles = columns.map { Cell.text($0.title) }
    var lines: [String] = []
    if columns.contains(where: { !$0.title.isEmpty }) {
      lines.append(style.paint(line(titles, shown, widths), .faint))
    }
    for row in rows {
      if row.isSum {
        let span = shown.reduce(0) { $0 + widths[$1] } + 2 * (shown.count - 1)
        let rule = String(repeating: "─", count: span)
        lines.append(
          style.paint(String(repeating: " ", count: indentation) + rule, .faint))
      }
      lines.append(style.paint(line(row.cells, shown, widths), row.role))
    }
    return lines
  }

  private func line(_ cells: [Cell], _ shown: [Int], _ widths: [Int]) -> String {
    var text = String(repeating: " ", count: indentation)
    for (position, index) in shown.enumerated() {
      let cell = index < cells.count ? cells[index].fitted(widths[index]) : ""
      let padding = String(repeating: " ", count: widths[index] - cell.count)
      let isLast = position == shown.count - 1
      switch columns[index].alignment {
      case .right: text += padding + cell
      case .left: text += isLast ? cell : cell + padding
      }
      if !isLast { text += "  " }
    }
    while text.last == " " { text.removeLast() }
    return text
  }

  private func layout(_ width: Int) -> (shown: [Int], widths: [Int]) {
    let widths = columns.indices.map { index in
      rows.reduce(columns[index].title.count) {
        max($0, index < $1.cells.count ? $1.cells[index].natural.count : 0)
      }
    }
    var shown = Array(columns.indices)
    while true {
      let used = indentation + shown.reduce(0) { $0 + widths[$1] } + 2 * (shown.count - 1)
      var excess = used - width
      if excess <= 0 { return (shown, widths) }
      var shrunk = widths
      // The widest column that may shrink gives way first.
      while excess > 0 {
        let candidates = shown.filter { shrunk[$0] > (columns[$0].minimum ?? .max) }
        guard let widest = candidates.max(by: { shrunk[$0] < shrunk[$1] }) else { break }
        shrunk[widest] -= 1
        excess -= 1
      }
      if excess <= 0 { return (shown, shrunk) }
      let droppable = shown.filter { columns[$0].rank > 0 }
      guard let victim = droppable.max(by: { columns[$0].rank < columns[$1].rank }) else {
        return (shown, shrunk)
      }
      shown.removeAll { $0 == victim }
    }
  }
}

/// Rows of text set in columns of equal width: numbers to the right, words to the left.
struct AlignedTable {
  enum Alignment { case left, right }

  /// Titles with the alignment of their columns.
  var columns: [(title: String, alignment: Alignment)]
  /// Cells, as many as columns.
  var rows: [[String]] = []

  /// The lines, titles first unless all are empty, indented by two blanks.
  func lines() -> [String] {
    let titles = columns.map(\.title)
    let hasTitles = titles.contains { !$0.isEmpty }
    let all = (hasTitles ? [titles] : []) + rows
    let widths = columns.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { cells in
      var line = " "
      for (index, column) in columns.enumerated() {
        let padding = String(repeating: " ", count: widths[index] - cells[index].count)
        line += index == 0 ? " " : "  "
        line += column.alignment == .right ? padding + cells[index] : cells[index] + padding
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}

extension LayerTable {
  /// How much of the table is written as text.
  public enum Detail: Sendable {
    /// Nodes that compute.
    case computing
    /// All nodes.
    case all
  }

  /// The table for people: aligned columns, digits in groups of three separated by a narrow no-break space, then
  /// the sums. Ends in a newline.
  public func text(_ detail: Detail = .computing) -> String {
    let shown = rows.filter { detail == .all || !$0.movesDataOnly }
    let titles = [
      "#", "layer", "operator", "input", "output", "window", "MACs", "weights", "biases",
      "output bytes",
    ]
    var lines = [titles]
    for row in shown {
      lines.append([
        String(row.index), Self.cut(row.name), row.operator,
        row.inputs.map { Self.shape($0) }.joined(separator: ", "),
        row.outputs.first.map { Self.shape($0) } ?? "", row.windowText, Self.count(row.macs),
        Self.count(row.weights), Self.count(row.biases), Self.digits(row.outputBytes),
      ])
    }
    lines.append([
      "", "total", "", "", "", "", Self.digits(totals.macs), Self.digits(totals.weights),
      Self.digits(totals.biases), "",
    ])
    let right: Set = [0, 6, 7, 8, 9]
    var text = Self.aligned(lines, right: right)
    switch rows.count - shown.count {
    case 0: break
    case 1: text += "One node that only moves data is not shown.\n"
    case let hidden: text += "\(hidden) nodes that only move data are not shown.\n"
    }
    return text + summary
  }

  /// The sums, one per line.
  public var summary: String {
    let peak = totals.peakNode.map { " (during \(Self.cut($0)))" } ?? ""
    let lines = [
      ("multiply-accumulates", Self.digits(totals.macs)),
      ("element operations", Self.digits(totals.elementOperations)),
      ("parameters", Self.digits(totals.parameters)),
      ("parameter bytes", Self.digits(totals.parameterBytes)),
      ("input bytes", Self.digits(totals.inputBytes)),
      ("output bytes", Self.digits(totals.outputBytes)),
      ("peak activation bytes", Self.digits(totals.peakActivationBytes) + peak),
    ]
    let width = lines.reduce(0) { max($0, $1.0.count) }
    return lines.map { name, value in
      name + String(repeating: " ", count: width + 2 - name.count) + value + "\n"
    }.joined()
  }

  /// The exact number: `1 840 000`.
  static func digits(_ value: Int) -> String {
    let digits = Array(String(value))
    var text = ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index).isMultiple(of: 3) { text.append("\u{202F}") }
      text.append(digit)
    }
    return text
  }

  /// A count that is left out where it is 0.
  private static func count(_ value: Int) -> String { value == 0 ? "" : digits(value) }

  private static func shape(_ type: TensorType) -> String {
    type.shape.isEmpty ? "scalar" : TensorType.text(type.shape)
  }

  /// A name of at most 40 characters: its end, which tells names of exporters apart.
  private static func cut(_ name: String) -> String {
    name.count <= 40 ? name : "…" + name.suffix(39)
  }

  private static func aligned(_ lines: [[String]], right: Set<Int>) -> String {
    let widths = (lines.first ?? []).indices.map { column in
      lines.reduce(0) { max($0, $1[column].count) }
    }
    return lines.map { cells in
      var line = ""
      for (column, cell) in cells.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line +=
          (column > 0 ? "  " : "") + (right.contains(column) ? padding + cell : cell + padding)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }
}

extension LayerTable.Row {
  /// Kernel, then what differs from the usual: `3×3 s2 p1 g32 d2` for strides, padding, groups, dilation. Sides
  /// that differ are written as `2×1`, padding as beginnings and ends.
  public var windowText: String {
    guard let window else { return "" }
    func sides(_ values: [Int]) -> String {
      Set(values).count == 1 ? "\(values[0])" : TensorType.text(values)
    }
    var parts = [TensorType.text(window.kernel)]
    if window.strides.contains(where: { $0 != 1 }) { parts.append("s" + sides(window.strides)) }
    let pads = window.padsBegin + window.padsEnd
    if pads.contains(where: { $0 != 0 }) {
      let isSymmetric = window.padsBegin == window.padsEnd
      parts.append(
        isSymmetric
          ? "p" + sides(window.padsBegin)
          : "p" + TensorType.text(window.padsBegin) + "+" + TensorType.text(window.padsEnd))
    }
    if let groups, groups != 1 { parts.append("g\(groups)") }
    if window.dilations.contains(where: { $0 != 1 }) { parts.append("d" + sides(window.dilations)) }
    return parts.joined(separator: " ")
  }
}

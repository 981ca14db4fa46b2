internal import Foundation
internal import Mapping

/// The plan of a network as a table.
struct PlanText {
  private let mapped: MappedNetwork

  init(_ mapped: MappedNetwork) { self.mapped = mapped }

  var text: String {
    var table = PlainTable([
      "layer", "on", "computed with it", "order", "rows", "strips", "input", "weights", "output",
      "MACs", "array cycles", "DRAM bytes",
    ])
    for layer in mapped.layers {
      let isOnArray = layer.choice.engine != "core"
      table.add([
        layer.name, layer.choice.engine ?? "core",
        (layer.choice.fused ?? []).joined(separator: ", "), layer.choice.order?.rawValue ?? "",
        layer.choice.tileRows.map(String.init) ?? "",
        layer.choice.groupStrips.map(String.init) ?? "", layer.choice.input?.rawValue ?? "",
        layer.choice.weights?.rawValue ?? "", layer.memory, PlainTable.grouped(layer.macs),
        isOnArray ? PlainTable.grouped(layer.cycles) : "",
        isOnArray ? PlainTable.grouped(layer.dramBytes) : "",
      ])
    }
    var text = table.text(rightFrom: 9)
    let cycles = mapped.layers.reduce(0) { $0 + $1.cycles }
    text += "array cycles, were no operand late   \(PlainTable.grouped(cycles))\n"
    for (memory, bytes) in mapped.featureBytes.sorted(by: { $0.key < $1.key }) {
      text += "feature maps in \(memory)   \(PlainTable.grouped(bytes)) bytes\n"
    }
    text +=
      "weights, tables, descriptors   \(PlainTable.grouped(mapped.constants.bytes.count)) bytes; plan   "
      + "\(PlainTable.grouped(mapped.plan.bytes.count)) bytes\n"
    let commands = mapped.work.map { "\($0.name) \($0.commands.count)" }.joined(separator: ", ")
    return text + "commands   \(commands)\n"
  }
}

/// Columns of text.
struct PlainTable {
  private let titles: [String]
  private var rows: [[String]] = []

  init(_ titles: [String]) { self.titles = titles }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// - Parameters:
  ///   - first: the first column that is aligned to the right.
  ///   - last: the last one.
  func text(rightFrom first: Int, to last: Int = .max) -> String {
    let all = [titles] + rows
    let widths = titles.indices.map { column in all.map { $0[column].count }.max() ?? 0 }
    return all.map { row in
      var line = ""
      for (column, cell) in row.enumerated() {
        let gap = String(repeating: " ", count: widths[column] - cell.count)
        line +=
          (column == 0 ? "" : "  ") + (column >= first && column <= last ? gap + cell : cell + gap)
      }
      while line.last == " " { line.removeLast() }
      return line + "\n"
    }.joined()
  }

  /// `12 345 678`.
  static func grouped(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).reversed().enumerated() {
      if index > 0, index % 3 == 0, digit != "-" { text = " " + text }
      text = String(digit) + text
    }
    return text
  }
}

extension SignalLog {
  /// Ends of the names of signals that show what moves.
  private static let flow = ["valid", "ready", "transfer", "access", "interrupt"]

  /// The last `count` cycles of the signals that differ and of those that show what moves, one
  /// column per cycle; where the sides differ, `model≠RTL`.
  public func table(cycles count: Int = 12) -> String {
    let differing = Set(differences.map(\.signal))
    let shown = signals.indices.filter { index in
      let name = signals[index].name
      return differing.contains(name)
        || (signals[index].bits == 1 && Self.flow.contains(where: name.hasSuffix))
    }
    let cycles = keptCycles.suffix(count)
    var rows = [["cycle"] + cycles.map(String.init)]
    for index in shown {
      rows.append(
        [signals[index].name]
          + cycles.map { cycle in
            let model = text(index, at: cycle, isModel: true)
            let rtl = text(index, at: cycle, isModel: false)
            return model == rtl ? model : "\(model)≠\(rtl)"
          })
    }
    let widths = (0...cycles.count).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      row.enumerated().map { column, text in
        let padding = String(repeating: " ", count: widths[column] - text.count)
        return column == 0 ? text + padding : padding + text
      }.joined(separator: " ")
    }.joined(separator: "\n")
  }

  /// The cycles that are kept as a VCD file with one scope for the model and one for the RTL; one
  /// cycle is 1 ns.
  public func valueChangeDump(top: String) -> String {
    func identifier(_ index: Int) -> String {
      var rest = index
      var text = ""
      repeat {
        text.unicodeScalars.append(Unicode.Scalar(UInt8(33 + rest % 94)))
        rest /= 94
      } while rest > 0
      return text
    }
    var lines = ["$timescale 1ns $end", "$scope module \(top) $end"]
    for (side, scope) in ["model", "rtl"].enumerated() {
      lines.append("$scope module \(scope) $end")
      for (index, signal) in signals.enumerated() {
        lines.append(
          "$var wire \(signal.bits) \(identifier(2 * index + side)) \(signal.name) $end")
      }
      lines.append("$upscope $end")
    }
    lines += ["$upscope $end", "$enddefinitions $end"]
    var previous: [[UInt8]?] = Array(repeating: nil, count: 2 * signals.count)
    for cycle in keptCycles {
      lines.append("#\(cycle)")
      for (index, signal) in signals.enumerated() {
        for side in 0...1 {
          let bytes = bytes(index, at: cycle, isModel: side == 0)
          if previous[2 * index + side] == bytes { continue }
          previous[2 * index + side] = bytes
          let digits = bytes.reversed().map { byte in
            let text = String(byte, radix: 2)
            return String(repeating: "0", count: 8 - text.count) + text
          }.joined().suffix(signal.bits)
          let name = identifier(2 * index + side)
          lines.append(signal.bits == 1 ? "\(digits)\(name)" : "b\(digits) \(name)")
        }
      }
    }
    lines.append("#\(cycle + 1)")
    return lines.joined(separator: "\n") + "\n"
  }
}

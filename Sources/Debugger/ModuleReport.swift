/// Hardware modules in words, for `monitor` commands.
enum ModuleReport {
  /// One line per module.
  static func table(_ modules: [ModuleView]) -> String {
    var rows = [["module", "kind", "state", "waits for", "cycles in it", "of"]]
    for module in modules {
      rows.append([
        module.path, module.kind, module.state?.name ?? "-", blocker(of: module) ?? "-",
        module.state.map { String($0.cycles) } ?? "-", String(module.cycles),
      ])
    }
    return render(rows, numbersFrom: 4)
  }

  /// Everything about one module.
  static func details(_ module: ModuleView) -> String {
    var text = "\(module.path): \(module.kind), \(module.cycles) cycles of \(module.clock)\n"
    if let state = module.state {
      text += "now: \(state.name) (\(state.kind)"
      text += (blocker(of: module).map { ", waits for \($0)" } ?? "") + ")\n"
    }
    var rows: [[String]] = []
    for state in module.states {
      rows.append(["  \(state.name)", state.kind, String(state.cycles)])
    }
    if !rows.isEmpty { text += "cycles by class:\n" + render(rows, numbersFrom: 2) }
    let counters = module.counters.map { ["  \($0.name)", String($0.value), $0.unit, $0.help] }
    if !counters.isEmpty { text += "counters:\n" + render(counters, numbersFrom: .max) }
    return text
  }

  /// One line per waiting module, and the circle if they wait for each other.
  static func waits(_ modules: [ModuleView]) -> String {
    var text = ""
    var edges: [String: String] = [:]
    for module in modules {
      guard let state = module.state, state.kind == "waiting" else { continue }
      text += "\(module.path): \(state.name)"
      if let blocker = state.blocker {
        text += " (on \(blocker))"
        edges[module.path] = blocker
      }
      text += "\n"
    }
    if let circle = circle(in: edges) {
      text += "circle: " + circle.joined(separator: " -> ") + "\n"
    }
    return text.isEmpty ? "no module waits\n" : text
  }

  /// The simulated time and all clocks.
  static func time(_ time: TimeView) -> String {
    var text = "\(time.seconds) s simulated\n"
    let rows = time.clocks.map {
      [
        "  \($0.name)" + ($0.name == time.reference ? " (reference)" : ""), "\($0.hertz) Hz",
        "\($0.cycles)", "cycles",
      ]
    }
    text += render(rows, numbersFrom: 1)
    return text
  }

  /// `text` filled up with spaces to `width` characters.
  static func column(_ text: String, _ width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func blocker(of module: ModuleView) -> String? {
    guard let state = module.state, state.kind == "waiting" else { return nil }
    return state.blocker
  }

  /// The first circle that following `edges` closes, its first element repeated at the end.
  private static func circle(in edges: [String: String]) -> [String]? {
    for start in edges.keys.sorted() {
      var path = [start]
      while let next = edges[path[path.count - 1]] {
        path.append(next)
        if next == start { return path }
        if path.count > edges.count { break }
      }
    }
    return nil
  }

  /// Columns of equal width, those from `first` on right-aligned.
  private static func render(_ rows: [[String]], numbersFrom first: Int) -> String {
    let columns = rows.map(\.count).max() ?? 0
    let widths = (0..<columns).map { column in
      rows.map { column < $0.count ? $0[column].count : 0 }.max() ?? 0
    }
    var text = ""
    for row in rows {
      var line = ""
      for (index, cell) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[index] - cell.count)
        line += (index == 0 ? "" : "  ") + (index >= first ? padding + cell : cell + padding)
      }
      while line.last == " " { line.removeLast() }
      text += line + "\n"
    }
    return text
  }
}

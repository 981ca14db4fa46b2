/// What the terminal shows at the end of a study.
///
/// Text from the study's file is printed with its control characters as `?`, so that it cannot act on
/// the terminal.
public struct ExplorationText: Sendable {
  /// Whether bars, dashes and thin spaces are used; otherwise ASCII stands in.
  public var usesUnicode: Bool
  /// Rows of the front that are printed at most.
  public var frontLimit: Int

  /// Creates a style of report.
  public init(usesUnicode: Bool = true, frontLimit: Int = 20) {
    self.usesUnicode = usesUnicode
    self.frontLimit = frontLimit
  }

  /// The report, sections separated by empty lines, ending in a newline.
  public func text(_ result: ExplorationResult) -> String {
    let sections = [
      head(result), stages(result), rejections(result), front(result), picks(result),
      sensitivity(result), comparisons(result),
    ]
    let text =
      sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") + "\n" }
      .joined(separator: "\n")
    return usesUnicode ? text : Self.ascii(text)
  }

  private func head(_ result: ExplorationResult) -> [String] {
    var lines = [Self.printable(result.name)]
    if !result.title.isEmpty { lines[0] += " – " + Self.printable(result.title) }
    let counts = [
      "\(NumberText.space(result.spaceSize)) in the space",
      "\(NumberText.count(result.designs.count)) reported",
      "\(NumberText.count(result.count(of: .best) + result.count(of: .feasible))) feasible",
      "\(NumberText.count(result.designs.count(where: \.isOnFront))) on the front",
    ]
    lines.append("  designs  \(counts.joined(separator: " · "))")
    var model = "  model    \(Self.printable(result.model))"
    if !result.errorBar.isEmpty { model += " (\(Self.printable(result.errorBar)))" }
    lines.append(model)
    if !result.table.isEmpty { lines.append("  energy   \(Self.printable(result.table))") }
    return lines
  }

  private func stages(_ result: ExplorationResult) -> [String] {
    guard !result.stages.isEmpty else { return [] }
    let names = ["given", "from store", "evaluated", "invalid", "failed", "kept", "time"]
    var table = AlignedTable(
      columns: [("stage", .left)] + names.map { ($0, AlignedTable.Alignment.right) })
    table.rows = result.stages.map { stage in
      [
        Self.printable(stage.model), NumberText.count(stage.given),
        NumberText.count(stage.stored), NumberText.count(stage.evaluated),
        NumberText.count(stage.invalid), NumberText.count(stage.failed),
        NumberText.count(stage.kept), NumberText.time(stage.seconds),
      ]
    }
    return ["Stages"] + table.lines()
  }

  private func rejections(_ result: ExplorationResult) -> [String] {
    guard !result.rejections.isEmpty else { return [] }
    var table = AlignedTable(columns: [("", .right), ("", .left)])
    table.rows = result.rejections.prefix(10).map {
      [NumberText.count($0.count), Self.printable($0.reason)]
    }
    let rest = result.rejections.dropFirst(10)
    if !rest.isEmpty {
      let designs = rest.reduce(0) { $0 + $1.count }
      table.rows.append([NumberText.count(designs), "for \(rest.count) more reasons"])
    }
    return ["Rejected designs"] + table.lines()
  }

  private func front(_ result: ExplorationResult) -> [String] {
    let front = result.front
    guard !front.isEmpty else { return ["Pareto front", "  no design fulfils all constraints"] }
    var lines = ["Pareto front"] + designs(Array(front.prefix(frontLimit)), of: result).lines()
    if front.count > frontLimit {
      lines.append("  and \(NumberText.count(front.count - frontLimit)) more")
    }
    return lines
  }

  private func picks(_ result: ExplorationResult) -> [String] {
    var labels: [String] = []
    var picked: [Int] = []
    for objective in result.objectives {
      let best = result.designs.firstIndex { $0.optimumOf.contains(objective.metric) }
      guard let best else { continue }
      let word = objective.isMaximised ? "most" : "least"
      labels.append("\(word) \(objective.metric.rawValue)")
      picked.append(best)
    }
    if let best = result.weightedBest, result.objectives.count > 1 {
      labels.append("best by weights")
      picked.append(best)
    }
    guard !picked.isEmpty else { return [] }
    return ["Optima"] + designs(picked, of: result, labels: labels).lines()
  }

  /// A table of designs: parameters, then the objectives, then the other metrics that constraints
  /// name.
  private func designs(
    _ indices: [Int], of result: ExplorationResult, labels: [String] = []
  ) -> AlignedTable {
    let metrics = Self.shownMetrics(result)
    var table = AlignedTable(
      columns: (labels.isEmpty ? [] : [("", .left)])
        + result.parameters.map { (Self.printable($0.name), AlignedTable.Alignment.right) }
        + metrics.map { ($0.rawValue, AlignedTable.Alignment.right) })
    table.rows = indices.enumerated().map { row, index in
      let design = result.designs[index]
      return (labels.isEmpty ? [] : [labels[row]])
        + design.values.map { Self.printable($0.description) }
        + metrics.map { NumberText.metric(design.metrics[$0.index]) }
    }
    return table
  }

  private static func shownMetrics(_ result: ExplorationResult) -> [Metric] {
    var metrics: [Metric] = []
    for objective in result.objectives where !metrics.contains(objective.metric) {
      metrics.append(objective.metric)
    }
    for metric in Metric.allCases where !metrics.contains(metric) {
      let isNamed = result.constraints.contains { text in
        text.split { !($0.isLetter || $0.isNumber || $0 == "_") }.contains { $0 == metric.rawValue }
      }
      if isNamed { metrics.append(metric) }
    }
    return metrics
  }

  private func sensitivity(_ result: ExplorationResult) -> [String] {
    guard !result.sensitivity.isEmpty else { return [] }
    var table = AlignedTable(columns: [
      ("objective", .left), ("parameter", .left), ("share", .right), ("", .left),
      ("means over its values", .left),
    ])
    for objective in result.objectives {
      let entries = result.sensitivity.filter { $0.metric == objective.metric }
        .sorted { $0.share > $1.share }
      for (index, entry) in entries.enumerated() {
        table.rows.append([
          index == 0 ? objective.metric.rawValue : "", Self.printable(entry.parameter),
          NumberText.percent(entry.share), bar(entry.share), sparkline(entry.means),
        ])
      }
    }
    return table.rows.isEmpty
      ? [] : ["Sensitivity (share of the variance that a parameter alone explains)"] + table.lines()
  }

  /// A bar of up to ten characters.
  private func bar(_ share: Double) -> String {
    guard share.isFinite else { return "" }
    let eighths = Int((min(max(share, 0), 1) * 80).rounded())
    guard usesUnicode else { return String(repeating: "#", count: (eighths + 4) / 8) }
    let parts = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"]
    return String(repeating: "█", count: eighths / 8) + parts[eighths % 8]
  }

  /// One character per mean, from the least to the greatest; a blank where there is none.
  private func sparkline(_ means: [Double?]) -> String {
    let levels = Array(usesUnicode ? "▁▂▃▄▅▆▇█" : "12345678")
    let known = means.compactMap(\.self).filter(\.isFinite)
    guard let least = known.min(), let greatest = known.max() else { return "" }
    return String(
      means.map { mean in
        guard let mean, mean.isFinite else { return " " }
        guard greatest > least else { return levels[0] }
        return levels[min(7, Int((mean - least) / (greatest - least) * 8))]
      })
  }

  private func comparisons(_ result: ExplorationResult) -> [String] {
    guard !result.comparisons.isEmpty else { return [] }
    var table = AlignedTable(columns: [
      ("", .left), ("theirs", .left), ("ours", .left), ("trend", .left), ("remark", .left),
    ])
    table.rows = result.comparisons.map { comparison in
      let trend = comparison.agrees.map { $0 ? "same" : "differs" } ?? "–"
      return [
        comparison.what, comparison.theirs, comparison.ours, trend, comparison.remark,
      ].map(Self.printable)
    }
    return ["Theirs and ours"] + table.lines()
  }

  private static func printable(_ text: String) -> String {
    String(
      text.map { character in
        character.unicodeScalars.contains { $0.properties.generalCategory == .control }
          ? "?" : character
      })
  }

  private static func ascii(_ text: String) -> String {
    let substitutes: [Character: Character] = [
      "\u{202F}": "_", "–": "-", "·": "-", "µ": "u", "²": "2", "×": "x", "…": "~",
    ]
    return String(text.map { $0.isASCII ? $0 : substitutes[$0] ?? "?" })
  }
}

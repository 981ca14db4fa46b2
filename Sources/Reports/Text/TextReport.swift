import Energy
import Telemetry

/// The report a person reads: one screen on a terminal, or everything in a file.
public struct TextReport: Sendable {
  /// How much is shown.
  public enum Detail: Sendable, Equatable {
    /// One screen: idle peripherals and small consumers are summed up, one tree is shown.
    case screen
    /// All modules, all trees, all sources and warnings.
    case full
  }

  /// Width, colour and characters.
  public var style: TextStyle
  /// How much is shown.
  public var detail: Detail

  /// Creates a report.
  public init(style: TextStyle = .file, detail: Detail = .screen) {
    self.style = style
    self.detail = detail
  }

  /// The report, ending in a newline.
  public func text(_ record: RunRecord) -> String {
    var sections = [header(record), modules(record)]
    sections.append(contentsOf: trees(record))
    sections.append(layers(record))
    sections.append(functions(record))
    sections.append(conventions(record))
    sections.append(accuracy(record))
    sections.append(energy(record))
    sections.append(warnings(record))
    let text = sections.filter { !$0.isEmpty }.map { $0.joined(separator: "\n") }
      .joined(separator: "\n\n")
    return style.finish(text + "\n")
  }

  func heading(_ text: String, note: String = "") -> String {
    style.paint(text, .heading) + (note.isEmpty ? "" : "  " + style.paint(note, .faint))
  }

  // MARK: Header

  private func header(_ record: RunRecord) -> [String] {
    let failed = record.verification.filter { !$0.passed }
    let isGood = record.outcome.exitCode == 0 && failed.isEmpty
    // Behind the first line comes what explains it, such as a table of signals.
    let reason = record.outcome.reason.split(separator: "\n").map {
      TextStyle.printable(String($0))
    }
    var lines = [
      heading(TextStyle.printable(record.name)) + "  "
        + style.paint(
          (reason.first ?? "") + " · exit code \(record.outcome.exitCode)", isGood ? .good : .bad)
    ]
    lines += reason.dropFirst().map { "  " + $0 }
    func item(_ name: String, _ text: String, _ role: TextStyle.Role = .plain) {
      let label = name.padding(to: 12)
      for (index, line) in TextStyle.wrapped(text, width: style.width - 12).enumerated() {
        lines.append(
          (index == 0 ? style.paint(label, .faint) : String(repeating: " ", count: 12))
            + style.paint(line, role))
      }
    }
    if !record.verification.isEmpty {
      let items = record.verification.reduce(0) { $0 &+ $1.total }
      if failed.isEmpty {
        let count = record.verification.count
        item(
          "verified",
          "\(count) of \(count) outputs equal the expected data (\(Quantity.exact(items)) items)",
          .good)
      } else {
        item("MISMATCH", "\(failed.count) of \(record.verification.count) outputs differ", .bad)
        for result in failed {
          item("", TextReport.describe(result), .bad)
        }
      }
    }
    if let estimate = record.estimate { item("model", TextReport.describe(estimate), .warning) }
    item(
      record.estimate == nil ? "simulated" : "estimated",
      ([Quantity.time(record.simulatedSeconds)] + clocks(record)).joined(
        separator: " · "))
    if record.host.wallSeconds > 0, record.host.wallSeconds.isFinite {
      let cycles = record.snapshot.modules.map(\.totalCycles).max() ?? 0
      let speed = Quantity.short(Double(cycles) / record.host.wallSeconds)
      let text = "\(Quantity.time(record.host.wallSeconds)) · \(speed) cycles/s"
      item("wall time", record.estimate == nil ? text : "\(text) estimated")
    }
    if let line = accuracyLine(record) { item("accuracy", line) }
    if detail == .full {
      if let digest = record.outputDigest { item("outputs", digest) }
      if !record.digest.isEmpty { item("digest", record.digest) }
      item("made by", TextStyle.printable(record.tool))
    }
    return lines
  }

  static func describe(_ estimate: EstimateMark) -> String {
    var parts = ["\(estimate.model): \(estimate.summary)", estimate.errorText]
    let unknown = estimate.unknownLayers
    if let first = unknown.first {
      parts.append(
        unknown.count == 1
          ? "layer '\(first)' is unknown to it and counts no cycles"
          : "\(unknown.count) layers are unknown to it and count no cycles, the first is '\(first)'"
      )
    }
    return TextStyle.printable(parts.joined(separator: " · "))
  }

  static func describe(_ result: VerificationResult) -> String {
    let differing = result.total >= result.matched ? result.total - result.matched : 0
    var text =
      "\(result.name): \(Quantity.exact(differing)) of \(Quantity.exact(result.total)) items "
      + "differ from \(result.file)"
    if let first = result.firstMismatch {
      text +=
        "; first at index \(first.index): expected \(first.expected), found \(first.found)"
    }
    return TextStyle.printable(text)
  }

  /// Cycles of every clock, most first.
  private func clocks(_ record: RunRecord) -> [String] {
    var seen: Set<String> = []
    return record.snapshot.modules
      .filter { seen.insert($0.clock).inserted }
      .sorted { ($1.totalCycles, $0.clock) < ($0.totalCycles, $1.clock) }
      .map {
        "\(Quantity.exact($0.totalCycles)) cycles of \($0.clock) (\(Quantity.frequency($0.hertz)))"
      }
  }

  // MARK: Conventions and warnings

  private func conventions(_ record: RunRecord) -> [String] {
    guard !record.conventions.isEmpty else { return [] }
    var table = TextTable(columns: [
      .init(title: "module", alignment: .left, minimum: 8), .init(title: "jobs"),
      .init(title: "convention", alignment: .left), .init(title: "its cycles"),
      .init(title: "ours"), .init(title: "difference"),
    ])
    var notes: [String] = []
    for row in record.conventions {
      let sign = row.cycles >= row.ours ? "+" : "-"
      let difference = row.cycles >= row.ours ? row.cycles - row.ours : row.ours - row.cycles
      table.rows.append(
        TextTable.Row(cells: [
          .text(row.module), .text(Quantity.exact(row.jobs)), .text(row.convention),
          .text(Quantity.exact(row.cycles)), .text(Quantity.exact(row.ours)),
          .text(difference == 0 ? "0" : sign + Quantity.exact(difference)),
        ]))
      let note = "\(row.convention): \(row.explanation)"
      if !row.explanation.isEmpty, !notes.contains(note) { notes.append(note) }
    }
    return [heading("Conventions", note: "array cycles as other tools count them")]
      + table.lines(style) + notes.flatMap { paragraph($0) }
  }

  private func warnings(_ record: RunRecord) -> [String] {
    let all = record.warnings + (record.energy?.warnings ?? [])
    guard !all.isEmpty else { return [] }
    let limit = detail == .full ? all.count : 3
    var lines = [style.paint(all.count == 1 ? "1 warning" : "\(all.count) warnings", .warning)]
    for warning in all.prefix(limit) { lines += paragraph(TextStyle.printable(warning)) }
    if all.count > limit {
      lines.append("  " + style.paint("… and \(all.count - limit) more in report.txt", .faint))
    }
    return lines
  }

  /// Text indented by two columns, further lines by four.
  func paragraph(_ text: String) -> [String] {
    TextStyle.wrapped(text, width: style.width - 4).enumerated()
      .map { ($0.offset == 0 ? "  " : "    ") + $0.element }
  }
}

extension String {
  /// Filled with spaces up to `width` characters.
  func padding(to width: Int) -> String {
    self + String(repeating: " ", count: max(0, width - count))
  }
}

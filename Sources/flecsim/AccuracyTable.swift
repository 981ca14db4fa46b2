internal import Reports
internal import Validation

/// The table that `flecsim validate` prints.
enum AccuracyTable {
  /// One row per module kind and reference.
  static func text(_ records: [AccuracyRecord]) -> String {
    guard !records.isEmpty else { return "nothing is recorded\n" }
    let header = [
      "module", "cases", "cycles compared", "error in cycles", "counts", "date", "reference",
    ]
    let rows = records.map { record in
      [
        record.kind, "\(record.cases)", record.comparedCycles.map { "\($0)" } ?? "–",
        record.errorText,
        record.countErrors.map { $0 == 0 ? "exact" : "\($0) differ" } ?? "–", record.date,
        record.reference,
      ]
    }
    var lines = columns([header] + rows, leftAligned: [0, 3, 4, 5, 6])
    lines += scopes(records)
    return lines.joined(separator: "\n") + "\n"
  }

  /// What was compared, once per wording.
  private static func scopes(_ records: [AccuracyRecord]) -> [String] {
    var seen: Set<String> = []
    return records.filter { seen.insert($0.reference + $0.scope).inserted }
      .map { "\($0.kind), \($0.reference): \($0.scope)" }
  }

  /// Every number of a published table.
  static func rows(of table: PublishedTable) -> String {
    let header = ["number", "published", "ours", "difference"]
    let rows = table.rows.map { row in
      [
        row.title, "\(row.published)", row.ours.map { "\($0)" } ?? "–",
        row.ours.map {
          $0 == row.published ? "0" : "\($0 > row.published ? "+" : "")\($0 - row.published)"
        }
          ?? "–",
      ]
    }
    return ([table.reference, table.method] + columns([header] + rows, leftAligned: [0]))
      .joined(separator: "\n") + "\n"
  }

  private static func columns(_ rows: [[String]], leftAligned: Set<Int>) -> [String] {
    let count = rows.map(\.count).max() ?? 0
    let widths = (0..<count).map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      var line = ""
      for (column, text) in row.enumerated() {
        let padding = String(repeating: " ", count: widths[column] - text.count)
        let isLast = column == row.count - 1
        line += leftAligned.contains(column) ? text + (isLast ? "" : padding) : padding + text
        if !isLast { line += "  " }
      }
      return line
    }
  }
}

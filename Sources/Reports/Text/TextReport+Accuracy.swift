extension TextReport {
  /// The error bars in a line: what is exact against a reference, what is not, what has none.
  func accuracyLine(_ record: RunRecord) -> String? {
    guard let accuracy = record.accuracy, !accuracy.isEmpty else { return nil }
    var parts: [String] = []
    var seen: Set<String> = []
    for entry in accuracy where !entry.error.isEmpty && seen.insert(entry.kind).inserted {
      // The first reference of a kind is the closest one.
      let names = entry.modules.map(TextStyle.printable).joined(separator: ", ")
      parts.append(
        "\(names) \(entry.error) (\(Quantity.exact(UInt64(entry.cases))) cases, \(entry.date))")
    }
    let others = accuracy.filter { $0.error.isEmpty && !seen.contains($0.kind) }
      .flatMap(\.modules).map(TextStyle.printable)
    if !others.isEmpty {
      parts.append("by definition or not compared: \(others.joined(separator: ", "))")
    }
    return parts.joined(separator: " · ")
  }

  /// Every reference of every module, in the full report.
  func accuracy(_ record: RunRecord) -> [String] {
    guard detail == .full, let accuracy = record.accuracy, !accuracy.isEmpty else { return [] }
    var lines = [
      heading("Accuracy", note: "of cycles and counts; flecsim validate measures it again")
    ]
    for entry in accuracy {
      let names = entry.modules.map(TextStyle.printable).joined(separator: ", ")
      let text =
        entry.error.isEmpty
        ? entry.reference
        : "\(entry.error) in \(Quantity.exact(UInt64(entry.cases))) cases against "
          + "\(entry.reference), \(entry.date)"
      lines += paragraph("\(entry.kind) (\(names)): \(TextStyle.printable(text))")
    }
    return lines
  }
}

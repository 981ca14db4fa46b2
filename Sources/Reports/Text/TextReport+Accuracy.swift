extension TextReport {
  /// The error bars in a line: what is exact against a reference, what is not, what has none.
  func accuracyLine(_ record: RunRecord) -> String? {
    guard let accuracy = record.accuracy, !accuracy.isEmpty else { return nil }
    // The first reference of a kind is the closest one.
    var seen: Set<String> = []
    let compared = accuracy.filter { !$0.error.isEmpty && seen.insert($0.kind).inserted }
    var parts: [String] = []
    var groups: [String] = []
    func group(_ entry: ModuleAccuracy) -> String {
      "\(entry.error) against RTL (\(Quantity.exact(UInt64(entry.cases))) cases each, \(entry.date))"
    }
    for entry in compared where !groups.contains(group(entry)) { groups.append(group(entry)) }
    for text in groups {
      let names = compared.filter { group($0) == text }.flatMap(\.modules).map(TextStyle.printable)
      parts.append("\(text): \(names.joined(separator: ", "))")
    }
    let others = accuracy.filter(\.error.isEmpty)
      .flatMap(\.modules).map(TextStyle.printable)
    if !others.isEmpty {
      parts.append("no cycle reference: \(others.joined(separator: ", "))")
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

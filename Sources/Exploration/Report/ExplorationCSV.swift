/// The designs of a study as a table for spreadsheets and scripts, after RFC 4180: fields with
/// commas, quotation marks or line breaks are quoted, lines end in CR LF.
///
/// Columns: the parameters by name, all metrics by name (`latency_ms`: names carry the unit), `class`
/// (`best`, `feasible`, `rejected`), `on_front` (`true`, `false`), `optimum_of` (names of metrics,
/// separated by blanks) and `model`. Numbers have all their digits.
public enum ExplorationCSV {
  /// The table, one line per design after the line of names.
  public static func text(_ result: ExplorationResult) -> String {
    var text = ""
    text.reserveCapacity(160 * (result.designs.count + 1))
    let names = result.parameters.map(\.name) + Metric.allCases.map(\.rawValue)
    append(names + ["class", "on_front", "optimum_of", "model"], to: &text)
    for design in result.designs {
      var fields = design.values.map(\.description)
      fields += design.metrics.map(number)
      fields.append(design.classification.rawValue)
      fields.append(design.isOnFront ? "true" : "false")
      fields.append(design.optimumOf.map(\.rawValue).joined(separator: " "))
      fields.append(design.model)
      append(fields, to: &text)
    }
    return text
  }

  private static func append(_ fields: [String], to text: inout String) {
    for (index, field) in fields.enumerated() {
      if index > 0 { text += "," }
      text += quoted(field)
    }
    text += "\r\n"
  }

  private static func quoted(_ field: String) -> String {
    let isPlain = !field.unicodeScalars.contains {
      $0 == "," || $0 == "\"" || $0 == "\r" || $0 == "\n"
    }
    return isPlain ? field : "\"" + field.replacing("\"", with: "\"\"") + "\""
  }

  /// Whole numbers without a fraction, others with as many digits as tell them apart.
  private static func number(_ value: Double) -> String {
    value == value.rounded() && abs(value) < 1e15 ? "\(Int64(value))" : "\(value)"
  }
}

/// The errors of several models over the same references, as plain text.
public struct AccuracyTable: Sendable {
  /// A model and its errors.
  public struct Row: Sendable, Hashable, Codable {
    /// The model's name.
    public let model: String
    /// Its errors; nil when the model does not apply.
    public let errors: ErrorStatistics?

    /// Creates a row.
    public init(model: String, errors: ErrorStatistics?) {
      self.model = model
      self.errors = errors
    }
  }

  /// The models, in the order they are printed.
  public var rows: [Row]
  /// The unit of the mean absolute error.
  public var unit: String

  /// Creates a table.
  public init(_ rows: [Row], unit: String = "cycles") {
    self.rows = rows
    self.unit = unit
  }

  /// One line per model below a heading; columns are aligned.
  public var text: String {
    var cells = [["model", "n", "MAE \(unit)", "MAPE %", "RMSPE %", "worst %", "total %", "rho"]]
    for row in rows {
      guard let errors = row.errors else {
        cells.append([row.model] + Array(repeating: "-", count: cells[0].count - 1))
        continue
      }
      cells.append([
        row.model, String(errors.count), Decimals.text(errors.meanAbsoluteError, places: 1),
        Decimals.text(errors.meanAbsolutePercentage, places: 2),
        Decimals.text(errors.rootMeanSquarePercentage, places: 2),
        Decimals.text(errors.worstPercentage, places: 2),
        Decimals.text(errors.totalPercentage, places: 2),
        errors.rankCorrelation.map { Decimals.text($0, places: 4) } ?? "-",
      ])
    }
    let widths = cells[0].indices.map { column in cells.map { $0[column].count }.max() ?? 0 }
    return cells.map { line in
      line.indices.map { column in
        let blanks = String(repeating: " ", count: widths[column] - line[column].count)
        return column == 0 ? line[column] + blanks : blanks + line[column]
      }.joined(separator: "  ") + "\n"
    }.joined()
  }
}

/// Numbers with a fixed number of decimals.
enum Decimals {
  /// `value` rounded half away from zero to `places` decimals.
  static func text(_ value: Double, places: Int) -> String {
    var unit = 1
    for _ in 0..<places { unit *= 10 }
    let scaled = (value * Double(unit)).rounded()
    guard let whole = Int(exactly: scaled) else { return "\(value)" }
    let sign = whole < 0 ? "-" : ""
    let digits = String(whole.magnitude % UInt(unit))
    let padding = String(repeating: "0", count: places - (places == 0 ? 0 : digits.count))
    let integer = "\(sign)\(whole.magnitude / UInt(unit))"
    return places == 0 ? integer : "\(integer).\(padding)\(digits)"
  }
}

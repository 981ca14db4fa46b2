internal import Estimation
internal import Foundation

/// Errors of models over groups of pairs, printed and kept.
struct EstimateErrorReport {
  /// The groups, in the order in which they were made.
  let groups: [EstimateValidation.Group]

  /// One table per group, then one over all groups of a kind.
  var text: String {
    var text = ""
    for group in groups {
      text += "\(group.subject), against \(group.kind == "RTL" ? "RTL" : "cycles of the run")\n"
      text += Self.table(group.pairs)
      for refusal in group.refusals { text += "  \(refusal.model): \(refusal.reason)\n" }
      text += "\n"
    }
    for kind in kinds where groups.filter({ $0.kind == kind }).count > 1 {
      text += "all, against \(kind == "RTL" ? "RTL" : "cycles of runs")\n"
      text += Self.table(pairs(of: kind)) + "\n"
    }
    text += "Gemmini's improved model adds to the printed equations:\n"
    for addition in GemminiImprovedModel.additions { text += "  \(addition)\n" }
    return text
  }

  /// Every pair as a line of comma-separated values, header line first.
  var csv: String {
    func field(_ text: String) -> String {
      text.contains { $0 == "," || $0 == "\"" || $0.isNewline }
        ? "\"" + text.replacing("\"", with: "\"\"") + "\"" : text
    }
    var lines = ["subject,reference,layer,model,estimated_cycles,cycles,error_percent"]
    for group in groups {
      for pair in group.pairs {
        let error = 100 * Double(pair.estimate - pair.reference) / Double(pair.reference)
        lines.append(
          "\(field(group.subject)),\(group.kind),\(field(pair.layer)),\(pair.model),\(pair.estimate),"
            + "\(pair.reference),\(String(format: "%.3f", error))")
      }
    }
    return lines.joined(separator: "\n") + "\n"
  }

  /// The errors as entries of the stored record: SoC's models against cycles, Gemmini's against RTL.
  ///
  /// - Parameter date: YYYY-MM-DD.
  func record(date: String) -> EstimateErrors {
    var entries: [EstimateErrors.Entry] = []
    // The first entry of a model is its error bar: runs before RTL of another machine.
    for kind in kinds.sorted(by: { $0 == "cycles" && $1 != "cycles" }) {
      let pairs = pairs(of: kind)
      let subjects = groups.filter { $0.kind == kind }.map(\.subject)
      for model in Self.models(pairs) {
        let own = pairs.filter { $0.model == model }
        let errors = Self.statistics(own)
        entries.append(
          EstimateErrors.Entry(
            model: model,
            reference:
              "\(own.count) \(kind == "RTL" ? "rows of RTL" : "layers") of \(Self.list(subjects)), \(date)",
            pairs: own.count, meanPercent: Self.rounded(errors.meanAbsolutePercentage),
            rootMeanSquarePercent: Self.rounded(errors.rootMeanSquarePercentage),
            worstPercent: Self.rounded(errors.worstPercentage),
            rankCorrelation: errors.rankCorrelation.map(Self.rounded)))
      }
    }
    return EstimateErrors(entries: entries)
  }

  private static func rounded(_ value: Double) -> Double { (value * 10_000).rounded() / 10_000 }

  private static func list(_ subjects: [String]) -> String {
    subjects.count <= 4
      ? subjects.joined(separator: ", ")
      : subjects.prefix(3).joined(separator: ", ") + " and \(subjects.count - 3) more"
  }

  private var kinds: [String] {
    var seen: Set<String> = []
    return groups.map(\.kind).filter { seen.insert($0).inserted }
  }

  private func pairs(of kind: String) -> [EstimateValidation.Pair] {
    groups.filter { $0.kind == kind }.flatMap(\.pairs)
  }

  private static func models(_ pairs: [EstimateValidation.Pair]) -> [String] {
    var seen: Set<String> = []
    return pairs.map(\.model).filter { seen.insert($0).inserted }
  }

  private static func statistics(_ pairs: [EstimateValidation.Pair]) -> ErrorStatistics {
    ErrorStatistics(
      estimates: pairs.map { Double($0.estimate) }, references: pairs.map { Double($0.reference) })
  }

  private static func table(_ pairs: [EstimateValidation.Pair]) -> String {
    Estimation.AccuracyTable(
      models(pairs).map { model in
        Estimation.AccuracyTable.Row(
          model: model, errors: statistics(pairs.filter { $0.model == model }))
      }
    ).text
  }
}

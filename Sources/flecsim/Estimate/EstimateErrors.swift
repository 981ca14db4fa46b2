internal import Foundation

/// The errors of models as they were measured, which this build came with.
struct EstimateErrors: Codable, Sendable, Equatable {
  /// A model's errors against one reference.
  struct Entry: Codable, Sendable, Equatable {
    /// The model.
    var model: String
    /// What its cycles were compared with, layer by layer or row by row.
    var reference: String
    /// How many pairs.
    var pairs: Int
    /// Mean absolute error in percent.
    var meanPercent: Double
    /// Root of the mean squared error in percent.
    var rootMeanSquarePercent: Double
    /// The largest error in percent.
    var worstPercent: Double
    /// Spearman's rank correlation; absent when it is not defined.
    var rankCorrelation: Double?

    enum CodingKeys: String, CodingKey {
      case model, reference, pairs
      case meanPercent = "mean_percent"
      case rootMeanSquarePercent = "root_mean_square_percent"
      case worstPercent = "worst_percent"
      case rankCorrelation = "rank_correlation"
    }
  }

  /// One entry per model and reference; the first of a model is its error bar.
  var entries: [Entry]

  /// The stored record.
  static let stored: EstimateErrors = {
    let data = Data(PackageResources.errors_json)
    return (try? JSONDecoder().decode(EstimateErrors.self, from: data))
      ?? EstimateErrors(entries: [])
  }()

  /// The error bar of a model.
  func bar(of model: String) -> EstimateErrorBar {
    guard let entry = entries.first(where: { $0.model == model }) else {
      return EstimateErrorBar(unknown: "its error was not measured")
    }
    return EstimateErrorBar(
      mean: entry.meanPercent, worst: entry.worstPercent, reference: entry.reference)
  }

  /// The text of the record's file.
  func json() throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(self), as: UTF8.self) + "\n"
  }
}

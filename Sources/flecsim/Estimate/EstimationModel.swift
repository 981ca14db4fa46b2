internal import Estimation
internal import Foundation
internal import Telemetry

/// A model that says how long a network takes without a clock, behind one name on the command line.
protocol EstimationModel: Sendable {
  /// Name on the command line.
  var name: String { get }
  /// What it is, in one sentence, with its source.
  var summary: String { get }
  /// What is known about its errors; nil takes the stored record.
  func errorBar(_ context: EstimateContext) -> EstimateErrorBar?
  /// The machine whose actions are priced; nil for the SoC itself. All its counts are zero.
  func inventory(_ context: EstimateContext) -> Snapshot?
  /// Estimates every layer of the plan. A layer that the model does not know has no cycles.
  ///
  /// - Throws: `CommandFailure` when it says nothing about this SoC or network.
  func estimate(_ context: EstimateContext) throws -> NetworkEstimate
}

extension EstimationModel {
  func errorBar(_ context: EstimateContext) -> EstimateErrorBar? { nil }
  func inventory(_ context: EstimateContext) -> Snapshot? { nil }
}

/// How far a model's cycles were off where somebody compared them.
struct EstimateErrorBar: Sendable, Equatable {
  /// For example `mean 0.4 %, worst 1.9 %`; empty when nobody compared.
  var error: String
  /// With what it was compared, or why not.
  var reference: String

  /// No errors, and why.
  init(unknown reason: String) {
    error = ""
    reference = reason
  }

  /// Errors in percent.
  init(mean: Double, worst: Double, reference: String) {
    error = "mean \(Self.percent(mean)), worst \(Self.percent(worst))"
    self.reference = reference
  }

  /// Two digits, or whole percents.
  private static func percent(_ value: Double) -> String {
    String(format: value < 9.95 ? "%.2g %%" : "%.0f %%", value)
  }
}

internal import Estimation
internal import SoC

/// A model that was fitted to runs of a SoC, by `flecsim characterise`.
struct FittedNetworkModel: EstimationModel {
  /// Which model.
  enum Form: Sendable {
    /// ANNETTE's refined roofline.
    case refinedRoofline
    /// Blackthorn's nested staircases.
    case stepWise
  }

  private let form: Form
  private let file: FittedFile?

  init(_ form: Form, _ file: FittedFile?) {
    self.form = form
    self.file = file
  }

  var name: String { form == .refinedRoofline ? "refined-roofline" : "step-wise" }

  var summary: String {
    form == .refinedRoofline
      ? "refined roofline (Wess et al. 2021), fitted to runs of the SoC"
      : "step-wise linear model (Lechner, Jantsch 2021), fitted to runs of the SoC"
  }

  private var fitted: FittedModel? { file?.model(form) }

  func errorBar(_ context: EstimateContext) -> EstimateErrorBar? {
    guard let fitted else { return nil }
    let errors = fitted.heldOut
    return EstimateErrorBar(
      mean: errors.meanAbsolutePercentage, worst: errors.worstPercentage,
      reference:
        "\(errors.count) random layers on \(fitted.system) that nothing was fitted to; fitted to \(fitted.runs) runs"
    )
  }

  func estimate(_ context: EstimateContext) throws -> NetworkEstimate {
    guard let file else {
      throw CommandFailure(
        .usage,
        "error: --model \(name): --fitted is missing; 'flecsim characterise' writes such a file")
    }
    guard let fitted else {
      throw CommandFailure(.input, "\(file.path): error: holds no model '\(name)'")
    }
    try file.check(fitted, context)
    return context.estimate(name) { shape, design in fitted.cycles(shape, on: design) }
  }
}

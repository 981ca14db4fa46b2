internal import Diagnostics
internal import Estimation
internal import SoC

/// The models that the command line knows.
enum EstimationModels {
  /// Name of the model without further words.
  static let standard = "beats"
  /// Stands for all models, side by side.
  static let all = "all"

  /// Every model, in the order in which tables show them.
  ///
  /// - Parameter fitted: the models fitted to runs of a SoC; nil when the user named no file.
  static func list(fitted: FittedFile? = nil) -> [any EstimationModel] {
    [
      SoCModel(detail: .beats), SoCModel(detail: .jobs), TiledNetworkModel(), RooflineModel(),
      FittedNetworkModel(.refinedRoofline, fitted),
      FittedNetworkModel(.stepWise, fitted),
      ConventionModel("scalesim", .scalesim), ConventionModel("scalesim-paper", .scalesimPaper),
      ConventionModel("scalesim-rtl", .scalesimVerilog), ConventionModel("stonne", .stonne),
      GemminiNetworkModel(.printed), GemminiNetworkModel(.improved),
    ]
  }

  /// The names, for help texts.
  static var names: String { list().map(\.name).joined(separator: ", ") }

  /// The model called `name`.
  ///
  /// - Throws: `CommandFailure` with the names there are.
  static func named(_ name: String, fitted: FittedFile? = nil) throws -> any EstimationModel {
    let models = list(fitted: fitted)
    if let model = models.first(where: { $0.name == name }) { return model }
    let near = Suggestion.nearest(to: name, among: models.map(\.name) + [all])
    throw CommandFailure(
      .usage,
      "error: no model is named '\(name)'; "
        + (near.map { "did you mean '\($0)'?" } ?? "expected one of \(names), or \(all)"))
  }
}

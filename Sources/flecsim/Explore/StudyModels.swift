internal import Exploration
internal import SoC

/// The models that stages of a study may use.
enum StudyModels {
  /// Names: the models of `estimate` that need nothing but SoC and network, and the simulator.
  static let names =
    EstimationModels.list().filter { !($0 is FittedNetworkModel) }.map(\.name)
    + [Study.Stage.cycles]

  /// The evaluator of a model.
  ///
  /// - Throws: `CommandFailure` and the like when the model cannot evaluate this study at all.
  static func evaluator(
    _ model: String, _ study: Study, _ workload: StudyWorkload, _ pricing: StudyPricing,
    _ installation: Installation
  ) throws -> any DesignEvaluating {
    if model == Study.Stage.cycles {
      return CycleEvaluator(study, workload, pricing, installation)
    }
    guard let network = workload.network else {
      throw CommandFailure(
        .input,
        "error: study \(study.name): model '\(model)' estimates networks; the SoC's own firmware is simulated only (stage 'cycles')"
      )
    }
    return try AnalyticalEvaluator(
      model, study, network: network, pricing: pricing, installation)
  }

  /// A design that is a valid system; what all designs have in common is looked up in it.
  ///
  /// - Throws: `ConfigErrors` of the first design when none of the first valid ones is a system,
  ///   `CommandFailure` when the constraints leave nothing.
  static func sample(_ study: Study, _ installation: Installation) throws -> SoCDescription {
    let space: DesignSpace
    do {
      space = try DesignSpace(study)
    } catch {
      throw CommandFailure(.input, "error: study \(study.name): \(error)")
    }
    let options = LoadOptions(requiresCPU: true, energyTables: installation.energyTables)
    var rejections = RejectionCounts(space)
    var first: (any Error)?
    var found: SoCDescription?
    var tried = 0
    space.forEachValid(in: 0..<space.size, &rejections) { _, genome in
      do {
        found = try SoCDescription.load(
          study.soc, overrides: space.overrides(of: Design(genome: genome)), options: options
        ).description
        return false
      } catch {
        first = first ?? error
        tried += 1
        return tried < sampleLimit
      }
    }
    if let found { return found }
    throw first
      ?? CommandFailure(
        .input,
        "error: study \(study.name): the constraints leave no design: "
          + rejections.reasons(space).map { "\($0.count) miss '\($0.reason)'" }.joined(
            separator: ", "))
  }

  /// Designs that are tried before the study is taken for wrong.
  private static let sampleLimit = 200
}

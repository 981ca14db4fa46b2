internal import Exploration
internal import SoC
internal import Synchronization

/// Evaluates designs of a study with whatever model they ask for.
final class StudyEvaluator: DesignEvaluating {
  /// The study.
  let study: Study
  /// What the designs run.
  let workload: StudyWorkload
  /// Energy tables.
  let pricing: StudyPricing
  private let installation: Installation
  private let evaluators = Mutex<[String: any DesignEvaluating]>([:])

  /// Reads a study and its network.
  ///
  /// - Throws: everything that is wrong with the study, its network or its energy table.
  convenience init(study path: String, table: String?) throws {
    let study = try StudyReader.read(path, models: StudyModels.names).study
    let installation = try Installation.find()
    let pricing = try StudyPricing(
      table: table, StudyModels.sample(study, installation), installation)
    self.init(study, try StudyWorkload(study), pricing, installation)
  }

  init(
    _ study: Study, _ workload: StudyWorkload, _ pricing: StudyPricing,
    _ installation: Installation
  ) {
    self.study = study
    self.workload = workload
    self.pricing = pricing
    self.installation = installation
  }

  func evaluate(_ request: EvaluationRequest) -> EvaluationOutcome {
    do {
      return try evaluator(request.model).evaluate(request)
    } catch {
      return EvaluationOutcome(error)
    }
  }

  /// The evaluator of a model, made when it is first used.
  private func evaluator(_ model: String) throws -> any DesignEvaluating {
    try evaluators.withLock { evaluators in
      if let evaluator = evaluators[model] { return evaluator }
      let evaluator = try StudyModels.evaluator(model, study, workload, pricing, installation)
      evaluators[model] = evaluator
      return evaluator
    }
  }
}

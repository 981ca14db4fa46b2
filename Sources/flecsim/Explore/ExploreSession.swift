internal import Exploration
internal import Foundation
internal import HostTools
internal import SoC

/// One execution of `flecsim explore`, from arguments to results.
struct ExploreSession {
  private let command: ExploreCommand
  private let installation: Installation

  init(_ command: ExploreCommand) throws {
    self.command = command
    installation = try Installation.find()
  }

  /// Explores and reports.
  func run() throws {
    let (study, warnings) = try StudyReader.read(command.study, models: StudyModels.names)
    printWarnings(warnings)
    let space: DesignSpace
    do {
      space = try DesignSpace(study)
    } catch {
      throw CommandFailure(.input, "\(command.study): error: \(error)")
    }
    if command.dryRun {
      StandardStream.print(DryRunText(space).text, terminator: "")
      return
    }
    let sample = try StudyModels.sample(study, installation)
    let pricing = try StudyPricing(table: command.table, sample, installation)
    let workload = try StudyWorkload(study)
    let folder = command.results ?? "results/\(study.name)"
    let outcome = try explore(space, workload, pricing, in: folder)
    let result = ExplorationResult(
      space, outcome, model: errorBar(of: study), table: pricing.label)
    try ExploreResults(folder: folder).write(result, space)
    if !command.quiet {
      StandardStream.print(ExplorationText().text(result), terminator: "")
    }
    StandardStream.print("results: \(folder)/index.html")
  }

  /// Rows of a store up to which its content is digested for the last line.
  private static let digestLimit = 100_000

  /// What a store holds: two with the same digest hold the same results.
  private static func content(of store: EvaluationStore) throws -> String {
    let summary = try store.summary()
    var text = "store: \(store.path): \(summary.measured) measured, \(summary.invalid) invalid, "
    text += "\(summary.failed) failed"
    if summary.measured + summary.invalid <= digestLimit {
      text += ", content \(try store.contentDigest().prefix(16))"
    }
    return text
  }

  // MARK: Evaluation

  private func explore(
    _ space: DesignSpace, _ workload: StudyWorkload, _ pricing: StudyPricing, in folder: String
  ) throws -> StudyRun.Outcome {
    let store: EvaluationStore
    do {
      store = try EvaluationStore(
        path: command.store ?? folder + "/evaluations.sqlite", tool: ToolVersion.text)
    } catch {
      throw CommandFailure(.output, "error: \(error)")
    }
    let stages = try self.stages(space.study, workload, pricing, folder)
    let progress = ExploreProgress()
    do {
      let outcome = try StudyRun(space, store: store, stages: stages).run { state in
        progress.show(state)
        return !Interruption.wasRequested
      }
      progress.finish()
      if !command.quiet { StandardStream.note(try Self.content(of: store)) }
      try store.close()
      return outcome
    } catch {
      progress.finish()
      switch error {
      case is StudyInterrupted:
        throw CommandFailure(
          .interrupted,
          "interrupted; everything that was evaluated is stored, the same command goes on")
      case let error as EvaluationStoreError: throw CommandFailure(.output, "error: \(error)")
      case let error as ExecutionError: throw CommandFailure(.input, "error: \(error)")
      default: throw error
      }
    }
  }

  private func stages(
    _ study: Study, _ workload: StudyWorkload, _ pricing: StudyPricing, _ folder: String
  ) throws -> [StudyStage] {
    let inputs = try StudyInputs(study, workload, installation)
    let jobs = command.jobs ?? ProcessInfo.processInfo.activeProcessorCount
    return try study.stages.map { stage in
      let simulates = stage.model == Study.Stage.cycles
      let executor: any StudyExecutor
      if simulates {
        executor = try simulator(folder, jobs)
      } else {
        let evaluator = try StudyModels.evaluator(
          stage.model, study, workload, pricing, installation)
        executor = ThreadExecutor(
          evaluator: evaluator, threads: jobs, shouldStop: { Interruption.wasRequested })
      }
      return StudyStage(
        model: stage.model, digest: inputs.digest(model: stage.model), table: pricing.label,
        executor: executor, storesEach: simulates, keep: stage.keep,
        errors: Self.errors(of: stage),
        reprice: { try pricing.repriced($0) })
    }
  }

  private func simulator(_ folder: String, _ jobs: Int) throws -> any StudyExecutor {
    var worker = ["/proc/self/exe", "explore-worker"]
    if let executable = try? FileManager.default.destinationOfSymbolicLink(atPath: worker[0]) {
      worker[0] = executable
    }
    worker.append(URL(fileURLWithPath: command.study).path)
    if let table = command.table { worker += ["--table", table] }
    switch command.executor {
    case .local:
      return ProcessExecutor(
        workers: jobs, command: worker, timeLimit: command.timeLimit.map { .seconds($0) },
        shouldStop: { Interruption.wasRequested })
    case .slurm:
      let options = SlurmOptions(
        partition: command.slurm.partition, timeLimit: command.slurm.taskTime,
        arguments: command.slurm.arguments, chunkSize: command.slurm.chunk)
      do {
        return try SlurmExecutor(
          command: worker, spool: URL(fileURLWithPath: folder + "/slurm").path, options: options,
          shouldStop: { Interruption.wasRequested }, report: { StandardStream.note($0) })
      } catch {
        throw CommandFailure(.input, "error: \(error)")
      }
    }
  }

  // MARK: Errors of models

  /// Relative errors of a stage's model by metric: those of times for all that depends on time, none
  /// for areas.
  private static func errors(of stage: Study.Stage) -> [Double] {
    guard stage.model != Study.Stage.cycles else { return Metric.allCases.map { _ in 0 } }
    let recorded = EstimateErrors.stored.entries.first { $0.model == stage.model }
    // A model that nobody compared is believed to half and double.
    let error = stage.error ?? recorded.map { $0.rootMeanSquarePercent / 100 } ?? 0.5
    return Metric.allCases.map { $0 == .area ? 0 : error }
  }

  private func errorBar(of study: Study) -> (name: String, errors: String) {
    let name = study.stages.last?.model ?? Study.Stage.cycles
    guard name != Study.Stage.cycles else { return (name, "cycle-accurate simulation") }
    let bar = EstimateErrors.stored.bar(of: name)
    return (name, bar.error.isEmpty ? bar.reference : "\(bar.error) (\(bar.reference))")
  }
}

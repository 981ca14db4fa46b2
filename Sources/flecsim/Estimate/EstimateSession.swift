internal import Energy
internal import Estimation
internal import Foundation
internal import HostTools
internal import Reports
internal import SoC
internal import Telemetry

/// One execution of `flecsim estimate`, from arguments to results.
struct EstimateSession {
  private let command: EstimateCommand
  private let installation: Installation

  init(_ command: EstimateCommand) throws {
    self.command = command
    installation = try Installation.find()
  }

  /// Estimates and reports.
  func run() throws {
    let fitted = try command.options.fitted.map(FittedFile.init(path:))
    let comparison = command.isComparison ? try ComparisonFormat(named: command.format) : nil
    let format = command.isComparison ? nil : try reportFormat(command.format)
    let model =
      command.isComparison ? nil : try EstimationModels.named(command.model, fitted: fitted)

    let loading = EstimateLoading(installation)
    let description = try loading.description(command.soc, overrides: command.options.overrides)
    let program = try loading.program(description)
    let (context, remarks) = try loading.context(
      command.network, command.options, on: description, program: program)
    for remark in remarks { StandardStream.note("warning: \(remark)") }
    if let comparison {
      let models = EstimationModels.list(fitted: fitted)
      StandardStream.print(
        try comparison.render(ModelComparison(context, models)), terminator: "")
      return
    }
    guard let model, let format else { return }
    let record = try record(of: model, context)
    if let folder = command.results, folder != "-" { try write(record, to: folder) }
    StandardStream.print(try format.render(record), terminator: "")
  }

  /// A record like that of a run, marked as an estimate.
  private func record(
    of model: any EstimationModel, _ context: EstimateContext
  ) throws -> RunRecord {
    let description = context.description
    let tables = EnergyTables(installation: installation)
    let table = try command.table.map { try tables.load($0) } ?? tables.load(for: description)
    let node = description.energy.nodeNanometres
    let inventory = model.inventory(context) ?? context.inventory
    try tables.require(table, covers: inventory, node: node, of: description)

    let start = ContinuousClock.now
    let estimate = try model.estimate(context)
    let wall = start.duration(to: .now) / .seconds(1)
    let counted = model.inventory(context) == nil ? PlanActions(context) : nil
    let snapshot = inventory.filled(
      with: counted?.completing(estimate) ?? estimate, start: counted?.start ?? [:],
      referenceHertz: context.referenceHertz)
    let energy: EnergyReport
    do {
      energy = try table.evaluate(snapshot, node: node)
    } catch {
      throw CommandFailure(.input, "error: energy table: \(error)")
    }
    let bar = model.errorBar(context) ?? EstimateErrors.stored.bar(of: model.name)
    return RunRecord(
      tool: ToolVersion.text, name: description.name,
      outcome: RunOutcome(
        reason: "estimated by model \(model.name), not simulated",
        exitCode: ProcessExit.success.rawValue),
      configuration: description.effectiveJSON(), snapshot: snapshot, energy: energy,
      inputs: [
        InputFile(
          path: URL(fileURLWithPath: context.program.path).lastPathComponent,
          sha256: Digest.hexadecimal(of: context.program.bytes))
      ],
      estimate: EstimateMark(
        model: model.name, summary: model.summary, error: bar.error, reference: bar.reference,
        unknownLayers: estimate.layers.filter { $0.cycles == 0 }.map(\.name)),
      host: HostRecord(
        wallSeconds: wall, system: HostDescription.text, build: HostDescription.build))
  }

  private func write(_ record: RunRecord, to path: String) throws {
    do {
      let folder = ResultsFolder(path: path)
      try folder.prepare()
      let lock = try folder.lock()
      defer { withExtendedLifetime(lock) {} }
      try folder.write(record)
    } catch {
      throw CommandFailure(.output, "error: \(error)")
    }
  }
}

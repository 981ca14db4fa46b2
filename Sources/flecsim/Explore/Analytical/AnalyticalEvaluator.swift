internal import Energy
internal import Estimation
internal import Exploration
internal import Networks
internal import SoC
internal import Telemetry

/// Evaluates designs by a model without a clock: from overrides to cycles, energy and area.
///
/// Models in closed form (`tiled`, `roofline`) take some ten microseconds: the SoC file is read
/// once
/// (`DescriptionTemplate`), the plan of the network is kept for all designs that share memories and
/// kinds
/// of modules (``PlanBook``), and modules are priced once (``PriceBook``). All other models look at
/// the whole system and its plan. Several threads may use one evaluator.
final class AnalyticalEvaluator: DesignEvaluating {
  /// How cycles are found.
  private enum Form {
    case tiled
    case roofline
    case planned(any EstimationModel)
  }

  private let form: Form
  private let template: DescriptionTemplate
  private let plans: PlanBook
  private let prices: PriceBook
  private let pricing: PricingLabel
  private let table: EnergyTable

  /// What measurements say about their energy table.
  struct PricingLabel: Sendable {
    /// Name and digest.
    var label: String
    /// Process node in nm; the table's own when nil.
    var node: Double?
  }

  /// Prepares evaluations of one network on variants of one SoC.
  ///
  /// - Parameters:
  ///   - model: name of the model.
  ///   - soc: path of the SoC file.
  ///   - fixed: overrides that all designs have in common.
  ///   - network: with types and fused quantisation.
  /// - Throws: `CommandFailure` when there is no such model.
  init(
    _ model: String, soc: String, fixed: [String], network: TypedNetwork, table: EnergyTable,
    pricing: PricingLabel, _ installation: Installation
  ) throws {
    let known = try EstimationModels.named(model)
    form =
      switch known {
      case is TiledNetworkModel: .tiled
      case is RooflineModel: .roofline
      default: .planned(known)
      }
    template = DescriptionTemplate(
      soc, options: LoadOptions(requiresCPU: true, energyTables: installation.energyTables))
    plans = PlanBook(network, template, fixed: fixed, installation)
    prices = PriceBook(table, node: pricing.node)
    self.table = table
    self.pricing = pricing
  }

  func evaluate(_ request: EvaluationRequest) -> EvaluationOutcome {
    let start = ContinuousClock.now
    do {
      let soc = try template.instance(overrides: request.overrides).description
      var measurement =
        switch form {
        case .tiled, .roofline: try closedForm(soc)
        case .planned(let model): try planned(soc, model)
        }
      measurement.wallSeconds = start.duration(to: .now) / .seconds(1)
      return .measured(measurement)
    } catch {
      return EvaluationOutcome(error)
    }
  }

  // MARK: Closed form

  private func closedForm(_ soc: SoCDescription) throws -> Measurement {
    let plan = try plans.plan(soc)
    let system = TiledSystem(soc)
    let design = try prices.design(soc, program: plan.program)
    var model = TiledModel(plan.network, on: system)
    let result = model.run()
    let hertz = soc.referenceHertz
    var cycles = result.cycles.rounded()
    if case .roofline = form { cycles = Double(plan.rooflineCycles(soc, referenceHertz: hertz)) }
    let seconds = cycles / Double(hertz)
    let energy = design.energy(result.counts, seconds: seconds)
    return Measurement(
      cycles: cycles, seconds: seconds, energy: energy.all, dramEnergy: energy.dram,
      area: design.area, table: pricing.label, wallSeconds: 0)
  }

  // MARK: Models of the whole plan

  private func planned(
    _ soc: SoCDescription, _ model: any EstimationModel
  ) throws -> Measurement {
    let context = try plans.context(soc)
    let estimate = try model.estimate(context)
    let actions = PlanActions(context)
    let inventory = model.inventory(context) ?? context.inventory
    let snapshot = inventory.filled(
      with: actions.completing(estimate), start: actions.start,
      referenceHertz: context.referenceHertz)
    let report = try table.evaluate(snapshot, node: pricing.node)
    let dram = report.modules.reduce(0.0) { sum, module in
      module.components.reduce(sum) {
        $1.componentClass == "dram" ? $0 + $1.total.totalPicojoules : $0
      }
    }
    return Measurement(
      cycles: Double(estimate.cycles), seconds: report.simulatedSeconds,
      energy: report.total.totalPicojoules, dramEnergy: dram,
      area: report.total.areaSquareMicrometres, table: pricing.label, wallSeconds: 0)
  }
}

extension SoCDescription {
  /// Frequency of the fastest clock, in which estimates count.
  var referenceHertz: UInt64 { clocks.map(\.hertz).max() ?? 1 }
}

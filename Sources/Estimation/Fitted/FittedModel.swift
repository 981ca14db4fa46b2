/// A model fitted to a machine by running layers on it: what it was fitted to, what that cost, and
/// how far off it is on layers it has not seen.
public struct FittedModel: Sendable, Hashable, Codable {
  /// The model.
  public enum Form: Sendable, Hashable, Codable {
    /// Peaks, and the sides of the array.
    case refinedRoofline(RefinedRoofline)
    /// Nested staircases.
    case stepwise(StepwiseModel)
  }

  /// The system it was fitted to.
  public let system: String
  /// The digest of the system's configuration.
  public let configurationDigest: String
  /// Layers that were run: sweeps and samples, training and held-out layers, each counted once.
  public let runs: Int
  /// The sides of the array that the fit found; other regular steps, such as those of a port's words
  /// in the window, show here as well.
  public let sides: RecoveredSides
  /// Errors on layers that nothing was fitted to; ``ErrorStatistics/meanAbsolutePercentage`` is the
  /// estimate's error bar.
  public let heldOut: ErrorStatistics
  /// The model.
  public let form: Form

  /// Cycles of a layer.
  public func estimate(_ layer: LayerShape) -> Double {
    switch form {
    case .refinedRoofline(let model): model.time(of: layer)
    case .stepwise(let model): model.time(of: layer)
    }
  }

  /// Cycles of a layer, rounded to whole ones, with the action totals of `design`.
  public func cycles(_ layer: LayerShape, on design: ArrayDesign) -> LayerCycles {
    let product = layer.product
    let total = Int(max(1, estimate(layer)).rounded())
    return LayerCycles(
      compute: total, transfer: 0, total: total,
      actions: LayerActions(
        product, on: design, paddedMACs: GenericRoofline.paddedMACs(product, on: design),
        bytesMoved: GenericRoofline.busWords(layer, on: design) * design.busBytes))
  }

  /// Fits a refined roofline.
  ///
  /// - Parameters:
  ///   - system: the system's name.
  ///   - digest: the digest of its configuration.
  ///   - settings: what may be measured; `heldOut` must not be empty.
  ///   - machine: the cycles of a layer, positive; called once for every different layer.
  /// - Throws: what `machine` throws.
  public static func refinedRoofline(
    system: String, digest: String, settings: FitSettings = FitSettings(),
    machine: @escaping (LayerShape) throws -> Double
  ) throws -> FittedModel {
    try fit(system, digest, settings, machine) { machine in
      let fit = try RefinedRooflineFit(settings, machine: &machine)
      return (.refinedRoofline(fit.model), fit.sides)
    }
  }

  /// Fits nested staircases over columns, rows and depth of a product.
  ///
  /// - Parameters:
  ///   - system: the system's name.
  ///   - digest: the digest of its configuration.
  ///   - settings: bases (the last is used) and held-out layers; there is no training set.
  ///   - sampler: the range of every extent and the candidates of widths.
  ///   - order: the extents, the outermost curve's first.
  ///   - machine: the cycles of a layer, positive; called once for every different layer.
  /// - Throws: what `machine` throws.
  public static func stepwise(
    system: String, digest: String, settings: FitSettings = FitSettings(),
    sampler: SamplerSettings = SamplerSettings(limit: 512, widths: 2...128),
    order: [StepwiseModel.Extent] = [.columns, .rows, .depth],
    machine: @escaping (LayerShape) throws -> Double
  ) throws -> FittedModel {
    try fit(system, digest, settings, machine) { machine in
      let model = try StepwiseFit.run(
        order: order, settings: sampler, base: settings.bases.last ?? 64, machine: &machine)
      var sides = RecoveredSides()
      for (level, extent) in order.enumerated() {
        // Widths that differ from curve to curve are fits to something else.
        let widths = model.root.stepWidths(level: level)
        let width = widths.count == 1 ? widths.first : nil
        switch extent {
        case .rows: sides.pixels = width
        case .depth: sides.window = width
        case .columns: sides.filters = width
        }
      }
      return (.stepwise(model), sides)
    }
  }

  private static func fit(
    _ system: String, _ digest: String, _ settings: FitSettings,
    _ machine: @escaping (LayerShape) throws -> Double,
    _ body: (inout CountedMachine) throws -> (Form, RecoveredSides)
  ) throws -> FittedModel {
    var counted = CountedMachine(machine)
    let (form, sides) = try body(&counted)
    let references = try settings.heldOut.map { try counted.cycles(of: $0) }
    let estimates = settings.heldOut.map { layer in
      switch form {
      case .refinedRoofline(let model): model.time(of: layer)
      case .stepwise(let model): model.time(of: layer)
      }
    }
    return FittedModel(
      system: system, configurationDigest: digest, runs: counted.runs, sides: sides,
      heldOut: ErrorStatistics(estimates: estimates, references: references), form: form)
  }
}
